"""Families side by side: the measures in the rows, and each family's figure as the cell of its column."""

from collections.abc import Sequence
from typing import Any

from dashboards.compare import differences, sentences_compare
from dashboards.frame import matched, measures
from dashboards.frame.measures import Measure
from dashboards.frame.tables import format_row
from dashboards.frame.view import View
from dashboards.metric_row import MetricRow, Row
from dashboards.words import sentences

HELP = (
    Measure("answered_share", "within_24h", "anyone"),
    Measure("answered_share", "within_7d", "anyone"),
    Measure("first_response_hours", "median", "anyone"),
    Measure("helped_share", "any"),
)
"""Measures of the help that askers get."""
VERDICT = "who is ahead"
"""The column of verdicts."""
UNMATCHED = "too few like questions"
UNSHOWN = ("n_events", "n_censored", "method_version")
"""Columns that are left out beside figures of other metrics."""
UNJUDGED = ("", UNMATCHED, differences.TRIAL)
"""Verdicts on measures if no family can be ahead."""


def load_rows(page: View, measure: Measure, families: Sequence[str]) -> list[MetricRow]:
    """Loads the figures of one measure for these families, in the segment that the filters select where the metric has
    it."""
    figures = page.load_asked(*measure.address)
    return sorted(
        (row for row in figures if row["family_id"] in families), key=lambda row: families.index(row["family_id"])
    )


def read_heading_of(page: View, measure: Measure) -> str:
    """Reads the name of a measure, with an arrow if less is better."""
    return measures.read_heading(page.snapshot, measure.metric, measure.statistic, measure.segment)


def make_line(page: View, measure: Measure, figures: Sequence[Row], families: Sequence[str]) -> dict[str, str]:
    """Makes the table row of a measure: its name, a cell for each family, and who is ahead."""
    by_family = {row["family_id"]: row for row in figures}
    cells = {
        page.titles[family]: format_row(by_family[family], measure.metric) if family in by_family else "no such figure"
        for family in families
    }
    return {"measure": read_heading_of(page, measure)} | cells | {VERDICT: judge_measure(page, measure, figures)}


def judge_measure(page: View, measure: Measure, figures: Sequence[Row]) -> str:
    """Judges a measure by the same matched differences as every other page; empty if it is not matched, or if other
    figures are shown than were compared."""
    if measure.metric in measures.load_trials(page.snapshot):
        return differences.TRIAL
    if measure[:2] not in differences.ORDER:
        return ""
    better = measures.read_direction(page.snapshot, measure.metric)
    # Of several that are ahead of as many, the one with the better figure is named.
    ordered = sorted(sentences.select_measured(figures), key=lambda row: -better * row["value"])
    named = [str(row["family_id"]) for row in ordered]
    if len(named) < 2 or not matched.is_compared(page):
        return ""
    pairs = differences.load_pairs_among(page, named, measure[:2])
    return sentences_compare.describe_lead(named, pairs, page.titles, better) if pairs else UNMATCHED


def to_table_row(page: View, row: Row, measure: Measure) -> dict[str, Any]:
    """Prepares a figure for the table and the downloads, with its measure, since rows of several metrics stand
    together."""
    named = {"measure": read_heading_of(page, measure), "metric": measure.metric}
    return named | {name: value for name, value in row.items() if name not in UNSHOWN}


def name_table(lines: Sequence[Row]) -> str:
    """Words the title: in how many measures a family is ahead."""
    judged = [line for line in lines if line[VERDICT] not in UNJUDGED]
    apart = sum(line[VERDICT] != differences.CLOSE for line in judged)
    said = f"some family is ahead in {apart} of {len(judged)} judged measures" if judged else "nothing to judge"
    return f"What askers get: {said}"
