"""A landing zone in an object store."""
