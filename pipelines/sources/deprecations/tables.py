"""Reads a page's tables of announcements. Columns are identified by their titles, never by their position."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

from pipelines.http.errors import Fatal
from pipelines.markup.dates import UNKNOWN, Promise, read_promise, strip_footnotes
from pipelines.markup.page_blocks import PageBlock
from pipelines.sources.deprecations import cells
from pipelines.sources.deprecations.notice import EndNotice

FEATURES = (
    "feature", "affected feature", "deprecated feature", "parameter", "api parameter", "deprecated parameter",
    "affected parameter", "tool",
    "feature / endpoint", "feature or endpoint", "product", "service",
)  # fmt: skip
ENDPOINTS = ("endpoint", "affected endpoint", "deprecated endpoint")
"""Titles of columns without models: what such a column lists, its title says."""
TUNED_END = "deployment retirement date"
"""Azure's title for the end of what was tuned from a model, which outlasts the model itself."""
COLUMNS: dict[str, tuple[str, ...]] = {
    "model": (
        "model id", "slug", "api model name", "model code", "deprecated model id", "deprecated model",
        "deprecated models", "affected model",
        "affected models", "legacy model", "model snapshot", "model family / snapshot", "model / system", "model",
        "models", "model being retired",
        "retired model",
        "original model", "model version", "model name", "system", *FEATURES, *ENDPOINTS,
    ),
    "version": ("version",),
    "shutdown": (
        "shutdown date", "shut down date", "retirement date", "tentative retirement date", "eol date",
        "end of life date", "eol",
        "end of life", "removal date", "planned deprecation date", "sunset date", "decommission date",
        "earliest shutdown date",
        "earliest retirement date", "retires", "shutdown", "retirement time", "offline time", TUNED_END,
    ),
    "deprecated": ("deprecation date", "deprecated date", "deprecated", "legacy date", "training retirement date"),
    "announced": ("notice date", "announcement date", "announced", "date announced"),
    "replacement": (
        "recommended replacement", "recommended replacement model id", "recommended model id", "substitute model",
        "replacement",
        "replacement model", "suggested replacement model", "suggested replacement", "recommended model replacement",
        "recommended model version replacement", "recommended alternative", "migration target",
        "system replacement model", "replacement models", "replacement model id", "recommended upgrade",
    ),
    "redirect": ("redirects to", "redirect target"),
    "stage": ("current state", "status", "lifecycle", "lifecycle status", "state"),
    "region": ("regions", "region"),
}  # fmt: skip
"""Titles of each column, the best first: of a model's id and its name, the id is read."""
STAGES = {
    "active": "active", "ga": "active", "generally available": "active", "general availability": "active",
    "stable": "active", "publicpreview": "active",
    "preview": "active", "public preview": "active", "labs": "active", "legacy": "legacy", "deprecated": "deprecated",
    "deprecating": "deprecated", "retired": "retired", "shutdown": "retired", "shut down": "retired", "eol": "retired",
    "end of life": "retired",
}  # fmt: skip
_ENDING = re.compile(
    r"shut ?down|retire|sunset|\beol\b|end of life|removal|decommission|turn.?off|offline|discontinu", re.IGNORECASE
)
_FLOOR = re.compile(r"earliest", re.IGNORECASE)
_MODEL_ID = re.compile(r"[a-z][\w./]*-(?=[\w.:-]*\d)[\w.:-]*", re.IGNORECASE)
_NO_MODELS = re.compile(r"feature|endpoint|capabilit|parameter", re.IGNORECASE)
_REGION = re.compile(r"\b[a-z]{2}(?:-[a-z]+)+-\d\b")


Closing = Literal["", "deprecated", "month before"]


