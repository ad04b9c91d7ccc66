"""The ledger of attempts, the log, and what was told or is to be, without what was forgotten: messages may quote what a
source answered."""

import json
from pathlib import Path
from typing import Any

from warehouse.attempts.writer import FOLDER, is_locked, list_files
from warehouse.durable import write_file
from warehouse.forgetting.register import Forgotten
from warehouse.forgetting.scrubbing import Scrubber, read_place
from warehouse.lock import hold_lock
from warehouse.logs.files import RotatedFile

STATES = {"alerts.json": "alerts"}
"""Files of a home whose texts may quote, and the locks of those who write them."""
LOCK_SECONDS = 120.0
QUOTING = ("error", "cause", "result", "about", "message", "why")
"""Fields of lines that hold words."""


def scrub_attempts(home: Path, forgotten: Forgotten, is_dry: bool = False) -> int:
    """Scrubs all attempts that have ended, and the log; returns how many files named something forgotten."""
    count = sum(_scrub_state(home, name, forgotten, is_dry) for name in STATES)
    ended = [path for _, path in list_files(home / FOLDER) if not is_locked(path)]
    for path in [*ended, *RotatedFile(home / "logs").list_files()]:
        former, mode = path.read_bytes(), path.stat().st_mode
        content = scrub_lines(former, forgotten)
        if content != former:
            count += 1
            if not is_dry:
                # Whoever appends to it opens the new one for the next line.
                write_file(path, content.decode("utf-8", "replace"))
                path.chmod(mode)
    return count


def _scrub_state(home: Path, name: str, forgotten: Forgotten, is_dry: bool) -> bool:
    """Scrubs a file of JSON, such as that of the messages that wait; tells whether it named something forgotten."""
    path = home / name
    if not path.exists():
        return False
    with hold_lock(path.parent, "forget", LOCK_SECONDS, name=STATES[name]):
        former = path.read_text(encoding="utf-8")
        try:
            state = json.loads(former)
        except ValueError:
            return False  # the search reads it
        scrubbed = Scrubber(forgotten).scrub_state(state)
        if scrubbed != state and not is_dry:
            write_file(path, json.dumps(scrubbed, indent=1))
    return bool(scrubbed != state)


def scrub_lines(content: bytes, forgotten: Forgotten) -> bytes:
    """Returns the lines of an attempt without what was forgotten; what is no line stays."""
    return b"\n".join(_scrub_line(line, forgotten) for line in content.split(b"\n"))


def _scrub_line(line: bytes, forgotten: Forgotten) -> bytes:
    try:
        entries = json.loads(line)
        text = line.decode()
    except ValueError:
        return line
    if not isinstance(entries, dict):
        return line
    scrubber = Scrubber(forgotten, read_place(str(entries.get("channel", ""))))
    scrubbed = _scrub_words(entries, scrubber)
    return line if scrubbed == entries else json.dumps(scrubbed, ensure_ascii=text.isascii()).encode()


def _scrub_words(value: Any, scrubber: Scrubber) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        name: scrubber.scrub_text(item) if name in QUOTING and isinstance(item, str) else _scrub_words(item, scrubber)
        for name, item in value.items()
    }
