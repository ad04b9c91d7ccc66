"""Other tools that read the same tracker: each a small script for the environment of its own."""
