"""Families side by side: the measures in the rows, and each family's figure as the cell of its column."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from dashboards.charts import axes
from dashboards.charts.axes import Unit
from dashboards.compare import differences, sentences_compare
from dashboards.frame import matched, measures, snapshot_reader, trials
from dashboards.frame.view import View
from dashboards.metric_row import MetricRow, Row
from dashboards.words import numbers, sentences
from warehouse.receipts.receipt import BOUNDED
from warehouse.wording import pluralize


class ComparedMeasure(NamedTuple):
    """One row of the comparison: a figure of a metric."""

    metric: str
    statistic: str
    segment: str = "all"
    kind: str = ""
    """Kind of channel; empty for the kind that the filters select."""
    unit: Unit | Literal[""] = ""
    """Format of the figures; empty for that of the metric's unit."""
    named_unit: str = ""
    """Unit beside the name, where the figures do not bear it."""


HELP = (
    ComparedMeasure("answered_share", "within_24h", "anyone"),
    ComparedMeasure("answered_share", "within_7d", "anyone"),
    ComparedMeasure("first_response_hours", "median", "anyone"),
    ComparedMeasure("helped_share", "any"),
)
"""Measures of the help that askers get, which the page shows by itself."""
MORE_HELP = (
    ComparedMeasure("answered_share", "within_7d", "staff"),
    ComparedMeasure("answered_share", "within_7d", "maintainer"),
    ComparedMeasure("answered_share", "within_7d", "outsider"),
    ComparedMeasure("closed_unhelped_share", "bot_closed_unanswered"),
    ComparedMeasure("deep_answer_share", "at_least_3"),
    ComparedMeasure("stranger_fix_share", "others", kind="tracker"),
)
"""Who answers, and what becomes of questions."""
OTHER = (
    ComparedMeasure("uptime_share", "weighted", "api", "status", "uptime"),
    ComparedMeasure("incident_rate", "per_30d", "api", "status"),
    ComparedMeasure("notice_days", "days", kind="deprecations", named_unit="days"),
    ComparedMeasure("price_usd", "median", "blended", "prices", "usd"),
    ComparedMeasure("licence_class", "median", kind="offers"),
    ComparedMeasure("smallest_memory_gib", "smallest", "4-bit", "hub", named_unit="GiB"),
    ComparedMeasure("control_surface_count", "median", kind="prices"),
)
"""Measures of the models themselves, whoever asks."""


UNMATCHED, ABSENT, POSTED = "too few like questions", "not in this snapshot", "as posted"
UNJUDGED = ("", "no interval", ABSENT, UNMATCHED, POSTED, differences.TRIAL)
"""Verdicts on measures where no family can be ahead."""


def load_rows(page: View, measure: ComparedMeasure, families: Sequence[str]) -> list[MetricRow]:
    """Loads the figures of one measure for these families, in the segment that the filters select where the metric has
    it."""
    if measure.kind or measure.segment not in ("all", "anyone"):
        figures = page.load_metric(measure.metric, measure.kind or page.kind, measure.segment, (measure.statistic,))
    else:
        figures = page.load_asked(measure.metric, (measure.statistic,), measure.segment)
    return sorted(
        (row for row in figures if row["family_id"] in families), key=lambda row: families.index(row["family_id"])
    )


def read_heading_of(page: View, measure: ComparedMeasure) -> str:
    """Returns the name of a measure and the unit that its figures lack, with an arrow where less is better."""
    heading = measures.read_heading(page.snapshot, measure.metric, measure.statistic, measure.segment)
    if not measure.named_unit:
        return heading
    name = heading.removesuffix(" ↓")
    return f"{name}, {measure.named_unit}{heading.removeprefix(name)}"


def make_block(page: View, measure: ComparedMeasure, figures: Sequence[Row], families: Sequence[str]) -> dict[str, Any]:
    """Prepares a measure for drawing: its name, what can be told apart, and a cell for each family."""
    unit = measure.unit or measures.read_format(page.snapshot, measure.metric)
    scale, _ = axes.make_scale(unit, [row for row in figures if row["state"] == "measured"])
    by_family = {row["family_id"]: row for row in figures}
    is_there = snapshot_reader.has_table(page.snapshot, f"metrics.{measure.metric}")
    return {
        "name": read_heading_of(page, measure),
        "verdict": judge_measure(page, measure, figures, families) if is_there else ABSENT,
        "cells": [make_cell(by_family.get(family), unit, scale, page.sides[family]) for family in families],
    }


