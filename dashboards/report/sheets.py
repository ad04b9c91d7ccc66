"""The content of the report, page by page in menu order, before it is written to any kind of file."""

import importlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dashboards.charts.marks import Spec
from dashboards.frame import snapshot_reader
from dashboards.frame.footer import compose_footer, explain_metric
from dashboards.frame.layout import split_parts
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.tables import is_measure
from dashboards.frame.view import View
from dashboards.menu import MENU, page_address, page_module
from dashboards.report import rows as report_rows
from dashboards.report.brief_facts import DAYS_AHEAD, summarize_ends
from dashboards.report.facts import describe_scope, format_as_of, list_facts, list_missing
from dashboards.report.markdown import TextBlock, TextRun, parse_blocks, parse_line
from dashboards.report.rows import Table
from dashboards.words import numbers
from warehouse.wording import pluralize

FIRST = "overview/overview"
"""The page that a report begins with."""
SUMMARY = "overview"
"""The page that opens the report."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A figure with everything beside it, in words."""

    anchor: str
    title: tuple[TextRun, ...]
    subtitle: tuple[TextRun, ...]
    chart: Spec | None
    alt: str
    nothing: str
    """Reason why there is no chart, if there is none."""
    gates: str
    footer: str
    metric: str
    definition: tuple[TextBlock, ...]
    table: Table
    is_table: bool
    """True if the table is the figure itself rather than the rows behind it."""
    receipt: str
    others: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the dashboard as one chapter."""

    anchor: str
    group: str
    question: str
    answer: tuple[TextBlock, ...]
    parts: tuple[Panel | TextBlock, ...] = ()
    more: tuple[Panel | TextBlock, ...] = ()
    """What only a full report shows."""
    error: str = ""
    """The type of the error that stopped the chapter, if any; the message is left out, since it may name folders of
    this machine."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReportContent:
    """The whole comparison at one instant."""

    is_sample: bool
    as_of: str
    scope: str
    facts: tuple[tuple[str, str], ...]
    sheets: tuple[Sheet, ...]
    missing: Table
    """Everything that was not collected, or not completely."""
    is_full: bool = False
    """True with all figures, numbers, definitions and receipts in an appendix."""

    @property
    def summary(self) -> Sheet | None:
        """Returns the first page, if it is told."""
        return next((sheet for sheet in self.sheets if sheet.anchor == SUMMARY), None)

    @property
    def chapters(self) -> list[Sheet]:
        """Returns everything after the first page."""
        return [sheet for sheet in self.sheets if sheet.anchor != SUMMARY]

    @property
    def untold(self) -> list[Sheet]:
        """Returns the chapters that failed."""
        return [sheet for sheet in self.sheets if sheet.error]


def make_report(page: View, is_full: bool = False, is_summary: bool = False) -> ReportContent:
    """Makes every page of the menu that has a story, or the first one alone, for one view."""
    return ReportContent(
        page.snapshot.is_sample,
        format_as_of(page),
        describe_scope(page),
        list_facts(page),
        tuple(_make_sheets(page, {"Overview": {FIRST: MENU["Overview"][FIRST]}} if is_summary else MENU)),
        list_missing(page),
        is_full,
    )


def _make_sheets(page: View, menu: Mapping[str, Mapping[str, str]]) -> Iterator[Sheet]:
    for group, of_group in menu.items():
        for file, question in of_group.items():
            name = page_address(file)
            try:
                story: Callable[[View], Story] = importlib.import_module(page_module(file)).story
                yield make_sheet(page, name, group, story(page))
            # One failing page must not take the others with it; the command and its exit code report it.
            except Exception as error:
                yield Sheet(name, group, question, (), error=type(error).__name__, reason=str(error))


def make_sheet(page: View, name: str, group: str, story: Story) -> Sheet:
    """Makes a chapter from a story: what its page shows by itself, and what only a full report shows."""
    if name == SUMMARY:
        story = replace(story, parts=summarize_story(page, story))
    shown, more = (
        tuple(part for story_part in parts for part in _make_part(page, name, story_part))
        for parts in split_parts(story.parts, story.shown_count)
    )
    # A verdict, then what it rests on: the second is smaller, as on the page.
    verdict, *rests = parse_blocks(story.answer)
    answer = (verdict, *(replace(block, kind="small") if block.kind == "paragraph" else block for block in rests))
    return Sheet(name, group, story.question, answer, shown, more)


def summarize_story(page: View, story: Story) -> list[Part]:
    """Arranges the first page for paper: tables and words, the next ends of models, and charts last."""
    sections: list[list[Part]] = [[]]
    for part in story.parts:
        if isinstance(part, Words) and part.text.startswith("## "):
            sections.append([])
        sections[-1].append(part)
    ends: list[Part] = [Words(f"## Models ending in the next {DAYS_AHEAD} days"), *map(Words, summarize_ends(page))]
    drawn = [section for section in sections if any(_is_drawn(part) for part in section)]
    told = [section for section in sections if section not in drawn]
    return [part for section in [*told, ends, *drawn] for part in section]


def _is_drawn(part: Part) -> bool:
    return not isinstance(part, Words) and (isinstance(part, tuple) or part.chart is not None)


def describe_rest(sheet: Sheet) -> str:
    """Describes what the chapter leaves out; empty where it is whole."""
    count = sum(isinstance(part, Panel) for part in sheet.more)
    return f"{count} more {pluralize(count, 'figure')}: heartbeat report --full" if count else ""


def _make_part(page: View, name: str, part: Part) -> Sequence[Panel | TextBlock]:
    if isinstance(part, Words):
        return [
            replace(block, kind="small") if part.is_small and block.kind == "paragraph" else block
            for block in parse_blocks(part.text)
        ]
    if isinstance(part, Figure):
        return [make_panel(page, name, part)]
    return [make_panel(page, name, figure) for figure in part]


def make_panel(page: View, name: str, figure: Figure) -> Panel:
    """Makes a panel from a figure. A title states a finding only where at least one row passes its gates."""
    rows = figure.rows if is_measure(figure.rows) else ()
    footer = compose_footer(page, figure.rows, figure.source)
    below = " ".join(filter(None, (numbers.strip_markdown(figure.absent), footer)))
    is_gated = bool(rows) and not any(map(report_rows.passes_gates, rows))
    title = (
        f"No statement: no value passes its gates ({numbers.join_words(sorted({row['state'] for row in rows}))})"
        if is_gated
        else figure.title
    )
    return Panel(
        make_anchor(name, figure.name), parse_line(title), parse_line(figure.measure), figure.chart,
        numbers.strip_markdown(figure.alt or figure.title),
        _explain_empty(page, figure), report_rows.describe_gates(rows) if rows else "", below,
        figure.metric, parse_blocks(explain_metric(page, figure.metric, has_link=False)) if figure.metric else (),
        report_rows.make_table(page, figure),
        figure.chart is None and bool(figure.shown), report_rows.find_receipt(figure),
        report_rows.describe_others(figure),
    )  # fmt: skip


def make_anchor(*names: str) -> str:
    """Makes a name for links from letters, digits and hyphens only."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(names).lower()).strip("-")


def _explain_empty(page: View, figure: Figure) -> str:
    """Explains why there is nothing to draw."""
    if figure.chart is not None or figure.shown:
        return ""
    if figure.metric and not snapshot_reader.has_table(page.snapshot, f"metrics.{figure.metric}"):
        return "This snapshot was published without this measure. Run heartbeat build and heartbeat publish to add it."
    return (
        "No value to show for this selection."
        if figure.rows
        else "Nothing has been measured for this selection. heartbeat status shows what was collected."
    )
