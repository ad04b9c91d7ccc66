"""What Heartbeat is made of: packages, actions and advisories, and no secret among the tracked files."""
