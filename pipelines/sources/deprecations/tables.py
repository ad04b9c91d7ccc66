"""Rows of announcements from a page's tables: columns are known by the names in their header, never by their place."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pipelines.http.errors import Fatal
from pipelines.markup.dates import UNKNOWN, Promise, PromiseKind, read_promise, strip_footnotes
from pipelines.markup.page_blocks import PageBlock
from pipelines.sources.deprecations import cells

FEATURES = (
    "feature", "affected feature", "deprecated feature", "parameter", "api parameter", "deprecated parameter", "affected parameter", "tool",
    "feature / endpoint", "feature or endpoint", "product", "service",
)  # fmt: skip
ENDPOINTS = ("endpoint", "affected endpoint", "deprecated endpoint")
"""Names of columns that say themselves that no models stand in them."""
COLUMNS: dict[str, tuple[str, ...]] = {
    "model": (
        "model id", "api model name", "model code", "deprecated model id", "deprecated model", "deprecated models", "affected model",
        "affected models", "legacy model", "model snapshot", "model / system", "model", "models", "model being retired", "retired model",
        "original model", "model version", "model name", "system", *FEATURES, *ENDPOINTS,
    ),
    "version": ("version",),
    "shutdown": (
        "shutdown date", "shut down date", "retirement date", "tentative retirement date", "eol date", "end of life date", "eol",
        "end of life", "removal date", "planned deprecation date", "sunset date", "decommission date", "earliest shutdown date",
        "earliest retirement date", "retires", "shutdown",
    ),
    "deprecated": ("deprecation date", "deprecated date", "deprecated", "legacy date"),
    "announced": ("notice date", "announcement date", "announced", "date announced"),
    "replacement": (
        "recommended replacement", "recommended replacement model id", "recommended model id", "substitute model", "replacement",
        "replacement model", "suggested replacement model", "suggested replacement", "recommended model replacement",
        "recommended model version replacement", "recommended alternative", "migration target",
    ),
    "redirect": ("redirects to", "redirect target"),
    "stage": ("current state", "status", "lifecycle", "lifecycle status", "state"),
    "notes": ("notes", "note", "details", "behavior", "behaviour"),
}  # fmt: skip
"""The names of each column, the best first: where a table has a model's id and its name, the id is read."""
STAGES = {
    "active": "active", "ga": "active", "generally available": "active", "general availability": "active", "stable": "active",
    "preview": "active", "public preview": "active", "labs": "active", "legacy": "legacy", "deprecated": "deprecated",
    "deprecating": "deprecated", "retired": "retired", "shutdown": "retired", "shut down": "retired", "eol": "retired",
    "end of life": "retired",
}  # fmt: skip
_ENDING = re.compile(
    r"shut ?down|retire|sunset|\beol\b|end of life|removal|decommission|turn.?off|discontinu", re.IGNORECASE
)
_FLOOR = re.compile(r"earliest", re.IGNORECASE)
_MODEL_ID = re.compile(r"[a-z][\w./]*-[\w.:-]*\d[\w.:-]*", re.IGNORECASE)
_NO_MODELS = re.compile(r"feature|endpoint|capabilit|parameter", re.IGNORECASE)
_ONLY_IN = re.compile(r"\bonly in ([\w-]+)")


@dataclass(frozen=True, slots=True)
class Notice:
    """What a page says of the end of one model, endpoint or feature, in one announcement."""

    model: str
    subject_kind: cells.Subject
    section: str
    anchor: str
    announced: Promise = UNKNOWN
    deprecated: Promise = UNKNOWN
    shutdown: Promise = UNKNOWN
    replacements: tuple[str, ...] = ()
    behaviour: str = "unknown"
    stage: str = ""
    region: str = ""
    """Only where the page says that it holds in one region alone."""
    drift: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The model and the announcement: neither a moved date nor a section with another name makes it another notice."""
        more = "" if self.subject_kind == "model" else f"~{self.subject_kind}"
        return f"{self.model}@{self.announced.on or '-'}{more}{f'~{self.region}' if self.region else ''}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table stands: the headings above it, and what their prose says for rows that do not say it themselves."""

    section: str
    anchor: str
    path: str = ""
    """All headings above it, the nearest last."""
    announced: Promise = UNKNOWN
    shutdown: Promise = UNKNOWN
    is_floor: bool = False
    redirects: Mapping[str, str] = field(default_factory=dict)
    lead: str = ""
    """The sentence that opens the list or table."""


def columns(header: tuple[str, ...]) -> dict[str, int]:
    """The place of each column that we know, by what it holds."""
    named = {name: place for place, name in reversed(list(enumerate(map(_name, header))))}
    found = {role: named[name] for role, names in COLUMNS.items() for name in reversed(names) if name in named}
    for name, place in named.items():
        if name.startswith(COLUMNS["redirect"]):
            found["redirect"] = place
    return found


