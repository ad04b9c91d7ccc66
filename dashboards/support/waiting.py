"""The page "How long do you wait, and who answers?": curves, who comes first, common marks, and what other dashboards
would show."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboards.charts import pairs
from dashboards.charts.colours import SIDES
from dashboards.compare import differences, sentences_compare
from dashboards.frame import layout, matched
from dashboards.frame.dots import draw_dot_figure
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import MetricRow
from dashboards.support.bots import draw_bots
from dashboards.support.charts import curves as charts_curves
from dashboards.support.charts import stack
from dashboards.support.questions import draw_languages, draw_types
from dashboards.support.sentences import waiting as sentences_waiting
from dashboards.support.trend import list_changes
from dashboards.words import numbers, sentences

CurvePoint = Mapping[str, Any]
"""A point of a curve, by hours since the question."""
QUESTION = "How long do you wait, and who answers?"
MATCHED = ("answered_share", "within_7d", "anyone")
"""What is compared like with like."""
MOST = 3
"""Coloured families on each side; more would be a tangle."""
FIRST = 2
"""Figures that the page shows by itself."""
PANELS = 4
"""Families with a panel of who comes first."""
WAYS = {"theirs": "of those answered", "ours": "of everybody"}
"""The two ways of counting, the hollow mark first."""


def story(page: View, naive: bool = False) -> Story:
    """Tells the trend and the curves, then who answers and the shares at common marks; `naive` adds what other
    dashboards would show."""
    medians = page.load_asked("first_response_hours", ("median",), "anyone")
    within = page.load_asked("answered_share", tuple(numbers.WITHIN), "anyone")
    order = page.order_families([row for row in within if row["statistic"] == "within_7d"])
    other: list[Part] = (
        [Words("## What other dashboards would show"), draw_other_ways(page), Words("## What we show")] if naive else []
    )
    parts: list[Part] = [
        draw_curve_panels(page, medians),
        Words("## Who answers?"),
        *draw_first_panels(page),
        draw_answerers(page, order),
        draw_marks(page, within, order),
        Words("## What do bots hide, and what is asked?"),
        draw_bots(page, order),
        draw_types(page, order),
        draw_languages(page, order),
    ]
    answer = answer_page(page, medians)
    # The curves of both sides, or of two chosen families, and what came first beside them.
    return Story(QUESTION, answer, [*tell_trend(page), *other, *parts])


def tell_trend(page: View) -> list[Part]:
    """Tells whose last 30 days differ from their last 12 months; nothing where that is not known."""
    found = list_changes(page)
    lead = f"Better or worse lately, over all questions in {numbers.KINDS[page.kind]}?"
    return [Words("  \n".join([lead, *found]), is_small=True)] if found else []


def answer_page(page: View, medians: Sequence[MetricRow]) -> str:
    """States who is answered sooner: like with like where what the page shows was so compared, and the medians only
    describe; otherwise by the medians."""
    waits = sentences.describe_waits(medians, page.titles, page.describe_scope(medians))
    is_compared = matched.is_compared(page)
    if is_compared and len(page.chosen) == 2 and (pair := differences.find_pair(page, *page.chosen)):
        names = [page.titles[family] for family in page.chosen]
        matched_words = sentences_compare.describe_matched(pair, names, matched.compared_window(page))
        return sentences.tell_in_steps(sentences_compare.judge_two(pair, names), f"{matched_words} {waits}")
    sides = matched.describe_sides(page, *MATCHED, "are answered within a week")
    verdict = matched.judge_sides(page, *MATCHED, "answer sooner", "hear back within a week") if is_compared else ""
    if verdict:
        return sentences.tell_in_steps(verdict, f"{sides} {waits}")
    return sentences.tell_in_steps(sentences.judge_waits(medians, page.titles), f"{waits} {sides}".strip())


def draw_curve_panels(page: View, medians: Sequence[MetricRow]) -> tuple[Figure, ...]:
    """Draws two chosen families in one panel; otherwise one panel per side, with the chosen families, or those with
    most questions, in colour."""
    # A curve of a handful of questions is a staircase that says nothing.
    cases = {row["family_id"]: row["n"] or 0 for row in medians if row["state"] == "measured"}
    rows = [row for row in load_points(page) if row["family_id"] in cases]
    if len(page.chosen) == 2:
        names = numbers.join_words([numbers.escape_markdown(page.titles[family]) for family in page.chosen])
        return (_draw_curve(page, "both", names, rows, [row for row in medians if row["family_id"] in page.chosen]),)
    asked = [side for side in sentences.SIDES if any(family["side"] == side for family in page.families)]
    return tuple(_draw_side(page, side, cases, rows, medians) for side in asked or sentences.SIDES)


def _draw_side(
    page: View, side: str, cases: dict[str, int], rows: Sequence[CurvePoint], medians: Sequence[MetricRow]
) -> Figure:
    most = sorted(
        {row["family_id"] for row in rows if row["side"] == side}, key=lambda family: (-cases[family], family)
    )[:MOST]
    own = [row for row in medians if row["family_id"] in most]
    return _draw_curve(page, side, side.capitalize(), rows, own or [row for row in medians if row["side"] == side])


def _draw_curve(
    page: View, name: str, heading: str, rows: Sequence[CurvePoint], medians: Sequence[MetricRow]
) -> Figure:
    drawn = {row["family_id"] for row in rows}
    coloured = page.pick_colours([row["family_id"] for row in medians if row["family_id"] in drawn])
    own = [row for row in medians if row["family_id"] in coloured]
    return Figure(
        name=f"curve-{name}",
        title=f"{heading}: {sentences.describe_halves(own, page.titles)}",
        subtitle="Share of askers who have an answer by a person, by the time since they asked; "
        f"{page.describe_scope(medians)}.",
        how="Bands are 95 % intervals" + (", grey lines the other families." if len(drawn) > len(coloured) else "."),
        chart=charts_curves.draw_curves(rows, coloured, page.titles, page.theme) if coloured else None,
        rows=medians,
        metric="first_response_hours",
        source=page.source,
        alt=sentences.describe_points(own, "hours", page.titles, "time until half are answered"),
    )


def load_points(page: View) -> Sequence[CurvePoint]:
    """Loads the points of every family's curve, up to 30 days after asking."""
    sql = (
        'select * from metrics.answered_curve where "window" = ? and channel_role = ? and segment = ? and channel_kind '
        "= ? and hours <= 720"
        " and value is not null order by family_id, hours"
    )
    segment = page.chosen_segment("answered_share") or "anyone"
    return page.load_rows("metrics.answered_curve", sql, page.window, page.role, segment, page.kind)


