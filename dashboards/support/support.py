"""The page "How soon are you helped, and by whom?": waiting, closed beside helped, who answers, and what is asked."""

from collections.abc import Sequence

from dashboards.compare import differences, sentences_compare
from dashboards.frame import layout, matched
from dashboards.frame.dots import DotSpec, draw_dots, load_dots, name_finding
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
WITHIN = DotSpec(
    name="within",
    metric="answered_share",
    segment="anyone",
    statistics=tuple(numbers.WITHIN),
    best="Most often answered within 30 days",
    measure="Share answered by a person",
)
GAP = DotSpec(
    name="gap",
    metric="closed_unhelped_share",
    statistics=("helped", "closed"),
    measure="Share of the same threads within 30 days",
    note="A thread may be closed without help, and helped without being closed.",
)


def story(page: View) -> Story:
    """Says how long people wait, whether they are helped or only closed, who answers, and what they ask."""
    medians = page.load_asked("first_response_hours", ("median",), "anyone")
    within = load_dots(page, WITHIN)
    order = page.order_families([row for row in within if row["statistic"] == "within_7d"])
    gaps = page.load_asked("closure_gap_share", ("in_30d",))
    parts: list[Part] = [
        draw_curve_panels(page, medians),
        draw_dots(page, WITHIN, rows=within, order=order),
        draw_first(page, order),
        Words("## Helped, or only closed?"),
        draw_gap(page, gaps),
        Words("## How few people answer?"),
        _draw_fewest(page),
        Words("## Do outsiders and newcomers get in?"),
        (draw_dots(page, people.OUTSIDERS, order=order), draw_dots(page, people.STRANGERS, order=order)),
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
        matched_words = sentences_compare.compare_two(pair, names, differences.count_pairs(page))
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
        'select * from metrics.answer_estimates join staging.families using (family_id) where "window" = ? and '
        "channel_role = ? and segment = ? and channel_kind = ? and statistic = 'share' and value is not null "
        "order by family_id, hours"
    )
    segment = page.chosen_segment("answered_share") or "anyone"
    return page.load_rows(sql, page.window, page.role, segment, page.kind)


def _draw_fewest(page: View) -> Figure:
    """Draws how few people give half of a hundred answers, so that families with many answers are comparable."""
    rows = load_dots(page, people.FEWEST)
    return draw_dots(page, people.FEWEST, rows=rows, title=sentences_support.describe_fewest(rows, page.titles))


def draw_gap(page: View, gaps: Sequence[MetricRow]) -> Figure:
    """Draws, for the same threads, the share closed and the share helped, the widest gap first."""
    both = load_dots(page, GAP)
    title = sentences_support.name_widest(both, gaps, page.titles)
    return draw_dots(page, GAP, rows=both, order=page.order_families(gaps), title=title)


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
    )


if __name__ == "__main__":
    here = current_view()
    layout.draw_story(here, story(here))
