"""Wording that messages share."""

GAP = "\N{NO-BREAK SPACE}"


def count_things(count: int, thing: str, things: str = "") -> str:
    """Counts things in words: `1 file`, `1,234 files`; the default plural ends in `s`."""
    return f"{count:,} {thing if count == 1 else things or f'{thing}s'}"


def format_coverage(share: float) -> str:
    """Formats a coverage: `62 %`; what is not all never reads 100 %, and what is some never 0 %."""
    percent = "over 99" if 0.995 <= share < 1 else "below 1" if 0 < share < 0.005 else f"{100 * share:.0f}"
    return f"{percent}{GAP}%"
