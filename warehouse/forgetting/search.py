"""Removes what was forgotten from the texts of a home, and searches all its bytes for what is left."""

import contextlib
import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.durable import write_file
from warehouse.forgetting.scrubbing import Scrubber, read_place
from warehouse.snapshot import SAMPLE, open_reader

LEFT_OUT = (SAMPLE, "catalog")
"""Folders of a home that hold nothing collected."""
QUOTING = ("error", "cause", "result", "about", "message", "why", "title", "body", "text", "subject", "headline", "url")
"""Fields of logs and messages that quote sources."""


def search_home(home: Path, scrubber: Scrubber, needles: Collection[str]) -> list[str]:
    """Scrubs logs, attempts and messages, and lists the files of a home that still hold one of the needles."""
    pattern = re.compile(f"(?i)(?:{'|'.join(map(_render_needle, sorted(needles)))})")
    left = []
    for path in sorted(path for path in home.rglob("*") if path.is_file()) if needles else ():
        name = path.relative_to(home)
        if name.parts[0] in LEFT_OUT or not _holds(path, pattern):
            continue
        if ".json" in path.suffixes or ".jsonl" in path.suffixes:
            _scrub_file(path, scrubber)
        if _holds(path, pattern):
            left.append(str(name))
    return left


def _render_needle(needle: str) -> str:
    # Thread 1 is not thread 12, and a name is no part of another word, nor a folder of this machine.
    is_name = re.fullmatch(r"[\w.-]+", needle) and not re.fullmatch("[0-9a-f]{16}", needle)
    return rf"(?<![\w/.-]){re.escape(needle)}(?![\w/-])" if is_name else rf"(?<!\w){re.escape(needle)}(?!\w)"


def _holds(path: Path, pattern: re.Pattern[str]) -> bool:
    try:
        return any(pattern.search(text) for text in _read_texts(path))
    except FileNotFoundError:  # a file of another process that has ended
        return False


def _read_texts(path: Path) -> Iterator[str]:
    """Reads a file as text, and what Parquet and DuckDB files hold unpacked."""
    yield path.read_bytes().decode("utf-8", "replace")
    if path.suffix == ".parquet":
        with contextlib.suppress(OSError, pa.ArrowException):
            parquet = pq.ParquetFile(path)
            yield f"{parquet.metadata.metadata} {parquet.read().to_pylist()}"
    if path.suffix == ".duckdb":
        with contextlib.suppress(duckdb.Error), open_reader(path) as connection:
            for (table,) in connection.sql(
                "select distinct schema_name || '.\"' || table_name || '\"' from duckdb_tables()"
            ).fetchall():
                rows = connection.cursor().execute(f"from {table}")
                while batch := rows.fetchmany(10_000):
                    yield str(batch)


def _scrub_file(path: Path, scrubber: Scrubber) -> None:
    """Scrubs a file of JSON or of lines of JSON; whoever appends to it opens the new one for the next line."""
    text, mode = path.read_text(encoding="utf-8", errors="replace"), path.stat().st_mode
    parts = [text] if path.suffix == ".json" else text.split("\n")
    write_file(path, "\n".join(_scrub_part(part, scrubber) for part in parts))
    path.chmod(mode)


def _scrub_part(text: str, scrubber: Scrubber) -> str:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    if isinstance(value, dict):
        scrubber = Scrubber(scrubber.forgotten, read_place(str(value.get("channel", ""))))
    scrubbed = _scrub_quoted(value, scrubber)
    return text if scrubbed == value else json.dumps(scrubbed, ensure_ascii=text.isascii())


def _scrub_quoted(value: Any, scrubber: Scrubber, field: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _scrub_quoted(item, scrubber, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_scrub_quoted(item, scrubber, field) for item in value]
    return scrubber.scrub_text(value) if isinstance(value, str) and field in QUOTING else value
