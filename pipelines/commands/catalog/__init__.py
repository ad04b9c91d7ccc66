"""`heartbeat catalog`: the compared families, and what was read about them by hand."""
