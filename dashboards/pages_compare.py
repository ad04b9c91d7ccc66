"""Overview: the comparison at a glance, one measure a chart, one row a family."""

from typing import NamedTuple

import streamlit as st

from dashboards import charts, frame, sentences, words
from dashboards.axes import Unit
from dashboards.figure import figure

QUESTION = "Are people who build on open models helped as well as those who build on proprietary ones?"


class Measure(NamedTuple):
    """One chart of the overview: which rows of which metric, and how they are called."""

    metric: str
    kind: str
    """Kind of channel; empty: the kind of places that the filter says."""
    segment: str | None
    statistic: str
    unit: Unit
    best: str
    meaning: str
    source: str


ANSWERED = "Share of questions that a person other than the asker answered within 24 hours; lines are 95 % intervals"
WAIT = "Time until half of all askers have an answer by a person; lines are 95 % intervals"
UPTIME = "Share of the observed time in which the service worked; partial failures count in part"
RATE = "Outages and degradations that a status page posted, per 30 observed days; lines are 95 % intervals"
FETCHED = "Downloads as the hub counts them, all models of a family"
HERO = Measure("answered_share", "", "anyone", "within_24h", "share", "Most answered within a day", ANSWERED, "")
OTHERS = (
    Measure("first_response_hours", "", "anyone", "median", "hours", "Shortest wait for an answer", WAIT, ""),
    Measure("uptime_share", "status", "api", "weighted", "uptime", "Highest uptime", UPTIME, "the vendors' own status pages"),
    Measure("incident_rate", "status", "api", "per_30d", "rate", "Fewest incidents a month", RATE, "the vendors' own status pages"),
    Measure("model_downloads", "hub", None, "rolling_30d", "count", "Most downloaded", FETCHED, "the model hub"),
)


def show(page: frame.View) -> None:
    """The hero says how many are answered within a day; four charts below repeat its rows for other measures."""
    rows = page.metric(HERO.metric, page.kind, HERO.segment, (HERO.statistic,))
    frame.answer(QUESTION, sentences.sides(rows))
    order = page.order(rows)
    draw(page, HERO, order)
    for pair in (OTHERS[:2], OTHERS[2:]):
        for column, measure in zip(st.columns(2, gap="medium"), pair, strict=True):
            with column:
                draw(page, measure, order)


def draw(page: frame.View, measure: Measure, order: list[str]) -> None:
    """One measure, its rows in the order of the hero."""
    source = measure.source or f"public {words.KINDS[page.kind]}"
    rows = page.metric(measure.metric, measure.kind or page.kind, measure.segment, (measure.statistic,))
    window = words.WINDOWS[rows[0]["window"] if rows else page.window]
    title = sentences.leaders(rows, measure.unit, page.titles, measure.best)
    chart = charts.dots(rows, measure.unit, order, page.titles, page.tone) if rows else None
    description = sentences.alt(rows, measure.unit, page.titles, measure.meaning)
    subtitle = f"{measure.meaning}; last {window}." if window != "all time" else f"{measure.meaning}; {window}."
    figure(page, measure.metric, title, subtitle, chart, rows, measure.metric, source, description)


show(frame.view())
