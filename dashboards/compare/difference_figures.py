"""The figure of published differences between the two sides, by measure, around 0."""

from collections.abc import Mapping, Sequence

from dashboards.charts.colours import Palette
from dashboards.charts.lines import draw_intervals
from dashboards.charts.marks import Spec
from dashboards.compare import differences
from dashboards.frame import measures
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import DictRow, Row
from dashboards.words import numbers

LIKE = "like questions in public channels of both sides"
SIDES = {"open": "the open side", "proprietary": "the proprietary side"}
LOOKS = {
    differences.APART: "● more than chance",
    differences.NONE: "◇ too close to call",
}
"""What each mark says, in its order below the title."""
UNREAD = "cannot be read: a rule that reads texts errs too often, or has too few labels"
SAYS = "datum.value < 0 ? '← proprietary' : 'open →'"
"""What the ends of the axis say: who does better there."""


def draw_differences(page: View) -> Figure:
    """Draws every measure around 0: right is better for the open side."""
    rows = differences.load_pair(page, *SIDES)
    groups = [group_difference(row, page) for row in rows]
    drawn = [group for group in groups if group["lines"]]
    said = "; ".join(f"{group['name']}: {group['note']}" for group in groups)
    betters = {row["metric"]: measures.read_direction(page.snapshot, row["metric"]) for row in rows}
    return Figure(
        name="differences",
        title=describe_sides(rows, betters),
        subtitle=_explain_marks(page, rows),
        chart=draw_around_zero(drawn, page.theme) if drawn else None,
        rows=[_add_verdict(row) for row in rows],
        metric="matched_differences",
        source="public channels where people ask, matched",
        alt=f"Differences with intervals. {said}",
    )


def describe_sides(rows: Sequence[Row], betters: Mapping[str, int]) -> str:
    """Words as a title in how many measures each side leads; `betters` holds the better direction by metric."""
    if not rows:
        return "Too few like questions to compare the sides"
    won = {
        side: sum(differences.judge_for(row, side, betters[row["metric"]]) == differences.AHEAD for row in rows)
        for side in SIDES
    }
    first, second = sorted(won, key=lambda side: -won[side])
    if not won[first]:
        return f"No side leads in any of {len(rows)} measures"
    also = f", {second} ones in {won[second]}" if won[second] else ""
    return f"{first.capitalize()} families lead in {won[first]} of {len(rows)} measures{also}"


def _add_verdict(row: DictRow) -> DictRow:
    """Adds whom a row compares, and the verdict on it, to what is published; why it cannot be read comes last."""
    sides = {name: SIDES[row[f"{name}_id"]] for name in ("first", "second")}
    published = {name: value for name, value in row.items() if name != "unread_note"}
    return sides | published | {"verdict": differences.judge_pair(row), "unread_note": row.get("unread_note")}


def _explain_marks(page: View, rows: Sequence[Row]) -> str:
    """Explains direction, matching and those marks that are drawn, and says how many are not."""
    window = numbers.format_window(page.compared_window)
    verdicts = [differences.judge_pair(row) for row in rows]
    said = [words for look, words in LOOKS.items() if look in verdicts]
    said += [f"{unread} {UNREAD}"] if (unread := verdicts.count(differences.UNREAD)) else []
    looks = "; ".join(said)
    scope = f"{LIKE[0].upper()}{LIKE[1:]}, {window}, with 95 % intervals"
    return f"{scope}. {looks}.".removesuffix(" .")


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


def draw_around_zero(groups: Sequence[DictRow], theme: Palette) -> Spec:
    """Draws one line per difference, in percentage points around 0."""
    lines = [line for group in groups for line in group["lines"]]
    reach = max([0.1, *(abs(line[end]) for line in lines for end in ("low", "high"))]) * 1.05
    axis = {"values": [-reach, reach], "labelExpr": SAYS, "labelFlush": True, "grid": False, "title": None}
    looks = {
        differences.APART: theme.look("circle", theme.ink, is_filled=True),
        differences.NONE: theme.look("diamond", theme.muted, is_filled=False),
    }
    return draw_intervals(groups, looks, ({"domain": [-reach, reach], "nice": False}, axis), {0: False}, theme)
