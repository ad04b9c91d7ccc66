"""Sentences about current levels: full counts, which have no interval and therefore often tie."""

from collections.abc import Mapping, Sequence

from dashboards.frame.view import View
from dashboards.metric_row import MetricRow, Row
from dashboards.openness.charts_levels import Form
from dashboards.words import numbers
from dashboards.words.sentences import select_measured
from warehouse.wording import pluralize

RISING = (
    "lowest",
    "fewest",
    "cheapest",
    "smallest",
    "p25",
    "4-bit",
    "8-bit",
    "bf16",
    "median",
    "p75",
    "most",
    "highest",
)
"""Levels in the order in which a line shows them."""
MOST_NAMED = 3
"""Names listed; more become a number."""


def format_level(value: float | None) -> str:
    """Formats a level, which may lie between whole ones: `3`, `4.5`."""
    return "no value" if value is None else f"{value:,.4g}"


def name_first(rows: Sequence[Row], titles: Mapping[str, str], best: str, form: Form, is_less: bool = False) -> str:
    """Names who ranks first and who ties: `Cheapest: Phi and Qwen, $0.22`."""
    measured_rows = select_measured(rows)
    if not measured_rows:
        return f"{best}: no family has a number"
    value = (min if is_less else max)(row["value"] for row in measured_rows)
    return (
        f"{best}: {join_names([row for row in measured_rows if form(row['value']) == form(value)], titles)}, "
        f"{numbers.escape_dollars(form(value))}"
    )


def join_names(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Joins a few families by name, or gives their number where there are more."""
    family_ids = list(dict.fromkeys(row["family_id"] for row in rows))
    return (
        numbers.join_words([numbers.escape_markdown(titles[family]) for family in family_ids])
        if len(family_ids) <= MOST_NAMED
        else f"{len(family_ids)} families"
    )


def count_families(number: int, kind: str = "") -> str:
    """Counts families: `1 open family`, `3 families`."""
    return f"{number} {kind + ' ' if kind else ''}{pluralize(number, 'family', 'families')}"


def describe_scope(page: View, rows: Sequence[MetricRow], where: str) -> str:
    """States what the rows cover; an all-time level is the one last seen."""
    return page.describe_scope(rows, where).replace(", all time", ", as last seen")


def _rank_level(level: str) -> tuple[int, str]:
    return (RISING.index(level) if level in RISING else len(RISING), level)


def describe_levels(rows: Sequence[Row], by: str, form: Form, titles: Mapping[str, str], thing: str) -> str:
    """Describes every family with its levels or its state, for readers who do not see the chart: one level after the
    other, from the lowest to the highest."""
    known = [row for row in rows if row["state"] == "measured" and row["value"] is not None]
    levels = sorted({str(row[by]) for row in known}, key=_rank_level)
    told = [
        f"{thing}, {level.replace('_', ' ')}: "
        + "; ".join(f"{titles[row['family_id']]} {form(row['value'])}" for row in known if str(row[by]) == level)
        for level in levels
    ]
    absent: dict[str, list[str]] = {}
    for row in rows:
        name = titles[row["family_id"]]
        if row not in known and name not in absent.setdefault(str(row["state"]), []):
            absent[str(row["state"])].append(name)
    told += [f"{state}: {numbers.join_words(names)}" for state, names in absent.items()]
    return f"Marks on a line, {'. '.join(told) or thing}"
