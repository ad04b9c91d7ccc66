"""Reliability: how often services break, for how long, and how much of the time they work."""

from datetime import UTC, datetime, timedelta
from typing import Any

import streamlit as st

from dashboards import charts, charts_time, disclosure, frame, reading, sentences, words
from dashboards.colours import SIDES
from dashboards.figure import figure

QUESTION = "How often do the services break, and for how long?"
SOURCE = "the vendors' own status pages"
DAYS = {"30d": 30, "90d": 90, "365d": 365, "all": 3650}
KIND = "status"
SEGMENT = "api"
WEIGHTS = ("any_severity", "weighted", "partial_or_worse")


def show(page: frame.View) -> None:
    """The strip of incidents, then rate, uptime and recovery."""
    rates = page.metric("incident_rate", KIND, SEGMENT, ("per_30d",))
    frame.answer(QUESTION, sentences.incidents(rates, page.titles))
    timeline(page, rates)
    order = page.order(rates)
    window = words.WINDOWS[rates[0]["window"]] if rates else words.WINDOWS[page.window]
    left, right = st.columns(2, gap="medium")
    with left:
        figure(
            page,
            "rate",
            sentences.leaders(rates, "rate", page.titles, "Fewest incidents a month"),
            f"Outages and degradations that touched the API, or named no part, per 30 observed days; {window}; lines are exact "
            "95 % intervals, so that no incident at all still "
            "has an upper end.",
            charts.dots(rates, "rate", order, page.titles, page.tone) if rates else None,
            rates,
            "incident_rate",
            SOURCE,
            sentences.alt(rates, "rate", page.titles, "incidents per 30 days"),
        )
    with right:
        recovery(page, order, window)
    uptime(page, order, window)
    disclosure.beside(page, KIND, SEGMENT, order, window, SOURCE)


def timeline(page: frame.View, rates: list[dict[str, Any]]) -> None:
    """Every incident of the window as a tick; families without a page are named below with the reason."""
    pages = _pages(page)
    until = max((row["observed_until_at"].replace(tzinfo=UTC) for row in pages), default=page.now)
    oldest = min((row["observed_from_at"].replace(tzinfo=UTC) for row in pages), default=until)
    since = max(until - timedelta(days=DAYS[page.window]), oldest)
    found = _incidents(page, {row["family_id"] for row in pages}, since, until)
    figure(
        page,
        "incidents",
        sentences.strip(found, page.titles),
        "Each tick is an incident at the time it began: the taller, the more severe; pale where it did not touch the API. ◇ is a "
        "suspension of a model, which is no outage. The grey band is the time the page lets us see.",
        charts_time.timeline(found, pages, page.titles, since, until, page.tone) if pages else None,
        found or rates,
        "incident_windows",
        SOURCE,
        sentences.strip(found, page.titles),
    )
    why = sentences.absences(rates, page.titles)
    if why:
        st.caption(why)
    served = hosts(page)
    if served:
        st.caption(served)


def hosts(page: frame.View) -> str:
    """Which hosts stand in for the pages that open families have not, in words."""
    if not reading.has(page.snapshot, "staging.family_hosts"):
        return ""
    by_hosts: dict[tuple[str, ...], list[str]] = {}
    shown = {family["family_id"] for family in page.families}
    found = reading.rows(page.snapshot, "select * from staging.family_hosts order by family_id, host_id")
    for family in sorted({row["family_id"] for row in found} & shown):
        names = tuple(
            words.plain(page.titles[row["host_id"]]) for row in found if row["family_id"] == family and row["host_id"] in page.titles
        )
        by_hosts.setdefault(names, []).append(words.plain(page.titles[family]))
    said = [f"{words.listed(families)} by {words.listed(names)}" for names, families in by_hosts.items()]
    return f"Served, among others: {'; '.join(said)}." if said else ""


def _pages(page: frame.View) -> list[dict[str, Any]]:
    """One row a family that has a status page: from when to when it lets us see."""
    if not reading.has(page.snapshot, "staging.status_pages"):
        return []
    found = reading.rows(
        page.snapshot,
        "select family_id, min(observed_from_at) as observed_from_at, max(observed_until_at) as observed_until_at from staging.status_pages"
        " where observed_from_at is not null and observed_until_at is not null group by family_id order by family_id",
    )
    sides = {family["family_id"]: family["side"] for family in page.families}
    return sorted(
        ({**row, "side": sides[row["family_id"]]} for row in found if row["family_id"] in sides),
        key=lambda row: (SIDES.index(row["side"]), row["family_id"]),
    )


def _incidents(page: frame.View, families: set[str], since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Incidents of the window that disturbed the service, and suspensions."""
    if not reading.has(page.snapshot, "metrics.incident_windows"):
        return []
    found = reading.rows(
        page.snapshot,
        "select family_id, title, kind, severity, started_at, ended_at, is_open, is_api, url, observed_until_at as as_of_at from "
        "metrics.incident_windows"
        " where kind in ('outage', 'degraded', 'third-party', 'suspension') and started_at between ? and ?"
        " order by started_at desc, incident_id",
        since.replace(tzinfo=None),
        until.replace(tzinfo=None),
    )
    return [row | _times(row) for row in found if row["family_id"] in families]


def _times(row: dict[str, Any]) -> dict[str, str]:
    if row["ended_at"] is not None:
        lasted = words.duration((row["ended_at"] - row["started_at"]).total_seconds() / 3600)
    else:
        lasted = "not over yet" if row["is_open"] else "its end is not known"
    return {"began": words.instant(row["started_at"]), "lasted": lasted}


def recovery(page: frame.View, order: list[str], window: str) -> None:
    """Time until an incident is over, for half of them and for nine in ten."""
    rows = page.metric("recovery_hours", KIND, SEGMENT, ("median", "p90"))
    medians = [row for row in rows if row["statistic"] == "median"]
    figure(
        page,
        "recovery",
        sentences.leaders(medians, "hours", page.titles, "Shortest incidents"),
        "Time until half (small mark) and nine in ten (large mark) of the incidents are over, those still open counted as not "
        f"over; {window}; lines are 95 % intervals.",
        charts.steps(rows, "hours", order, page.titles, page.tone, ("median", "p90")) if rows else None,
        rows,
        "recovery_hours",
        SOURCE,
        sentences.alt(medians, "hours", page.titles, "median time until an incident is over"),
    )


def uptime(page: frame.View, order: list[str], window: str) -> None:
    """The usual weights as a point, and as a line how far another choice of weights moves it."""
    rows = page.metric("uptime_share", KIND, SEGMENT, WEIGHTS)
    drawn = sentences.as_range(rows, *WEIGHTS)
    figure(
        page,
        "uptime",
        sentences.leaders(drawn, "uptime", page.titles, "Highest uptime"),
        f"Share of the observed time in which the service worked; {window}. The point counts an outage fully and a partial "
        "failure in part; the line runs from "
        "counting every incident as an outage to counting only partial failures and worse.",
        charts.dots(drawn, "uptime", order, page.titles, page.tone) if drawn else None,
        rows,
        "uptime_share",
        SOURCE,
        sentences.alt(drawn, "uptime", page.titles, "uptime with the range of both other weights"),
    )
    st.caption(
        "A status page tells what its owner posts: a page that tells more looks worse. Read the uptime together with the incidents above."
    )


show(frame.view())
