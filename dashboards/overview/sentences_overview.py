"""Sentences of the first page: which side answers sooner, and what is behind that."""

from collections.abc import Mapping, Sequence

from dashboards.compare import differences
from dashboards.metric_row import Row
from dashboards.overview.scoreboard import JUDGEMENTS, BoardColumn
from dashboards.words import numbers, sentences
from warehouse.wording import GAP, pluralize

MOST_NAMED = 2


def answer_page(row: Row | None, where: str, not_compared: str = "") -> str:
    """Words in two steps whether one side's askers hear back within a day more often: a verdict with what it does not
    compare, then what it rests on."""
    if row is None:
        return (
            "**The data give no answer** to whether open or proprietary families answer sooner: too few families have "
            "like questions on the other side."
        )
    rests = (
        f"Open minus proprietary: {differences.format_difference(row)}, n{GAP}={GAP}"
        f"{numbers.format_count(row['n'])}; {where}."
    )
    return sentences.tell_in_steps(f"{_judge_sides(row)} {numbers.escape_markdown(not_compared)}".strip(), rests)


def _judge_sides(row: Row) -> str:
    if differences.judge_pair(row) == differences.NONE:
        return "**Too close to call.** Askers may hear back within a day equally often on both sides."
    side = "Open" if row["effect"] > 0 else "Proprietary"
    points = numbers.format_two_digits(abs(100 * row["effect"]))
    return f"**{side} families answer sooner**: {points} more askers in every 100 hear back within a day."


def name_board(columns: Sequence[BoardColumn], titles: dict[str, str]) -> str:
    """Words the finding of the board: who is ahead in most of the questions that are judged, unless these are few."""
    counts: dict[str, int] = {}
    judged = [column for column in columns if any(cell.word in JUDGEMENTS for cell in column.cells)]
    if not judged:
        return "No question can be judged here"
    if 2 * len(judged) < len(columns):
        return f"No family leads: only {len(judged)} of {len(columns)} questions can be judged here"
    for column in judged:
        for cell in column.cells:
            counts[cell.family_id] = counts.get(cell.family_id, 0) + (cell.word == "ahead")
    most = max(counts.values(), default=0)
    leaders = [numbers.escape_markdown(titles[family]) for family, count in counts.items() if count == most]
    if not most:
        return "No family here is ahead of most others in any question"
    if len(leaders) > MOST_NAMED:
        return f"No family leads: none is ahead of most others in more than {most} of {len(judged)} judged questions"
    verb = pluralize(len(leaders), "is", "are each")
    return f"{numbers.join_words(leaders)} {verb} ahead of most others in {most} of {len(judged)} judged questions"


def describe_left_out(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names the family that leaving out the unanswered flatters most, with both numbers and how many are excluded."""
    by_key = {(row["family_id"], row["statistic"]): row for row in sentences.select_measured(rows)}
    both = [
        (by_key[family, "answered_only_median"], by_key[family, "median"])
        for family, name in by_key
        if name == "answered_only_median" and (family, "median") in by_key
    ]
    if not both:
        return "What leaving out the unanswered would show"
    theirs, ours = max(both, key=lambda pair: pair[1]["value"] - pair[0]["value"])
    seeming, true = (numbers.format_hours(row["value"]) for row in (theirs, ours))
    if seeming == true:
        return "Leaving out the unanswered changes little here"
    waiting = f"{numbers.format_count(theirs['n_censored'])} of {numbers.format_count(ours['n'])}"
    return (
        f"Without the {waiting} who still wait, {numbers.escape_markdown(titles[theirs['family_id']])}'s median wait "
        f"would look like {seeming} instead of {true}"
    )
