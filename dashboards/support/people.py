"""Figures of who carries a community: how few answer, and whether outsiders and newcomers get in."""

from collections.abc import Sequence

from dashboards.frame.dots import DotSpec
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.support import parts_chart, sentences_support
from dashboards.words import sentences

OWN = "the family's own repositories"
FEWEST = DotSpec(
    name="hundred",
    metric="answerer_absence_factor",
    segment="people",
    statistics=("half_of_100",),
    unit="count",
    is_least_first=True,
    measure="The smallest number of people behind half of a hundred answers, drawn at random from each family's",
    note="These are counts, not causes: nobody knows who would step in if they stopped.",
)
OUTSIDERS = DotSpec(
    name="outsiders",
    metric="outsider_merge_share",
    kind="tracker",
    statistics=("merged_30d",),
    best="Outsiders' changes are merged most often",
    measure="Share of changes from outside that were merged within 30 days, those still open included",
    source=f"changes in {OWN}",
    where=OWN,
)
STRANGERS = DotSpec(
    name="strangers",
    metric="stranger_fix_share",
    kind="tracker",
    statistics=("others",),
    best="Outsiders fix most for others",
    measure="Share of issues closed by a merged change that came from an outsider other than the asker",
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
    )
