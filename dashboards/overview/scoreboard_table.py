"""The board as markup of its own: a list per question, side by side on a wide screen, on a phone one below the other.
Every cell leads to the page that answers it. Everything that comes from elsewhere is escaped."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlencode

from dashboards.overview.scoreboard import Board, BoardCell, BoardColumn
from dashboards.words import numbers

Kept = Mapping[str, Sequence[str]]
"""Choices by their names in the address."""
STEPS = (1, 2, 5)
"""Steps of an axis: each, times a power of ten, ends at 100 %."""
MOST_STEPS = 3
"""Steps between the marks of an axis, which has room for four numbers."""
FREEDOMS = 5
WIDE = 8
"""Letters of a number beyond which its column gives all of them more room, so that its strips stay in line."""
SUSPECT = f"Suspect: {numbers.STATES['suspect'][1]}."
LEAST_SHOWN = 2.0
"""Width in percent of an interval that would be thinner than a hair."""


def render_board(
    board: Board, titles: Mapping[str, str], sides: Mapping[str, str], caption: str, kept: Kept | None = None
) -> str:
    """Renders the board; `kept` are the choices that links carry on."""
    named = [(family, titles[family], sides[family]) for family in board.families]
    names = _join_sides(named, [f'<span class="name">{escape(title)}</span>' for _, title, _ in named], is_named=True)
    columns = "".join(_render_column(column, named, kept or {}) for column in board.columns)
    return (
        f'<div class="board" role="group" aria-label="{escape(caption)}">'
        f'<div class="names" aria-hidden="true">{names}</div>{columns}</div>'
    )


def _join_sides(families: Sequence[tuple[str, str, str]], lines: Sequence[str], *, is_named: bool = False) -> str:
    """Joins the lines of families with a line above each side, which only the first column names."""
    joined, last = [], ""
    for (_, _, side), line in zip(families, lines, strict=True):
        if side != last:
            name = f'<i class="mark"></i>{escape(side.capitalize())}' if is_named else ""
            joined.append(f'<span class="side {escape(side)}">{name}</span>')
        joined.append(line)
        last = side
    return "".join(joined)


def _render_column(column: BoardColumn, families: Sequence[tuple[str, str, str]], kept: Kept) -> str:
    asked, ticks = column.question, choose_ticks(column)
    cells = [_render_cell(column, cell, one, ticks, kept) for cell, one in zip(column.cells, families, strict=True)]
    # Numbers such as 99.5 have no room beside each other.
    shown = [*ticks[:1], *ticks[-1:]] if asked.form == "uptime" else ticks
    marks = "".join(f'<i style="left:{_place(tick, ticks):.1f}%">{tick:g}</i>' for tick in shown)
    axis = f'<span class="axis" aria-hidden="true"><span>{marks}</span></span>' if ticks else ""
    look = "wide" if any(len(cell.said) > WIDE for cell in column.cells if cell.is_numbered) else ""
    return (
        f'<section class="{look}"><h3>{escape(asked.title)} <small>{escape(asked.unit)}</small></h3>'
        f"{_join_sides(families, cells)}{axis}</section>"
    )


def choose_ticks(column: BoardColumn) -> list[float]:
    """Chooses the numbers below the strips of a column, in its unit; none if it has no strips. They begin at zero,
    except those of uptimes, which would all be at their end."""
    ends = [end * _scale(column) for cell in column.cells for end in _list_ends(cell)]
    if column.question.is_fact or not ends:
        return []
    start, most = min(ends) if column.question.form == "uptime" else 0.0, max(ends)
    least_step = ((most - start) or 1.0) / MOST_STEPS
    power = 10 ** math.floor(math.log10(least_step))
    step = next(step for size in (*STEPS, 10) if (step := size * power) >= least_step - 1e-9)
    step = max(1, step) if column.question.form == "count" else step
    first, last = math.floor(start / step + 1e-9), math.ceil(most / step - 1e-9)
    return [round(place * step, 6) for place in range(first, max(last, first + 1) + 1)]


def _list_ends(cell: BoardCell) -> list[float]:
    return [end for end in (cell.value, cell.low, cell.high) if end is not None]


def _scale(column: BoardColumn) -> int:
    """Returns by what figures are multiplied to be shown."""
    return 100 if column.question.form in ("share", "uptime") else 1


def _place(number: float, ticks: Sequence[float]) -> float:
    """Places a number on its axis, in percent."""
    return 100 * (number - ticks[0]) / (ticks[-1] - ticks[0])


def _render_cell(
    column: BoardColumn, cell: BoardCell, family: tuple[str, str, str], ticks: Sequence[float], kept: Kept
) -> str:
    name, title, side = family
    # If nobody chose families, a cell leads to its own.
    chosen = {"family": kept.get("family") or [name]} | {key: value for key, value in kept.items() if key != "family"}
    address = f"{column.question.address}?{urlencode(chosen, doseq=True)}"
    look = " ".join(filter(None, (side, "best" if cell.is_best else "", cell.state.replace(" ", "-"))))
    said = f"<b>{escape(cell.said)}</b>" if cell.is_numbered else f"<em>{escape(cell.said)}</em>"
    why = " ".join(
        filter(None, (f"{cell.spread}." if cell.spread else "", SUSPECT if cell.state == "suspect" else "", cell.why))
    )
    best = '<span class="unseen">, best or too close to tell</span>' if cell.is_best else ""
    strip = _render_freedoms(cell) if column.question.is_fact else _render_strip(column, cell, ticks)
    return (
        f'<a class="{escape(look)}" href="{escape(address)}" target="_self" title="{escape(why)}">'
        f'<span class="who"><i class="mark"></i>{escape(title)} </span>{said}{best}{strip}</a>'
    )


def _render_freedoms(cell: BoardCell) -> str:
    """Renders as many filled marks as there are freedoms, the last perhaps by half."""
    if cell.value is None:
        return ""
    shares = [min(1.0, max(0.0, cell.value - place)) for place in range(FREEDOMS)]
    marks = "".join(f'<i class="mark" style="--filled:{100 * share:.0f}%"></i>' for share in shares)
    return f'<span class="freedoms" aria-hidden="true">{marks}</span>'


def _render_strip(column: BoardColumn, cell: BoardCell, ticks: Sequence[float]) -> str:
    """Renders the figure and its interval on the scale of its column; an unknown end has no limit."""
    if not cell.is_numbered or not _list_ends(cell):
        return ""
    marks = "".join(f'<i class="tick" style="left:{_place(tick, ticks):.1f}%"></i>' for tick in ticks)
    if cell.low != cell.high:
        left = 0.0 if cell.low is None else _place(cell.low * _scale(column), ticks)
        right = 100.0 if cell.high is None else _place(cell.high * _scale(column), ticks)
        look = "possible" if column.question.form == "count" else "spread"
        marks += f'<i class="{look}" style="left:{left:.1f}%;width:{max(LEAST_SHOWN, right - left):.1f}%"></i>'
    if cell.value is not None:
        marks += f'<i class="mark" style="left:{_place(cell.value * _scale(column), ticks):.1f}%"></i>'
    return f'<span class="strip" aria-hidden="true">{marks}</span>'


def to_rows(board: Board, titles: Mapping[str, str]) -> list[dict[str, str]]:
    """Returns the board as rows of words, a family a row, if no markup of ours can be drawn: `57 % (46–68 %)`."""
    rows = [{"family": titles[family]} for family in board.families]
    for column in board.columns:
        for row, cell in zip(rows, column.cells, strict=True):
            spread = f" ({cell.spread})" if cell.spread else ""
            doubt = ", suspect" if cell.state == "suspect" else ""
            row[column.heading.lower()] = f"{cell.said}{spread}{doubt}"
    return rows
