"""How long people wait: the figure of the curves, wherever it is drawn."""

from collections.abc import Mapping, Sequence

from dashboards.frame import snapshot_reader
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import DictRow, MetricRow, Row
from dashboards.support import curves
from dashboards.words import numbers, sentences

MANY = 3
"""From so many families on, a title gives the ends alone."""
POINTS = (
    'select * from metrics.answer_curves join staging.families using (family_id) where "window" = ? and '
    "channel_role = ? and segment = ? and channel_kind = ? order by family_id, hours"
)
SIDE_POINTS = (
    'select * from metrics.side_curves where "window" = ? and channel_role = ? and segment = ? and channel_kind = ? '
    "order by side, hours"
)
SIDES = {"open": "Open", "proprietary": "Proprietary"}
"""The titles of the curves of sides."""


def load_medians(page: View) -> list[MetricRow]:
    """Loads when half of those who asked about each family have an answer."""
    return page.load_asked("first_response_hours", ("median",), "anyone")


def load_points(page: View, families: Sequence[str]) -> list[Row]:
    """Loads the points of some families' curves, up to 30 days after asking."""
    rows = page.load_rows(POINTS, *_choose_curves(page))
    return [row for row in rows if row["family_id"] in families]


def load_side_points(page: View) -> list[DictRow]:
    """Loads the points of the curves of both sides; none unless each has one."""
    rows = snapshot_reader.load_rows(page.snapshot, SIDE_POINTS, *_choose_curves(page))
    return rows if {row["side"] for row in rows} == SIDES.keys() else []


def _choose_curves(page: View) -> tuple[str, ...]:
    return page.window, page.role, page.chosen_segment("answered_share") or "anyone", page.kind


def read_halves(points: Sequence[Row]) -> list[DictRow]:
    """Reads off the curve of each side by which of its hours half have an answer, with the interval of that."""
    halves = []
    for side in SIDES:
        own = [row for row in points if row["side"] == side]
        # An interval of hours begins where the upper end of the band is at the half.
        ends = {
            name: next((row["hours"] for row in own if row[end] >= 0.5), None)
            for name, end in (("value", "value"), ("low", "high"), ("high", "low"))
        }
        if ends["low"] is None:
            ends["low"] = own[-1]["hours"]
        halves.append(ends | {"family_id": side, "side": side, "statistic": "median", "state": "measured"})
    return halves


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


def draw_sides(page: View, points: Sequence[Row]) -> Figure:
    """Draws the curves of both sides: the mean of their families' own."""
    halves = read_halves(points)
    curved = [{**row, "family_id": row["side"]} for row in points]
    colours = {side: page.theme.side(side) for side in SIDES}
    return Figure(
        name="waiting",
        title=word_halves(halves, SIDES),
        subtitle="Share of people who asked and have an answer from a person, by time since asking. Those still "
        f"waiting count; {page.describe_scope(points)}. Choose families to see theirs.",
        how=f"The mean of {count_families(points)}, each with the same weight. Bands, and the lines at which half have "
        "an answer, are 95 % intervals; they are about these families. One counts if its curve is worth at least 20 "
        "questions to its end.",
        chart=curves.draw_curves(curved, colours, halves, SIDES, page.theme),
        rows=points,
        metric="side_curves",
        source=page.source,
        alt=sentences.describe_points(halves, "hours", SIDES, "time until half are answered"),
    )


def count_families(points: Sequence[Row]) -> str:
    """Counts the families of which the curves of sides are: `17 open and 7 proprietary families`."""
    counts = {row["side"]: row["families_count"] for row in points}
    return f"{' and '.join(f'{counts[side]} {side}' for side in SIDES)} families"


def word_halves(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Words as a title when half hear back: `Half hear back: Claude 13 h, GLM 5.8 d`; without names if these are
    long."""
    ranked = sorted(sentences.select_measured(rows), key=lambda row: row["value"])
    if not ranked:
        # Of a suspect wait no title is made.
        is_known = any(row["state"] == "measured" for row in rows)
        return "Fewer than half hear back" if is_known else "Time until half hear back: not known"
    ends = [
        f"{numbers.escape_markdown(titles[row['family_id']])} {numbers.format_hours(row['value'])}" for row in ranked
    ]
    # Of which a number is measured that was not reached, only the lower end is known.
    fewer = [
        numbers.escape_markdown(titles[row["family_id"]])
        for row in rows
        if row["state"] == "measured" and row["value"] is None and row["low"] is not None
    ]
    if len(ends) == len(fewer) == 1:
        return f"Half hear back: {ends[0]}, {fewer[0]} not reached"
    halves = ", ".join(ends) if len(ends) < MANY else " to ".join((ends[0], ends[-1]))
    span = " to ".join(numbers.format_hours(row["value"]) for row in (ranked[0], ranked[-1]))
    return sentences.fit_title(f"Half hear back: {halves}", f"Half hear back within {span}")
