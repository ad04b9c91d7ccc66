"""Overview: the comparison at a glance, one measure a chart, one row a family."""

import streamlit as st

from dashboards import charts, frame, sentences, words

QUESTION = "Are people who build on open models helped as well as those who build on proprietary ones?"


def show(page: frame.View) -> None:
    """The hero says how many are answered within a day; four charts below repeat its rows for other measures."""
    rows = page.metric("answered_share", "tracker", "anyone", ("within_24h",))
    frame.answer(QUESTION, sentences.sides(rows))
    order = page.order(rows)
    window = words.WINDOWS[rows[0]["window"]] if rows else words.WINDOWS[page.window]
    chart = charts.dots(rows, "share", order, page.titles, page.tone) if rows else None
    frame.figure(
        page, "answered", sentences.leaders(rows, "share", page.titles, "Most answered within a day"),
        f"Share of questions that a person other than the asker answered within 24 hours; questions of the last {window}; lines are 95 % intervals.",
        chart, rows, "answered_share", "public issue trackers", sentences.alt(rows, "share", page.titles, "answered within 24 hours"),
    )
    for left, right in (("first_response_hours", "uptime_share"), ("incident_rate", "model_downloads")):
        for column, name in zip(st.columns(2, gap="medium"), (left, right), strict=True):
            with column:
                small(page, name, order)


SMALL = {
    "first_response_hours": ("tracker", "anyone", "median", "hours", "Shortest wait for an answer", "Time until half of all askers have an answer by a person", "public issue trackers"),
    "uptime_share": ("status", "all", "weighted", "uptime", "Highest uptime", "Share of the observed time in which the service worked; partial failures count in part", "status pages"),
    "incident_rate": ("status", "all", "per_30d", "rate", "Fewest incidents a month", "Incidents that a status page posted, per 30 observed days", "status pages"),
    "model_downloads": ("hub", None, "rolling_30d", "count", "Most downloaded", "Downloads of the last 30 days as the hub counts them", "the model hub"),
}


def small(page: frame.View, name: str, order: list[str]) -> None:
    """One supporting measure, its rows in the order of the hero."""
    kind, segment, statistic, unit, best, measure, source = SMALL[name]
    rows = page.metric(name, kind, segment, (statistic,))
    window = words.WINDOWS.get(rows[0]["window"], "") if rows else ""
    frame.figure(
        page, name, sentences.leaders(rows, unit, page.titles, best), f"{measure}; {window}.",
        charts.dots(rows, unit, order, page.titles, page.tone) if rows else None, rows, name, source, sentences.alt(rows, unit, page.titles, measure),
    )


show(frame.view())
