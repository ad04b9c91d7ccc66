"""Heartbeat's collectors: the catalog, the sources, the flows and the command line."""
