"""The page "How few people answer?": how few they are, who they are, whether outsiders get in and newcomers stay, and
what outsiders fixed."""

from collections.abc import Sequence

from dashboards.charts import axes
from dashboards.frame import layout, snapshot_reader
from dashboards.frame.dots import draw_dot_figure
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import MetricRow
from dashboards.support import cells
from dashboards.support.cells import Column
from dashboards.support.charts import carriers as charts_carriers
from dashboards.support.sentences import carriers as sentences_carriers
from dashboards.words import numbers, sentences

QUESTION = "How few people answer?"
MOST = 50
"""Number of fixes listed."""
SHOWN = 3
"""Families of each side in the chart of weeks; more would be a tangle."""
TRACKER = "tracker"
"""Kind of channel of changes and commits, wherever people ask."""
OWN = "the family's own repositories"
DETAILS = (
    Column("contributor_absence_factor", sentences_carriers.OF_HUNDRED, "people", TRACKER),
    Column("commit_absence_factor", sentences_carriers.OF_HUNDRED, "commits", TRACKER),
    Column("self_merge_share", "unreviewed", "people", TRACKER),
    Column("stranger_fix_share", "others", "all", TRACKER),
    Column("new_people_rate", "per_30d", "answerers"),
    Column("new_people_rate", "per_30d", "contributors", TRACKER),
    Column("conversion_share", "to_answerer", "all"),
    Column("inactive_people_share", "inactive", "answerers"),
    Column("bot_share", "replies", "bots"),
)
MEANING = (
    "A hundred changes or commits are drawn at random, because half of a larger number comes from more people. "
    "Fixes by outsiders other than the asker: of issues closed by a merged change. Askers who go on to answer: within "
    "180 days of their first question. Fell silent: quiet for 90 days and twice the usual gap."
)


def story(page: View) -> Story:
    """Tells how few people answer, who they are, who gets in and stays, support after a release, fixes by outsiders,
    and the rest in numbers."""
    few = page.load_asked("answerer_absence_factor", charts_carriers.FEW, "people")
    hundreds = page.load_asked("answerer_absence_factor", (sentences_carriers.OF_HUNDRED,), "people")
    half = [row for row in few if row["statistic"] == "half"]
    order = page.order_families(half)
    parts: list[Part] = [
        draw_hundreds(page, hundreds),
        draw_fewest(page, few, half, order),
        (draw_staff(page, order), draw_snippets(page, order)),
        Words("## Do outsiders and newcomers get in, and stay?"),
        (draw_outsiders(page, order), draw_retention(page, order)),
        draw_newcomers(page, order),
        Words("## Does support last after a release?"),
        draw_release_panels(page),
        Words("## What did strangers fix?"),
        draw_ledger(page),
        Words("## In numbers"),
        draw_details(page, order),
    ]
    rows = [*few, *hundreds]
    verdict = sentences_carriers.judge_page(rows, page.titles)
    said = sentences_carriers.answer_page(rows, page.titles, page.describe_scope(few))
    return Story(QUESTION, sentences.tell_in_steps(verdict, said), parts)


def draw_hundreds(page: View, rows: Sequence[MetricRow]) -> Figure:
    """Draws how few people are behind half of a hundred answers, so that families with many answers are comparable."""
    return draw_dot_figure(
        page,
        rows,
        name="hundred",
        metric="answerer_absence_factor",
        title=sentences_carriers.describe_fewest(rows, page.titles),
        measure="The smallest number of people behind half of a hundred answers, drawn at random from each family's",
        alt="people behind half of a hundred answers",
        unit="count",
    )


def draw_fewest(page: View, few: Sequence[MetricRow], half: Sequence[MetricRow], order: Sequence[str]) -> Figure:
    """Draws how few people gave half, and four fifths, of all answers that were collected."""
    is_by_powers = axes.make_scale("count", sentences.select_measured(few))[0].get("type") == "symlog"
    powers = "; logarithmic scale" if is_by_powers else ""
    return Figure(
        name="few",
        title=sentences_carriers.describe_fewest(half, page.titles, "all collected answers"),
        subtitle="The smallest number of people who together gave half (small mark) and four fifths (large mark) of "
        f"the answers; {page.describe_scope(few)}{powers}.",
        how="Complete counts, so there are no intervals. A family with more answers usually has more people answering.",
        chart=charts_carriers.draw_people(few, order, page.titles, page.theme) if few else None,
        rows=few,
        metric="answerer_absence_factor",
        source=page.source,
        alt=sentences.describe_points(half, "count", page.titles, "people who give half of the answers"),
    )


