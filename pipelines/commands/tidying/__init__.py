"""`heartbeat tidy`: removes what is old, and says so."""
