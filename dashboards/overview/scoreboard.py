"""The board of the first page: a few families by six questions, each cell a number with its interval, or why there is
none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from dashboards.charts.axes import Unit
from dashboards.compare import differences
from dashboards.compare.ranking import MOST, MOST_OF_SIDE, load_rows, show_row
from dashboards.frame import layout, measures, snapshot_reader
from dashboards.frame.footer import FACTS
from dashboards.frame.measures import Measure
from dashboards.frame.view import View
from dashboards.metric_row import DictRow, Row
from dashboards.reliability import sentences_ends
from dashboards.reliability.reliability import load_uptimes
from dashboards.words import gaps, numbers, sentences
from warehouse import notices
from warehouse.ends import states

CHANNELS = "select family_id, count(*) as channels_count from staging.channels group by family_id"
ASKED = ("gpt", "claude", "gemini", "llama", "qwen", "deepseek", "mistral")
"""Families that most people come for, shown first."""
YEAR = timedelta(days=365)


UNMEASURED = Measure("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A column of the board."""

    title: str
    unit: str
    """What its numbers are, in a few words."""
    short: str
    """What one leads on: `price`."""
    address: str
    """The page that answers it in full."""
    form: Unit
    measure: Measure = UNMEASURED
    """Its figure; none of ends, which the page counts."""
    is_fact: bool = False
    """Whether it is known of families that nobody has read yet."""
    is_posted: bool = False
    """Whether it is what families say of themselves, over periods of their own: nobody is best in it."""


WEIGHTS = Measure("weight_freedom_points", "median", "all", FACTS)
QUESTIONS = (
    Question(
        title="Answered within a day", unit="of askers, adjusted", short="answers", address="support",
        measure=Measure("answered_share", "within_24h", "anyone"), form="share",
    ),
    Question(
        title="Helped within 30 days", unit="at least, adjusted", short="help", address="support",
        measure=Measure("helped_share", "any"), form="share",
    ),
    Question(
        title="Uptime on its status page", unit="as posted for the API", short="uptime", address="reliability",
        measure=Measure("uptime_share", "weighted", "api", "status"), form="uptime", is_posted=True,
    ),
    Question(
        title="Models ending within 12 months", unit="announced \N{EN DASH} possible", short="ends", address="changes",
        form="count",
    ),
    Question(
        title="Yours to change", unit="of five freedoms", short="freedom to change", address="openness",
        measure=WEIGHTS, form="count", is_fact=True,
    ),
    Question(
        title="Median price", unit="a million tokens", short="price", address="openness",
        measure=Measure("price_usd", "median", "blended", "prices"), form="usd",
    ),
)  # fmt: skip
ENDS, CHANGEABLE = QUESTIONS[3:5]


