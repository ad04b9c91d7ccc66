"""`heartbeat forget`: whom or what it means, where it is kept, and how it is taken out there."""