def draw_staff(page: View, order: Sequence[str]) -> Figure:
    """Draws the share of all answers that the vendor's own people give."""
    rows = page.load_asked("staff_answer_share", ("all",))
    return draw_dot_figure(
        page,
        rows,
        name="staff",
        metric="staff_answer_share",
        title=cells.name_most(rows, page.titles, "Most answers by the vendor's staff"),
        measure="Share of all answers by people that came from the vendor's staff",
        alt="share of answers by staff",
        order=order,
        note="Staff are accounts that the forge or the catalog assigns to the vendor: others are missed, and whoever "
        "joined since may count.",
    )


def draw_snippets(page: View, order: Sequence[str]) -> Figure:
    """Draws whether outsiders post code, and whether it is said to work."""
    names = ("confirmed", "shared")
    rows = page.load_asked("thread_fix_share", names)
    shared = [row for row in rows if row["statistic"] == "shared"]
    return draw_dot_figure(
        page,
        rows,
        name="snippets",
        metric="thread_fix_share",
        title=cells.name_most(shared, page.titles, "Most code by outsiders"),
        measure="Share of all questions to which outsiders post code within 30 days (large mark), and "
        "those confirmed to work afterwards (small mark)",
        alt="questions to which outsiders post code",
        statistics=names,
        headline=shared,
        order=order,
        note="The rule that reads confirmations is weak.",
    )


def draw_outsiders(page: View, order: Sequence[str]) -> Figure:
    """Draws whether changes from outside get in."""
    rows = page.load_metric("outsider_merge_share", TRACKER, "all", ("merged_30d",))
    return draw_dot_figure(
        page,
        rows,
        name="outsiders",
        metric="outsider_merge_share",
        title=cells.name_most(rows, page.titles, "Outsiders' changes are merged most often"),
        measure="Share of changes proposed from outside that were merged within 30 days, those still open counted as "
        "such",
        alt="outsiders' changes merged within 30 days",
        order=order,
        source=f"changes in {OWN}",
        where=OWN,
    )


def draw_newcomers(page: View, order: Sequence[str]) -> Figure:
    """Draws whether newcomers are answered less often; only families with enough cases of both."""
    rows = page.load_asked("newcomer_penalty_share")
    measured_rows = sentences.select_measured(rows)
    left = len(rows) - len(measured_rows)
    rest = f"Without a number and not drawn: {left}; the table below says why." if left and measured_rows else ""
    return Figure(
        name="newcomers",
        title=sentences_carriers.describe_penalty(rows, page.titles),
        subtitle="Share of newcomers whom a person answers within 7 days minus that of people who asked before, in "
        f"percentage points: left of the line newcomers are worse off; {page.describe_scope(rows)}; lines are 95 % "
        "intervals.",
        how=rest,
        chart=charts_carriers.draw_differences(measured_rows, order, page.titles, page.theme)
        if measured_rows
        else None,
        rows=rows,
        metric="newcomer_penalty_share",
        source=page.source,
        alt="Differences with intervals: "
        + "; ".join(
            f"{page.titles[row['family_id']]} {charts_carriers.format_difference(row)}" for row in measured_rows
        ),
    )


def draw_retention(page: View, order: Sequence[str]) -> Figure:
    """Draws whether newcomers come back."""
    rows = page.load_metric("retention_share", page.kind, "all", ("within_180d",))
    return draw_dot_figure(
        page,
        rows,
        name="retention",
        metric="retention_share",
        title=cells.name_most(rows, page.titles, "Newcomers come back most often"),
        measure="Share of people who first asked, answered or proposed a change, and did so again 30 to 180 days later",
        alt="newcomers who come back within 180 days",
        order=order,
        note="People who were helped have no need to return.",
    )


