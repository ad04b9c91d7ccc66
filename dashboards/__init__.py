"""Heartbeat's pages, drawn from the published snapshot only."""
