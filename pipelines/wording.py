"""Wording that messages share."""


def count_things(count: int, thing: str) -> str:
    """Counts things in words: `1 file`, `1,234 files`."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
