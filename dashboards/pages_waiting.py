"""How long do you wait, and who answers: curves, marks, who, and what leaving out the unanswered would hide."""

from collections.abc import Sequence

from dashboards import charts, charts_curves, frame, sentences, words
from dashboards.story import Figure, Row, Story, Words
from dashboards.view import View, view

QUESTION = "How long do you wait, and who answers?"
MOST = 3
"""Families in colour on each side; more would be a tangle."""


def story(page: View) -> Story:
    """The curves, then who answers, the three marks people ask for, and the other way of counting."""
    medians = page.asked("first_response_hours", ("median",), "anyone")
    within = page.asked("answered_share", tuple(words.WITHIN), "anyone")
    order = page.order([row for row in within if row["statistic"] == "within_7d"])
    parts = [curves(page, medians), (marks(page, within, order), other_ways(page, order))]
    return Story(QUESTION, sentences.waits(medians, page.titles), [*parts, Words("## Who answers?"), who(page, order), quantiles(page, medians)])


def source(page: View) -> str:
    """Where the questions were asked."""
    return f"public {words.KINDS[page.kind]}"


def curves(page: View, medians: Sequence[Row]) -> tuple[Figure, ...]:
    """One panel a side; the families with most questions in colour, or those that were chosen."""
    # A curve of a handful of questions is a staircase that says nothing.
    cases = {row["family_id"]: row["n"] or 0 for row in medians if row["state"] == "measured"}
    rows = [row for row in points(page) if row["family_id"] in cases]
    return tuple(_curve(page, side, cases, rows, medians) for side in sentences.SIDES)


def _curve(page: View, side: str, cases: dict[str, int], rows: Sequence[Row], medians: Sequence[Row]) -> Figure:
    most = sorted({row["family_id"] for row in rows if row["side"] == side}, key=lambda family: (-cases[family], family))[:MOST]
    coloured = page.colours(most)
    own = [row for row in medians if row["family_id"] in coloured]
    shown = own or [row for row in medians if row["side"] == side]
    return Figure(
        f"curve-{side}",
        f"{side.capitalize()}: {sentences.halves(own, page.titles)}",
        f"Share of askers who have an answer by a person, by the time since they asked; {page.scope(shown)}. "
        "Bands are 95 % intervals, grey lines the other families.",
        charts_curves.curves(rows, coloured, page.titles, side, page.tone) if coloured else None,
        shown,
        "first_response_hours",
        source(page),
        sentences.alt(own, "hours", page.titles, "time until half are answered"),
    )


def points(page: View) -> list[dict[str, object]]:
    """The points of every family's curve, up to 30 days after asking."""
    sql = (
        'select * from metrics.answered_curve where "window" = ? and channel_role = ? and segment = ? and channel_kind = ? and hours <= 720'
        " and value is not null order by family_id, hours"
    )
    segment = page.part("answered_share") or "anyone"
    return page.rows("metrics.answered_curve", sql, page.window, page.role, segment, page.kind)


def marks(page: View, within: Sequence[Row], order: Sequence[str]) -> Figure:
    """The shares answered within a day, a week and a month."""
    last = [row for row in within if row["statistic"] == "within_30d"]
    return Figure(
        "within",
        sentences.leaders(last, "share", page.titles, "Most answered in the end"),
        "Share answered by a person within 24 hours (small mark), 7 days (middle) and 30 days (large); "
        f"{page.scope(within)}; lines are 95 % intervals.",
        charts.steps(within, "share", order, page.titles, page.tone, tuple(words.WITHIN)) if within else None,
        within,
        "answered_share",
        source(page),
        sentences.alt(within, "share", page.titles, "answered within 24 hours, 7 days and 30 days"),
    )


def other_ways(page: View, order: Sequence[str]) -> Figure:
    """The median of the answered only, which other dashboards show, beside the one that counts those who still wait."""
    names = ("answered_only_median", "median")
    rows = page.asked("first_response_hours", names, "anyone")
    return Figure(
        "answered-only",
        sentences.flattered(rows, page.titles),
        "Median wait of those who were answered (small mark) and of everybody who asked, the unanswered counted as still "
        f"waiting (large mark); {page.scope(rows)}.",
        charts.steps(rows, "hours", order, page.titles, page.tone, names) if rows else None,
        rows,
        "first_response_hours",
        source(page),
        sentences.alt([row for row in rows if row["statistic"] == "median"], "hours", page.titles, "median wait of everybody who asked"),
    )


def who(page: View, order: Sequence[str]) -> tuple[Figure, ...]:
    """Small multiples: the share that each kind of answerer reaches within a week."""
    return tuple(_answerer(page, segment, order) for segment in ("staff", "maintainer", "outsider"))


def _answerer(page: View, segment: str, order: Sequence[str]) -> Figure:
    rows = page.metric("answered_share", page.kind, segment, ("within_7d",))
    return Figure(
        f"who-{segment}",
        sentences.leaders(rows, "share", page.titles, words.ANSWERERS[segment].capitalize()),
        f"Share of askers whom {words.ANSWERERS[segment]} answered within 7 days; {page.scope(rows)}.",
        charts.dots(rows, "share", order, page.titles, page.tone, is_narrow=True) if rows else None,
        rows,
        "answered_share",
        source(page),
        sentences.alt(rows, "share", page.titles, f"answered by {words.ANSWERERS[segment]} within 7 days"),
    )


def quantiles(page: View, medians: Sequence[Row]) -> Figure:
    """The plain median, for those who came for one number a family."""
    rows = page.asked("first_response_hours", ("median", "p80"), "anyone")
    return Figure(
        "median",
        sentences.leaders(medians, "hours", page.titles, "Shortest wait for half of all askers"),
        f"Time until 50 % (small mark) and 80 % (large mark) of all askers have an answer by a person; {page.scope(rows)}; lines are "
        "95 % intervals; where a mark is missing, fewer were answered than that.",
        charts.steps(rows, "hours", page.order(medians), page.titles, page.tone, ("median", "p80")) if rows else None,
        rows,
        "first_response_hours",
        source(page),
        sentences.alt(medians, "hours", page.titles, "time until half are answered"),
    )


if __name__ == "__main__":
    here = view()
    frame.tell(here, story(here))