@dataclass(frozen=True, slots=True)
class TableContext:
    """Headings above a table, and the facts in their prose, for rows that lack their own."""

    section: str
    anchor: str
    headings: str = ""
    """Headings above the table, the nearest last."""
    announced: Promise = UNKNOWN
    shutdown: Promise = UNKNOWN
    is_floor: bool = False
    closes: Closing = ""
    """When new customers are refused, by the page: once a model is deprecated, or a month before its end."""
    redirects: Mapping[str, str] = field(default_factory=dict)
    lead: str = ""
    """The sentence that opens the list or table."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Roles of columns by title, as the form of the page gives them."""


def find_columns(header: tuple[str, ...], titles: Mapping[str, str] = MappingProxyType({})) -> dict[str, int]:
    """Finds the number of each known column, by its role; `titles` are those that mean something else here."""
    numbers = {name: number for number, name in reversed(list(enumerate(map(_normalise_title, header))))}
    columns = {role: numbers[name] for role, names in COLUMNS.items() for name in reversed(names) if name in numbers}
    for name, number in numbers.items():
        if name.startswith(COLUMNS["redirect"]):
            columns["redirect"] = number
    meant = {role: numbers[title] for title, role in titles.items() if title in numbers}
    return {role: number for role, number in columns.items() if number not in meant.values()} | meant


def _normalise_title(title: str) -> str:
    """Normalises a column's title to the form that `COLUMNS` uses."""
    return re.sub(r"[\s-]+", " ", re.sub(r"\(.{0,200}?\)", " ", strip_footnotes(title).lower())).strip(" :")


def is_of_models(
    table: PageBlock, has_prose_date: bool = False, titles: Mapping[str, str] = MappingProxyType({})
) -> bool:
    """Returns whether a table lists models and their ends. Raises Fatal if it seems to, under unknown titles."""
    columns = find_columns(table.header, titles)
    tells_end = columns.keys() & {"shutdown", "deprecated", "redirect"} or (has_prose_date and "replacement" in columns)
    headings = [_normalise_title(title) for title in table.header]
    strange = [
        title for title in headings if _ENDING.search(title) and not any(title in names for names in COLUMNS.values())
    ]
    if "model" in columns and not tells_end and strange:
        raise Fatal(f"a table of models has an unknown column {strange[0]!r}; the page has changed shape")
    if "model" not in columns and "shutdown" in columns:
        raise Fatal(f"a table of shutdowns has no column of models: {', '.join(headings)}; the page has changed shape")
    return "model" in columns and bool(tells_end)


def speaks_of_ends(table: PageBlock) -> bool:
    """Returns whether a table has a column about ends, known or not."""
    return any(_ENDING.search(_normalise_title(title)) for title in table.header)


def read_table(table: PageBlock, context: TableContext, skipped: list[str]) -> Iterator[EndNotice]:
    """Yields one notice per name and row, without rows that are only a title; names in `skipped` those it cannot read.

    Raises Fatal if it cannot read any.
    """
    columns = find_columns(table.header, context.titles)
    if "shutdown" in columns and _FLOOR.search(table.header[columns["shutdown"]]):
        context = replace(context, is_floor=True)
    title = _normalise_title(table.header[columns["model"]])
    is_tuned = "shutdown" in columns and _normalise_title(table.header[columns["shutdown"]]) == TUNED_END
    wide: list[str] = []
    for texts in table.rows:
        if len(texts) > len(table.header):
            # Under shifted titles another column's day would become the end.
            wide.append(f"a row has {len(texts)} cells under {len(table.header)} column titles")
            continue
        row = {role: texts[number] if number < len(texts) else "" for role, number in columns.items()}
        if _is_divider(row, texts):
            continue
        for name in cells.split_names(row["model"]):
            kind = "feature" if is_tuned else _classify_name(name, title, context.headings)
            yield _make_notice(_add_version(name, row.get("version", "")), kind, row, context)
    if wide and len(wide) == len(table.rows):
        raise Fatal(f"{wide[0]}; the page has changed shape")
    skipped.extend(wide)


def read_item(text: str, context: TableContext) -> Iterator[EndNotice]:
    """Yields the notices of one item of a list of ends."""
    # A list has no column titles: only its opening sentence says what it lists.
    title = FEATURES[0] if _NO_MODELS.search(context.lead) else ""
    for name in cells.split_names(text):
        yield _make_notice(name, _classify_name(name, title, context.headings), {"model": text}, context)


