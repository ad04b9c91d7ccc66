"""Backups of an installation: what cannot be made again, in a folder, and a new home made from it."""
