"""Families side by side: which measures stand in the rows, and each family's figure as the cell of its column."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dashboards.charts import axes
from dashboards.charts.axes import Unit
from dashboards.charts.marks import Row
from dashboards.compare import sentences_compare
from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from dashboards.metric_row import MetricRow
from dashboards.words import numbers, sentences


class ComparedMeasure(NamedTuple):
    """One row: which figure of which metric, and how it is called."""

    name: str
    metric: str
    statistic: str
    unit: Unit
    kind: str = ""
    """Kind of channel; empty: the kind of places that the filter says."""
    segment: str = "all"
    is_less_better: bool = False


HELP = (
    ComparedMeasure("Answered by a person within 24 hours", "answered_share", "within_24h", "share", "", "anyone"),
    ComparedMeasure("Answered by a person within a week", "answered_share", "within_7d", "share", "", "anyone"),
    ComparedMeasure("Time until half have an answer ↓", "first_response_hours", "median", "hours", "", "anyone", True),
    ComparedMeasure(
        "Answered by staff of the vendor within a week", "answered_share", "within_7d", "share", "", "staff"
    ),
    ComparedMeasure("Answered by maintainers within a week", "answered_share", "within_7d", "share", "", "maintainer"),
    ComparedMeasure("Answered by other users within a week", "answered_share", "within_7d", "share", "", "outsider"),
    ComparedMeasure("Helped within 30 days, as far as that shows", "helped_share", "any", "share"),
    ComparedMeasure(
        "Closed by a bot or as unwanted, unanswered ↓",
        "closed_unhelped_share",
        "bot_closed_unanswered",
        "share",
        "",
        "all",
        True,
    ),
    ComparedMeasure("Deep answers, 3 of 5 points or more", "deep_answer_share", "at_least_3", "share"),
    ComparedMeasure(
        "Fixes by outsiders, of issues closed by a change", "stranger_fix_share", "outsider", "share", "tracker"
    ),
)
"""What people get who ask."""
OTHER = (
    ComparedMeasure(
        "Uptime of the interface, by its own status page", "uptime_share", "weighted", "uptime", "status", "api"
    ),
    ComparedMeasure("Incidents in 30 days, as posted ↓", "incident_rate", "per_30d", "rate", "status", "api", True),
    ComparedMeasure("Days of notice before a model ends", "notice_days", "days", "count", "deprecations"),
    ComparedMeasure(
        "USD for a million tokens, 3 read to 1 written ↓", "price_usd", "median", "rate", "prices", "blended", True
    ),
    ComparedMeasure("Freedom of the licence, class 1 to 5", "licence_class", "median", "count", "offers"),
    ComparedMeasure(
        "Smallest model's memory at 4 bits, GiB ↓", "smallest_memory_gib", "smallest", "rate", "hub", "4-bit", True
    ),
    ComparedMeasure("Controls that a request offers", "control_surface_count", "median", "count", "prices"),
)
"""What comes with the models, whoever asks."""


UNJUDGED = ("", "no interval", "not in this snapshot")
"""What stands beside a measure of which nobody can be ahead."""


def load_rows(page: View, measure: ComparedMeasure, families: Sequence[str]) -> list[MetricRow]:
    """The figures of one measure for these families, of the part that the filters ask for where the metric has it."""
    if measure.kind or measure.segment not in ("all", "anyone"):
        figures = page.load_metric(measure.metric, measure.kind or page.kind, measure.segment, (measure.statistic,))
    else:
        figures = page.load_asked(measure.metric, (measure.statistic,), measure.segment)
    return sorted(
        (row for row in figures if row["family_id"] in families), key=lambda row: families.index(row["family_id"])
    )


def make_block(page: View, measure: ComparedMeasure, figures: Sequence[Row], families: Sequence[str]) -> dict[str, Any]:
    """A measure as it is drawn: its name, what can be told apart, and a cell for each family."""
    scale, _ = axes.scale_of(measure.unit, [row for row in figures if row["state"] == "measured"])
    by_family = {row["family_id"]: row for row in figures}
    is_there = snapshot_reader.has_table(page.snapshot, f"metrics.{measure.metric}")
    return {
        "name": measure.name,
        "verdict": sentences_compare.describe_level(figures, page.titles, measure.is_less_better)
        if is_there
        else "not in this snapshot",
        "cells": [make_cell(by_family.get(family), measure.unit, scale, page.sides[family]) for family in families],
    }


def make_cell(row: Row | None, unit: Unit, scale: Mapping[str, Any], side: str) -> dict[str, Any]:
    """One family's figure: in words and as places between 0 and 1 on the strip; a state as its mark and word."""
    blank = {"side": side, "value": None, "low": None, "high": None, "n": "", "why": ""}
    if row is None:
        return blank | {"said": "no such figure", "short": "·", "is_measured": False}
    mark, _ = numbers.STATES.get(row["state"], ("", ""))
    blank |= {"n": numbers.format_count(row["n"] or 0), "why": row["note"] or ""}
    if row["state"] != "measured":
        return blank | {"said": f"{mark} {row['state']}", "short": mark, "is_measured": False}
    short = numbers.FORMATS[unit](row["value"]) if row["value"] is not None else "range"
    at = {end: None if row[end] is None else place_on_scale(row[end], scale) for end in ("value", "low", "high")}
    # An end that was not reached lies at the end of the strip.
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
    """Where a value stands between the ends of a scale, from 0 to 1; for drawing only."""
    constant = scale.get("constant", 1)

    def along(number: float) -> float:
        return math.log1p(number / constant) if scale.get("type") == "symlog" else number

    first, last = (along(end) for end in scale["domain"])
    return min(1.0, max(0.0, (along(value) - first) / (last - first)))