def read_title(text: str, context: TableContext) -> EndNotice:
    """Reads the notice of an announcement without a table or list, from the title of its section."""
    kind = _classify_name(text, "", context.headings)
    # A title in prose is no model's name, unless it is its id.
    return _make_notice(text, "feature" if kind == "model" and not _MODEL_ID.fullmatch(text) else kind, {}, context)


def _is_divider(row: Mapping[str, str], texts: tuple[str, ...]) -> bool:
    """Returns whether a row is only a title of those below it: one cell, or the same text in all cells."""
    different = {strip_footnotes(text) for text in texts if strip_footnotes(text)}
    return not strip_footnotes(row["model"]) or (len(different) == 1 and len(texts) > 1)


def _add_version(name: str, version: str) -> str:
    """Adds the version, by which Azure distinguishes models of the same name."""
    return f"{name} ({strip_footnotes(version)})" if strip_footnotes(version).strip("-") else name


def _classify_name(name: str, title: str, headings: str) -> cells.Subject:
    """Classifies a name by its form, else by the title of its column."""
    kind = cells.classify_subject(name, headings)
    if kind != "model" or _MODEL_ID.fullmatch(name):
        return kind
    return "feature" if title in FEATURES else "endpoint" if title in ENDPOINTS else "model"


_SAYS_NO_END = re.compile(r"\W*no (?:\w+ )*announced\b", re.IGNORECASE)


def _make_notice(name: str, kind: cells.Subject, row: Mapping[str, str], context: TableContext) -> EndNotice:
    announced = read_promise(row["announced"]) if "announced" in row else context.announced
    shutdown = read_promise(row["shutdown"], context.is_floor) if "shutdown" in row else context.shutdown
    deprecated = read_promise(row.get("deprecated", ""))
    stage = STAGES.get(strip_footnotes(row.get("stage", "")).lower(), "")
    if not deprecated.on and _SAYS_NO_END.match(row.get("shutdown", "")):
        stage = stage or "active"
    target = context.redirects.get(name, "")
    instead = (
        cells.split_replacements(row.get("redirect", ""))
        or cells.split_replacements(row.get("replacement", ""))
        or [target] * bool(target)
    )
    # A last day without a region is that of all regions, wherever the model became legacy first.
    regions = _REGION.findall(f"{row.get('region', '')} {row.get('shutdown', row.get('deprecated', ''))}")
    promises = {"announced": announced, "shutdown": shutdown, "deprecated": deprecated}
    return EndNotice(
        name, kind, context.anchor, announced, deprecated, shutdown,
        _find_closing(context, deprecated, shutdown), tuple(instead),
        stage=stage, region=", ".join(dict.fromkeys(regions)), drift=tuple(_list_drift(row, stage, promises)),
    )  # fmt: skip


def _find_closing(context: TableContext, deprecated: Promise, shutdown: Promise) -> Promise:
    """Finds the day from which new customers are refused, in the way of the page."""
    if context.closes != "month before" or not shutdown.on or shutdown.kind != "exact":
        return deprecated if context.closes == "deprecated" else UNKNOWN
    end = date.fromisoformat(shutdown.on)
    last = end.replace(day=1) - timedelta(days=1)
    return Promise(last.replace(day=min(end.day, last.day)).isoformat(), "exact")


def _list_drift(row: Mapping[str, str], stage: str, promises: Mapping[str, Promise]) -> Iterator[str]:
    """Yields a message for each cell that could not be read."""
    for name, promise in promises.items():
        if promise.drift and row.get(name):
            yield f"{name}: {promise.drift}"
    for words in cells.list_unread_brackets(row.get("model", "")):
        yield f"names: {words[:80]}"
    word = strip_footnotes(row.get("stage", ""))
    if word.strip("-") and not stage:
        yield f"stage: {word[:80]}"
