"""The scoreboard as a table of its own markup: every cell leads to the page that answers it, on a phone each family is
a card. Everything that comes from elsewhere is escaped."""

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlencode

from dashboards.overview.scoreboard import BoardCell, BoardColumn

MARKS = {"open": "●", "proprietary": "□", "host": "△"}
Kept = Mapping[str, Sequence[str]]
"""Choices by their names in the address."""
LEAST_SHOWN = 0.8
"""Width in percent of an interval that would be thinner than a hair."""


def render_table(
    columns: Sequence[BoardColumn], families: Sequence[tuple[str, str, str]], caption: str, kept: Kept | None = None
) -> str:
    """Renders the table: `families` are id, title and side in display order, `kept` the choices that links carry on."""
    heads = "".join(
        f'<th scope="col">{escape(column.title)}<small>{escape(column.unit)}</small></th>' for column in columns
    )
    rows = "".join(_render_row(index, family, columns, kept or {}) for index, family in enumerate(families))
    return (
        f'<table class="scoreboard" aria-label="{escape(caption)}">'
        f'<thead><tr><th scope="col"><span class="unseen">Family</span></th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _render_row(index: int, family: tuple[str, str, str], columns: Sequence[BoardColumn], kept: Kept) -> str:
    name, title, side = family
    # If nobody chose families, a cell leads to its own.
    query = urlencode({"family": [name], **kept}, doseq=True)
    head = f'<th scope="row"><span aria-hidden="true">{MARKS[side]}</span> {escape(title)}<small>{side}</small></th>'
    cells = "".join(_render_cell(column, column.cells[index], side, query) for column in columns)
    return f"<tr>{head}{cells}</tr>"


def _render_cell(column: BoardColumn, cell: BoardCell, side: str, query: str) -> str:
    address = f"{column.address}?{query}"
    look = cell.word.replace(" ", "-")
    spread = f"<small>{escape(cell.spread)}</small>" if cell.spread else ""
    return (
        f'<td class="is-{escape(look)}"><span class="asked" aria-hidden="true">{escape(column.title)}</span>'
        f'<a href="{escape(address)}" target="_self" title="{escape(cell.why)}"><b>{escape(cell.said)}</b>'
        f"<em>{escape(cell.word)}</em>{_render_strip(column, cell, side)}{spread}</a></td>"
    )


def _render_strip(column: BoardColumn, cell: BoardCell, side: str) -> str:
    """Renders the figure and its interval on the scale of its column; an unknown end has no limit."""
    ends = [end for other in column.cells for end in (other.value, other.low, other.high) if end is not None]
    if all(end is None for end in (cell.value, cell.low, cell.high)):
        return ""
    start, most = (0.0 if column.has_zero else min(ends)), max(ends)

    def place(end: float | None, unknown: float) -> float:
        return unknown if end is None else 100 * (end - start) / ((most - start) or 1.0)

    marks = ""
    if cell.low != cell.high:
        left, right = place(cell.low, 0.0), place(cell.high, 100.0)
        width = max(LEAST_SHOWN, right - left)
        marks += f'<i class="spread" style="left:{left:.1f}%;width:{width:.1f}%"></i>'
    if cell.value is not None:
        marks += f'<i class="point" style="left:{place(cell.value, 0.0):.1f}%"></i>'
    return f'<span class="strip {escape(side)}" aria-hidden="true">{marks}</span>'


def to_rows(columns: Sequence[BoardColumn], titles: Mapping[str, str]) -> list[dict[str, str]]:
    """Returns the board as rows of words, a family a row, if no markup of ours can be drawn."""
    families = [cell.family_id for cell in columns[0].cells]
    return [
        {"family": titles[family]} | {column.title.lower(): _describe_cell(column.cells[index]) for column in columns}
        for index, family in enumerate(families)
    ]


def _describe_cell(cell: BoardCell) -> str:
    spread = f" ({cell.spread})" if cell.spread else ""
    return f"{cell.said}{spread}" + (f", {cell.word}" if cell.word else "")
