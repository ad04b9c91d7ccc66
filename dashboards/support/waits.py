"""How long people wait: the figure of the curves, wherever it is drawn."""

from collections.abc import Mapping, Sequence

from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import MetricRow, Row
from dashboards.support import curves
from dashboards.words import numbers, sentences

MANY = 3
"""From so many families on, a title gives the ends alone."""
POINTS = (
    'select * from metrics.answer_curves join staging.families using (family_id) where "window" = ? and '
    "channel_role = ? and segment = ? and channel_kind = ? order by family_id, hours"
)


def load_medians(page: View) -> list[MetricRow]:
    """Loads when half of those who asked about each family have an answer."""
    return page.load_asked("first_response_hours", ("median",), "anyone")


def load_points(page: View, families: Sequence[str]) -> list[Row]:
    """Loads the points of some families' curves, up to 30 days after asking."""
    segment = page.chosen_segment("answered_share") or "anyone"
    rows = page.load_rows(POINTS, page.window, page.role, segment, page.kind)
    return [row for row in rows if row["family_id"] in families]


def colour_families(page: View, families: Sequence[str]) -> dict[str, str]:
    """Returns a colour for each of a few families: that of its side, if no other of them is on it; of two on one side
    the second is in the colour of text."""
    sides = [page.sides[family] for family in families]
    if len(set(sides)) == len(sides):
        return {family: page.theme.side(side) for family, side in zip(families, sides, strict=True)}
    if len(families) == 2:
        return {families[0]: page.theme.side(sides[0]), families[1]: page.theme.ink}
    return page.theme.families([*page.sides.items()], families)


def draw_waits(page: View, medians: Sequence[MetricRow], families: Sequence[str], which: str = "") -> Figure:
    """Draws the curves of a few families, of those that have one; `which` says which they are."""
    points = load_points(page, families)
    rows = [row for row in medians if row["family_id"] in families]
    drawn = {row["family_id"] for row in points}
    own = [row for row in rows if row["family_id"] in drawn]
    colours = colour_families(page, [family for family in families if family in drawn])
    return Figure(
        name="waiting",
        title=word_halves(own, page.titles),
        subtitle="Share of people who asked and have an answer from a person, by time since asking. Those still "
        f"waiting count; {page.describe_scope(rows)}{which}.",
        how="Bands, and the lines where half have an answer, are 95 % intervals.",
        chart=curves.draw_curves(points, colours, own, page.titles, page.theme) if points else None,
        rows=rows,
        metric="first_response_hours",
        source=page.source,
        alt=sentences.describe_points(own, "hours", page.titles, "time until half are answered"),
    )


def word_halves(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Words as a title when half hear back: `Half hear back within 13 h (Claude) or 5.8 d (GLM)`."""
    ranked = sorted(sentences.select_measured(rows), key=lambda row: row["value"])
    if not ranked:
        return "Fewer than half hear back" if rows else "Too few questions whose answers were read"
    ends = [
        f"{numbers.format_hours(row['value'])} ({numbers.escape_markdown(titles[row['family_id']])})" for row in ranked
    ]
    return f"Half hear back within {' or '.join(ends) if len(ends) < MANY else ' to '.join((ends[0], ends[-1]))}"
