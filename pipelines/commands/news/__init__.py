"""`heartbeat news`: what changed between the published versions."""
