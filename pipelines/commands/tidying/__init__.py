"""`heartbeat tidy`: packs what was landed, removes what is old, and says so."""
