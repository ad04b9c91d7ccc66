"""Simulations of what the published figures promise."""
