"""Published snapshots: put where everybody can read them, and followed from there."""