def draw_marks(page: View, within: Sequence[MetricRow], order: Sequence[str]) -> Figure:
    """Draws the shares answered within a day, a week and a month."""
    last = [row for row in within if row["statistic"] == "within_30d"]
    return draw_dot_figure(
        page,
        within,
        name="within",
        metric="answered_share",
        title=sentences.name_leader(last, "share", page.titles, "Most often answered within 30 days"),
        measure="Share answered by a person within 24 hours (small mark), 7 days (middle) and 30 days (large)",
        alt="answered by a person",
        statistics=tuple(numbers.WITHIN),
        order=order,
    )


def draw_other_ways(page: View) -> Figure:
    """Draws the median of the answered only, as other dashboards show it, beside the one that counts those who still
    wait."""
    rows = page.load_asked("naive_answer_hours", ("theirs", "ours"), "anyone")
    ours = [row for row in rows if row["statistic"] == "ours"]
    left_out = sentences_waiting.count_dropped(rows)
    return Figure(
        name="answered-only",
        title=sentences_waiting.describe_left_out(rows, page.titles),
        subtitle="Median wait of those who were answered, as other dashboards count (hollow mark), and of everybody "
        f"who asked (filled mark); {page.describe_scope(rows)}.",
        how="Lines are 95 % intervals. The unanswered count as still waiting; without a filled mark fewer than half "
        "were answered. On the right: how many askers the other count leaves out.",
        chart=pairs.draw_pairs(rows, "hours", page.order_families(ours), page.titles, page.theme, WAYS, left_out)
        if rows
        else None,
        rows=rows,
        metric="naive_answer_hours",
        source=page.source,
        alt=sentences.describe_points(ours, "hours", page.titles, "median wait of everybody who asked")
        + "".join(f"; {page.titles[family]}: {long}" for family, (long, _) in left_out.items()),
    )


