"""The list of the forgotten in a landing zone: keyed digests, which name nobody.

All machines that collect into the zone read it. Only somebody with the key can check whether an account is on it.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from warehouse.faults import LandingError
from warehouse.places import Place

FOLDER = ".forgotten"


class Trace(StrEnum):
    """What identifies a person, thread or link."""

    PERSON = "person"
    """A pseudonym."""
    NAME = "name"
    """A word of a text."""
    MENTION = "mention"
    """A word of a text after `@` or `u/`."""
    LINK = "link"
    """A normal link, with all below it."""
    ITEM = "item"
    """A thread or post by its place and number."""


class Forgotten:
    """Tests whether a trace is on the list."""

    def __init__(self, key: bytes, digests: Iterable[str] = ()) -> None:
        self._key, self.digests = key, set(digests)

    def __bool__(self) -> bool:
        return bool(self.digests)

    def make_digest(self, trace: Trace, value: str) -> str:
        """Makes the digest by which a trace is kept."""
        return _make_digest(self._key, trace, value)

    def knows(self, trace: Trace, value: str) -> bool:
        """Returns True if a trace is on the list."""
        return self.make_digest(trace, value) in self.digests


@lru_cache(maxsize=100_000)
def _make_digest(key: bytes, trace: Trace, value: str) -> str:
    text = f"forgotten\x00{trace}\x00{value}".encode("utf-8", "replace")
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:32]


def read_digests(zone: Place) -> set[str]:
    """Reads the list of a zone. Raises LandingError if a part cannot be read: nobody would know what must not come
    back."""
    digests = set[str]()
    for key in zone.list_keys(FOLDER):
        if key.endswith(".json"):
            try:
                digests |= set(map(str, json.loads(zone.read(key))))
            except (OSError, TypeError, ValueError):
                raise LandingError(f"{key}: unreadable; restore it, or what was forgotten may come back") from None
    return digests


def read_forgotten(zone: Place, key: bytes) -> Forgotten:
    """Reads the whole list. Raises LandingError."""
    return Forgotten(key, read_digests(zone))


def keep_digests(zone: Place, digests: Iterable[str]) -> None:
    """Adds digests to the list: from now on nothing of them is loaded. The same ones are kept once."""
    text = json.dumps(sorted(digests), indent=1).encode()
    zone.put(f"{FOLDER}/{hashlib.sha256(text).hexdigest()[:16]}.json", text)
