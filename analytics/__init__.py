"""Heartbeat's numbers: staging, conformed tables and metrics as SQL files, and their build."""
