"""The list of the forgotten in a landing zone: keyed digests, which name nobody.

All machines that collect into the zone read it. Only somebody with the key can check whether an account is on it.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from pyarrow import fs

from warehouse.durable import make_private_folder, write_file
from warehouse.faults import LandingError

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
        self._known: dict[tuple[Trace, str], str] = {}

    def __bool__(self) -> bool:
        return bool(self.digests)

    def make_digest(self, trace: Trace, value: str) -> str:
        """Makes the digest by which a trace is kept."""
        if (trace, value) not in self._known:
            if len(self._known) > 100_000:
                self._known.clear()
            text = f"forgotten\x00{trace}\x00{value}".encode("utf-8", "replace")
            self._known[trace, value] = hmac.new(self._key, text, hashlib.sha256).hexdigest()[:32]
        return self._known[trace, value]

    def knows(self, trace: Trace, value: str) -> bool:
        """Returns True if a trace is on the list."""
        return self.make_digest(trace, value) in self.digests


def read_digests(files: fs.FileSystem, root: str) -> set[str]:
    """Reads the list of a zone. Raises LandingError if a part cannot be read: nobody would know what must not come
    back."""
    digests = set[str]()
    for info in files.get_file_info(fs.FileSelector(f"{root}/{FOLDER}", allow_not_found=True)):
        if info.path.endswith(".json"):
            try:
                with files.open_input_file(info.path) as file:
                    digests |= set(map(str, json.loads(file.read())))
            except (OSError, TypeError, ValueError):
                where = f"{FOLDER}/{info.base_name}"
                raise LandingError(f"{where}: unreadable; restore it, or what was forgotten may come back") from None
    return digests


def read_forgotten(files: fs.FileSystem, root: str, key: bytes) -> Forgotten:
    """Reads the whole list. Raises LandingError."""
    return Forgotten(key, read_digests(files, root))


def keep_digests(files: fs.FileSystem, root: str, digests: Iterable[str]) -> None:
    """Adds digests to the list: from now on nothing of them is loaded. The same ones are kept once."""
    text = json.dumps(sorted(digests), indent=1)
    target = f"{root}/{FOLDER}/{hashlib.sha256(text.encode()).hexdigest()[:16]}.json"
    if isinstance(files, fs.LocalFileSystem):
        make_private_folder(Path(target).parent)
        write_file(Path(target), text)
        return
    # An object store shows a file only once it is complete.
    with files.open_output_stream(target) as file:
        file.write(text.encode())
