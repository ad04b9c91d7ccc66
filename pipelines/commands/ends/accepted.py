"""Places where a project accepts for a while that a model ends: by a comment, or in a baseline.

A comment on the line of an id or on the line above it names the id, the last day and the reason:
`# heartbeat: ignore gpt-4-turbo until 2027-03-31: evaluation under way`. A baseline is what `--format baseline` wrote.
"""

import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pipelines.text.values import clean_line
from warehouse.faults import WarehouseError

_BEGIN = "heartbeat: ignore"
_COMMENT = re.compile(rf"{_BEGIN} (\S{{1,200}}) until (\d{{4}}-\d\d-\d\d): \S")


class Accepted:
    """What a project accepts, and what is wrong with its comments."""

    def __init__(self, baseline: Path | None, today: date) -> None:
        self._today, self._baseline = today, set(_read_baseline(baseline)) if baseline else set[str]()
        self._places: set[tuple[str, Path, int]] = set()
        self.warnings: list[str] = []

    def read_comments(self, path: Path, text: str) -> str:
        """Reads the comments of a file, and returns its text without the ids in them, which are no use of a model."""
        for number, line in enumerate(text.split("\n"), 1) if _BEGIN in text else ():
            for begin in re.finditer(_BEGIN, line):
                self._read_comment(path, number, _COMMENT.match(line, begin.start()))
        return _COMMENT.sub(lambda comment: re.sub(r"\S", " ", comment[0]), text)

    def _read_comment(self, path: Path, number: int, comment: re.Match[str] | None) -> None:
        place = clean_line(f"{path}:{number}", 300)
        try:
            asked, last_on = comment.groups() if comment else ("", "")
            if date.fromisoformat(last_on) >= self._today:
                self._places |= {(asked, path, number), (asked, path, number + 1)}
            else:
                self.warnings.append(f"{place}: the ignore of {clean_line(asked)} ended on {last_on}.")
        except ValueError:
            form = f"{_BEGIN} ID until YYYY-MM-DD: why"
            self.warnings.append(f"{place}: an ignore needs an id, a last day and a reason: {form}")

    def has(self, asked: str, path: Path, line: int) -> bool:
        """Returns whether an id is accepted at a place."""
        return (asked, path, line) in self._places or write_line(asked, path) in self._baseline


def _read_baseline(path: Path) -> Iterator[str]:
    try:
        if not path.is_file():
            raise OSError("no such file")
        yield from path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WarehouseError(f"--baseline {path}: {error}") from None


def write_line(asked: str, path: Path) -> str:
    """Writes an id and its file as a baseline has them."""
    return f"{clean_line(asked)} {clean_line(os.path.relpath(path), 1000)}"
