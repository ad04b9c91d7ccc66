"""Whole threads of the half held out: what their words come to, by labels and by rules."""
