"""What the formats of status pages have in common: how a page is asked, what it may hold, and how its JSON is taken
apart."""

import codecs
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Any

from pipelines.contract import Visit
from pipelines.http.answers import Answer, redact_url
from pipelines.http.errors import Fatal, Gone, Retriable
from pipelines.sources.status import severities
from pipelines.sources.status.incident import Incident

JSON = ("application/json", "text/json")
_HTML = "text/html"


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the product with the page's word for its state now."""

    id: str
    name: str
    word: str | None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """How long a component did not work on one day, as the page's own monitors counted it."""

    component_id: str
    name: str
    on: date
    word: str | None
    downtime_seconds: int | None
    maintenance_seconds: int | None
    time_zone: str
    """Where the page's days begin and end, in the page's own words."""


@dataclass(frozen=True, slots=True)
class Shape:
    """An answer as a recogniser sees it: its JSON, or else its text."""

    data: Any
    """None where it is no JSON."""
    text: str
    """The first 200,000 characters."""


@dataclass(frozen=True, slots=True)
class StatusFormat:
    """One form that status pages speak. A reader gives None where the page has not changed since the last visit."""

    platform: str
    """Whose product the page is, for messages."""
    incidents: Callable[["Pages"], list[Incident] | None]
    recognise: Callable[[Shape], bool]
    """Whether a JSON or feed answer is surely of this format."""
    components: Callable[["Pages"], list[Component] | None] | None = None
    days: Callable[["Pages"], list[Day] | None] | None = None
    kin: tuple[str, ...] = ()
    """Other formats whose answers the same readers take."""
    html_marks: tuple[str, ...] = ()
    """What only HTML pages of this platform contain."""
    keeps_history: bool = True
    """False: a page without a single incident is a calm day, also where there were some before."""
    is_forgetful: bool = False
    """True: later answers leave out the severity or the first posts of an incident that earlier ones told."""


@dataclass(slots=True)
class Pages:
    """Reads pages of the channel's host, each under the condition of its last visit."""

    visit: Visit
    check: Callable[[Answer, str], None]
    """Raises Fatal where an answer is another platform's."""
    seen: dict[str, Any] = field(default_factory=dict)
    """Conditions for the next visit, by address."""

    @property
    def base(self) -> str:
        """Where the page lies, without a slash at the end."""
        return (self.visit.channel.base_url or f"https://{self.visit.channel.target}").rstrip("/")

    def get(self, path: str, accept: tuple[str, ...], is_conditional: bool = True) -> Answer | None:
        """The page, or None when it has not changed since the last visit. Raises Fatal when it is another platform's,
        or HTML."""
        url = self.base + path
        known: Mapping[str, Any] = ((self.visit.cursor.get("pages") or {}).get(url) or {}) if is_conditional else {}
        answer = self.visit.http.get(
            url, accept=(*accept, _HTML), etag=known.get("etag"), last_modified=known.get("last_modified")
        )  # HTML is let in only to say whose it is
        if is_conditional:
            self.seen[url] = {"etag": answer.etag, "last_modified": answer.last_modified}
        if answer.status == 304:
            return None
        answer = in_utf8(answer)
        self.check(answer, self.visit.channel.format)
        if kind_of(answer) == _HTML:
            raise Fatal(
                f"{redact_url(answer.url)}: expected {' or '.join(accept)}, got text/html; the page has changed"
            )
        return answer

    def aside(self, path: str, accept: tuple[str, ...]) -> Answer | None:
        """A page that only adds to what another one told; None where it is not there, or is another than we can read.

        Where it may be there later, the whole is asked for again at the next visit, also if nothing else has changed by
        then.
        """
        try:
            return self.get(path, accept, is_conditional=False)
        except (Gone, Fatal):
            return None
        except Retriable:
            self.seen.clear()
            return None


def kind_of(answer: Answer) -> str:
    """The content type without its parameters."""
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()


def in_utf8(answer: Answer) -> Answer:
    """The same answer in UTF-8 where it is JSON in UTF-16, told by its mark. Raises Retriable when it ends within a
    character."""
    if not answer.content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return answer
    try:
        text = answer.content.decode("utf-16")
    except UnicodeDecodeError:
        raise Retriable(f"{redact_url(answer.url)}: the answer is cut off") from None
    return replace(answer, content=text.encode("utf-8", "replace")) if text.lstrip()[:1] in ("[", "{") else answer


def listed(answer: Answer, key: str = "") -> list[Mapping[str, Any]]:
    """The list under a key of a JSON object (or the whole, without a key). Raises Fatal where there is none: the shape
    has changed."""
    found = answer.json()
    items = found.get(key) if key and isinstance(found, dict) else found
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Fatal(f"{redact_url(answer.url)}: no list {key!r} in the answer; the page has changed shape")
    return items


def dicts(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; nothing of anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def word(value: Any) -> str | None:
    """A word as the page wrote it, without spaces around it; None for none."""
    return value.strip() if isinstance(value, str) and value.strip() else None


def worst(words: Iterable[str | None]) -> str | None:
    """The word of the highest level; one that we do not know comes first, since it might be worse than all."""
    graded = {one: severities.severity(one) for one in words if one}
    unknown = [one for one, level in sorted(graded.items()) if level is None and severities.drift(status=one)]
    known = [(level, one) for one, level in graded.items() if level is not None]
    return unknown[0] if unknown else max(known, default=(0, None))[1]


def is_named(component: tuple[str, str], patterns: tuple[str, ...]) -> bool:
    """Whether (id, name) is meant by one of the patterns: an id, or a name that may end in `*`, without regard to
    case."""
    code, name = component
    return any(code == pattern or fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)
