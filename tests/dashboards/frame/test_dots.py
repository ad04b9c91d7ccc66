"""The figure of dots: what it is named, how it is captioned, and in which order its families stand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboards.charts.marks import HEADS
from dashboards.frame.dots import INTERVALS, DotSpec, draw_dots
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import MetricRow
from dashboards.words import sentences
from warehouse.snapshot import Snapshot
from warehouse.wording import GAP

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
FAMILIES = [
    {"family_id": "gpt", "title": "GPT", "side": "proprietary"},
    {"family_id": "phi", "title": "Phi", "side": "open"},
    {"family_id": "qwen", "title": "Qwen", "side": "open"},
]
PAGE = View(Snapshot(Path("none"), 1, NOW, False), NOW, FAMILIES)


def row(family: str, value: float, statistic: str = "all") -> MetricRow:
    """A measured share of a family."""
    return {
        "family_id": family, "side": PAGE.sides[family], "channel_kind": "tracker", "channel_role": "all",
        "segment": "all",
        "statistic": statistic, "window": "365d", "value": value, "low": value - 0.1, "high": value + 0.1,
        "unit": "share", "n": 40,
        "n_events": 20, "n_censored": 0, "coverage_share": 1.0, "as_of_at": NOW, "method_version": 1,
        "state": "measured", "note": None,
    }  # fmt: skip


ROWS = [row("gpt", 0.5), row("phi", 0.3), row("qwen", 0.4)]


SPEC = DotSpec(name="code", metric="code_answer_share", best="Most code", measure="Share with code")


def draw(rows: list[MetricRow], order: Sequence[str] | None = None, **further: Any) -> Figure:
    """A figure of these rows."""
    return draw_dots(PAGE, replace(SPEC, **further), rows=rows, order=order)


def test_the_caption_says_what_where_and_what_the_lines_mean() -> None:
    """Scope and intervals are worded once for all figures."""
    assert draw(ROWS).subtitle == "Share with code; issue trackers, last 12 months."
    assert draw(ROWS).how.replace("\N{NO-BREAK SPACE}", " ") == f"{INTERVALS[0].upper()}{INTERVALS[1:]}."
    noted = draw(ROWS, where="repositories", lines="", note="Read by a rule.")
    assert noted.subtitle == "Share with code; repositories, last 12 months."
    assert noted.how == "Read by a rule." and noted.measure.endswith("12 months. Read by a rule.")
    assert (draw(ROWS).source, draw(ROWS, source="the Hub").source) == ("public issue trackers", "the Hub")


def test_suspect_figures_have_nobody_who_is_first() -> None:
    """The title names what is shown, and no family."""
    rows: list[MetricRow] = [{**one, "state": "suspect"} for one in ROWS]
    assert draw(rows).title == "Most code: every number is suspect"


def test_families_stand_by_their_headline_unless_an_order_is_given() -> None:
    """Open ones first; the caption names the mark of each statistic."""
    rows = [*ROWS, row("phi", 0.9, "large"), row("qwen", 0.8, "large")]
    both = draw(rows, statistics=("all", "large"))
    assert names_of(both) == [HEADS["open"], "Phi", "Qwen", HEADS["proprietary"], "GPT"]
    assert both.subtitle.startswith("Share with code: all (small mark), large (large); ")
    assert names_of(draw(ROWS)) == [HEADS["open"], "Qwen", "Phi", HEADS["proprietary"], "GPT"]
    assert names_of(draw(ROWS, is_least_first=True))[1:3] == ["Phi", "Qwen"]
    assert names_of(draw(ROWS, order=["phi", "qwen"])) == [HEADS["open"], "Phi", "Qwen"]


def test_a_family_without_a_number_has_no_row() -> None:
    none: MetricRow = {**row("phi", 0.3), "state": "not collected", "value": None}
    assert names_of(draw([row("gpt", 0.5), none])) == [HEADS["proprietary"], "GPT"]
    assert draw([none]).chart is None and draw([]).chart is None


def test_full_counts_that_read_the_same_tie() -> None:
    """A count has no interval, so that the first is named with all that are level."""
    rows: list[MetricRow] = [{**row(name, 3), "low": 3, "high": 3} for name in ("phi", "qwen")]
    assert draw(rows, unit="count").title == "Most code: Phi and Qwen, 3"
    assert draw([row("phi", 0.0)]).title.startswith("Most code: 0")


def names_of(figure: Figure) -> list[str]:
    """The rows of a chart from top to bottom."""
    assert figure.chart is not None
    names: list[str] = figure.chart["layer"][0]["encoding"]["y"]["scale"]["domain"]
    return names


def test_an_alternative_text_names_its_horizons_in_order_of_time() -> None:
    """A day before a week before a month, each by its name."""
    wide = [
        {"family_id": family, "statistic": statistic, "state": "measured", "value": 0.5, "low": 0.4, "high": 0.6}
        for family in ("a", "b")
        for statistic in ("within_30d", "within_24h", "within_7d")
    ]
    titles, order = {"a": "A", "b": "B"}, ("within_24h", "within_7d", "within_30d")
    assert sentences.describe_points(wide, "share", titles, "answered", order).replace(GAP, " ") == (
        "Points with intervals, answered within 24 hours: A 50 % (40–60 %); B 50 % (40–60 %). answered within 7 days: "
        "A 50 % (40–60 %); B 50 % (40–60 %). answered within 30 days: A 50 % (40–60 %); B 50 % (40–60 %)"
    )
    gap = [wide[0], wide[1] | {"state": "not enough data"}, wide[2] | {"state": "not enough data", "family_id": "b"}]
    assert sentences.describe_points(gap, "share", titles, "x").endswith("; not enough data: A and B")


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([row("gpt", 0.5), row("phi", 0.45)], "Most code: GPT and Phi share first place"),
        ([row("gpt", 0.9), row("phi", 0.3), row("qwen", 0.85)], "Most code: GPT and Qwen share first place"),
        ([row("gpt", 0.5), {**row("phi", 0.3), "state": "not observable"}], "Most code: only GPT known, 50 %"),
        ([row("gpt", 0.5)], "Most code: GPT, 50 %"),
    ],
)
def test_a_title_names_nobody_as_first_who_is_not(rows: list[MetricRow], title: str) -> None:
    """Of three tied pages the one watched for 25 days led, and the only page with a number."""
    assert draw(rows).title.replace(GAP, " ") == title
