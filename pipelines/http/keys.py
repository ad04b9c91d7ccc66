"""Keys that the items of an answer carry: one that vanishes, or changes its type, is noted and believed by nobody.

A reader refuses an item without what it needs, and a field that falls empty shows in the history of its channel. What
is declared here shows in neither way: flags, whose absence reads as no, and facts that only shape others.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import NoneType, UnionType
from typing import Any, get_args

from pipelines.http.swarms import MOST_ITEMS, is_swarm
from warehouse.notes import Note, NoteKind, merge_notes

Kind = type | UnionType
"""The types that a value may have, as `bool` or `str | None`."""
MISSING = "missing"
WORDS = {
    bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list", dict: "an object",
    NoneType: "nothing",
}  # fmt: skip
"""What JSON calls the types."""
_ABSENT: Any = object()


@dataclass(frozen=True, slots=True)
class ItemKeys:
    """The keys of one kind of item. A dotted name leads through objects and lists; `*` is every entry of a map."""

    noun: str
    """What the items are, as a plural."""
    where: str
    """The place of the items in the answer, as a dotted name; empty for the answer itself, or a list of items."""
    carried: Mapping[str, Kind]
    """Keys that every item has, and the types of their values."""
    optional: Mapping[str, Kind] = field(default_factory=dict)
    """Keys that items may lack, and the types of their values."""
    only: tuple[str, str] = ("", "")
    """A key, and its value unless any will do, that mark the items whose place others may take."""


@dataclass(slots=True)
class KeyWatch:
    """Checks the keys of a visit's answers, and notes what has changed; of as many items as are read at most."""

    notes: list[Note] = field(default_factory=list)

    def check(self, answer: Any, *kinds: ItemKeys) -> Any:
        """Checks the items of an answer, takes out their values of another type, and returns it."""
        for keys in kinds:
            found = islice(_follow([answer], keys.where), MOST_ITEMS)
            items = [item for item in found if _is_meant(item, keys.only)]
            for name, kind in keys.carried.items():
                self._check_key(items, keys.noun, name, kind, is_carried=True)
            for name, kind in keys.optional.items():
                self._check_key(items, keys.noun, name, kind, is_carried=False)
        return answer

    def check_content(self, content: bytes, *kinds: ItemKeys) -> bytes:
        """Checks an answer that another reader parses; whatever is no JSON, or too much, is left to that reader."""
        if is_swarm(content):
            return content
        count = sum(note.count for note in self.notes)
        try:
            answer = self.check(json.loads(content), *kinds) if kinds else None
            is_changed = sum(note.count for note in self.notes) > count
            return json.dumps(answer).encode() if is_changed else content
        except (ValueError, RecursionError):
            return content

    def take_notes(self) -> list[Note]:
        """Returns the notes made since the last call."""
        notes, self.notes = self.notes, []
        return notes

    def _check_key(self, items: list[dict[str, Any]], noun: str, name: str, kind: Kind, is_carried: bool) -> None:
        way, _, last = name.rpartition(".")
        is_found, count, odd = False, 0, list[str]()
        for holder in islice(_follow(items, way), MOST_ITEMS):
            count += 1
            value = holder.get(last, _ABSENT)
            if is_of_kind(value, kind):
                is_found = True
            elif value is not None and value is not _ABSENT:
                odd.append(next(word for one, word in WORDS.items() if isinstance(value, one)))
                del holder[last]
        if odd:
            self._note(f"{name} of {noun}", (odd[0], name_kind(kind)), len(odd))
        elif is_carried and count and not is_found:
            self._note(f"{name} of {noun}", (MISSING,), count)

    def _note(self, subject: str, seen: tuple[str, ...], count: int) -> None:
        self.notes = merge_notes([*self.notes, Note(NoteKind.KEY_CHANGED, subject, seen, count)])


def is_of_kind(value: object, kind: Kind) -> bool:
    """Returns whether a value has one of the types; true and false are no numbers."""
    kinds = get_args(kind) or (kind,)
    return any(isinstance(value, one) and (one is bool or not isinstance(value, bool)) for one in kinds)


def name_kind(kind: Kind) -> str:
    """Names the types of a key for messages."""
    kinds = [one for one in get_args(kind) or (kind,) if one is not NoneType]
    return " or ".join(dict.fromkeys(WORDS[one] for one in kinds))


def _follow(holders: Iterable[object], way: str) -> Iterator[dict[str, Any]]:
    """Yields the objects at a place, below each holder and each item of a list on the way."""
    name, _, rest = way.partition(".")
    for holder in _flatten(holders):
        if not way:
            yield holder
        else:
            yield from _follow(list(holder.values()) if name == "*" else [holder.get(name)], rest)


def _flatten(values: Iterable[object]) -> Iterator[dict[str, Any]]:
    """Yields the objects of lists in lists; without recursion, since Python 3.12 parses thousands in each other."""
    opened = [iter(values)]
    while opened:
        for value in opened[-1]:
            if isinstance(value, list):
                opened.append(iter(value))
                break
            if isinstance(value, dict):
                yield value
        else:
            opened.pop()


def _is_meant(item: Mapping[str, Any], only: tuple[str, str]) -> bool:
    name, value = only
    return not name or (item.get(name) == value if value else name in item)
