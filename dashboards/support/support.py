"""The page "How soon are you helped, and by whom?": waiting, closed beside helped, who answers, and what is asked."""

from collections.abc import Sequence

from dashboards.charts import pairs
from dashboards.compare import differences, sentences_compare
from dashboards.frame import layout, matched
from dashboards.frame.dots import draw_dot_figure, name_finding
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import MetricRow, Row
from dashboards.support import curves, parts_chart, people, sentences_support
from dashboards.words import numbers, sentences

QUESTION = "How soon are you helped, and by whom?"
MATCHED = ("answered_share", "within_7d", "anyone")
"""What is compared like with like."""
MOST = 3
"""Coloured families on each side; more would be a tangle."""
BOTH = {"closed": "closed", "helped": "helped"}
"""The two shares of the same threads, the hollow mark first."""


def story(page: View) -> Story:
    """Tells how long people wait, whether they are helped or only closed, who answers, and what they ask."""
    medians = page.load_asked("first_response_hours", ("median",), "anyone")
    within = page.load_asked("answered_share", tuple(numbers.WITHIN), "anyone")
    order = page.order_families([row for row in within if row["statistic"] == "within_7d"])
    gaps = page.load_asked("closure_gap_share", ("in_30d",))
    parts: list[Part] = [
        draw_curve_panels(page, medians),
        draw_within(page, within, order),
        draw_first(page, order),
        Words("## Helped, or only closed?"),
        draw_gap(page, gaps),
        Words("## How few people answer?"),
        people.draw_fewest(page),
        Words("## Do outsiders and newcomers get in?"),
        (people.draw_outsiders(page, order), people.draw_strangers(page, order)),
        people.draw_newcomers(page, order),
        Words("## What is asked?"),
        draw_mix(page, order),
    ]
    return Story(QUESTION, answer_page(page, medians, gaps), parts)


def answer_page(page: View, medians: Sequence[MetricRow], gaps: Sequence[MetricRow]) -> str:
    """States who answers sooner, by matched questions if the page shows what was matched, and whether threads are
    helped or only closed."""
    waits = sentences.describe_waits(medians, page.titles, page.describe_scope(medians))
    helped = sentences_support.judge_help(gaps, page.titles)
    is_compared = matched.is_compared(page)
    if is_compared and len(page.chosen) == 2 and (pair := differences.find_pair(page, *page.chosen)):
        names = [page.titles[family] for family in page.chosen]
        matched_words = sentences_compare.describe_matched(pair, names, matched.compared_window(page))
        verdict = sentences_compare.judge_two(pair, names)
        return sentences.tell_in_steps(verdict, f"{matched_words} {waits} {helped}".strip())
    sides = matched.describe_sides(page, *MATCHED, "are answered within a week")
    verdict = matched.judge_sides(page, *MATCHED, "answer sooner", "hear back within a week") if is_compared else ""
    verdict = verdict or sentences.judge_waits(medians, page.titles)
    return sentences.tell_in_steps(verdict, " ".join(filter(None, (waits, sides, helped))))


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
    page: View, side: str, cases: dict[str, int], rows: Sequence[Row], medians: Sequence[MetricRow]
) -> Figure:
    most = sorted(
        {row["family_id"] for row in rows if row["side"] == side}, key=lambda family: (-cases[family], family)
    )[:MOST]
    own = [row for row in medians if row["family_id"] in most]
    return _draw_curve(page, side, side.capitalize(), rows, own or [row for row in medians if row["side"] == side])


def _draw_curve(page: View, name: str, heading: str, rows: Sequence[Row], medians: Sequence[MetricRow]) -> Figure:
    drawn = {row["family_id"] for row in rows}
    coloured = page.pick_colours([row["family_id"] for row in medians if row["family_id"] in drawn])
    own = [row for row in medians if row["family_id"] in coloured]
    return Figure(
        name=f"curve-{name}",
        title=f"{heading}: {sentences.describe_halves(own, page.titles)}",
        subtitle="Share of askers who have an answer by a person, by the time since they asked; "
        f"{page.describe_scope(medians)}.",
        how="Bands are 95 % intervals" + (", grey lines the other families." if len(drawn) > len(coloured) else "."),
        chart=curves.draw_curves(rows, coloured, page.titles, page.theme) if coloured else None,
        rows=medians,
        metric="first_response_hours",
        source=page.source,
        alt=sentences.describe_points(own, "hours", page.titles, "time until half are answered"),
    )


