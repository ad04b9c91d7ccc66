"""Common ground of the status page formats: requests to a page, the things it may hold, and readers of its JSON."""

import codecs
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from pipelines.contract import Visit
from pipelines.http.answers import Answer, redact_url
from pipelines.http.errors import Denied, Fatal, Gone, Retriable
from pipelines.http.items import ItemReader
from pipelines.http.keys import ItemKeys
from pipelines.sources.status import severities
from pipelines.sources.status.incident import Incident

JSON = ("application/json", "text/json")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the product."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class StatusFormat:
    """One format of status pages. A reader returns None if the page has not changed since the last visit."""

    read_incidents: Callable[["Pages"], list[Incident] | None]
    read_components: Callable[["Pages"], list[Component] | None] | None = None
    keeps_history: bool = True
    """False: an empty page is a calm day, even if it listed incidents before."""
    keys: tuple[ItemKeys, ...] = ()
    """Keys that the items of its JSON answers carry."""
    is_forgetful: bool = False
    """True: later answers drop the severity, the components or the first posts of an incident that earlier ones
    gave."""


@dataclass(slots=True)
class Pages:
    """Fetches pages of the channel's host, each conditionally on the answer to the last visit."""

    visit: Visit
    keys: tuple[ItemKeys, ...] = ()
    """Keys that the items of its JSON answers carry."""
    seen: dict[str, Any] = field(init=False)
    """ETag and date of each answer by address, for the next visit; empty for one that answered an earlier visit."""
    skipped: list[str] = field(default_factory=list)
    """A description of each item that could not be read."""
    notes: list[str] = field(default_factory=list)
    """What else of the page could not be read."""

    def __post_init__(self) -> None:
        self.seen = {url: {} for url in self._before}

    @property
    def base(self) -> str:
        """The page's address without a trailing slash."""
        return (self.visit.channel.base_url or f"https://{self.visit.channel.target}").rstrip("/")

    @property
    def _before(self) -> Mapping[str, Any]:
        """What the last visit left in `seen`."""
        return self.visit.cursor.get("pages") or {}

    def get(self, path: str, accept: tuple[str, ...], is_conditional: bool = True) -> Answer | None:
        """Gets a page; None if it has not changed since the last visit. Raises Fatal for HTML."""
        url = self.base + path
        conditions: Mapping[str, Any] = (self._before.get(url) or {}) if is_conditional else {}
        answer = self.visit.http.get(
            url, accept=accept, etag=conditions.get("etag"), last_modified=conditions.get("last_modified")
        )
        state = {"etag": answer.etag, "last_modified": answer.last_modified}
        if answer.status == 304:
            self.seen[url] = state
            return None
        answer = convert_to_utf8(answer)
        self.seen[url] = state
        return replace(answer, content=self.visit.keys.check_content(answer.content, *self.keys))

    def has_answered(self, path: str) -> bool:
        """Returns whether a page answered an earlier visit: if it is refused now, it was not always missing."""
        return self.base + path in self._before

    def get_optional(
        self, path: str, accept: tuple[str, ...], lost: str, is_conditional: bool = False
    ) -> Answer | None:
        """Gets a page that some vendors lack, and notes what is `lost` without it.

        Raises Gone or Denied for one that answered before: it would silently take with it what it listed.
        """
        try:
            return self.get(path, accept, is_conditional)
        except (Gone, Denied) as refused:
            if self.has_answered(path):
                raise
            self.notes.append(f"{lost} ({refused})")
            return None

    def read_supplement(
        self, path: str, accept: tuple[str, ...], read: Callable[[Answer], Value], lost: str
    ) -> Value | None:
        """Reads a page that only adds to another one; None, with a note of what is `lost`, if it cannot be read."""
        try:
            # Unconditional: a 304 would leave the main page's incidents without these facts.
            answer = self.get(path, accept, is_conditional=False)
            return read(answer) if answer else None
        except (Gone, Fatal, Retriable) as error:
            if self.has_answered(path) or not isinstance(error, Gone):
                # Once it is back, everything must be read again, even if all else is unchanged.
                self.seen = {url: {} for url in self.seen}
            self.notes.append(f"{lost} ({error})")
            return None

    def make_item_reader(self, answer: Answer | None = None) -> ItemReader:
        """Makes the reader of an answer's items, which notes here what it skips; of all the page's without."""
        return ItemReader(redact_url(answer.url) if answer else self.base, self.skipped)


def convert_to_utf8(answer: Answer) -> Answer:
    """Converts JSON in UTF-16 with a byte order mark to UTF-8. Raises Retriable if it ends within a character."""
    if not answer.content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return answer
    try:
        text = answer.content.decode("utf-16")
    except UnicodeDecodeError:
        raise Retriable(f"{redact_url(answer.url)}: the answer is cut off") from None
    return replace(answer, content=text.encode("utf-8", "replace")) if text.lstrip()[:1] in ("[", "{") else answer


def read_list(answer: Answer, key: str = "") -> list[Mapping[str, Any]]:
    """Reads what is listed under a key, or the whole answer without one. Raises Fatal if there is no such list."""
    body = answer.json()
    items = body.get(key) if key and isinstance(body, dict) else body
    # An item that is no object is left to the reader of items, which skips it alone.
    if not isinstance(items, list):
        raise Fatal(f"{redact_url(answer.url)}: no list {key!r} in the answer; the page has changed shape")
    return items


def list_objects(value: Any) -> list[Mapping[str, Any]]:
    """Lists the objects in a list; empty for any other value."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def read_word(value: Any) -> str | None:
    """Reads a word as the page wrote it, without surrounding spaces; None if it is blank or no text."""
    return value.strip() if isinstance(value, str) and value.strip() else None


def pick_worst_word(words: Iterable[str | None]) -> str | None:
    """Picks the word of the highest level; None if no word has one."""
    levels = {word: severities.grade_word(word) for word in words if word}
    # An unknown word may be worse than all others, so it wins, and is reported as drift.
    unknown = [
        word for word, level in sorted(levels.items()) if level is None and severities.list_unknown_words(status=word)
    ]
    graded = [(level, word) for word, level in levels.items() if level is not None]
    return unknown[0] if unknown else max(graded, default=(0, None))[1]


def matches_any(component: tuple[str, str], patterns: tuple[str, ...]) -> bool:
    """Returns whether (id, name) matches a pattern: an id, or a name that may end in `*`, ignoring case.

    Where patterns begin with `!`, all match but those of such a name.
    """
    code, name = component
    is_met = any(code == pattern or fnmatchcase(name.lower(), pattern.lstrip("!").lower()) for pattern in patterns)
    return is_met is not any(pattern.startswith("!") for pattern in patterns)
