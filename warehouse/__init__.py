"""Heartbeat's storage: landing zone, DuckDB warehouse, published snapshots."""
