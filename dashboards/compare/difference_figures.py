"""Figures of published differences: of two families by measure, of one to each other, and of all pairs of a few."""

from collections.abc import Sequence

from dashboards.compare import charts_compare, differences, sentences_compare
from dashboards.frame import matched, measures, snapshot_reader, trials
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import DictRow
from dashboards.words import numbers
from warehouse.wording import GAP

LIKE = "like questions of all public channels (other filters do not apply)"
LOOKS = {
    differences.APART: "● more than chance among all pairs",
    differences.ALONE: "○ a difference if taken alone, too close to call among all pairs",
    differences.NONE: "◇ too close to call",
    differences.TRIAL: "◇ a trial: do not rank by it, as it rests on readers of texts that failed their tests",
}
"""What each mark says, in its order in the legend."""
BY_ITSELF = "● more than chance, each measure judged by itself"
"""What the first mark says of the two sides, which are one pair."""
SIDES = ("open", "proprietary")


def draw_differences(page: View, families: Sequence[str]) -> list[Figure]:
    """Draws every measure for two families, or for the two sides where none is chosen, those on trial apart; all its
    pairs for one family, all pairs for more."""
    if len(page.chosen) in (0, 2):
        names = SIDES if not page.chosen else (page.titles[page.chosen[0]], page.titles[page.chosen[1]])
        rows = differences.load_pair(page, *(page.chosen or SIDES))
        on_trial = trials.load_trials(page)
        passed, failed = (
            [row for row in rows if (row["metric"] in on_trial) is is_trial] for is_trial in (False, True)
        )
        first, second = map(numbers.escape_markdown, names)
        of = f"{first} against {second}" if page.chosen else "Open against proprietary"
        trial = [draw_gaps(page, failed, f"{of}, measures on trial", names, is_trial=True)] if failed else []
        return [draw_gaps(page, passed, of, names), *trial]
    if len(page.chosen) == 1:
        title = numbers.escape_markdown(page.titles[page.chosen[0]])
        return [
            draw_gaps(page, differences.load_pairs_with(page, page.chosen[0]), f"{title} against each other family")
        ]
    of = f"the first {len(families)} of {len(page.chosen)}" if len(families) < len(page.chosen) else "the chosen"
    return [draw_gaps(page, differences.load_pairs_among(page, families), f"Pairs of {of} families")]


def draw_gaps(
    page: View, rows: Sequence[DictRow], of: str, names: tuple[str, ...] = (), *, is_trial: bool = False
) -> Figure:
    """Draws differences around 0: by measure where `names` gives two families, else by pair in the main measure."""
    groups = [group_difference(row, page, bool(names), is_trial) for row in rows]
    ends = (f"← {names[1]} better", f"{names[0]} better →") if names else ("← less often", "more often →")
    description = "; ".join(
        f"{difference['name']}: {difference['said']}, {line['look']}"
        for difference in groups
        for line in difference["lines"]
    )
    return Figure(
        name="differences-trial" if is_trial else "differences",
        title=f"{of}: {_describe_rows(page, rows, bool(names), is_trial)}",
        subtitle=_explain_marks(page, groups, names),
        chart=charts_compare.draw_differences(groups, *ends, page.theme) if rows else None,
        rows=[{**row, "verdict": differences.TRIAL if is_trial else differences.judge_pair(row)} for row in rows],
        metric="matched_differences",
        source="all public channels where people ask, matched",
        alt=f"Differences with intervals. {description}",
    )


def _describe_rows(page: View, rows: Sequence[DictRow], is_pair: bool, is_trial: bool) -> str:
    if not rows:
        is_there = snapshot_reader.has_table(page.snapshot, "metrics.matched_differences")
        is_unlike = is_pair and not page.chosen and matched.is_unlike(page, *differences.MAIN, "anyone")
        return sentences_compare.explain_lack(is_there, is_unlike)
    if is_trial:
        return "no verdict is drawn"
    if not is_pair:
        describe = sentences_compare.describe_against if len(page.chosen) == 1 else sentences_compare.describe_gaps
        return describe(rows)
    betters = {row["metric"]: measures.read_direction(page.snapshot, row["metric"]) for row in rows}
    return sentences_compare.describe_pair(rows, betters, page.titles)


def _explain_marks(page: View, groups: Sequence[DictRow], names: Sequence[str]) -> str:
    """Explains direction, matching and those marks that are drawn."""
    one = numbers.escape_markdown(page.titles[page.chosen[0]]) if len(page.chosen) == 1 else "the first named"
    what = (
        f"right is better for {numbers.escape_markdown(names[0])}; ↓ less is better"
        if names
        else f"right: more of those who ask about {one} hear back within a week"
    )
    window = numbers.format_window(matched.compared_window(page))
    dash = ", dashes the smallest difference that matters" if any(group["least"] for group in groups) else ""
    drawn = {line["look"] for group in groups for line in group["lines"]}
    meant = LOOKS if page.chosen else {**LOOKS, differences.APART: BY_ITSELF}
    looks = "; ".join(words for look, words in meant.items() if look in drawn)
    return (
        f"Differences in percentage points, {what}; {window}, {LIKE}. Lines are 95 % intervals{dash}. {looks}."
    ).replace(". .", ".")


def group_difference(row: DictRow, page: View, is_measure: bool, is_trial: bool = False) -> DictRow:
    """Prepares a difference for drawing: oriented so that right is better for the first family, and worded as
    published."""
    turn = measures.read_direction(page.snapshot, row["metric"]) if is_measure else 1
    low, high = sorted(turn * row[end] for end in ("effect_low", "effect_high"))
    names = [page.titles.get(family, family) for family in (row["first_id"], row["second_id"])]
    verdict = differences.TRIAL if is_trial else differences.judge_pair(row)
    words = differences.format_difference(row)
    line = {"look": verdict, "value": turn * row["effect"], "low": low, "high": high, "note": f"{words}: {verdict}"}
    short = differences.format_points(row["effect"])
    pair = names[1] if len(page.chosen) == 1 else f"{names[0]} over {names[1]}"
    name = name_measure(page, row) if is_measure else str(pair)
    return {
        "name": name,
        "brief": name.replace("only questions about ", ""),
        "said": words,
        "short": f"{short}{GAP}points",
        "mark": short,
        "least": row["least_effect"],
        "lines": [line],
    }


def name_measure(page: View, row: DictRow) -> str:
    """Names a measure with the part of the questions that it is of, so that no two have one name."""
    heading = measures.read_heading(page.snapshot, row["metric"], row["statistic"], row["segment"])
    part = numbers.describe_part(*row["segment"].partition(":")[::2])
    return f"{heading}, {part}" if part else heading
