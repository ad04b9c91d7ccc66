"""Collects every number that a reader meets under a name, and finds names that stand for two."""
