"""Wording that messages share."""


def count_things(count: int, thing: str, things: str = "") -> str:
    """Counts things in words: `1 file`, `1,234 files`; the default plural ends in `s`."""
    return f"{count:,} {thing if count == 1 else things or f'{thing}s'}"
