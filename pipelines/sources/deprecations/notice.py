"""A notice of the end of a model, endpoint or feature: its landed facts, and the declaration of a format."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pipelines.http.answers import to_web_link
from pipelines.markup.dates import UNKNOWN, Promise
from pipelines.markup.page_blocks import PageBlock
from pipelines.sources.deprecations import cells
from pipelines.text.values import clean_line

Bodies = dict[str, dict[str, Any]]
"""Bodies of rows, by the key of the notice."""


@dataclass(frozen=True, slots=True)
class EndNotice:
    """The end of one model, endpoint or feature, as one announcement gives it."""

    model: str
    subject_kind: cells.Subject
    anchor: str
    announced: Promise = UNKNOWN
    deprecated: Promise = UNKNOWN
    shutdown: Promise = UNKNOWN
    closed_to_new: Promise = UNKNOWN
    """The day from which new or idle accounts are refused."""
    replacements: tuple[str, ...] = ()
    stage: str = ""
    region: str = ""
    """Set only if the page limits the notice to some regions: their codes, joined by commas."""
    drift: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Model and announcement."""
        # No last day and no section: a moved date or a renamed section must not make another notice.
        kind = "" if self.subject_kind == "model" else f"~{self.subject_kind}"
        # One region tells rows of different regions apart, and a further one makes no other notice.
        region = self.region.partition(",")[0]
        return f"{self.model}@{self.announced.on or '-'}{kind}{f'~{region}' if region else ''}"


@dataclass(frozen=True, slots=True)
class DeprecationFormat:
    """A vendor's form of deprecations: dates that its page gives outside tables, or the reader of its files."""

    heading: Literal["", "announced", "shutdown"] = ""
    """Meaning of a date at the start of a heading: for OpenAI the day of announcement, for Groq the last day."""
    has_prose_announced: bool = False
    """A sentence dates the announcement ("on June 17, 2026, we emailed"), at least if no heading does."""
    has_prose_shutdown: bool = False
    """Tables have no dates: the title or a sentence gives the last day."""
    has_lists: bool = False
    """Some announcements have lists ("Deprecated models:") instead of tables."""
    read_words: Callable[[list[PageBlock]], Iterable[EndNotice]] | None = None
    """Reads what the page says of ends outside tables and lists."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Roles of columns by title, if the vendor means another day by it than others do."""
    ended_under: str = ""
    """Heading of tables that only list what ended, on the day that a sentence above them gives."""
    says_none: str = ""
    """Sentence by which the page says that it lists nothing now, which then is no error."""
    read_file: Callable[[str, str], list[EndNotice]] | None = None
    """Reads a file, by text and name, if the vendor has a folder in a repository instead of a page."""
    endings: tuple[str, ...] = ()
    """Endings of the folder's files that are read."""
    cards: str = ""
    """Pattern of the files' names in an index that links to them, if they lie in no repository."""


def make_bodies(notices: Iterable[EndNotice], page: str) -> Bodies:
    """Makes the bodies of a page's notices; `page` is its address."""
    bodies: Bodies = {}
    for notice in notices:
        address = f"{page}#{notice.anchor}" if notice.anchor else page
        key = clean_line(notice.key, 250)
        bodies[key] = {**make_body(notice), "notice_code": key, "url": to_web_link(address)}
    return bodies


def make_body(notice: EndNotice) -> dict[str, object]:
    """Makes the body of a notice, without its place on the page."""
    return {
        "notice_code": notice.key,
        "model": notice.model,
        "subject_kind": notice.subject_kind,
        "announced_on": notice.announced.on,
        "announced_kind": notice.announced.kind,
        "deprecated_on": notice.deprecated.on,
        "shutdown_on": notice.shutdown.on,
        "shutdown_kind": notice.shutdown.kind,
        "closed_to_new_on": notice.closed_to_new.on,
        "replacements": list(notice.replacements),
        "stage": notice.stage or None,
        "region": notice.region or None,
        "drift": list(notice.drift),
    }
