"""The content of the report: what each page of the menu shows by itself, from the same stories and figures."""

import importlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from dashboards.charts.marks import Spec
from dashboards.frame import freshness, receipts, snapshot_reader
from dashboards.frame.footer import compose_footer
from dashboards.frame.layout import explain_empty
from dashboards.frame.origin import describe_publisher
from dashboards.frame.pictures import render_chart
from dashboards.frame.story import Figure, Part, Story, Words, list_figures
from dashboards.frame.tables import LINKS, describe_rows, list_filled, safe_link
from dashboards.frame.view import View
from dashboards.menu import MENU, SINGLE, page_module
from dashboards.report.markdown import render_blocks, render_line
from dashboards.words import numbers, sentences

WIDTH = 720
"""Width of a chart in pixels; it shrinks on narrower screens."""
SHORT, LONG = 12, 200
"""Rows of a table, and of the numbers behind a chart; `heartbeat export` gives all."""
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

    def draw(self) -> Markup:
        """Draws the chart as inline SVG, with an accessible name and ids that are unique on the page."""
        drawn = render_chart(self.chart or {}, WIDTH)
        # Every chart numbers its ids from the start.
        drawn = re.sub(r'\bid="([^"]+)"', rf'id="{self.anchor}-\1"', drawn)
        drawn = re.sub(r"url\(#([^)]+)\)", rf"url(#{self.anchor}-\1)", drawn)
        # One accessible name for the whole picture replaces those of its parts.
        drawn = re.sub(r' (?:role|aria-[a-z]+|pointer-events|class)="[^"]*"', "", drawn)
        head, _, rest = LONG_FRACTION.sub(r"\1", drawn).partition(">")
        named = Markup('<svg role="img" aria-label="{}"').format(self.alt)
        return named + Markup(f"{head.removeprefix('<svg')}>{rest}")  # noqa: S704  # drawn from our own spec


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the dashboard as one chapter."""

    anchor: str
    group: str
    question: str
    answer: str = ""
    parts: tuple[Panel | Markup, ...] = ()
    error: str = ""
    """The type of the error that stopped the chapter; its message may name folders of this machine."""
    reason: str = ""

    @property
    def verdict(self) -> str:
        """Returns the first sentence of the answer; what it rests on follows."""
        return self.answer.partition("\n\n")[0]


@dataclass(frozen=True, slots=True)
class ReportContent:
    """The whole comparison at one instant."""

    is_sample: bool
    title: str
    scope: str
    facts: tuple[tuple[str, str], ...]
    sheets: tuple[Sheet, ...]

    @property
    def broken(self) -> list[Sheet]:
        """Returns the chapters that failed."""
        return [sheet for sheet in self.sheets if sheet.error]


def make_report(page: View) -> ReportContent:
    """Makes every page of the menu that has a story, for one view."""
    shot = page.snapshot
    title = f"Heartbeat report, {shot.published_at:%Y-%m-%d %H:%M} UTC"
    return ReportContent(
        shot.is_sample, title, describe_scope(page), tuple(list_facts(page)), tuple(_make_sheets(page))
    )


def _make_sheets(page: View) -> Iterator[Sheet]:
    for file, listed in MENU.items():
        # A page of one family would choose one by itself.
        if file == SINGLE and len(page.chosen) != 1:
            continue
        name = file.rpartition("/")[2]
        try:
            story: Callable[[View], Story] = importlib.import_module(page_module(file)).story
            shown = story(page)
            parts = tuple(made for part in shown.parts for made in _make_part(page, name, part))
            yield Sheet(name, listed.name, shown.question, shown.answer, parts)
        # One failing page must not take the others with it; the command and its exit code report it.
        except Exception as error:
            yield Sheet(name, listed.name, listed.question, error=type(error).__name__, reason=str(error))


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


def describe_scope(page: View) -> str:
    """Describes what the report covers."""
    titles = [family["title"] for family in page.families]
    who = numbers.join_words(titles) if page.chosen else f"{len(titles)} families"
    return f"{who}; {numbers.KINDS[page.kind]}, {numbers.format_window(page.window)}"


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
    yield "Shown", describe_scope(page)


def describe_freshness(page: View) -> str:
    """Describes how fresh the collections were when the snapshot was published."""
    label = freshness.judge_freshness(page.snapshot, page.now)[0].removeprefix("Sample: ")
    return f"at publication: {label[0].lower()}{label[1:]}"