def _name(cell: str) -> str:
    return re.sub(r"[\s-]+", " ", re.sub(r"\(.*?\)", " ", strip_footnotes(cell).lower())).strip(" :")


def is_of_models(table: PageBlock, has_prose_date: bool = False) -> bool:
    """Whether a table tells of ends. Raises Fatal where it seems to, under names that we do not know."""
    found = columns(table.header)
    tells_end = found.keys() & {"shutdown", "deprecated", "redirect"} or (has_prose_date and "replacement" in found)
    strange = [
        name
        for name in map(_name, table.header)
        if _ENDING.search(name) and not any(name in known for known in COLUMNS.values())
    ]
    if "model" in found and not tells_end and strange:
        raise Fatal(f"a table of models has a column {strange[0]!r}, which is not known; the page has changed shape")
    if "model" not in found and "shutdown" in found:
        raise Fatal(
            f"a table of ends has no column of models among {', '.join(map(_name, table.header))}; the page has changed shape"
        )
    return "model" in found and bool(tells_end)


def read_table(table: PageBlock, place: Place) -> Iterator[Notice]:
    """One notice a name and row. Rows that divide (a title alone) are left out."""
    found = columns(table.header)
    is_floor = place.is_floor or ("shutdown" in found and _FLOOR.search(table.header[found["shutdown"]]) is not None)
    for cells_ in table.rows:
        if len(cells_) > len(table.header):
            raise Fatal(
                f"a row of {len(cells_)} cells stands under {len(table.header)} names of columns; the page has changed shape"
            )
        row = {role: cells_[at] if at < len(cells_) else "" for role, at in found.items()}
        if _divides(row, cells_):
            continue
        for name in cells.names(row["model"]):
            kind = _subject(name, _name(table.header[found["model"]]), place.path)
            yield _notice(_versioned(name, row.get("version", "")), kind, row, replace(place, is_floor=is_floor))


def read_item(text: str, place: Place) -> Iterator[Notice]:
    """The notices of one item of a list of ends; what the list is of, its opening sentence says."""
    column = FEATURES[0] if _NO_MODELS.search(place.lead) else ""
    for name in cells.names(text):
        yield _notice(name, _subject(name, column, place.path), {}, place)


def _divides(row: Mapping[str, str], cells_: tuple[str, ...]) -> bool:
    """A row that only titles those below it: nothing beside the first cell, or the same in all of them."""
    others = {strip_footnotes(cell) for cell in cells_ if strip_footnotes(cell)}
    return not strip_footnotes(row["model"]) or (len(others) == 1 and len(cells_) > 1)


def _versioned(name: str, version: str) -> str:
    """Azure tells the same name by its version."""
    return f"{name} ({strip_footnotes(version)})" if strip_footnotes(version).strip("-") else name


def _subject(name: str, column: str, path: str) -> cells.Subject:
    """What a name is: by itself, or by the name of its column where that says so."""
    kind = cells.subject(name, path)
    if kind != "model" or _MODEL_ID.fullmatch(name):
        return kind
    return "feature" if column in FEATURES else "endpoint" if column in ENDPOINTS else "model"


def _notice(name: str, kind: cells.Subject, row: Mapping[str, str], place: Place) -> Notice:
    announced = read_promise(row["announced"]) if "announced" in row else place.announced
    shutdown = read_promise(row["shutdown"], place.is_floor) if "shutdown" in row else place.shutdown
    deprecated = read_promise(row.get("deprecated", ""))
    stage = STAGES.get(strip_footnotes(row.get("stage", "")).lower(), "")
    target = place.redirects.get(name, "")
    instead = (
        cells.replacements(row.get("redirect", ""))
        or cells.replacements(row.get("replacement", ""))
        or [target] * bool(target)
    )
    is_redirect = (
        bool(target)
        or "redirect" in row
        or any(cells.REDIRECT.search(row.get(one, "")) for one in ("replacement", "notes"))
    )
    region = _ONLY_IN.search(f"{row.get('shutdown', '')} {row.get('deprecated', '')}")
    return Notice(
        name, kind, place.section, place.anchor, announced, deprecated, shutdown, tuple(instead),
        behaviour="redirect" if is_redirect else _end(shutdown.kind), stage=stage, region=region[1] if region else "",
        drift=tuple(_drift(row, stage, {"announced": announced, "shutdown": shutdown, "deprecated": deprecated})),
    )  # fmt: skip


def _end(kind: PromiseKind) -> str:
    return "unknown" if kind == "unknown" else "shutdown"


def _drift(row: Mapping[str, str], stage: str, promises: Mapping[str, Promise]) -> Iterator[str]:
    yield from (f"{name}: {promise.drift}" for name, promise in promises.items() if promise.drift and row.get(name))
    word = strip_footnotes(row.get("stage", ""))
    if word.strip("-") and not stage:
        yield f"stage: {word[:80]}"
