"""Sentences of the first page: which side answers sooner, and what is behind that."""

from collections.abc import Sequence

from dashboards.metric_row import Row
from dashboards.overview.scoreboard import BoardColumn
from dashboards.words import gaps, numbers, sentences

GAP = numbers.GAP
MOST_NAMED = 2
SIDES = ("Open families", "Proprietary families")


def answer_page(row: Row | None, where: str, is_unlike: bool) -> str:
    """Words in two steps whether one side's askers hear back within a day more often: a verdict, then what it rests
    on."""
    if row is None:
        why = (
            "no kind of channel has the same role on both sides"
            if is_unlike
            else "too few families have like questions on the other side"
        )
        return f"**The data give no answer** to whether open or closed families answer sooner: {why}."
    if row["effect"] is None:
        return "**The data give no answer** to which side answers sooner: too much of what was asked was not seen."
    gap = gaps.Difference(row["effect"], row["effect_low"], row["effect_high"])
    rests = (
        f"Like with like, open minus proprietary: {gaps.format_gap(gap, 'share')}, n{GAP}={GAP}"
        f"{numbers.format_count(row['n'])}; {where}. Each claim has its own verdict under *Evidence*."
    )
    points = numbers.format_two_digits(abs(100 * row["effect"]))
    if not gap.is_shown:
        return sentences.tell_in_steps(
            "**Too close to call.** Askers may hear back within a day as often on either side.", rests
        )
    sooner = SIDES[0] if row["effect"] > 0 else SIDES[1]
    return sentences.tell_in_steps(
        f"**{sooner} answer sooner**: {points} more of 100 askers hear back within a day.", rests
    )


def describe_board(columns: Sequence[BoardColumn], titles: dict[str, str]) -> str:
    """Describes every cell, for readers who do not see the marks."""
    return "; ".join(
        f"{column.title}: "
        + ", ".join(f"{titles[cell.family_id]} {cell.said} {cell.word}".strip() for cell in column.cells)
        for column in columns
    )


def name_board(columns: Sequence[BoardColumn], titles: dict[str, str]) -> str:
    """Words the finding of the board: who is ahead in most questions."""
    counts: dict[str, int] = {}
    for column in columns:
        for cell in column.cells:
            counts[cell.family_id] = counts.get(cell.family_id, 0) + (cell.word == "ahead")
    most = max(counts.values(), default=0)
    leaders = [numbers.escape_markdown(titles[family]) for family, count in counts.items() if count == most]
    if not most:
        return "No family is ahead of most others in any question"
    if len(leaders) > MOST_NAMED:
        return f"No family leads: none is ahead of most others in more than {most} of {len(columns)} questions"
    verb = numbers.pluralize(len(leaders), "is", "are each")
    return f"{numbers.join_words(leaders)} {verb} ahead of most others in {most} of {len(columns)} questions"