def draw_release_panels(page: View) -> tuple[Figure, ...]:
    """Draws the share answered within a week by weeks since the newest model came out, one panel per side, or one
    for two chosen families."""
    rows = [
        row
        for segment in charts_carriers.WEEKS
        for row in page.load_metric("release_support_share", page.kind, segment, ("within_7d",))
        if row["segment"] == segment
    ]
    if len(page.chosen) == 2:
        names = numbers.join_words([numbers.escape_markdown(page.titles[family]) for family in page.chosen])
        return (_draw_release(page, "both", names, rows),)
    return tuple(
        _draw_release(page, side, side.capitalize(), [row for row in rows if row["side"] == side])
        for side in sentences.SIDES
    )


def _draw_release(page: View, name: str, heading: str, rows: Sequence[MetricRow]) -> Figure:
    coloured = page.pick_colours(_most_asked(rows))
    drawn_rows = [row for row in rows if row["family_id"] in coloured]
    return Figure(
        name=f"release-{name}",
        title=f"{heading}: {sentences_carriers.describe_release(drawn_rows, page.titles)}",
        subtitle="Share of questions that a person answers within 7 days, by the weeks from the release of the "
        "family's newest model to the "
        f"question; {page.describe_scope([row | {'segment': 'all'} for row in rows])}.",
        how="Vertical lines are 95 % intervals, a gap means too few questions. Drawn: at most the "
        f"{SHOWN} families with most questions that have numbers.",
        chart=charts_carriers.draw_weeks(drawn_rows, coloured, page.titles, page.theme) if coloured else None,
        rows=drawn_rows or rows,
        metric="release_support_share",
        source=page.source,
        alt="Shares by weeks since the newest model: " + "; ".join(_describe_weeks(page, drawn_rows)),
    )


def _describe_weeks(page: View, rows: Sequence[MetricRow]) -> list[str]:
    names = dict(zip(charts_carriers.WEEKS, charts_carriers.NAMES, strict=True))
    return [
        f"{page.titles[row['family_id']]}, weeks {names[row['segment']]}: {numbers.format_value(row, 'share')}"
        for row in rows
    ]


def _most_asked(rows: Sequence[MetricRow]) -> list[str]:
    """Returns the families with most questions, those with numbers in at least two spans of weeks first."""
    measured_rows = sentences.select_measured(rows)
    spans: dict[str, list[int]] = {}
    for row in measured_rows:
        spans.setdefault(row["family_id"], []).append(row["n"])
    return sorted(spans, key=lambda family: (len(spans[family]) < 2, -sum(spans[family]), family))[:SHOWN]


def draw_ledger(page: View) -> Figure:
    """Draws the newest fixes by outsiders, each with its links."""
    families = [family["family_id"] for family in page.families]
    sql = (
        "select family_id, title, url, fix_url, fix_kind, is_own_fix, opened_at, solved_at, fix_hours from "
        f"metrics.stranger_fixes where channel_kind = ? and family_id in ({', '.join('?' * len(families))}) order by "
        f"solved_at desc, thread_id limit {MOST}"
    )
    rows = page.load_rows("metrics.stranger_fixes", sql, page.kind, *families)
    return Figure(
        name="ledger",
        title=sentences_carriers.describe_ledger(rows)
        if snapshot_reader.has_table(page.snapshot, "metrics.stranger_fixes")
        else "Fixes by strangers",
        subtitle=f"Requests fixed by outsiders, who are neither staff nor maintainers, in {numbers.KINDS[page.kind]}, "
        f"the newest first and at most {MOST}, whatever the window.",
        how="Only linked fixes are visible, so this is a lower bound.",
        counted="fixes",
        chart=None,
        rows=rows,
        metric="stranger_fixes",
        source=page.source,
        shown=[sentences_carriers.describe_fix(row, page.titles) for row in rows],
    )


def draw_details(page: View, order: Sequence[str]) -> Figure:
    """Draws further measures of who carries a project, one line per family."""
    lines, rows = cells.make_cells(page, DETAILS, order)
    return Figure(
        name="numbers",
        title="Changes, commits, newcomers and bots, one row per family",
        subtitle=f"Changes and commits of {OWN}, the rest of {numbers.KINDS[page.kind]}; "
        f"{numbers.format_window(page.window)}, or the nearest window there is; 95 % intervals.",
        how=f"{MEANING} {cells.SHORT}.",
        chart=None,
        rows=rows,
        metric="contributor_absence_factor",
        source=f"{page.source} and {OWN}",
        shown=lines,
    )


if __name__ == "__main__":
    here = current_view()
    layout.draw_story(here, story(here))
