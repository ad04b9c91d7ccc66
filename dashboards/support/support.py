"""The page "How soon are you helped, and by whom?": waiting, closed beside helped, and who answers."""

from collections.abc import Sequence
from dataclasses import replace

from dashboards.frame import layout
from dashboards.frame.dots import DotSpec, draw_dots, load_dots
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import MetricRow, Row
from dashboards.support import parts_chart, sentences_support, waits
from dashboards.words import numbers, sentences

QUESTION = "How soon are you helped, and by whom?"
MOST = 4
"""Families with a curve; more would be a tangle."""
WITHIN = DotSpec(
    name="within",
    metric="answered_share",
    segment="anyone",
    statistics=tuple(numbers.WITHIN),
    word_title=sentences_support.name_most_answered,
    measure="Share answered by a person, as counted",
)
GAP = DotSpec(
    name="gap",
    metric="closed_unhelped_share",
    statistics=("helped", "closed"),
    measure="Share of the same threads within 30 days, as counted",
    note="A thread may be closed without help, and helped without being closed.",
)


SUSPECT, _ = numbers.STATES["suspect"]
OWN = "the family's own repositories"
OUTSIDERS = DotSpec(
    name="outsiders",
    metric="outsider_merge_share",
    kind="tracker",
    statistics=("merged_30d",),
    best="Outsiders' changes merged",
    measure="Share of changes from outside that were merged within 30 days, those still open included",
    source=f"changes in {OWN}",
    where=OWN,
)
NEWCOMERS = DotSpec(
    name="newcomers",
    metric="newcomer_penalty_share",
    unit="difference",
    word_title=sentences_support.describe_penalty,
    measure="Answered by a person within 7 days: newcomers minus people who asked before; left of 0 newcomers are "
    "worse off",
)


def story(page: View) -> Story:
    """Says how long people wait, whether they are helped or only closed, and who answers."""
    # Of the last 30 days it is not known yet who is helped within 30 days.
    settled = replace(page, window="90d") if page.window == "30d" else page
    within, both = load_dots(page, WITHIN), load_dots(settled, GAP)
    order = page.order_families([row for row in within if row["statistic"] == "within_7d"])
    medians = waits.load_medians(page)
    points = [] if page.chosen else waits.load_side_points(page)
    curves = (
        waits.draw_sides(page, points)
        if points
        else waits.draw_waits(page, medians, choose_curves(page, medians), say_which(page))
    )
    parts: list[Part] = [
        curves,
        draw_dots(page, WITHIN, rows=within, order=order),
        draw_first(page, order),
        Words("## Helped, or only closed?"),
        draw_gap(page, both),
        Words("## Do outsiders and newcomers get in?"),
        draw_dots(page, OUTSIDERS),
        draw_newcomers(page),
    ]
    return Story(QUESTION, answer_page(page, curves.rows, points, both), parts)


def answer_page(page: View, medians: Sequence[Row], points: Sequence[Row], both: Sequence[MetricRow]) -> str:
    """States how long people wait, by the curves that are drawn, and whether threads are helped or only closed."""
    if points:
        verdict = sentences_support.judge_sides(waits.read_halves(points))
        families, scope = waits.count_families(points), page.describe_scope(points)
        waited = f"These are means over {families}, whose questions may differ; {scope}."
    else:
        verdict, waited = sentences_support.answer_waits(medians, page.titles, page.describe_scope(medians))
    helped = f"{sentences_support.count_unhelped(both, page.titles)}. {sentences_support.LOWER_END}"
    helped = helped if sentences.select_shown(both) else ""
    return sentences.join_answer(verdict, f"{waited} {helped}".strip())


def choose_curves(page: View, medians: Sequence[MetricRow]) -> list[str]:
    """Returns the families whose curves are drawn: the first of those chosen, or if sides have no curves of each the
    one with most questions."""
    if page.chosen:
        return list(page.chosen[:MOST])
    asked = sorted(sentences.select_shown(medians), key=lambda row: (-(row["n"] or 0), row["family_id"]))
    firsts = {side: next((row["family_id"] for row in asked if row["side"] == side), "") for side in sentences.SIDES}
    return [family for family in firsts.values() if family]


def say_which(page: View) -> str:
    """Says which families' curves are drawn, unless it is all that were chosen."""
    if not page.chosen:
        return f"; each side's most asked-about family, choose up to {MOST}"
    count = len(page.chosen)
    return f"; the first {MOST} of {count} chosen" if count > MOST else ""


def draw_gap(page: View, both: Sequence[MetricRow]) -> Figure:
    """Draws, for the same threads, the share closed and the share helped, the widest gap first."""
    widest = sentences_support.measure_closures(both)
    rows = [{**row, "value": widest[row["family_id"]]} for row in both if row["family_id"] in widest]
    title = sentences_support.count_unhelped(both, page.titles)
    return draw_dots(page, GAP, rows=both, order=page.order_families(rows), title=title)


def draw_first(page: View, order: Sequence[str]) -> Figure:
    """Draws one bar per family, made of those who answer first."""
    rows = [
        row
        for row in page.load_metric("first_response_by_share", page.kind)
        if row["segment"] in sentences_support.FIRST
    ]
    known = [row for row in sentences.select_shown(rows) if row["value"] is not None]
    doubtful = {row["segment"] for row in known if row["state"] == "suspect"}
    parts = [f"{SUSPECT} {words}" if name in doubtful else words for name, words in sentences_support.FIRST.items()]
    return Figure(
        name="first",
        title=sentences_support.name_largest(rows),
        subtitle=f"Share of askers by who answered first within 7 days, from the left: {', '.join(parts)}; "
        f"{page.describe_scope(rows)}.",
        how="Empty: closed without an answer, or still waiting. The table has the 95 % intervals.",
        chart=parts_chart.draw_parts(known, sentences_support.FIRST, order, page.titles, page.theme) if known else None,
        rows=rows,
        metric="first_response_by_share",
        source=page.source,
        alt=sentences_support.describe_parts(known, page.titles),
    )


def draw_newcomers(page: View) -> Figure:
    """Draws whether newcomers are answered less often than people who asked before."""
    rows = load_dots(page, NEWCOMERS)
    if not sentences.select_measured(rows):
        # Of one family a year may hold too few who asked before.
        rows = load_dots(replace(page, window="all"), NEWCOMERS) or rows
    figure, known = draw_dots(page, NEWCOMERS, rows=rows), sentences.select_measured(rows)
    if len(known) != 1:
        return figure
    (row,) = known
    own = replace(page, window=row["window"], role=row["channel_role"], chosen=(row["family_id"],))
    groups = [own.load_metric("answered_share", own.kind, name, ("within_7d",)) for name in sentences_support.ASKERS]
    doubt = sentences_support.explain_doubt(row, [one for group in groups for one in sentences.select_measured(group)])
    return replace(figure, subtitle=f"{figure.subtitle}{doubt}")


if __name__ == "__main__":
    layout.draw_story(current_view(), story)
