"""Writes the ledger of attempts: a file in the home for each, whatever state the warehouse is in.

The file is made with room for its lines, which are written over that room: closing an attempt needs none on a disk
that has filled up since. Its process locks it; the system releases the lock when the process dies, however it dies.
"""

import contextlib
import fcntl
import os
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from threading import Lock

from warehouse.attempts.entries import AttemptKind, AttemptState, Beginning, ChannelEnd, Ending, StreamEnd
from warehouse.durable import make_private_folder, remove_stale_files, replace_file
from warehouse.logs.log import log_event

FOLDER = "attempts"
FILE = re.compile(r"(?P<number>\d{8,})-(?P<kind>[a-z]+)-[0-9a-f]{8}\.jsonl")
KEEP = {AttemptKind.COLLECT: 500}
"""Attempts kept of a kind: each source has a schedule of its own."""
KEEP_OTHERS = 30
ROOM, ROOM_A_CHANNEL = 4096, 2048
"""Bytes reserved for the lines of an attempt, and for those of each planned channel."""
LONGEST_ERROR = 300
LONGEST_CAUSE = 1_000
_open: "set[AttemptWriter]" = set()


class AttemptWriter:
    """Writes one attempt. A disk that takes nothing costs the record, never the work."""

    def __init__(self, beginning: Beginning) -> None:
        self.beginning = beginning
        self.channels: dict[str, dict[str, StreamEnd]] = {}
        self.name = ""
        """Name of its file, without the ending; empty if none could be made."""
        self.trouble = ""
        """Why the ledger could not be written; empty while it can."""
        self._lock, self._descriptor, self._position = Lock(), -1, 0
        self._unwritten = beginning.model_dump_json().encode() + b"\n"
        self._is_closed = False

    def open(self, home: Path) -> None:
        """Makes the file, locked by this process from its first moment."""
        try:
            folder = home / FOLDER
            make_private_folder(folder)
            number = max((number for number, _ in list_files(folder)), default=0) + 1
            path = folder / f"{number:08d}-{self.beginning.kind}-{secrets.token_hex(4)}.jsonl"
            self.name, staging_path = path.stem, path.with_suffix(".tmp")
            try:
                self._descriptor = os.open(staging_path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
                with contextlib.suppress(OSError):  # a network file system may know no locks
                    fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                room = ROOM + ROOM_A_CHANNEL * len(self.beginning.planned)
                os.pwrite(self._descriptor, b"\n" * (len(self._unwritten) + room), 0)
                self._flush()
                replace_file(staging_path, path)
            finally:
                staging_path.unlink(missing_ok=True)
            remove_old(folder, self.beginning.kind)
            remove_stale_files(folder, "*.tmp")
        except OSError as error:
            self.trouble = f"{home / FOLDER}: {error.strerror or type(error).__name__}"
        _open.add(self)

    def add_channel(self, channel_id: str, streams: Mapping[str, StreamEnd]) -> None:
        """Adds what came of a channel; called from any thread."""
        short = {
            name: end.model_copy(update={"error": _clean_text(end.error, LONGEST_ERROR)})
            for name, end in streams.items()
        }
        with self._lock:
            if not self._is_closed:
                self.channels[channel_id] = short
                self._append(ChannelEnd(channel=channel_id, streams=short))

    def close(self, state: AttemptState, ended_at: datetime, fault: str, cause: str = "", result: str = "") -> None:
        """Writes how it ended; only the first end counts."""
        cause = _clean_text(cause, LONGEST_CAUSE)
        ending = Ending(state=state, ended_at=ended_at, fault=fault, cause=cause, result=result)
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            _open.discard(self)
            try:
                self._append(ending)
            finally:  # an open file says that the attempt goes on
                self._close_file()

    def _close_file(self) -> None:
        if self._descriptor >= 0:
            with contextlib.suppress(OSError):
                if not self._unwritten:
                    os.ftruncate(self._descriptor, self._position)
            os.close(self._descriptor)

    def _append(self, line: ChannelEnd | Ending) -> None:
        self._unwritten += line.model_dump_json().encode() + b"\n"
        try:
            if self._descriptor >= 0:
                self._flush()
        except OSError as error:
            # The next line tries again to write this one.
            self.trouble = f"{FOLDER}: {error.strerror or type(error).__name__}"

    def _flush(self) -> None:
        written = os.pwrite(self._descriptor, self._unwritten, self._position)
        if written < len(self._unwritten):
            raise OSError(0, "only a part could be written")
        os.fsync(self._descriptor)
        self._position += written
        self._unwritten = b""


def close_open_attempts(ended_at: datetime, fault: str, cause: str = "") -> None:
    """Closes as interrupted what still runs in this process, which is about to end."""
    for writer in list(_open):
        writer.close(AttemptState.INTERRUPTED, ended_at, fault, cause)


def list_files(folder: Path, kind: AttemptKind | None = None) -> list[tuple[int, Path]]:
    """Lists the attempts of a folder, or those of a kind, with their numbers, the newest first."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    matches = [match for name in names if (match := FILE.fullmatch(name)) and kind in (None, match["kind"])]
    return sorted(((int(match["number"]), folder / match[0]) for match in matches), reverse=True)


def remove_old(folder: Path, kind: AttemptKind) -> None:
    """Removes the oldest attempts of a kind beyond those that are kept."""
    for _, path in list_files(folder, kind)[KEEP.get(kind, KEEP_OTHERS) :]:
        with contextlib.suppress(FileNotFoundError):
            if not is_locked(path):
                path.unlink()
                log_event("removed", what=f"{FOLDER}/{path.name}", why="newer ones of its kind are kept")


def is_locked(path: Path) -> bool:
    """Returns whether the process that writes an attempt still lives."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def _clean_text(text: str, longest: int) -> str:
    """Shortens a text to one line that can be stored: lone surrogates become question marks."""
    line = " ".join(text.split())
    return line[:longest].encode("utf-8", "replace").decode()