def draw_first_panels(page: View) -> list[tuple[Figure, ...]]:
    """Draws a panel for each of a few families: who or what came first, as parts of all who asked."""
    rows = page.load_metric("first_response_by_share", page.kind)
    asked = {
        row["family_id"]: row["n"] for row in rows if row["state"] == "measured" and row["segment"] == stack.WAITING
    }
    most = sorted(asked, key=lambda family: (-asked[family], family))
    sides = [[family for family in most if page.sides[family] == side] for side in sentences.SIDES]
    # The most asked-about of the chosen families, or equally many of each side, open ones first.
    families = most[:PANELS] if page.chosen else [family for side in sides for family in side[: PANELS // 2]]
    ordered = sorted(families, key=lambda family: SIDES.index(page.sides[family]))
    colours = page.pick_colours(ordered)
    figures = [
        _draw_first(page, family, [row for row in rows if row["family_id"] == family], colours[family])
        for family in ordered
    ]
    return [tuple(figures[start : start + 2]) for start in range(0, len(figures), 2)]


def _draw_first(page: View, family: str, rows: Sequence[MetricRow], colour: str) -> Figure:
    """Draws one family's panel. `rows` are the shares at the end of the week; the curves come from points of the same
    estimate."""
    points = load_first_points(page, family, rows[0])
    return Figure(
        name=f"first-{family}",
        title=sentences_waiting.name_first_comer(rows, page.titles[family]),
        subtitle=f"Share of askers by what came first, people in shades of the colour; {page.describe_scope(rows)}.",
        how="From the bottom up: answers by people (shades of the colour), then an AI agent and closings without any "
        "answer (greys); empty: nothing yet; dotted: 95 % interval of that; other intervals on the right.",
        chart=stack.draw_stack(points, sentences_waiting.stack_parts(rows), page.sides[family], colour, page.theme)
        if points
        else None,
        rows=rows,
        metric="first_response_by_share",
        source=page.source,
        alt=f"{page.titles[family]}, what came first within 7 days: "
        + "; ".join(f"{sentences_waiting.FIRST[row['segment']]} {numbers.format_value(row, 'share')}" for row in rows),
    )


def load_first_points(page: View, family: str, row: MetricRow) -> Sequence[CurvePoint]:
    """Loads the points up to a week after asking, for the same cases as the row."""
    sql = (
        "select family_id, cause as segment, hours, value, low, high from metrics.competing_shares where subject = "
        "'first' and segment = 'all' and family_id = ? and \"window\" = ? and channel_role = ? and channel_kind = ? "
        "and hours <= 168 and value is not null order by cause, hours"
    )
    return page.load_rows(
        "metrics.competing_shares", sql, family, row["window"], row["channel_role"], row["channel_kind"]
    )


def draw_answerers(page: View, order: Sequence[str]) -> tuple[Figure, ...]:
    """Draws small multiples of the share that each kind of answerer reaches within a week."""
    return tuple(_draw_answerer(page, segment, order) for segment in ("staff", "maintainer", "outsider"))


def _draw_answerer(page: View, segment: str, order: Sequence[str]) -> Figure:
    rows = page.load_metric("answered_share", page.kind, segment, ("within_7d",))
    return draw_dot_figure(
        page,
        rows,
        name=f"who-{segment}",
        metric="answered_share",
        title=sentences.name_leader(rows, "share", page.titles, numbers.ANSWERERS[segment].capitalize()),
        measure=f"Share of askers whom {numbers.ANSWERERS[segment]} answered within 7 days",
        alt=f"answered by {numbers.ANSWERERS[segment]} within 7 days",
        order=order,
        lines="",
    )


def draw_page(page: View) -> None:
    """Draws the page with its switch."""
    whole = story(page)
    layout.draw_answer(whole.question, whole.answer)
    naive = st.toggle(
        "What other dashboards would show", key="naive", bind="query-params",
        help="Most count only people who were answered. This shows their figure beside ours and counts the people it "
        "leaves out.",
    )  # fmt: skip
    layout.draw_parts(page, story(page, naive) if naive else whole)


if __name__ == "__main__":
    draw_page(current_view())
