"""Sentences of the first page: what the sides differ in, what the board shows, and what is missing."""

from collections import Counter
from collections.abc import Mapping, Sequence

from dashboards.compare import differences
from dashboards.metric_row import Row
from dashboards.overview.scoreboard import Board, BoardColumn
from dashboards.words import numbers, sentences
from warehouse.wording import GAP, pluralize

TOO_FEW = "Too few families have like questions on the other side to say which side answers sooner."
NAMES = {"open": "open families", "proprietary": "proprietary families"}
OTHERS = {"open": "proprietary", "proprietary": "open"}


def answer_early(read: int, whole: int, finding: str) -> str:
    """Words what the board shows if the sides cannot be compared, or that so few of the families were read."""
    if finding != NOBODY and 2 * read >= whole:
        return sentences.join_answer(f"**{finding}.**", TOO_FEW)
    if read == 0 or 2 * read >= whole:
        return (
            "**The data give no answer** to whether open or proprietary families answer sooner: too few families have "
            "like questions on the other side."
        )
    count = f"{numbers.spell_count(read)} of {whole} families {pluralize(read, 'has', 'have')} data"
    said = "The data give no answer yet." if finding == NOBODY else f"Known so far: {finding}."
    return sentences.join_answer(f"**Too early to compare the sides: {count}.**", said)


def answer_page(row: Row, cheaper: str, changeable: str, where: str) -> str:
    """Words in one sentence what the sides differ in: who answers sooner by the difference `row`, which side is
    `cheaper`, and whose models can be changed (empty if neither); then what the first of it rests on."""
    found = {"cheaper": cheaper, "yours to change": changeable}
    virtues = {side: numbers.join_words([words for words, whose in found.items() if whose == side]) for side in NAMES}
    count = f"n{GAP}={GAP}{numbers.format_count(row['n'])}"
    rests = f"Open minus proprietary: {differences.format_difference(row)}; {count} {where}."
    if differences.judge_pair(row) == differences.NONE:
        better = [f"{NAMES[side]} are {words}" for side, words in virtues.items() if words]
        also = f"; {numbers.join_words(better)}" if better else ""
        return sentences.join_answer(f"**Who answers sooner is too close to call{also}.**", rests)
    faster = "open" if row["effect"] > 0 else "proprietary"
    own, others = virtues[faster], virtues[OTHERS[faster]]
    verdict = f"{NAMES[faster].capitalize()} answer sooner"
    verdict += f" and are {own}" if own else ""
    verdict += f"; {OTHERS[faster]} ones are {others}" if others else ""
    points = numbers.format_two_digits(abs(100 * row["effect"]))
    return sentences.join_answer(
        f"**{verdict}.**", f"{points} more askers in every 100 hear back within a day. {rests}"
    )


def find_apart(column: BoardColumn, sides: Mapping[str, str]) -> str:
    """Finds the side with the better number in every pair of families from both sides; empty if there is none."""
    values: dict[str, list[float]] = {side: [] for side in NAMES}
    for cell in column.cells:
        if cell.value is not None and cell.state == "measured" and sides[cell.family_id] in values:
            values[sides[cell.family_id]].append(column.better * cell.value)
    for side, other in OTHERS.items():
        if column.better and values[side] and values[other] and min(values[side]) > max(values[other]):
            return side
    return ""


def name_board(board: Board, titles: Mapping[str, str], sides: Mapping[str, str]) -> str:
    """Words the finding of the board: who leads on which questions, by side if it shows several families of each."""
    leads: dict[tuple[str, str], list[str]] = {}
    for column in board.columns:
        best = [cell.family_id for cell in column.cells if cell.is_best]
        side = find_apart(column, sides)
        if side and len(board.families) > 2 and {sides[family] for family in best} == {side}:
            leads.setdefault((NAMES[side], "lead"), []).append(column.question.short)
        elif len(best) == 1:
            how = "seems to lead" if column.is_likely else "leads"
            leads.setdefault((titles[best[0]], how), []).append(column.question.short)
    most_first = sorted(leads.items(), key=lambda lead: -len(lead[1]))
    said = [
        f"{numbers.escape_markdown(who)} {how} on {numbers.join_words(what)}" for (who, how), what in most_first[:2]
    ]
    return f"{said[0][0].upper()}{said[0][1:]}{''.join(f'; {one}' for one in said[1:])}" if said else NOBODY


NOBODY = "No family here is clearly best in any question"


def name_missing(board: Board, titles: Mapping[str, str]) -> str:
    """Names in one line the families and questions without any number; empty if there are none."""
    lines = [name_absent(board, titles)] if board.absent else []
    if board.lacking:
        has = pluralize(len(board.lacking), "has", "have")
        titles_lacking = numbers.join_words([column.question.title for column in board.lacking])
        lines.append(f"**{titles_lacking}** {has} no figures here.")
    return " ".join([*lines, "[Why](#missing)"] if lines else [])


def name_absent(board: Board, titles: Mapping[str, str]) -> str:
    """Names a few of the families of which nothing was read."""
    names = [numbers.escape_markdown(titles[family]) for family in board.absent]
    return f"**Not collected yet:** {numbers.join_few(names)}."


def explain_lacking(column: BoardColumn) -> str:
    """Explains why a question has no number, by the state of most of the families shown."""
    (state, why), _ = Counter((cell.state, cell.why) for cell in column.cells).most_common(1)[0]
    return numbers.escape_markdown(why) or f"{state}; {numbers.STATES[state][1]}."


def describe_left_out(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names the family that leaving out the unanswered flatters most, with both numbers."""
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
    name = numbers.escape_markdown(titles[theirs["family_id"]])
    return f"{name}'s {true} look like {seeming} without the unanswered"
