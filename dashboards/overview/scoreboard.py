"""The scoreboard of the first page: a few families by six questions, each cell a number, its interval and a word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from dashboards.charts.axes import Unit
from dashboards.compare.differences import AHEAD, BEHIND, CLOSE
from dashboards.compare.side_by_side import load_rows, read_heading_of, show_row
from dashboards.frame import measures
from dashboards.frame.measures import Measure
from dashboards.frame.view import View
from dashboards.metric_row import DictRow, MetricRow, Row
from dashboards.reliability import sentences_ends
from dashboards.reliability.reliability import load_uptimes
from dashboards.words import gaps, numbers
from warehouse.ends import notices, states

YEAR = timedelta(days=365)
BETWEEN, NONE, ALONE, COUNTED, POSTED = "in between", "not applicable", "nothing to compare", "a count", "as posted"
JUDGEMENTS = (AHEAD, BEHIND, CLOSE, BETWEEN)
"""The words of a figure that was judged beside those of others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A column of the scoreboard."""

    title: str
    """Its question; empty for the title of the measure."""
    unit: str
    """What its numbers are, in a few words."""
    address: str
    """The page that answers it in full."""
    measure: Measure
    form: Unit
    is_posted: bool = False
    """Whether it is what families say of themselves, over periods of their own: nobody is ahead in it."""
    after: str = ""
    """Set after each number."""


STATED = Measure("disclosure_share", "with_cause", "api", "status")
WEIGHTS = Measure("weight_freedom_points", "median", "all", "offers")
QUESTIONS = (
    Question(
        title="", unit="of askers in {place}", address="support",
        measure=Measure("answered_share", "within_24h", "anyone"), form="share",
    ),
    Question(
        title="", unit="of askers in {place}, a lower bound", address="support",
        measure=Measure("helped_share", "any"), form="share",
    ),
    Question(
        title="Uptime and disclosure", unit="by its own status page", address="reliability",
        measure=Measure("uptime_share", "weighted", "api", "status"), form="uptime", is_posted=True,
    ),
    Question(
        title="Yours to change", unit="weights, licence, tuning", address="openness",
        measure=WEIGHTS, form="count", after=" of 5",
    ),
    Question(
        title="Price", unit="per million tokens, median", address="openness",
        measure=Measure("price_usd", "median", "blended", "prices"), form="usd",
    ),
)  # fmt: skip
ENDS = "Ends within 12 months"
ENDS_UNIT = "models with a known day or month"


@dataclass(frozen=True, slots=True)
class BoardCell:
    """A family's answer to a question."""

    family_id: str
    said: str
    """The number, or the mark of its state."""
    spread: str
    """The interval in words; empty if there is none."""
    word: str
    """What is said of it beside the others; empty if it is not judged."""
    why: str
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A question with a cell for each family."""

    title: str
    unit: str
    address: str
    cells: tuple[BoardCell, ...]
    has_zero: bool = True
    """Whether its strips begin at zero; uptimes would all lie at their end."""
    rows: tuple[DictRow, ...] = ()
    """The published figures behind it, each with its metric; none of ends, which the page counts."""


def make_columns(page: View, families: Sequence[str]) -> list[BoardColumn]:
    """Makes all columns in display order; each family is judged beside all others, however few are shown."""
    whole = replace(page, chosen=())
    answered, helped, up, changeable, costs = (make_column(whole, question) for question in QUESTIONS)
    columns = [answered, helped, _add_disclosure(whole, up), make_ends(whole), changeable, costs]
    return [replace(column, cells=tuple(_select_cells(column, families))) for column in columns]


def _select_cells(column: BoardColumn, families: Sequence[str]) -> Iterable[BoardCell]:
    cells = {cell.family_id: cell for cell in column.cells}
    return (cells[family] for family in families)


def _add_disclosure(page: View, up: BoardColumn) -> BoardColumn:
    """Adds to each uptime how much the same page discloses, in whose light it is to be read."""
    rows = page.load_asked(*STATED.address)
    stated = {row["family_id"]: _describe_disclosure(row) for row in rows}
    cells = [
        cell
        if cell.low is None and cell.value is None
        else replace(cell, spread=stated.get(cell.family_id, cell.spread))
        for cell in up.cells
    ]
    return replace(up, cells=tuple(cells), rows=(*up.rows, *_name_rows(page, STATED, rows)))


def _name_rows(page: View, measure: Measure, rows: Sequence[MetricRow]) -> tuple[DictRow, ...]:
    """Returns published rows with the name of their measure and its metric, as rows of several metrics stand
    together."""
    named = {"measure": read_heading_of(page, measure, list(rows)), "metric": measure.metric}
    return tuple({**named, **row} for row in rows)


def _describe_disclosure(row: Row) -> str:
    if row["value"] is None:
        return f"disclosure: {row['state']}"
    return f"gives a cause for {numbers.format_share(row['value'])}"


def make_column(page: View, question: Question) -> BoardColumn:
    """Makes the column of a measure, for all families."""
    published = load_figures(page, question)
    figures = {row["family_id"]: show_row(row) for row in published}
    better = measures.read_direction(page.snapshot, question.measure.metric)
    cells = []
    for family in page.titles:
        row = figures.get(family)
        if row is None or row["state"] not in numbers.NUMBERED:
            cells.append(_make_empty(family, row))
            continue
        if row["state"] == "suspect":
            word = "suspect"
        elif question.is_posted:
            word = POSTED
        elif "rank" in row:
            word = judge_rank(row)
        else:
            word = judge_figures(row, [other for name, other in figures.items() if name != family], better)
        cells.append(_make_cell(row, question, word))
    title = question.title or read_heading_of(page, question.measure, published)
    rows = _name_rows(page, question.measure, published)
    unit = question.unit.format(place=numbers.KINDS[page.kind])
    return BoardColumn(title, unit, question.address, tuple(cells), question.form != "uptime", rows)


def load_figures(page: View, question: Question) -> list[MetricRow]:
    """Loads the figures of a column; uptimes as the page of outages draws them."""
    return load_uptimes(page) if question.is_posted else load_rows(page, question.measure, list(page.titles))


def _make_empty(family: str, row: Row | None) -> BoardCell:
    if row is None:
        return BoardCell(family, "·", "", "no such figure", "")
    mark, _ = numbers.STATES.get(row["state"], ("", ""))
    return BoardCell(family, mark, "", str(row["state"]), str(row["note"] or ""))


def _make_cell(row: Row, question: Question, word: str) -> BoardCell:
    spread = numbers.format_interval(row["low"], row["high"], question.form)
    said = spread if row["value"] is None else numbers.FORMATS[question.form](row["value"]) + question.after
    ends = (row["value"], row["low"], row["high"])
    return BoardCell(row["family_id"], said, "" if row["value"] is None else spread, word, row["note"] or "", *ends)


def judge_rank(row: Row) -> str:
    """Judges an adjusted figure by the range of its rank: ahead or behind of most others by more than chance."""
    count = row["families_count"]
    return _judge_counts(count - row["rank_high"], row["rank_low"] - 1, count - 1, CLOSE)


def judge_figures(row: Row, others: Sequence[Row], better: int) -> str:
    """Judges a figure against the others: by an interval of the difference, or at once if all were counted."""
    rivals = [other for other in others if other["state"] == "measured"]
    all_pairs = len(rivals) * (len(rivals) + 1) // 2
    found = [gaps.measure_gap(row, other, all_pairs) for other in rivals]
    ahead = sum((gap.low if better > 0 else -gap.high) > 0 for gap in found)
    behind = sum((gap.high if better > 0 else -gap.low) < 0 for gap in found)
    is_counted = row["low"] == row["high"] and all(other["low"] == other["high"] for other in rivals)
    return _judge_counts(ahead, behind, len(rivals), BETWEEN if is_counted else CLOSE)


def _judge_counts(ahead: int, behind: int, others: int, neither: str) -> str:
    if not others:
        return ALONE
    return AHEAD if 2 * ahead > others else BEHIND if 2 * behind > others else neither


def make_ends(page: View) -> BoardColumn:
    """Makes the column of ends: how many models have an announced last day or month within twelve months, and how many
    more may end, of which only an earliest day is known.

    Families list their models in different grain, so these counts are not ranked.
    """
    today = page.now.date()
    rows = [row for row in page.load_notices() if row["subject_kind"] == "model"]
    # A page that was read and lists nothing is no page that was not read.
    read = {channel.partition(".")[0] for channel in notices.load_read_at(page.snapshot)}
    frees = {row["family_id"] for row in page.load_asked(*WEIGHTS.address) if (row["value"] or 0) > 0}
    cells = []
    for family in page.titles:
        ahead = [
            row
            for row in rows
            if row["family_id"] == family
            and states.judge_state(row, today) == states.AHEAD
            and row["shutdown_on"] <= today + YEAR
        ]
        ending = [row for row in ahead if row["shutdown_kind"] != "not_before"]
        floors = len(ahead) - len(ending)
        may = f"{floors} more may end" if floors else ""
        if family in read:
            cells.append(BoardCell(family, str(len(ending)), may, COUNTED, _name_first(ending), float(len(ending))))
        elif family in frees:
            cells.append(BoardCell(family, "—", "", NONE, "Weights that were downloaded cannot be switched off."))
        else:
            cells.append(BoardCell(family, "○", "", "not collected", "No deprecation page is read for it."))
    return BoardColumn(ENDS, ENDS_UNIT, "changes", tuple(cells))


def _name_first(ending: Sequence[Row]) -> str:
    if not ending:
        return "No model on its deprecation page has a last day within twelve months."
    first = min(ending, key=lambda row: row["shutdown_on"])
    return f"First: {first['model']}, {sentences_ends.shorten_end(first)}."