def judge_measure(page: View, measure: ComparedMeasure, figures: Sequence[Row], families: Sequence[str]) -> str:
    """Judges a measure by the same matched differences as every other page, or by its figures where none are
    published."""
    if measure.metric in trials.load_trials(page):
        return differences.TRIAL
    if measure.metric in BOUNDED:
        return POSTED  # pages are observed over periods of their own, and who posts less looks better
    better = measures.read_direction(page.snapshot, measure.metric)
    is_there = snapshot_reader.has_table(page.snapshot, "metrics.matched_differences")
    if not is_there and measure[:2] in differences.ORDER and measure.segment in measures.WHOLE:
        return ABSENT
    if not better or measure.segment not in measures.WHOLE or not differences.has_measure(page, measure[:2]):
        return sentences_compare.describe_level(figures, page.titles, better)
    # Of several that are ahead of as many, the one with the better figure is named.
    ordered = sorted(sentences.select_measured(figures), key=lambda row: -better * row["value"])
    named = [str(row["family_id"]) for row in ordered]
    if len(named) < 2 or not matched.is_compared(page):
        return ""
    pairs = differences.load_pairs_among(page, named, measure[:2])
    return sentences_compare.describe_lead(named, pairs, page.titles, better) if pairs else UNMATCHED


def make_cell(row: Row | None, unit: Unit, scale: Mapping[str, Any], side: str) -> dict[str, Any]:
    """Prepares one family's figure: text and positions from 0 to 1 on the strip, or a state as its mark and word."""
    blank = {"side": side, "value": None, "low": None, "high": None, "n": "", "why": ""}
    if row is None:
        return blank | {"said": "no such figure", "short": "·", "is_measured": False}
    mark, _ = numbers.STATES.get(row["state"], ("", ""))
    blank |= {"n": numbers.format_count(row["n"] or 0), "why": row["note"] or ""}
    if row["state"] != "measured":
        return blank | {"said": f"{mark} {row['state']}", "short": mark, "is_measured": False}
    short = numbers.FORMATS[unit](row["value"]) if row["value"] is not None else "range"
    at = {end: None if row[end] is None else place_on_scale(row[end], scale) for end in ("value", "low", "high")}
    # An unknown end extends to the end of the strip.
    ends = (
        {"low": at["low"] or 0.0, "high": 1.0 if at["high"] is None else at["high"]}
        if row["low"] != row["high"]
        else {}
    )
    return (
        blank
        | {"said": numbers.format_value(row, unit), "short": short, "is_measured": True, "value": at["value"]}
        | ends
    )


def place_on_scale(value: float, scale: Mapping[str, Any]) -> float:
    """Scales a value to 0 to 1 between the ends of a scale; for drawing only."""
    constant = scale.get("constant", 1)

    def along(number: float) -> float:
        # The curve of Vega's symlog scale, which draws the same figures elsewhere.
        return math.log1p(number / constant) if scale.get("type") == "symlog" else number

    first, last = (along(end) for end in scale["domain"])
    return min(1.0, max(0.0, (along(value) - first) / (last - first)))


def to_table_row(page: View, row: Row, measure: ComparedMeasure) -> dict[str, Any]:
    """Prepares a figure for the table and the downloads, with its measure, since rows of several metrics stand
    together."""
    names = (
        "family_id",
        "side",
        "channel_kind",
        "channel_role",
        "segment",
        "statistic",
        "window",
        "value",
        "low",
        "high",
        "unit",
        "n",
        "coverage_share",
    )
    return {"measure": read_heading_of(page, measure), "metric": measure.metric} | {
        name: row[name] for name in (*names, "as_of_at", "state", "note")
    }


def name_table(blocks: Sequence[Row], prices: Sequence[Row], titles: Mapping[str, str], lead: str) -> str:
    """Words the title: in how many rows a family is ahead or, for the models themselves, whose interface is the
    cheapest."""
    if lead:
        judged = [block for block in blocks if block["verdict"] not in UNJUDGED]
        apart = sum(block["verdict"] != differences.CLOSE for block in judged)
        said = f"some family is ahead in {apart} of {len(judged)} judged measures" if judged else "nothing to judge"
        holes = any(not cell["is_measured"] for block in blocks for cell in block["cells"])
        return f"{lead}: {said}" + (f"; {describe_holes(blocks)}" if holes else "")
    cheapest = sentences.name_leader(prices, "usd", titles, "lowest median price", is_least_first=True)
    return f"The models themselves: {cheapest}; {describe_holes(blocks)}"


def describe_holes(blocks: Sequence[Row], full: str = "has a number", empty: str = "no number") -> str:
    """Counts the cells that are gaps."""
    cells = [cell for block in blocks for cell in block["cells"]]
    missing = sum(not cell["is_measured"] for cell in cells)
    return (
        f"{missing} of {len(cells)} cells {pluralize(missing, 'has', 'have')} {empty}"
        if missing
        else f"each cell {full}"
    )


def explain_marks(blocks: Sequence[Row]) -> str:
    """Explains the marks that are drawn."""
    seen = {cell["short"] for block in blocks for cell in block["cells"] if not cell["is_measured"]}
    return "; ".join(f"{mark} {state}: {meaning}" for state, (mark, meaning) in numbers.STATES.items() if mark in seen)


def describe_cells(blocks: Sequence[Row], heads: Sequence[tuple[str, str]]) -> str:
    """Describes all cells in words, for readers who do not see the chart."""
    rows = []
    for block in blocks:
        cells = [f"{title} {cell['said']}" for (title, _), cell in zip(heads, block["cells"], strict=True)]
        rows.append(f"{block['name']}: {', '.join(cells)}")
    return "Side by side. " + "; ".join(rows)
