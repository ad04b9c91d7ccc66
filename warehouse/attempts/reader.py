"""Reads the ledger of attempts of a home, and its health; needs neither the warehouse nor a snapshot."""

import contextlib
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, TypeAdapter, ValidationError

from warehouse.attempts.entries import (
    Attempt,
    AttemptKind,
    Beginning,
    ChannelEnd,
    Ending,
)
from warehouse.attempts.health import Health, judge_health
from warehouse.attempts.writer import FOLDER, is_locked, list_files
from warehouse.freshness import load_collections

if TYPE_CHECKING:
    from warehouse.snapshot import Snapshot

Line = Beginning | ChannelEnd | Ending
_LINE: TypeAdapter[Line] = TypeAdapter(Annotated[Line, Field(discriminator="event")])


def read_attempts(home: Path, kind: AttemptKind | None = None) -> list[Attempt]:
    """Reads the attempts kept in a home, or those of a kind, the newest first; a file that cannot be read is left
    out."""
    attempts = []
    for number, path in list_files(home / FOLDER, kind):
        with contextlib.suppress(OSError):
            # Asked before the lines are read: what ends in between has written how.
            is_running, state = is_locked(path), path.stat()
            if attempt := _read_attempt(number, path, is_running, state.st_size, state.st_mtime_ns):
                attempts.append(attempt)
    return attempts


def read_health(home: Path, snapshot: "Snapshot | None", now: datetime) -> Health:
    """Reads the health of a home that shows a snapshot. One that somebody else published says nothing of a home."""
    if snapshot is not None and snapshot.origin is not None:
        return Health()
    own = None if snapshot is None or snapshot.is_sample else snapshot
    attempts, rows = read_attempts(home), load_collections(own, now) if own else []
    channels = _list_enabled(own) if own and rows else {}
    for attempt in attempts:
        if own is None or attempt.beginning.started_at > own.published_at:
            channels |= {channel: channel.split(".")[1] for channel in attempt.beginning.planned}
    return judge_health(attempts, channels, rows)


def _list_enabled(snapshot: "Snapshot") -> dict[str, str]:
    """Lists the enabled channels that a snapshot knows, with their sources."""
    from warehouse.snapshot import query

    rows = query(snapshot, "select channel_id, source from staging.channels where is_enabled order by all").to_pylist()
    return {row["channel_id"]: row["source"] for row in rows}


# An ended attempt never changes, and every page asks; no home keeps as many.
@lru_cache(maxsize=8_192)
def _read_attempt(number: int, path: Path, is_running: bool, _size: int, _changed_at: int) -> Attempt | None:
    """Reads one attempt; None if its first line is not how it began."""
    attempt = None
    for text in filter(None, path.read_bytes().split(b"\n")):
        try:
            line = _LINE.validate_json(text)
        except ValidationError:  # half a line is what a process that died leaves
            continue
        if isinstance(line, Beginning):
            attempt = Attempt(number, line, is_running=is_running)
        elif attempt is not None and isinstance(line, ChannelEnd):
            attempt.channels[line.channel] = line.streams
        elif attempt is not None and isinstance(line, Ending):
            attempt.ending, attempt.is_running = line, False
    return attempt
