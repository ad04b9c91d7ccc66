"""What a request took out, by place, in words."""

from collections.abc import Mapping

from warehouse.wording import count_things

SINGULARS = {
    "landed files": "landed file",
    "rows": "row",
    "texts": "text",
    "messages": "message",
    "rows in backups": "row in backups",
    "texts in backups": "text in backups",
    "exported files": "exported file",
    "public copies made anew": "public copy made anew",
}
"""The singular of each place whose rows, texts or files are counted."""


def describe_counts(counts: Mapping[str, int]) -> str:
    """Describes what went from where: `1 landed file, 1,234 rows`; empty if nothing did."""
    return ", ".join(
        count_things(number, SINGULARS.get(place, place), place) for place, number in counts.items() if number
    )
