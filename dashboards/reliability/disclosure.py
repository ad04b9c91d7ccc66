"""Disclosure on status pages, beside the uptime: a page that reports more must not look worse for it."""

from collections.abc import Sequence

from dashboards.frame.view import View
from dashboards.metric_row import MetricRow
from dashboards.words import gaps, numbers, sentences

SILENT = ("not observable", "not collected", "not applicable")
"""States of families without a status page that is read."""


def select_read(rows: Sequence[MetricRow]) -> list[MetricRow]:
    """Selects rows of families whose page is read, with or without a number."""
    return [row for row in rows if row["state"] not in SILENT]


def name_most_open(rows: Sequence[MetricRow], page: View) -> str:
    """Names whose page discloses most, as a rank only if it differs from all others by more than chance."""
    measured = sentences.select_measured(rows)
    if not measured:
        return "How many causes are stated is not known for these filters"
    most = max(measured, key=lambda row: row["value"])
    name = numbers.escape_markdown(page.titles[most["family_id"]])
    if len(measured) == 1:
        return f"{name}'s page states the cause of {numbers.format_share(most['value'])} of its incidents"
    if gaps.select_level(most, [row for row in measured if row is not most]):
        return "No page can be said to state more causes than all others"
    return f"{name}'s page states the most causes"
