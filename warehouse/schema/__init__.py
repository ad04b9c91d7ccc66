"""The warehouse's own tables, as they are now and how those of former versions become so."""
