"""Writes the log: events of ours, and what libraries warn of, to `HEARTBEAT_HOME/logs` and never to the terminal."""

import json
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warehouse.durable import make_private_folder
from warehouse.lock import hold_file_lock

FOLDER, NAME = "logs", "heartbeat.jsonl"
MOST_BYTES = 10_000_000
LOGGER = logging.getLogger("heartbeat")
LONGEST_TEXT = 4_000
"""Signs of a field, so that no line fills a file."""
HIDDEN = "…"
_runs: list[str] = []
"""The attempts under way in this process, the last one begun last."""


class LogHandler(logging.Handler):
    """Writes events of ours, and of others what they warn of, without secrets. What cannot be written costs the line,
    never the work."""

    def __init__(self, home: Path, secrets: Sequence[str]) -> None:
        super().__init__(logging.INFO)
        self.home, self.secrets = home, tuple(secrets)
        self._path = home / FOLDER / NAME

    def filter(self, record: logging.LogRecord) -> bool:
        """Returns whether a record is one of ours, or a warning."""
        return record.levelno >= logging.WARNING or record.name.partition(".")[0] == LOGGER.name

    def emit(self, record: logging.LogRecord) -> None:
        """Writes a record."""
        with suppress(Exception):  # as on a full disk, or if a library's words do not fit its values
            self._append(self.format(record).encode("utf-8", "replace") + b"\n")

    def _append(self, line: bytes) -> None:
        """Appends a line; a full file becomes the former one. Opened again for each line, as other processes do so."""
        make_private_folder(self._path.parent)
        with hold_file_lock(self.home / "log.lock"):
            if self._path.exists() and self._path.stat().st_size > MOST_BYTES:
                self._path.replace(self._path.with_name(f"{NAME}.1"))
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, line)
            finally:
                os.close(descriptor)

    def format(self, record: logging.LogRecord) -> str:
        """Renders a record as a line of JSON."""
        is_ours = record.name.partition(".")[0] == LOGGER.name
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage() if is_ours else "message",
            "run": _runs[-1] if _runs else "",
            "channel": "",
            "process": record.process,
        }
        entry |= {} if is_ours else {"logger": record.name, "message": record.getMessage()}
        entry |= getattr(record, "fields", {})
        if record.exc_info:
            entry["error"] = logging.Formatter().formatException(record.exc_info)
        return json.dumps({name: self._clean(value) for name, value in entry.items()}, ensure_ascii=False)

    def _clean(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        for secret in self.secrets:
            value = value.replace(secret, HIDDEN)
        return value if len(value) <= LONGEST_TEXT else f"{value[:LONGEST_TEXT]}{HIDDEN}"


def open_log(home: Path, secrets: Sequence[str]) -> None:
    """Lets this process write to the log of a home from now on, whatever folder it works in later; a second call for
    the same home changes nothing."""
    home = home.absolute()
    for handler in LOGGER.handlers:
        if isinstance(handler, LogHandler):
            if (handler.home, handler.secrets) == (home, tuple(secrets)):
                return
            for logger in (LOGGER, logging.getLogger()):
                logger.removeHandler(handler)
            handler.close()
    opened = LogHandler(home, secrets)
    for logger in (LOGGER, logging.getLogger()):
        logger.addHandler(opened)
    LOGGER.setLevel(logging.INFO)
    # What libraries put on the root, as Prefect does its console, is for their own lines.
    LOGGER.propagate = False


def log_event(event: str, level: int = logging.INFO, **fields: Any) -> None:
    """Logs an event of ours, with what is to be known of it."""
    LOGGER.log(level, event, extra={"fields": fields})


@contextmanager
def name_run(name: str) -> Iterator[None]:
    """Names the attempt to which all that is logged meanwhile belongs."""
    _runs.append(name)
    try:
        yield
    finally:
        _runs.remove(name)


def describe_log(home: Path) -> str:
    """Names the file to look at."""
    return os.fspath(home / FOLDER / NAME)
