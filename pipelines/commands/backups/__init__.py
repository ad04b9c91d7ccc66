"""`heartbeat backup` and `heartbeat restore`."""
