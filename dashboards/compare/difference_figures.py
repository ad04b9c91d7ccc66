"""Figures of published differences: of two families by measure, or of one to each other."""

from collections.abc import Mapping, Sequence

from dashboards.compare import charts_compare, differences, sentences_compare
from dashboards.evidence.board import SHAPES
from dashboards.frame import matched, measures
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import DictRow
from dashboards.words import numbers

LIKE = "like questions of public channels that both have"
SIDES = {"open": "the open side", "proprietary": "the proprietary side"}
LOOKS = {
    differences.APART: "● more than chance among all pairs",
    differences.ALONE: "○ a difference if taken alone, too close to call among all pairs",
    differences.NONE: "◇ too close to call",
    differences.UNREAD: "✕ cannot be read: a rule that reads texts has too few labels, or errs too often, on a side",
}
"""What each mark says, in its order below the title."""


def draw_differences(page: View) -> Figure:
    """Draws every measure for two chosen families, or for the two sides if none is chosen; of one family the main
    measure against each other."""
    if len(page.chosen) == 1:
        title = numbers.escape_markdown(page.titles[page.chosen[0]])
        rows = differences.load_pairs_with(page, page.chosen[0])
        return draw_gaps(page, rows, f"{title} against each other family")
    pair = page.chosen or tuple(SIDES)
    rows = differences.load_pair(page, *pair)
    names = {name: SIDES.get(name) or page.titles[name] for name in pair}
    of = " against ".join(numbers.escape_markdown(names[family]) for family in page.chosen)
    return draw_gaps(page, rows, of, names)


def draw_gaps(page: View, rows: Sequence[DictRow], of: str, titles: Mapping[str, str] | None = None) -> Figure:
    """Draws differences around 0: by measure if `titles` gives two, else by pair in the main measure; `of` is whose
    they are, empty for those of the sides."""
    names = tuple((titles or {}).values())
    groups = [group_difference(row, page, bool(names)) for row in rows]
    ends = (f"← {names[1]} better", f"{names[0]} better →") if names else ("← less often", "more often →")
    description = "; ".join(
        f"{difference['name']}: {difference['said']}, {line['look']}"
        for difference in groups
        for line in difference["lines"]
    )
    said = _describe_rows(page, rows, titles)
    return Figure(
        name="differences",
        title=f"{of}: {said}" if of else f"{said[0].upper()}{said[1:]}",
        subtitle=_explain_marks(page, groups, names),
        chart=charts_compare.draw_differences(groups, *ends, page.theme) if rows else None,
        rows=[_describe_row(page, row) for row in rows],
        metric="matched_differences",
        source="public channels where people ask, matched",
        alt=f"Differences with intervals. {description}",
    )


def _describe_row(page: View, row: DictRow) -> DictRow:
    """Adds whom a row compares, and the verdict on it, to what is published; why it cannot be read comes last."""
    first, second = (page.titles.get(row[name], row[name]) for name in ("first_id", "second_id"))
    published = {name: value for name, value in row.items() if name != "unread_note"}
    verdict = {"verdict": differences.judge_pair(row), "unread_note": row.get("unread_note")}
    return {"first": first, "second": second, **published, **verdict}


def _describe_rows(page: View, rows: Sequence[DictRow], titles: Mapping[str, str] | None) -> str:
    if not rows:
        return "too few matched questions to compare"
    if titles is None:
        return sentences_compare.describe_against(rows)
    betters = {row["metric"]: measures.read_direction(page.snapshot, row["metric"]) for row in rows}
    return sentences_compare.describe_pair(rows, betters, titles)


def _explain_marks(page: View, groups: Sequence[DictRow], names: Sequence[str]) -> str:
    """Explains direction, matching and those marks that are drawn."""
    if names:
        what = f"right is better for {numbers.escape_markdown(names[0])}; ↓ less is better"
    else:
        one = numbers.escape_markdown(page.titles[page.chosen[0]])
        what = f"right: more of those who ask about {one} hear back within a week"
    window = numbers.format_window(matched.compared_window(page))
    drawn = {line["look"] for group in groups for line in group["lines"]}
    looks = "; ".join(words for look, words in LOOKS.items() if look in drawn)
    return (f"Differences in percentage points, {what}; {window}, {LIKE}. Lines are 95 % intervals. {looks}.").replace(
        ". .", "."
    )


def group_difference(row: DictRow, page: View, is_measure: bool) -> DictRow:
    """Prepares a difference for drawing: oriented so that right is better for the first family, and worded as
    published."""
    name = name_measure(page, row) if is_measure else str(page.titles.get(row["second_id"], row["second_id"]))
    words, verdict = differences.format_difference(row), differences.judge_pair(row)
    line: DictRow = {"look": verdict, "value": None, "low": None, "high": None, "note": f"{words}: {verdict}"}
    if verdict == differences.UNREAD:
        return {"name": name, "said": words, "short": words, "lines": [line | {"mark": SHAPES[verdict]}]}
    turn = measures.read_direction(page.snapshot, row["metric"]) if is_measure else 1
    low, high = sorted(turn * row[end] for end in ("effect_low", "effect_high"))
    drawn = line | {"value": turn * row["effect"], "low": low, "high": high}
    return {"name": name, "said": words, "short": words, "lines": [drawn]}


def name_measure(page: View, row: DictRow) -> str:
    """Names a measure with the part of the questions that it is of, so that no two have one name."""
    heading = measures.read_heading(page.snapshot, row["metric"], row["statistic"], row["segment"])
    part = numbers.describe_part(*row["segment"].partition(":")[::2])
    return f"{heading}, {part}" if part else heading
