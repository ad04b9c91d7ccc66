"""People and links that were forgotten: known by keyed digests alone, and taken out of whatever is kept."""
