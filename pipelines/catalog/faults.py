"""Where a fault of a family file is, and what was probably meant: file, line, entry, nearest valid word."""

import difflib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel


class CatalogError(Exception):
    """An entry cannot be used; the message names file, line and entry, and the nearest valid word."""


def explain(path: Path, text: str, fault: Any, tables: Mapping[str, type[BaseModel]]) -> str:
    """One line for a fault that pydantic found; `tables` gives the model of each table, and under the empty name that
    of the file."""
    place = [str(part) for part in fault["loc"]]
    word = str(fault.get("input", ""))[:60] if fault["type"] != "missing" else ""
    reason = fault["msg"]
    if fault["type"] == "extra_forbidden":
        reason = f"unknown key{nearest(place[-1], _keys(tables.get(place[0], tables[''])) if len(place) > 1 else _keys(tables['']))}"
        word = place[-1]
    elif fault["type"] == "literal_error":
        reason += nearest(word, re.findall(r"'([^']+)'", fault["ctx"]["expected"]))
    return f"{path}:{line_of(text, place, word)}: {'.'.join(place)}: {reason}"


def _keys(entry: type[BaseModel]) -> list[str]:
    """The keys that a table of a family file may have, as they are written there."""
    return [field.alias or name for name, field in entry.model_fields.items() if name not in ("family", "id")]


def nearest(word: str, valid: Iterable[str]) -> str:
    """` (did you mean 'x'?)`, or nothing where no valid word is near."""
    near = difflib.get_close_matches(word, list(valid), 1, 0.5)
    return f" (did you mean {near[0]!r}?)" if near else ""


def line_of(text: str, place: list[str], word: str) -> int:
    """The line of an entry: within its table when it has one, of the key or of the value at fault; else of the table's
    head."""
    lines = text.splitlines()
    start, end = _table(lines, place)
    key = next((part for part in reversed(place) if not part.isdigit()), "")
    for wanted in (
        rf"\s*{re.escape(key)}\s*=",
        rf"\s*\[\[?{re.escape(key)}\]" if key else "",
        f".*{re.escape(word)}" if word else "",
    ):
        for number in range(start, end):
            if wanted and re.match(wanted, lines[number]):
                return number + 1
    return start + 1


def _table(lines: list[str], place: list[str]) -> tuple[int, int]:
    """First and last line (not included) of the table that an entry stands in; the whole file for an entry of none."""
    if len(place) < 2 or not place[1].isdigit():
        return 0, len(lines)
    heads = [number for number, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{re.escape(place[0])}\s*\]\]", line)]
    start = heads[int(place[1])] if int(place[1]) < len(heads) else 0
    return start, next(
        (number for number in range(start + 1, len(lines)) if re.match(r"\s*\[", lines[number])), len(lines)
    )
