"""The content of the report, page by page in menu order, before it is written to any kind of file."""

import importlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from dashboards.charts.marks import Spec
from dashboards.frame import freshness, snapshot_reader
from dashboards.frame.footer import compose_footer, explain_metric
from dashboards.frame.origin import describe_publisher
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View
from dashboards.menu import MENU, page_address, page_module
from dashboards.report import rows as report_rows
from dashboards.report.markdown import TextBlock, TextRun, parse_blocks, parse_line
from dashboards.report.rows import Table
from dashboards.words import numbers


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
    is_half: bool = False
    """True if it stands beside another figure where there is room."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the dashboard as one chapter."""

    anchor: str
    group: str
    question: str
    answer: tuple[TextBlock, ...]
    parts: tuple[Panel | TextBlock, ...] = ()
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

    @property
    def untold(self) -> list[Sheet]:
        """Returns the chapters that failed."""
        return [sheet for sheet in self.sheets if sheet.error]


def make_report(page: View) -> ReportContent:
    """Makes every page of the menu that has a story, for one view."""
    return ReportContent(
        page.snapshot.is_sample,
        format_as_of(page),
        describe_scope(page),
        list_facts(page),
        tuple(_make_sheets(page)),
        list_missing(page),
    )


def _make_sheets(page: View) -> Iterator[Sheet]:
    for group, of_group in MENU.items():
        for file, question in of_group.items():
            name = page_address(file)
            try:
                story: Callable[[View], Story] = importlib.import_module(page_module(file)).story
                yield make_sheet(page, name, group, story(page))
            # One failing page must not take the others with it; the command and its exit code report it.
            except Exception as error:
                yield Sheet(name, group, question, (), error=type(error).__name__, reason=str(error))


def make_sheet(page: View, name: str, group: str, story: Story) -> Sheet:
    """Makes a chapter from a story."""
    parts = tuple(part for story_part in story.parts for part in _make_part(page, name, story_part))
    return Sheet(name, group, story.question, parse_blocks(story.answer), parts)


def _make_part(page: View, name: str, part: Part) -> Sequence[Panel | TextBlock]:
    if isinstance(part, Words):
        return [
            replace(block, kind="small") if part.is_small and block.kind == "paragraph" else block
            for block in parse_blocks(part.text)
        ]
    if isinstance(part, Figure):
        return [make_panel(page, name, part)]
    return [replace(make_panel(page, name, figure), is_half=len(part) > 1) for figure in part]


def make_panel(page: View, name: str, figure: Figure) -> Panel:
    """Makes a panel from a figure. A title states a finding only where at least one row passes its gates."""
    rows = figure.rows if report_rows.is_measure(figure.rows) else ()
    footer = compose_footer(page, figure.rows, figure.source).replace(" (just now)", "")
    below = " ".join(filter(None, (numbers.strip_markdown(figure.absent), footer)))
    is_gated = bool(rows) and not any(map(report_rows.passes, rows))
    title = (
        f"No statement: no value passes its gates ({numbers.join_words(sorted({row['state'] for row in rows}))})"
        if is_gated
        else figure.title
    )
    return Panel(
        make_anchor(name, figure.name), parse_line(title), parse_line(figure.subtitle), figure.chart,
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
        return "This snapshot was published without this measure. Run heartbeat build to add it."
    return (
        "No value to show for this selection."
        if figure.rows
        else "Nothing has been measured for this selection. heartbeat status shows what was collected."
    )


def format_as_of(page: View) -> str:
    """Formats the as-of instant of the report."""
    return numbers.format_instant(page.snapshot.published_at)


def describe_scope(page: View) -> str:
    """Describes what the report covers."""
    who = (
        f"{len(page.families)} families"
        if not page.chosen
        else numbers.join_words([family["title"] for family in page.families])
    )
    return f"{who}; {numbers.KINDS[page.kind]}, {numbers.format_window(page.window)}"


def list_facts(page: View) -> tuple[tuple[str, str], ...]:
    """Lists what a reader must know to reproduce the numbers."""
    shot = (
        snapshot_reader.load_rows(page.snapshot, "select * from meta.snapshot")
        if snapshot_reader.has_table(page.snapshot, "meta.snapshot")
        else []
    )
    collections = freshness.load_collections(page.snapshot, page.now)
    instants = [row["as_of_at"] for row in collections if row["as_of_at"]]
    collected = (
        f"{numbers.format_instant(min(instants))} to {numbers.format_instant(max(instants))}"
        if instants
        else "nothing was collected"
    )
    late = (snapshot_reader.current_time(page.snapshot) - page.snapshot.published_at).days
    return (
        (
            "Published",
            numbers.format_instant(page.snapshot.published_at)
            + (f", {late} days before this was written" if late > 1 else ""),
        ),
        *((("Whose", describe_publisher(page.snapshot)),) if page.snapshot.origin else ()),
        (
            "Snapshot",
            f"version {page.snapshot.version}"
            + (", a sample world: made-up numbers" if page.snapshot.is_sample else ""),
        ),
        ("Made by", f"Heartbeat {shot[0]['code_version']}" if shot else "an older Heartbeat"),
        ("Collected", collected),
        ("Freshness", describe_freshness(page)),
        ("Shown", describe_scope(page)),
        ("Gates", _describe_gates(page)),
    )


def describe_freshness(page: View) -> str:
    """Describes how fresh the collections were at the as-of instant."""
    label = freshness.judge_freshness(freshness.load_collections(page.snapshot, page.now), page.now)[0]
    return f"when published: {label[0].lower()}{label[1:]}".replace("; oldest data just now", "")


def _describe_gates(page: View) -> str:
    """Describes the gates that a figure must pass before anything is said about it."""
    rules = (
        snapshot_reader.load_rows(page.snapshot, "select * from metrics.rules")
        if snapshot_reader.has_table(page.snapshot, "metrics.rules")
        else []
    )
    least = (
        f"below {rules[0]['min_items_count']} cases or {rules[0]['min_events_count']} events"
        if rules
        else "with too few cases"
    )
    return (
        f"{least} nothing is stated, nor without a 95 % interval or a full count; a "
        "difference is called one only where it is more than chance among all that are compared"
    )


def list_missing(page: View) -> Table:
    """Lists collections that are not complete and fresh, with the known reason."""
    incomplete = [row for row in freshness.load_collections(page.snapshot, page.now) if row["condition"] != "complete"]
    return report_rows.make_table_of_any([
        {
            "family": page.titles.get(row["family_id"], row["family_id"]), "channel": row["channel_id"],
            "what": row["thing"],
            "state": row["condition"], "last good visit": row["as_of_at"], "why": row["last_error"], "link": row["url"],
        }
        for row in incomplete
    ])  # fmt: skip
