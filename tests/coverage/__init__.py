"""Simulations of what the published figures promise; too long for the gate."""