def to_table_row(row: Row, measure: ComparedMeasure) -> dict[str, Any]:
    """A figure as the table and the downloads have it: with its measure, as rows of several metrics stand together."""
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
    return {"measure": measure.name, "metric": measure.metric} | {
        name: row[name] for name in (*names, "as_of_at", "state", "note")
    }


def name_table(blocks: Sequence[Row], prices: Sequence[Row], titles: Mapping[str, str], is_support: bool) -> str:
    """What people get who ask: in how many rows somebody is ahead; what comes with the models: whose interface is the cheapest."""
    if is_support:
        judged = [block for block in blocks if block["verdict"] not in UNJUDGED]
        apart = sum(block["verdict"] != "no difference shown" for block in judged)
        lead = f"intervals lie apart in {apart} of {len(judged)} rows" if judged else "nothing can be told apart"
        return f"What people get who ask: {lead}; {describe_holes(blocks)}"
    cheapest = sentences.name_leader(prices, "rate", titles, "the cheapest interface") + (
        " USD" if sentences.select_measured(prices) else ""
    )
    return f"What comes with the models: {cheapest}; {describe_holes(blocks)}"


def describe_holes(blocks: Sequence[Row], full: str = "has a number", empty: str = "have no number") -> str:
    """How many of the cells are holes."""
    cells = [cell for block in blocks for cell in block["cells"]]
    missing = sum(not cell["is_measured"] for cell in cells)
    return f"{missing} of {len(cells)} cells {empty}" if missing else f"each cell {full}"


def explain_marks(blocks: Sequence[Row]) -> str:
    """What the marks mean that are drawn."""
    seen = {cell["short"] for block in blocks for cell in block["cells"] if not cell["is_measured"]}
    return "; ".join(f"{mark} {state}: {meaning}" for state, (mark, meaning) in numbers.STATES.items() if mark in seen)


def describe_cells(blocks: Sequence[Row], heads: Sequence[tuple[str, str]]) -> str:
    """All cells in words, for those who do not see the chart."""
    rows = []
    for block in blocks:
        cells = [f"{title} {cell['said']}" for (title, _), cell in zip(heads, block["cells"], strict=True)]
        rows.append(f"{block['name']}: {', '.join(cells)}")
    return "Side by side. " + "; ".join(rows)
