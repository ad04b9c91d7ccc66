"""The rows behind a figure for readers on paper: in words, with the number that passes the gates, and their receipt."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from dashboards.frame import receipts
from dashboards.frame.story import Figure
from dashboards.frame.tables import LINKS, VARIES, format_row, is_measure, safe_link
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.words import numbers
from warehouse.receipts.receipt import KEYS as RECEIPT_KEYS

MOST_ROWS = 200
"""Rows listed in a table; `heartbeat export` gives all."""
MOST_COLUMNS = 9
SHORT, LONGEST = 10, 90
"""Rows of a table, and characters of a cell, in a report that is not full."""
FIRST = (
    "family", "title", "model", "feature", "class", "verdict", "metric", "segment", "statistic", "effect", "effect_low",
    "effect_high", "n",
    "state", "condition",
)  # fmt: skip
"""Columns shown first where there are more than a table can hold."""
COMMANDS = {
    "claim_verdicts": "heartbeat claims", "claim_tests": "heartbeat claims", "collections": "heartbeat status",
    "reconciliations": "heartbeat status", "channel_coverage": "heartbeat status",
    "feature_accuracy": "heartbeat metrics",
}  # fmt: skip
"""Commands that prove figures other than values of a metric."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a table cell, and the page it links to, if any."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows of text; `count` is the total number of rows."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    count: int


def passes_gates(row: Row) -> bool:
    """Returns whether a row may carry a statement: measured, with a known number of cases, and with an interval or
    counted in full."""
    return row["state"] == "measured" and row["n"] is not None and (row["low"] is not None or row["high"] is not None)


def describe_gates(rows: Sequence[Row]) -> str:
    """Describes how many rows may carry a statement, and why the others may not."""
    good = sum(map(passes_gates, rows))
    why = Counter(
        row["state"] if row["state"] != "measured" else "a quantile that too few cases reached"
        for row in rows
        if not passes_gates(row)
    )
    left = "; ".join(
        f"{number} {numbers.STATES.get(state, ('', ''))[0]} {state}".replace("  ", " ")
        for state, number in sorted(why.items())
    )
    return f"{good} of {len(rows)} values pass their gates (enough cases, and an interval or a full count)" + (
        f"; {left}." if left else "."
    )


def make_table(page: View, figure: Figure) -> Table:
    """Makes a table of a figure's rows in words."""
    if figure.shown:
        return make_table_of_any(figure.shown)
    if not is_measure(figure.rows):
        return make_table_of_any([_add_title(page, row) for row in figure.rows])
    apart = [name for name in VARIES if len({row.get(name) for row in figure.rows}) > 1]
    heads = (
        "family",
        *(name.removeprefix("channel_") for name in apart),
        "value (95 % interval)",
        "n",
        "state",
        "note",
    )
    rows = [
        (
            _make_cell(page.titles.get(row["family_id"], row["family_id"])),
            *(_make_cell(str(row[name]).replace("_", " ")) for name in apart),
            _make_cell(format_row(row, str(row.get("metric") or figure.metric))),
            _make_cell(numbers.format_count(row["n"]) if row["n"] is not None else ""),
            _make_cell(row["state"]),
            Cell(str(row.get("note") or ""), safe_link(row.get("url")) or ""),
        )
        for row in figure.rows[:MOST_ROWS]
    ]
    return Table(heads, tuple(rows), len(figure.rows))


def _add_title(page: View, row: Row) -> Row:
    """Adds the family's name to a row of facts."""
    return {("family" if name == "family_id" else name): page.titles.get(value, value) if name == "family_id" else value
            for name, value in row.items()}  # fmt: skip


def make_table_of_any(rows: Sequence[Row]) -> Table:
    """Makes a table of rows of any shape: the informative columns, with addresses as links on the text before them."""
    names = [name for name in (rows[0] if rows else ()) if any(row.get(name) not in (None, "", []) for row in rows)]
    if len(names) > MOST_COLUMNS:
        names = sorted(
            filter(lambda name: _is_telling(rows, name), names),
            key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST),
        )
    addresses = [name for name in names[MOST_COLUMNS - 1 :] if name in LINKS][:1]
    columns = names[: MOST_COLUMNS - len(addresses)] + addresses
    cells = tuple(tuple(_link_cell(name, row.get(name)) for name in columns) for row in rows[:MOST_ROWS])
    return Table(tuple(name.replace("_", " ") for name in columns), cells, len(rows))


def shorten_table(table: Table) -> Table:
    """Returns a table with its first rows only, and the beginning of long cells."""
    cells = (tuple(replace(cell, text=_shorten(cell.text)) for cell in row) for row in table.rows[:SHORT])
    return replace(table, rows=tuple(cells))


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"


def _is_telling(rows: Sequence[Row], name: str) -> bool:
    """Returns whether a column is informative: no internal name, and not the same in every row."""
    return not name.endswith("_id") and (len(rows) == 1 or len({str(row.get(name)) for row in rows}) > 1)


def _link_cell(name: str, value: Any) -> Cell:
    if name in LINKS:
        address = safe_link(value)
        return Cell("source", address) if address else Cell("")
    return _make_cell(value)


def _make_cell(value: Any) -> Cell:
    """Makes a cell from a value of any type."""
    if value is None:
        return Cell("")
    if isinstance(value, datetime):
        return Cell(numbers.format_instant(value))
    if isinstance(value, date):
        return Cell(f"{value.day} {value:%b %Y}")
    if isinstance(value, bool):
        return Cell("yes" if value else "no")
    if isinstance(value, float):
        return Cell(numbers.format_two_digits(value))
    if isinstance(value, list | tuple):
        return Cell(", ".join(map(str, value)))
    return Cell(f"{value:,}" if isinstance(value, int) else str(value))


def find_receipt(figure: Figure) -> str:
    """Finds the command that shows what is behind the first row that passes, or else the first row; empty where there
    is none."""
    if not is_measure(figure.rows):
        return COMMANDS.get(figure.metric, "")
    row = next(filter(passes_gates, figure.rows), figure.rows[0])
    metric = str(row.get("metric") or figure.metric)
    key = {word: str(row[column]) for word, column in RECEIPT_KEYS.items() if row.get(column) is not None}
    return receipts.format_command(metric, key) if metric else ""


def describe_others(figure: Figure) -> str:
    """Describes which words of that command select the other rows, or points to their pages where those are the only
    proof."""
    if not is_measure(figure.rows):
        is_linked = bool(figure.rows) and not LINKS.isdisjoint(figure.rows[0])
        return "Each row links to the page that it was read from." if is_linked else ""
    choices = [(word, sorted({str(row.get(column)) for row in figure.rows})) for word, column in RECEIPT_KEYS.items()]
    choices = [("metric", sorted({str(row.get("metric")) for row in figure.rows})), *choices]
    several = "; ".join(f"{word} = {', '.join(values)}" for word, values in choices if len(values) > 1)
    return f"For the other rows: {several}" if several else ""
