"""What each of two families costs and leaves to its users: facts, in which chance plays no part."""

from collections.abc import Sequence

from dashboards.compare import sentences_compare
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.overview.scoreboard import QUESTIONS, BoardColumn, make_column, select_cells

PRICE, CHANGE = "price_usd", "weight_freedom_points"


def load_facts(page: View) -> list[BoardColumn]:
    """Loads what the board says of the pair that rests on no sample, the last question first; nothing that is known of
    neither."""
    questions = [question for question in reversed(QUESTIONS) if question.form != "share"]
    own = [select_cells(page, make_column(page, question), page.chosen) for question in questions]
    return [column for column in own if column.is_known]


def draw_facts(page: View, facts: Sequence[BoardColumn]) -> Figure:
    """Draws a row per fact and a column per family."""
    said = state_facts(page, facts)
    return Figure(
        name="facts",
        title=f"{said[:1].upper()}{said[1:]}" or "Neither is cheaper or freer to change",
        subtitle="Facts, not samples: chance plays no part. Prices are of a million tokens; uptime is as posted.",
        rows=[row for column in facts for row in column.rows],
        metric=PRICE,
        source="price lists, licences, deprecation pages and status pages",
        shown=[
            {"fact": column.question.title} | {page.titles[cell.family_id]: cell.said for cell in column.cells}
            for column in facts
        ],
    )


def find_best(facts: Sequence[BoardColumn], metric: str) -> tuple[str, float]:
    """Finds who of the two is better in a fact, and what the other has; nobody if it is not known of both, or the
    same."""
    for column in facts:
        known = [cell for cell in column.cells if cell.value is not None]
        if metric == column.question.measure.metric and len({cell.value for cell in known}) == len(column.cells):
            worse, best = sorted(known, key=lambda cell: column.better * (cell.value or 0))
            return best.family_id, worse.value or 0
    return "", 0


def state_facts(page: View, facts: Sequence[BoardColumn]) -> str:
    """Words who is cheaper, and whose weights can be changed."""
    (cheaper, _), (freer, others) = find_best(facts, PRICE), find_best(facts, CHANGE)
    free = "freer to change" if others else "yours to change"
    return sentences_compare.word_facts(page.titles.get(cheaper, ""), page.titles.get(freer, ""), free)