def load_points(page: View) -> Sequence[Row]:
    """Loads the points of every family's curve, up to 30 days after asking."""
    sql = (
        'select * from metrics.answered_curve where "window" = ? and channel_role = ? and segment = ? and channel_kind '
        "= ? and hours <= 720 and value is not null order by family_id, hours"
    )
    segment = page.chosen_segment("answered_share") or "anyone"
    return page.load_rows("metrics.answered_curve", sql, page.window, page.role, segment, page.kind)


def draw_within(page: View, rows: Sequence[MetricRow], order: Sequence[str]) -> Figure:
    """Draws the shares answered within a day, a week and a month."""
    last = [row for row in rows if row["statistic"] == "within_30d"]
    return draw_dot_figure(
        page,
        rows,
        name="within",
        metric="answered_share",
        title=sentences.name_leader(last, "share", page.titles, "Most often answered within 30 days"),
        measure="Share answered by a person within 24 hours (small mark), 7 days (middle) and 30 days (large)",
        alt="answered by a person",
        statistics=tuple(numbers.WITHIN),
        order=order,
    )


def draw_gap(page: View, gaps: Sequence[MetricRow]) -> Figure:
    """Draws, for the same threads, the share closed and the share helped, with the gap between them."""
    both = page.load_asked("closed_unhelped_share", tuple(BOTH))
    order, gap_words = page.order_families(gaps), sentences_support.describe_gaps(gaps)
    points = sentences.describe_points(
        both, "share", page.titles, "share of threads that after 30 days are", tuple(BOTH)
    )
    return Figure(
        name="gap",
        title=sentences_support.name_widest(both, gaps, page.titles),
        subtitle="Share of threads closed within 30 days (hollow mark) and share of the same threads helped by then "
        f"(filled mark), with the gap on the right; {page.describe_scope(both)}.",
        how="The gap between the marks is in percentage points; lines and brackets are 95 % intervals.",
        chart=pairs.draw_pairs(both, "share", order, page.titles, page.theme, BOTH, gap_words) if both else None,
        rows=both,
        metric="closed_unhelped_share",
        source=page.source,
        alt=f"{points}. Gap of the two: "
        + "; ".join(f"{page.titles[family]} {long}" for family, (long, _) in gap_words.items()),
    )


def draw_first(page: View, order: Sequence[str]) -> Figure:
    """Draws who answers first within a week, as shares of all who asked."""
    rows = page.load_metric("first_response_by_share", page.kind)
    return draw_parts(
        page,
        [row for row in rows if row["segment"] in sentences_support.FIRST],
        order,
        name="first",
        metric="first_response_by_share",
        key="segment",
        names=sentences_support.FIRST,
        lead="Who answers first",
        measure="Share of askers by who answered first within 7 days",
        how="Empty: closed without an answer, or still waiting.",
    )


def draw_mix(page: View, order: Sequence[str]) -> Figure:
    """Draws what people ask about."""
    names = {name: words for name, words in numbers.TYPES.items() if name}
    return draw_parts(
        page,
        page.load_asked("question_mix_share", tuple(names)),
        order,
        name="mix",
        metric="question_mix_share",
        key="statistic",
        names=names,
        lead="What people ask about",
        measure="Share of questions by what the asker mainly wants",
        how="A rule decides what a question is about, and it makes mistakes: small differences are none.",
    )


def draw_parts(
    page: View, rows: Sequence[MetricRow], order: Sequence[str], *, name: str, metric: str, key: str,
    names: dict[str, str], lead: str, measure: str, how: str,
) -> Figure:  # fmt: skip
    """Draws one bar per family; its parts are the rows by their `key`, named by `names`."""
    known = sentences.select_measured(rows)
    return Figure(
        name=name,
        title=name_finding(page, metric, f"{lead}: {sentences_support.name_largest(known, key, names)}"),
        subtitle=f"{measure}, from the left: {', '.join(names.values())}; {page.describe_scope(rows)}.",
        how=f"{how} The table has the 95 % intervals.",
        chart=parts_chart.draw_parts(known, key, names, order, page.titles, page.theme) if known else None,
        rows=rows,
        metric=metric,
        source=page.source,
        alt=sentences_support.describe_parts(known, key, names, lead, page.titles),
        absent=sentences.name_absent(rows, page.titles),
    )


if __name__ == "__main__":
    here = current_view()
    layout.draw_story(here, story(here))
