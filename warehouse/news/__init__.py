"""News: what changed between two published versions, kept in the warehouse, told alike by page, feed and messages."""
