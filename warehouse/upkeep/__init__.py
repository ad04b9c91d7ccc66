"""The upkeep of a home: what takes how much room, and what is removed because it is old."""
