"""The content of the site: what each page shows by itself, from the same stories and figures as the dashboard."""

import importlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from dashboards.charts import colours
from dashboards.charts.marks import Spec
from dashboards.frame import receipts, snapshot_reader
from dashboards.frame.footer import compose_footer
from dashboards.frame.layout import explain_empty
from dashboards.frame.origin import describe_publisher
from dashboards.frame.pictures import render_chart
from dashboards.frame.story import Figure, Part, Story, Words, list_figures, split_answer
from dashboards.frame.tables import LINKS, describe_rows, list_filled, safe_link
from dashboards.frame.view import View
from dashboards.menu import ADDRESSES, MENU, page_module
from dashboards.site.markdown import name_page, render_blocks, render_line
from dashboards.words import numbers, sentences
from warehouse import freshness as warehouse_freshness

WIDTH = 760
"""Width of a chart in pixels; it shrinks on narrower screens."""
SHORT, LONG = 40, 40
"""Rows of a table, and of the numbers behind a chart; `heartbeat export` gives all."""
COLOUR = re.compile("|".join(colours.NAMES))
LONG_FRACTION = re.compile(r"(\d\.\d\d)\d+")
"""Coordinates finer than a hundredth of a pixel."""


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows of text, each with the address it links to, if any; `count` is the number of all rows."""

    heads: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str | None], ...], ...]
    count: int


@dataclass(frozen=True, slots=True)
class Panel:
    """A figure with everything beside it."""

    anchor: str
    title: Markup
    measure: Markup
    alt: str
    chart: Spec | None
    shown: Table
    """The table that is the figure, if it has no chart."""
    numbers: Table
    """The published rows behind it."""
    footer: str
    receipt: str
    metric: str
    """The metric whose files have all rows; empty if none has."""

    def draw(self) -> Markup:
        """Draws the chart as inline SVG, with an accessible name, ids that are unique on the page, and colours that
        follow the reader's theme."""
        drawn = render_chart(self.chart or {}, WIDTH)
        # Every chart numbers its ids from the start.
        drawn = re.sub(r'\bid="([^"]+)"', rf'id="{self.anchor}-\1"', drawn)
        drawn = re.sub(r"url\(#([^)]+)\)", rf"url(#{self.anchor}-\1)", drawn)
        # What only a pointer meets is of no use in a file.
        drawn = re.sub(r'<path[^>]* opacity="0"[^>]*></path>|<path[^>]* opacity="0"[^>]*/>', "", drawn)
        # One accessible name for the whole picture replaces those of its parts.
        drawn = re.sub(r' (?:role|aria-[a-z]+|pointer-events|class)="[^"]*"', "", drawn)
        drawn = COLOUR.sub(lambda found: f"var(--{colours.NAMES[found[0]]})", drawn)
        head, _, rest = LONG_FRACTION.sub(r"\1", drawn).partition(">")
        named = Markup('<svg role="img" aria-label="{}"').format(self.alt)
        return named + Markup(f"{head.removeprefix('<svg')}>{rest}")  # noqa: S704  # drawn from our own spec


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the site."""

    name: str
    """The name of its file, without the ending."""
    address: str
    """The address of the page on the dashboard."""
    group: str
    question: str
    answer: str = ""
    parts: tuple[Panel | Markup, ...] = ()
    chosen: tuple[str, ...] = ()
    """The families that it is about; empty for all."""
    error: str = ""
    """The type of the error that stopped it; its message may name folders of this machine."""
    reason: str = ""

    @property
    def verdict(self) -> str:
        """Returns the first sentence of the answer; what it rests on follows."""
        return self.answer.partition("\n\n")[0]

    @property
    def headline(self) -> str:
        """Returns the finding with which the answer begins, or else the question."""
        return split_answer(self.answer)[0] or self.question

    @property
    def rest(self) -> str:
        """Returns what the headline rests on."""
        return split_answer(self.answer)[1]


def make_sheet(page: View, file: str, name: str = "") -> Sheet:
    """Makes one page for one view."""
    listed, address = MENU[file], ADDRESSES[file]
    name = name or name_page(address, page.chosen)
    try:
        story: Callable[[View], Story] = importlib.import_module(page_module(file)).story
        shown = story(page)
        parts = tuple(made for part in shown.parts for made in _make_part(page, name, part))
        return Sheet(name, address, listed.name, shown.question, shown.answer, parts, page.chosen)
    # One failing page must not take the others with it; the command and its exit code report it.
    except Exception as error:
        return Sheet(name, address, listed.name, listed.question, error=type(error).__name__, reason=str(error))


def _make_part(page: View, name: str, part: Part) -> Sequence[Panel | Markup]:
    if isinstance(part, Words):
        text = render_blocks(part.text)
        return [Markup('<div class="small">{}</div>').format(text) if part.is_small else text]
    return [make_panel(page, name, figure) for figure in list_figures(part)]


def make_panel(page: View, name: str, figure: Figure) -> Panel:
    """Makes a panel from a figure. It names the families of a chart that have no number, or says why it is empty, and
    gives the command that traces its first measured row."""
    absent, command = "", ""
    if figure.has_receipts and not figure.shown:
        absent = sentences.name_absent([figure.rows], page.titles) if figure.chart else explain_empty(page, figure)
    measured = next((row for row in figure.rows if row.get("state") == "measured"), None)
    if figure.has_receipts and measured:
        command = receipts.format_row_command(str(measured.get("metric") or figure.metric), measured)
    footer = compose_footer(page, figure.rows, figure.source)
    rows = describe_rows(figure.rows[:LONG], figure.metric, page.titles, page.snapshot)
    return Panel(
        re.sub(r"[^a-z0-9]+", "-", f"{name}-{figure.name}".lower()).strip("-"),
        render_line(figure.title),
        render_line(figure.measure),
        numbers.strip_markdown(figure.alt or figure.title),
        figure.chart,
        make_table(figure.shown, SHORT),
        make_table(rows, LONG, len(figure.rows)),
        f"{numbers.strip_markdown(absent)} {footer}".strip(),
        command,
        figure.metric if figure.has_receipts else "",
    )


def make_table(rows: Sequence[Mapping[str, Any]], most: int, count: int | None = None) -> Table:
    """Makes a table of the columns that hold anything."""
    names = list_filled(rows)
    cells = tuple(tuple(_make_cell(name, row.get(name)) for name in names) for row in rows[:most])
    return Table(tuple(names), cells, len(rows) if count is None else count)


def _make_cell(name: str, value: Any) -> tuple[str, str | None]:
    link = safe_link(value) if name in LINKS else None
    text = "source" if link else "" if value is None or name in LINKS else value
    return f"{text:,}" if isinstance(text, int) and not isinstance(text, bool) else str(text), link


def list_facts(page: View) -> Iterator[tuple[str, str]]:
    """Lists what a reader must know to reproduce the numbers."""
    shot = page.snapshot
    late = (snapshot_reader.current_time(shot) - shot.published_at).days
    yield "Published", numbers.format_instant(shot.published_at) + (f", {late} days ago" if late > 1 else "")
    if shot.origin:
        yield "Publisher", describe_publisher(shot)
    yield "Snapshot", f"version {shot.version}" + (", a sample world: made-up numbers" if shot.is_sample else "")
    for row in snapshot_reader.load_rows(shot, "select code_version from meta.snapshot"):
        yield "Made by", f"Heartbeat {row['code_version']}"
    yield "Freshness", describe_freshness(page)


def describe_freshness(page: View) -> str:
    """Describes how fresh the collections were when the snapshot was published."""
    label = warehouse_freshness.describe_freshness(snapshot_reader.load_collections(page.snapshot, page.now), page.now)
    return f"at publication: {label[0].lower()}{label[1:]}"
