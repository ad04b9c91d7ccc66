"""Sharing: what one installation publishes for others, and what another keeps of it."""
