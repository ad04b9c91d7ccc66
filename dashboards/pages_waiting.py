"""Waiting for an answer: how long, from whom, and what leaving out the unanswered would hide."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboards import charts, charts_curves, frame, reading, sentences, words
from dashboards.figure import figure

QUESTION = "How long do people wait for an answer?"
MOST = 3
"""Families in colour on each side; more would be a tangle."""


def show(page: frame.View) -> None:
    """The curves, then who answers, the three marks people ask for, and the other way of counting."""
    medians = page.metric("first_response_hours", page.kind, "anyone", ("median",))
    frame.answer(QUESTION, sentences.waits(medians, page.titles))
    window = words.WINDOWS[medians[0]["window"]] if medians else words.WINDOWS[page.window]
    curves(page, medians, window)
    within = page.metric("answered_share", page.kind, "anyone", tuple(words.WITHIN))
    order = page.order([row for row in within if row["statistic"] == "within_7d"])
    left, right = st.columns(2, gap="medium")
    with left:
        figure(
            page,
            "within",
            sentences.leaders(
                [row for row in within if row["statistic"] == "within_30d"], "share", page.titles, "Most answered in the end"
            ),
            "Share answered by a person within 24 hours (small mark), 7 days (middle) and 30 days (large); questions of the "
            f"last {window}; lines are 95 % intervals.",
            charts.steps(within, "share", order, page.titles, page.tone, tuple(words.WITHIN)) if within else None,
            within,
            "answered_share",
            f"public {words.KINDS[page.kind]}",
            sentences.alt(within, "share", page.titles, "answered within 24 hours, 7 days and 30 days"),
        )
    with right:
        other_ways(page, order, window)
    who(page, order, window)
    medians_figure(page, medians, window)


def curves(page: frame.View, medians: Sequence[dict[str, Any]], window: str) -> None:
    """One panel a side; the families with most questions in colour, or those that were chosen."""
    # A curve of a handful of questions is a staircase that says nothing.
    cases = {row["family_id"]: row["n"] or 0 for row in medians if row["state"] == "measured"}
    rows = [row for row in points(page) if row["family_id"] in cases]
    for column, side in zip(st.columns(2, gap="medium"), sentences.SIDES, strict=True):
        of_side = [row for row in rows if row["side"] == side]
        most = sorted({row["family_id"] for row in of_side} & set(cases), key=lambda family: (-cases[family], family))[:MOST]
        coloured = page.colours(most)
        own = [row for row in medians if row["family_id"] in coloured]
        with column:
            figure(
                page,
                f"curve-{side}",
                f"{side.capitalize()}: {sentences.halves(own, page.titles)}",
                f"Share of askers who have an answer by a person, by the time since they asked; questions of the last {window}; "
                "bands are 95 % intervals, grey lines the other families.",
                charts_curves.curves(rows, coloured, page.titles, side, page.tone) if coloured else None,
                own or [row for row in medians if row["side"] == side],
                "first_response_hours",
                f"public {words.KINDS[page.kind]}",
                sentences.alt(own, "hours", page.titles, "time until half are answered"),
            )


def points(page: frame.View) -> list[dict[str, Any]]:
    """The points of every family's curve, up to 30 days after asking."""
    if not reading.has(page.snapshot, "metrics.answered_curve"):
        return []
    found = reading.rows(
        page.snapshot,
        'select * from metrics.answered_curve where "window" = ? and channel_role = ? and segment = ? and channel_kind = ? and hours <= 720'
        " and value is not null order by family_id, hours",
        *(page.window, page.role, "anyone", page.kind),
    )
    return [row for row in found if row["family_id"] in page.titles]


def other_ways(page: frame.View, order: Sequence[str], window: str) -> None:
    """The median of the answered only, which other dashboards show, beside the one that counts those who still wait."""
    names = ("answered_only_median", "median")
    rows = page.metric("first_response_hours", page.kind, "anyone", names)
    figure(
        page,
        "answered-only",
        sentences.flattered(rows, page.titles),
        "Median wait of those who were answered (small mark) and of everybody who asked, the unanswered counted as still "
        f"waiting (large mark); questions of the last {window}.",
        charts.steps(rows, "hours", order, page.titles, page.tone, names) if rows else None,
        rows,
        "first_response_hours",
        f"public {words.KINDS[page.kind]}",
        sentences.alt([row for row in rows if row["statistic"] == "median"], "hours", page.titles, "median wait of everybody who asked"),
    )


def who(page: frame.View, order: Sequence[str], window: str) -> None:
    """Small multiples: the share that each kind of answerer reaches within a week."""
    st.markdown("## Who answers?", anchors=False)
    for column, segment in zip(st.columns(3, gap="medium"), ("staff", "maintainer", "outsider"), strict=True):
        rows = page.metric("answered_share", page.kind, segment, ("within_7d",))
        with column:
            figure(
                page,
                f"who-{segment}",
                sentences.leaders(rows, "share", page.titles, words.ANSWERERS[segment].capitalize()),
                f"Share of askers whom {words.ANSWERERS[segment]} answered within 7 days; {window}.",
                charts.dots(rows, "share", order, page.titles, page.tone, is_narrow=True) if rows else None,
                rows,
                "answered_share",
                f"public {words.KINDS[page.kind]}",
                sentences.alt(rows, "share", page.titles, f"answered by {words.ANSWERERS[segment]} within 7 days"),
            )


def medians_figure(page: frame.View, medians: Sequence[dict[str, Any]], window: str) -> None:
    """The plain median, for those who came for one number a family."""
    rows = page.metric("first_response_hours", page.kind, "anyone", ("median", "p80"))
    figure(
        page,
        "median",
        sentences.leaders(medians, "hours", page.titles, "Shortest wait for half of all askers"),
        "Time until 50 % (small mark) and 80 % (large mark) of all askers have an answer by a person; questions of the last "
        f"{window}; lines are 95 % intervals; where a mark is missing, fewer were answered than that.",
        charts.steps(rows, "hours", page.order(medians), page.titles, page.tone, ("median", "p80")) if rows else None,
        rows,
        "first_response_hours",
        f"public {words.KINDS[page.kind]}",
        sentences.alt(medians, "hours", page.titles, "time until half are answered"),
    )


show(frame.view())
