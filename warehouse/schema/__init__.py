"""The warehouse's own tables and their version."""
