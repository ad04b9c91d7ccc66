"""The figure of published differences between the two sides, by measure, around 0."""

import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence

from dashboards.charts import axes
from dashboards.charts.colours import Palette
from dashboards.charts.lines import WRAP_PX, draw_intervals, place_strip
from dashboards.charts.marks import Spec, encode_quantity, encode_text, group_layers, make_layer
from dashboards.compare import differences
from dashboards.frame import measures
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import DictRow, Row
from dashboards.words import numbers
from warehouse.wording import is_are

LIKE = "like questions of public channels that both have"
SIDES = {"open": "the open side", "proprietary": "the proprietary side"}
LOOKS = {
    differences.APART: "● more than chance",
    differences.NONE: "◇ too close to call",
    differences.UNREAD: "✕ cannot be read: a rule that reads texts errs too often, or has too few labels",
}
"""What each mark says, in its order below the title."""
HALF_LETTERS = 22
"""Letters of a line in half of a phone's chart."""


def draw_differences(page: View) -> Figure:
    """Draws every measure around 0: right is better for the open side."""
    rows = differences.load_pair(page, *SIDES)
    groups = [group_difference(row, page) for row in rows]
    said = "; ".join(f"{group['name']}: {group['note']}" for group in groups)
    title = describe_pair(rows, {row["metric"]: measures.read_direction(page.snapshot, row["metric"]) for row in rows})
    open_side, proprietary = SIDES.values()
    says = (f"← {proprietary} better", f"{open_side} better →")
    return Figure(
        name="differences",
        title=f"{title[0].upper()}{title[1:]}",
        subtitle=_explain_marks(page, rows),
        chart=draw_around_zero(groups, says, page.theme) if rows else None,
        rows=[_add_verdict(row) for row in rows],
        metric="matched_differences",
        source="public channels where people ask, matched",
        alt=f"Differences with intervals. {said}",
    )


def describe_pair(rows: Sequence[Row], betters: Mapping[str, int]) -> str:
    """Words as a title in how many measures each side is ahead; `betters` holds the better direction by metric."""
    if not rows:
        return "too few matched questions to compare"
    parts = []
    for side, title in SIDES.items():
        won = sum(differences.judge_for(row, side, betters[row["metric"]]) == differences.AHEAD for row in rows)
        parts += [f"{title} is ahead in {won} of {len(rows)}"] if won else []
    verdicts = Counter(map(differences.judge_pair, rows))
    unread = verdicts[differences.UNREAD]
    level = len(rows) - verdicts[differences.APART] - unread
    parts += [f"{level} {is_are(level)} {differences.CLOSE}"] if level else []
    return ", ".join([*parts, *([f"{unread} {differences.UNREAD}"] if unread else [])])


def _add_verdict(row: DictRow) -> DictRow:
    """Adds whom a row compares, and the verdict on it, to what is published; why it cannot be read comes last."""
    sides = {name: SIDES[row[f"{name}_id"]] for name in ("first", "second")}
    published = {name: value for name, value in row.items() if name != "unread_note"}
    return sides | published | {"verdict": differences.judge_pair(row), "unread_note": row.get("unread_note")}


def _explain_marks(page: View, rows: Sequence[Row]) -> str:
    """Explains direction, matching and those marks that are drawn."""
    window = numbers.format_window(page.compared_window)
    drawn = set(map(differences.judge_pair, rows))
    looks = "; ".join(words for look, words in LOOKS.items() if look in drawn)
    return f"{LIKE[0].upper()}{LIKE[1:]}, {window}, with 95 % intervals; ↓ less is better. {looks}.".removesuffix(" .")


def group_difference(row: DictRow, page: View) -> DictRow:
    """Prepares a difference for drawing: oriented so that right is better for the first, and worded as published. Its
    name says which part of the questions it is of, so that no two have one name."""
    heading = measures.read_heading(page.snapshot, row["metric"], row["statistic"], row["segment"])
    part = numbers.describe_part(*row["segment"].partition(":")[::2])
    words, verdict = differences.format_difference(row), differences.judge_pair(row)
    name, note = f"{heading}, {part}" if part else heading, f"{words}: {verdict}"
    group = {"name": name, "said": words, "short": words, "note": note, "lines": []}
    if verdict == differences.UNREAD:
        return group
    turn = measures.read_direction(page.snapshot, row["metric"])
    low, high = sorted(turn * row[end] for end in ("effect_low", "effect_high"))
    return group | {"lines": [{"look": verdict, "value": turn * row["effect"], "low": low, "high": high, "note": note}]}


def draw_around_zero(groups: Sequence[DictRow], says: Sequence[str], theme: Palette) -> Spec:
    """Draws one line per difference, in percentage points around 0. What each direction `says`, level with the axis and
    wrapped on a phone, holds names: it is data and never part of an expression."""
    lines = [line for group in groups for line in group["lines"]]
    reach = max([0.1, *(abs(line[end]) for line in lines for end in ("low", "high"))]) * 1.05
    axis = {"values": [0], "labelExpr": "'0'", "grid": False, "title": None}
    looks = {
        differences.APART: theme.look("circle", theme.ink, is_filled=True),
        differences.NONE: theme.look("diamond", theme.muted, is_filled=False),
    }
    scaled = {"domain": [-reach, reach], "nice": False}, axis
    spec = draw_intervals(groups, looks, scaled, {0: False}, theme)
    wording = {"calculate": f"{axes.ROOM_PX} < {axes.NARROW_PX} ? datum.wrapped : datum.word", "as": "shown"}
    style: Row = {"dy": 15, "color": theme.muted, "fontSize": 12, "lineBreak": "\n", "lineHeight": WRAP_PX}
    wrapped = ["\n".join(textwrap.wrap(word, HALF_LETTERS)) for word in says]
    place = {"x": encode_quantity("at", place_strip(scaled)), "y": {"value": "height"}, "text": encode_text("shown")}
    for word, in_lines, side in zip(says, wrapped, ("right", "left"), strict=True):
        text = make_layer("text", place, align=side, dx=12 if side == "left" else -12, **style)
        said = {"word": word, "wrapped": in_lines, "at": 0}
        spec["layer"].append(group_layers([said], [text]) | {"transform": [wording]})
    bottom = 6 + WRAP_PX * max(word.count("\n") for word in wrapped)
    return spec | {"padding": {**spec["padding"], "bottom": bottom}}
