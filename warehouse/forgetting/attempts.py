"""The ledger of attempts and the log without what was forgotten: messages may quote what a source answered."""

import json
from pathlib import Path
from typing import Any

from warehouse.attempts.writer import FOLDER, is_locked, list_files
from warehouse.durable import write_file
from warehouse.forgetting.register import Forgotten
from warehouse.forgetting.scrubbing import Scrubber, read_place
from warehouse.logs.files import RotatedFile

QUOTING = ("error", "cause", "result", "about", "message", "why")
"""Fields of lines that hold words."""


def scrub_attempts(home: Path, forgotten: Forgotten, is_dry: bool = False) -> int:
    """Scrubs all attempts that have ended, and the log; returns how many files named something forgotten."""
    count = 0
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
