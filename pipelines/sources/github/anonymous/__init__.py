"""Reads of GitHub without a token: a feed of releases, and the newest issues of a family's flagship."""
