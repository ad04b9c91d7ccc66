"""`heartbeat forget`: finds whom or what it means, and deletes it wherever it is kept."""
