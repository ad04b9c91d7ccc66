"""Files that a run under a wrong clock landed: ignored by name, and their rows taken out."""
