"""A notice of the end of a model, an endpoint or a feature: what is kept of it, and what a format of deprecations
declares."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from pipelines.http.answers import to_web_link
from pipelines.markup.dates import UNKNOWN, Promise
from pipelines.sources.deprecations import cells
from pipelines.text.values import clean_line

Bodies = dict[str, dict[str, Any]]
"""Notices as rows carry them, by key."""


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
        """The model and the announcement: neither a moved date nor a section with another name makes it another
        notice."""
        kind = "" if self.subject_kind == "model" else f"~{self.subject_kind}"
        return f"{self.model}@{self.announced.on or '-'}{kind}{f'~{self.region}' if self.region else ''}"


@dataclass(frozen=True, slots=True)
class DeprecationFormat:
    """How a vendor writes down that its models will end: what its page says outside its tables, or how each of its
    files is read."""

    heading: Literal["", "announced", "shutdown"] = ""
    """What a date that opens a heading means: OpenAI heads with the day of announcement, Groq with the last day."""
    has_prose_announced: bool = False
    """The announcement is told in a sentence ("on June 17, 2026, we emailed"), at least where no heading dates it."""
    has_prose_shutdown: bool = False
    """Tables have no dates: the last day stands in the title or in a sentence."""
    has_lists: bool = False
    """Some announcements have no table but lists ("Deprecated models:")."""
    read_file: Callable[[str, str], list[Notice]] | None = None
    """Reads a file by its text and name, where there is no page but a folder of files in a repository."""
    endings: tuple[str, ...] = ()
    """Which files of the folder are read."""


def make_bodies(notices: Iterable[Notice], page: str) -> Bodies:
    """Makes the notices of a page as rows carry them; `page` is its address."""
    bodies: Bodies = {}
    for notice in notices:
        address = f"{page}#{notice.anchor}" if notice.anchor else page
        key = clean_line(notice.key, 250)
        identity = {"notice_code": key, "url": to_web_link(address), "section": clean_line(notice.section, 160)}
        bodies[key] = {**make_body(notice), **identity}
    return bodies


def make_body(notice: Notice) -> dict[str, object]:
    """Makes a notice as a row carries it, without where it stands on the page."""
    return {
        "notice_code": notice.key,
        "model": notice.model,
        "subject_kind": notice.subject_kind,
        "announced_on": notice.announced.on,
        "announced_kind": notice.announced.kind,
        "deprecated_on": notice.deprecated.on,
        "shutdown_on": notice.shutdown.on,
        "shutdown_kind": notice.shutdown.kind,
        "replacements": list(notice.replacements),
        "behaviour": notice.behaviour,
        "stage": notice.stage or None,
        "region": notice.region or None,
        "drift": list(notice.drift),
    }
