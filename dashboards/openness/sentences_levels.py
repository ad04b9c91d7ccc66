"""Sentences about current levels: full counts, which have no interval and therefore often tie."""

from collections.abc import Callable, Mapping, Sequence

from dashboards.frame.view import View
from dashboards.metric_row import MetricRow, Row
from dashboards.words import numbers
from dashboards.words.sentences import select_measured
from warehouse.wording import pluralize

Form = Callable[[float | None], str]
MOST_NAMED = 3
"""Names listed; more become a number."""


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