@dataclass(frozen=True, slots=True)
class BoardCell:
    """A family's answer to a question."""

    family_id: str
    said: str
    """The number, or the state in words."""
    spread: str = ""
    """The interval in words."""
    why: str = ""
    """What is to be known of it."""
    state: str = "measured"
    value: float | None = None
    low: float | None = None
    high: float | None = None
    is_best: bool = False
    """Whether it is the best shown, or too close to the best to tell."""

    @property
    def is_numbered(self) -> bool:
        """Returns whether it has a number or a range."""
        return self.state in numbers.NUMBERED


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A question with a cell for each family."""

    question: Question
    cells: tuple[BoardCell, ...]
    heading: str = ""
    """The name of its measure, as other pages have it."""
    better: int = 0
    """1 where more is better, -1 where less is, 0 where nobody is best."""
    rows: tuple[DictRow, ...] = ()
    """The published figures behind it, each with its metric; none of ends."""
    is_likely: bool = False
    """Whether the lead shown may be chance among all pairs of families, so that it only seems to be one."""

    @property
    def is_known(self) -> bool:
        """Returns whether any of its cells has a number."""
        return any(cell.is_numbered for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Board:
    """The families and questions that have numbers, and those that have none."""

    families: tuple[str, ...]
    columns: tuple[BoardColumn, ...]
    absent: tuple[str, ...]
    """Families of which nothing was read."""
    lacking: tuple[BoardColumn, ...]
    """Questions without any number."""
    count: int = 0
    """How many families could be shown."""


def make_board(page: View, is_all: bool = False) -> Board:
    """Makes the board of the chosen families, or of those that people come for on each side, or of all."""
    # All families have them, so a choice of families changes none.
    whole, order = layout.make_once(make_columns, replace(page, chosen=())), order_families(page)
    read = list_read(column for column in whole if not column.question.is_fact)
    # Facts are known before anything is read; they do until then.
    shown = read or list_read(whole)
    families = choose_rows(page, [family for family in order if family in shown], is_all)
    columns = [select_cells(page, column, families) for column in whole]
    return Board(
        tuple(families),
        tuple(column for column in columns if column.is_known),
        tuple(family for family in order if family not in read and page.sides[family] in sentences.SIDES),
        tuple(column for column in columns if not column.is_known),
        0 if page.chosen else len(shown),
    )


def order_families(page: View) -> list[str]:
    """Orders all families: first those that people come for, then those with most channels."""
    rows = snapshot_reader.load_rows(page.snapshot, CHANNELS)
    counts = {row["family_id"]: row["channels_count"] for row in rows}
    first = {family: place for place, family in enumerate(ASKED)}
    return sorted(page.titles, key=lambda family: (first.get(family, len(ASKED)), -counts.get(family, 0), family))


def list_read(columns: Iterable[BoardColumn]) -> set[str]:
    """Lists the families of which any of some columns has a number."""
    return {cell.family_id for column in columns for cell in column.cells if cell.is_numbered}


def choose_rows(page: View, read: Sequence[str], is_all: bool = False) -> list[str]:
    """Returns the chosen families; else of each side, open first, the first few that were read, or all."""
    if page.chosen:
        return list(page.chosen[:MOST])
    sides = dict.fromkeys((*sentences.SIDES, *(page.sides.values() if is_all else ())))
    chosen: list[str] = []
    for side in sides:
        own = [name for name in read if page.sides[name] == side]
        chosen += own if is_all else own[:MOST_OF_SIDE]
    return chosen


def make_columns(page: View) -> list[BoardColumn]:
    """Makes all columns in display order, of all families."""
    return [make_column(page, question) for question in QUESTIONS]


def select_cells(page: View, column: BoardColumn, families: Sequence[str]) -> BoardColumn:
    """Selects the cells and rows of some families, and marks the best of these."""
    by_family = {cell.family_id: cell for cell in column.cells}
    cells = [by_family[family] for family in families]
    best, is_likely = judge_pair(page, column, families) or (find_best(cells, column.better), False)
    marked = tuple(replace(cell, is_best=cell.family_id in best) for cell in cells)
    rows = tuple(row for row in column.rows if row["family_id"] in families)
    return replace(column, cells=marked, rows=rows, is_likely=is_likely)


def judge_pair(page: View, column: BoardColumn, families: Sequence[str]) -> tuple[set[str], bool] | None:
    """Returns who of two families leads, or both if they are too close to tell, and whether that lead may be chance
    among all pairs, as *Compare* judges them like with like; None if it does not compare them."""
    pairs = differences.load_pair(page, *families) if len(families) == 2 else []
    key = column.question.measure[:3]
    row = next((row for row in pairs if (row["metric"], row["statistic"], row["segment"]) == key), None)
    if row is None:
        return None
    verdict, leader = differences.judge_pair(row), differences.find_leader(row, column.better)
    best = {leader} if leader else set() if verdict == differences.UNREAD else set(families)
    return best, verdict == differences.ALONE


def find_best(cells: Sequence[BoardCell], better: int) -> set[str]:
    """Finds the families with the best number and those too close to it to tell; none if the best number is suspect, or
    no other is known that differs from it."""
    given = [cell for cell in cells if cell.value is not None and cell.is_numbered]
    first = max(given, key=lambda cell: better * (cell.value or 0), default=None)
    rows = {
        cell.family_id: {"value": cell.value, "low": cell.low, "high": cell.high}
        for cell in given
        if cell.state == "measured"
    }
    if not better or first is None or first.state != "measured" or len({row["value"] for row in rows.values()}) < 2:
        return set()
    own = rows.pop(first.family_id)
    level = gaps.select_level(own, list(rows.values()))
    return {first.family_id, *(family for family, row in rows.items() if row in level)}


def make_column(page: View, question: Question) -> BoardColumn:
    """Makes the column of a question, for all families."""
    measure = question.measure
    if question == ENDS:
        return make_ends(page)
    # Uptimes as the page of outages draws them.
    published: Sequence[Row] = load_uptimes(page) if question.is_posted else load_rows(page, measure, list(page.titles))
    figures = {row["family_id"]: show_row(row) for row in published}
    adjusted = ", adjusted" if any("rank" in row for row in published) else ""
    heading = measures.read_heading(page.snapshot, *measure[:3]) + adjusted
    # Rows of several metrics stand together.
    named = {"measure": heading, "metric": measure.metric}
    return BoardColumn(
        question,
        tuple(_make_cell(family, figures.get(family), question.form) for family in page.titles),
        heading,
        0 if question.is_posted else measures.read_direction(page.snapshot, measure.metric),
        tuple({**named, **row} for row in published),
    )


def _make_cell(family: str, row: Row | None, form: Unit) -> BoardCell:
    if row is None:
        return BoardCell(family, "no such figure", state="not applicable")
    note = row["note"] or ""
    if row["state"] not in numbers.NUMBERED:
        return BoardCell(family, str(row["state"]), why=note, state=str(row["state"]))
    spread = numbers.format_interval(row["low"], row["high"], form)
    said = spread if row["value"] is None else numbers.FORMATS[form](row["value"])
    spread = "" if row["value"] is None else spread
    return BoardCell(family, said, spread, note, str(row["state"]), row["value"], row["low"], row["high"])


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
        least, most = len(ending), len(ahead)
        if family in read:
            said = f"{least}\N{EN DASH}{most}" if most > least else f"{least}"
            cells.append(BoardCell(family, said, "", _name_first(ending), "measured", least, least, most))
        elif family in frees:
            why = "Weights that were downloaded cannot be switched off."
            cells.append(BoardCell(family, "weights stay yours", why=why, state="not applicable"))
        else:
            why = "No deprecation page is read for it."
            cells.append(BoardCell(family, "not collected", why=why, state="not collected"))
    return BoardColumn(ENDS, tuple(cells), ENDS.title)


def _name_first(ending: Sequence[Row]) -> str:
    if not ending:
        return "No model on its deprecation page has a last day within twelve months."
    first = min(ending, key=lambda row: row["shutdown_on"])
    return f"First: {first['model']}, {sentences_ends.shorten_end(first)}."
