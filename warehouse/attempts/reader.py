"""Reads the ledger of attempts of a home; needs neither the warehouse nor a snapshot."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from warehouse.attempts.entries import Attempt, Beginning, ChannelEnd, Ending
from warehouse.attempts.writer import FOLDER, is_locked, list_files

Line = Beginning | ChannelEnd | Ending
_LINE: TypeAdapter[Line] = TypeAdapter(Annotated[Line, Field(discriminator="event")])


def read_attempts(home: Path) -> list[Attempt]:
    """Reads the attempts kept in a home, the newest first; a file that cannot be read is left out."""
    attempts = []
    for number, path in list_files(home / FOLDER):
        try:
            state = path.stat()
            # Asked before the lines are read: what ends in between has written how.
            is_running = is_locked(path)
            lines = _read_lines(path, state.st_size, state.st_mtime_ns, is_running)
        except OSError:
            continue
        if lines and isinstance(lines[0], Beginning):
            attempts.append(_gather(number, lines[0], lines[1:], is_running))
    return attempts


def _gather(number: int, beginning: Beginning, lines: tuple[Line, ...], is_running: bool) -> Attempt:
    attempt = Attempt(number, beginning)
    for line in lines:
        if isinstance(line, ChannelEnd):
            attempt.channels[line.channel] = line.streams
        elif isinstance(line, Ending):
            attempt.ending = line
    attempt.is_running = is_running and attempt.ending is None
    return attempt


# An ended attempt never changes, and every page asks.
@lru_cache(maxsize=512)
def _read_lines(path: Path, _size: int, _changed_at: int, _is_running: bool) -> tuple[Line, ...]:
    lines: list[Line] = []
    for text in path.read_bytes().split(b"\n"):
        if text.strip():
            try:
                lines.append(_LINE.validate_json(text))
            except ValidationError:
                # Half a line is what a process that died leaves.
                continue
    return tuple(lines)
