"""The list of the forgotten in a landing zone: keyed digests, which name nobody, and what was done for each request.

All machines that collect into the zone read it. Whoever has the key can test whether somebody is on it, and nobody can
read off it who is.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from pyarrow import fs

from warehouse.durable import make_private_folder, write_file
from warehouse.faults import LandingError
from warehouse.lock import hold_file_lock

FOLDER = ".forgotten"
LOCK = ".landing.lock"
"""Held by who lands a file (shared) and by who adds to the list (alone), so that no file lands by a list just gone."""


class Trace(StrEnum):
    """What tells somebody or something, and is looked for."""

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
    PLACE = "place"
    """All of a source and target."""


@dataclass(frozen=True, slots=True)
class ForgetRequest:
    """One request to forget, as the zone keeps it: its id is the digest of what was asked."""

    id: str
    kind: str
    begun_at: str
    digests: tuple[str, ...] = ()
    finished_at: str = ""
    """Empty until all places were searched and nothing was found."""
    counts: dict[str, int] = field(default_factory=dict)
    """What was taken out, by place."""

    @property
    def is_open(self) -> bool:
        """True until nothing of it was found any more."""
        return not self.finished_at


class Forgotten:
    """Tells whether a trace was forgotten, by the digests of all requests."""

    def __init__(self, key: bytes, digests: Iterable[str] = ()) -> None:
        self._key, self.digests = key, set(digests)
        self._known: dict[tuple[Trace, str], bool] = {}

    def __bool__(self) -> bool:
        return bool(self.digests)

    def make_digest(self, trace: Trace, value: str) -> str:
        """Makes the digest by which a trace is kept."""
        text = f"forgotten\x00{trace}\x00{value}".encode("utf-8", "replace")
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()[:32]

    def add(self, trace: Trace, value: str) -> None:
        """Adds a trace."""
        self.add_digests({self.make_digest(trace, value)})

    def add_digests(self, digests: Iterable[str]) -> None:
        """Adds traces by their digests."""
        self.digests.update(digests)
        self._known.clear()

    def knows(self, trace: Trace, value: str) -> bool:
        """Tells whether a trace was forgotten."""
        found = self._known.get((trace, value))
        if found is None:
            if len(self._known) > 100_000:
                self._known.clear()
            found = self._known[trace, value] = self.make_digest(trace, value) in self.digests
        return found


def read_requests(files: fs.FileSystem, root: str) -> list[ForgetRequest]:
    """Reads all requests of a zone, the oldest first. Raises LandingError where one cannot be read: nobody could tell
    what must not come back."""
    requests = []
    for info in files.get_file_info(fs.FileSelector(f"{root}/{FOLDER}", allow_not_found=True)):
        if info.path.endswith(".json"):
            try:
                with files.open_input_file(info.path) as file:
                    requests.append(parse_request(file.read()))
            except (OSError, TypeError, ValueError):
                where = f"{FOLDER}/{info.base_name}"
                raise LandingError(f"{where}: unreadable; restore it, or what was forgotten may come back") from None
    return sorted(requests, key=lambda request: (request.begun_at, request.id))


def parse_request(content: bytes) -> ForgetRequest:
    """Parses the file of a request. Raises TypeError or ValueError."""
    entries: dict[str, Any] = json.loads(content)
    return ForgetRequest(**entries | {"digests": tuple(map(str, entries["digests"]))})


def render_request(request: ForgetRequest) -> str:
    """Renders a request as the file that keeps it."""
    return json.dumps(asdict(replace(request, digests=tuple(sorted(request.digests)))), indent=1)


def read_forgotten(files: fs.FileSystem, root: str, key: bytes) -> Forgotten:
    """Reads all that was forgotten. Raises LandingError."""
    return Forgotten(key, (digest for request in read_requests(files, root) for digest in request.digests))


def keep_request(files: fs.FileSystem, root: str, request: ForgetRequest) -> None:
    """Writes a request into its zone, or writes it anew; from now on nothing of it is landed."""
    target, text = f"{root}/{FOLDER}/{request.id}.json", render_request(request)
    if isinstance(files, fs.LocalFileSystem):
        make_private_folder(Path(target).parent)
        with hold_landing(files, root, is_alone=True):
            write_file(Path(target), text)
        return
    # An object store shows a file only once it is complete.
    with files.open_output_stream(target) as file:
        file.write(text.encode())


def stamp_list(files: fs.FileSystem, root: str) -> frozenset[tuple[str, int, int]]:
    """Returns what changes whenever the list does, without reading it."""
    found = files.get_file_info(fs.FileSelector(f"{root}/{FOLDER}", allow_not_found=True))
    return frozenset((info.base_name, info.size or 0, info.mtime_ns or 0) for info in found)


@contextmanager
def hold_landing(files: fs.FileSystem, root: str, is_alone: bool = False) -> Iterator[None]:
    """Holds the lock of a zone on this machine; an object store has none."""
    if not isinstance(files, fs.LocalFileSystem):
        yield
        return
    with hold_file_lock(Path(root, LOCK), is_alone):
        yield
