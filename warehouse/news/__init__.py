"""News: what changed between two published versions, kept in the warehouse, stated alike by page, feed and messages."""
