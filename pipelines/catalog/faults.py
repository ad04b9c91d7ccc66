"""Error messages for family files: file, line, entry and the nearest valid word."""

import difflib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel


class CatalogError(Exception):
    """An invalid entry; the message names the file, line, entry and nearest valid word."""


def explain_fault(path: Path, text: str, fault: Any, tables: Mapping[str, type[BaseModel]]) -> str:
    """Formats a pydantic error as one line; `tables` maps each table to its model, and "" to the file's."""
    entry = [str(part) for part in fault["loc"]]
    word = str(fault.get("input", ""))[:60] if fault["type"] != "missing" else ""
    reason = fault["msg"]
    if fault["type"] == "extra_forbidden":
        table = tables.get(entry[0], tables[""]) if len(entry) > 1 else tables[""]
        reason = f"unknown key{suggest(entry[-1], _list_keys(table))}"
        word = entry[-1]
    elif fault["type"] == "literal_error":
        reason += suggest(word, re.findall(r"'([^']+)'", fault["ctx"]["expected"]))
    return f"{path}:{find_line(text, entry, word)}: {'.'.join(entry)}: {reason}"


def _list_keys(entry: type[BaseModel]) -> list[str]:
    """Lists the valid keys of a table, as spelled in the file."""
    return [field.alias or name for name, field in entry.model_fields.items() if name not in ("family", "id")]


def suggest(word: str, valid: Iterable[str]) -> str:
    """Returns ` (did you mean 'x'?)`, or nothing if no valid word is close."""
    near = difflib.get_close_matches(word, list(valid), 1, 0.5)
    return f" (did you mean {near[0]!r}?)" if near else ""


def find_line(text: str, entry: list[str], word: str) -> int:
    """Returns the line of a faulty key or value within its table, or else of the table's header."""
    lines = text.splitlines()
    start, end = _find_table(lines, entry)
    key = next((part for part in reversed(entry) if not part.isdigit()), "")
    for wanted in (
        rf"\s*{re.escape(key)}\s*=",
        rf"\s*\[\[?{re.escape(key)}\]" if key else "",
        f".*{re.escape(word)}" if word else "",
    ):
        for number in range(start, end):
            if wanted and re.match(wanted, lines[number]):
                return number + 1
    return start + 1


def _find_table(lines: list[str], entry: list[str]) -> tuple[int, int]:
    """Returns the line range of an entry's table (end excluded), or of the whole file for an entry outside any
    table."""
    if len(entry) < 2 or not entry[1].isdigit():
        return 0, len(lines)
    heads = [number for number, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{re.escape(entry[0])}\s*\]\]", line)]
    start = heads[int(entry[1])] if int(entry[1]) < len(heads) else 0
    return start, next(
        (number for number in range(start + 1, len(lines)) if re.match(r"\s*\[", lines[number])), len(lines)
    )
