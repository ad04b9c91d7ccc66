"""The list of the forgotten in a landing zone: keyed digests, which name nobody.

All machines that collect into the zone read it. Only somebody with the key can check whether an account is on it.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from functools import lru_cache

from warehouse.faults import LandingError
from warehouse.places import Place

FOLDER = ".forgotten"


class Forgotten:
    """Tests whether a word is on the list: a pseudonym, a name, `@` and a name, or a normal link with all below it."""

    def __init__(self, key: bytes, digests: Iterable[str] = ()) -> None:
        self._key, self.digests = key, set(digests)
        self.make_digest = lru_cache(maxsize=100_000)(self._compute_digest)

    def _compute_digest(self, word: str) -> str:
        text = f"forgotten\x00{word}".encode("utf-8", "replace")
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()[:32]

    def knows(self, word: str) -> bool:
        """Returns True if a word is on the list."""
        return self.make_digest(word) in self.digests


def read_forgotten(zone: Place, key: bytes) -> Forgotten:
    """Reads the whole list. Raises LandingError if a part cannot be read: what is on it might come back."""
    digests = set[str]()
    for part in zone.list_keys(FOLDER):
        try:
            digests |= set(map(str, json.loads(zone.read(part))))
        except (OSError, TypeError, ValueError):
            why = "unreadable; restore it, or what was forgotten may come back"
            raise LandingError(f"{part}: {why}") from None
    return Forgotten(key, digests)


def keep_digests(zone: Place, digests: Iterable[str]) -> None:
    """Adds digests to the list: from now on nothing of them is loaded. The same ones are kept once."""
    text = json.dumps(sorted(digests), indent=1).encode()
    zone.put(f"{FOLDER}/{hashlib.sha256(text).hexdigest()[:16]}.json", text)
