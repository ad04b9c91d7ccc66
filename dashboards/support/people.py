"""Figures of who carries a community: how few answer, and whether outsiders and newcomers get in."""

from collections.abc import Sequence

from dashboards.frame.dots import draw_dot_figure
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.support import parts_chart, sentences_support
from dashboards.words import sentences

TRACKER = "tracker"
"""Kind of channel of changes and their fixes, wherever people ask."""
OWN = "the family's own repositories"


def draw_fewest(page: View) -> Figure:
    """Draws how few people give half of a hundred answers, so that families with many answers are comparable."""
    rows = page.load_asked("answerer_absence_factor", ("half_of_100",), "people")
    return draw_dot_figure(
        page,
        rows,
        name="hundred",
        metric="answerer_absence_factor",
        title=sentences_support.describe_fewest(rows, page.titles),
        measure="The smallest number of people behind half of a hundred answers, drawn at random from each family's",
        alt="people behind half of a hundred answers",
        unit="count",
        note="These are counts, not causes: nobody knows who would step in if they stopped.",
    )


def draw_outsiders(page: View, order: Sequence[str]) -> Figure:
    """Draws how many changes from outside are merged."""
    rows = page.load_metric("outsider_merge_share", TRACKER, "all", ("merged_30d",))
    return draw_dot_figure(
        page,
        rows,
        name="outsiders",
        metric="outsider_merge_share",
        title=sentences_support.name_most(rows, page.titles, "Outsiders' changes are merged most often"),
        measure="Share of changes from outside that were merged within 30 days, those still open included",
        alt="outsiders' changes merged within 30 days",
        order=order,
        source=f"changes in {OWN}",
        where=OWN,
    )


def draw_strangers(page: View, order: Sequence[str]) -> Figure:
    """Draws how many issues were fixed by somebody who is neither staff, maintainer nor the asker."""
    rows = page.load_metric("stranger_fix_share", TRACKER, "all", ("others",))
    return draw_dot_figure(
        page,
        rows,
        name="strangers",
        metric="stranger_fix_share",
        title=sentences_support.name_most(rows, page.titles, "Outsiders fix most for others"),
        measure="Share of issues closed by a merged change that came from an outsider other than the asker",
        alt="issues fixed by outsiders other than the asker",
        order=order,
        source=f"issues and changes in {OWN}",
        where=OWN,
        note="Only linked fixes are visible, so this is a lower bound.",
    )


def draw_newcomers(page: View, order: Sequence[str]) -> Figure:
    """Draws whether newcomers are answered less often than people who asked before."""
    rows = page.load_asked("newcomer_penalty_share")
    known = sentences.select_measured(rows)
    return Figure(
        name="newcomers",
        title=sentences_support.describe_penalty(rows, page.titles),
        subtitle="Share of newcomers whom a person answers within 7 days minus that of people who asked before, in "
        f"percentage points: left of the line newcomers are worse off; {page.describe_scope(rows)}; lines are 95 % "
        "intervals.",
        chart=parts_chart.draw_differences(known, order, page.titles, page.theme) if known else None,
        rows=rows,
        metric="newcomer_penalty_share",
        source=page.source,
        alt="Differences with intervals: "
        + "; ".join(f"{page.titles[row['family_id']]} {parts_chart.format_difference(row)}" for row in known),
        absent=sentences.name_absent(rows, page.titles) if known else "",
    )
