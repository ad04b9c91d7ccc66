"""The state of a family by a printed rule: maintained, slowing or silent, from twelve months of work in its places."""

from collections.abc import Sequence

from dashboards.family import charts_family
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import DictRow, Row
from dashboards.words import numbers
from warehouse.wording import count_things

MONTHS, LATE = 12, 3
"""Periods of 30 days that are drawn, and those that are judged by the others."""
LEAST = 12
"""Pieces of work below which nothing is judged."""
WORKS = "select * from metrics.family_months where measure = 'works' order by months_ago desc"
ENDED = "select family_id from staging.families where ended_on is not null"
RULE = (
    "Merged changes, and answers by staff or maintainers, in the family's own places, per 30 days. Slowing: the last "
    "three are under half of the nine before. Silent: none in three."
)


def draw_pace(own: View) -> Figure:
    """Draws twelve months of work, with the state that the rule gives."""
    months = load_months(own)
    late, early = (mean_of([row for row in months if row["is_late"] == is_late]) for is_late in (True, False))
    works = sum(row["count"] for row in months)
    is_known = len(months) == MONTHS and works >= LEAST
    why = f"Only {count_things(works, 'piece')} of work in {count_things(len(months), 'month')} of 30 days."
    state = "Ended" if own.load_rows(ENDED) else judge_pace(late, early)
    return Figure(
        name="pace",
        title=f"{state}: {numbers.format_rate(late)} a month lately, {numbers.format_rate(early)} before",
        subtitle=RULE,
        chart=charts_family.draw_months(months, list_means(months), own.families[0]["side"], own.theme)
        if is_known
        else None,
        rows=months if is_known or not months else [{"state": "not enough data", "note": why}],
        metric="",
        source="public repositories and forums",
        alt=f"Work by month: {', '.join(str(row['count']) for row in months)}",
    )


def load_months(own: View) -> list[DictRow]:
    """Loads the counts of the months that were read whole, the oldest first."""
    months = own.load_rows(WORKS)
    if not any(row["n"] for row in months):
        return []
    return [
        {
            "month": numbers.format_day(row["ends_on"]), "count": row["n"], "is_late": row["months_ago"] < LATE,
            "family": own.families[0]["title"],
        }
        for row in months
    ]  # fmt: skip


def mean_of(rows: Sequence[Row]) -> float:
    """Returns the mean count of some months."""
    return sum(row["count"] for row in rows) / len(rows) if rows else 0.0


def judge_pace(late: float, early: float) -> str:
    """Judges by the printed rule."""
    return "Silent" if not late else "Slowing" if late < early / 2 else "Maintained"


def list_means(months: Sequence[Row]) -> list[DictRow]:
    """Lists the means of the months before and of those that are judged, from the first to the last of each."""
    periods = [[row for row in months if row["is_late"] == is_late] for is_late in (False, True)]
    return [
        {
            "first": own[0]["month"], "last": own[-1]["month"], "mean": mean_of(own),
            "said": numbers.format_rate(mean_of(own)), "family": own[0]["family"],
        }
        for own in periods
        if own
    ]  # fmt: skip
