"""Wording that messages, news and pages share: things counted in words, and a share stated as coverage."""

from collections.abc import Sequence

GAP = "\N{NO-BREAK SPACE}"
"""Keeps a number and its unit on one line."""


def pluralize(number: float, singular: str, plural: str = "") -> str:
    """Chooses singular or plural by the number; the default plural ends in `s`."""
    return singular if number == 1 else plural or f"{singular}s"


def count_things(number: int, singular: str, plural: str = "") -> str:
    """Counts things in words: `1 file`, `1,234 files`; the default plural ends in `s`."""
    return f"{number:,} {pluralize(number, singular, plural)}"


def is_are(number: float) -> str:
    """Chooses "is" or "are" by the number."""
    return pluralize(number, "is", "are")


def format_coverage(share: float) -> str:
    """Formats a coverage: `62 %`; what is not all never reads 100 %, and what is some never 0 %."""
    percent = "over 99" if 0.995 <= share < 1 else "below 1" if 0 < share < 0.005 else f"{100 * share:.0f}"
    return f"{percent}{GAP}%"


def join_few(words: Sequence[str]) -> str:
    """Joins words as in a sentence; of many the first, and how many more there are."""
    if not words:
        return ""
    shown = [*words] if len(words) <= 4 else [*words[:3], f"{len(words) - 3} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
