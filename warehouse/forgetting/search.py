"""Blots what was forgotten out of the texts of a home, and searches all its bytes for what is left."""

import contextlib
import re
from collections.abc import Collection
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.durable import write_file
from warehouse.sharing.followed import FOLDER as FOLLOWED
from warehouse.snapshot import SAMPLE, open_reader

LEFT_OUT = (SAMPLE, "catalog")
"""Folders of a home that hold nothing collected."""


def search_home(home: Path, needles: Collection[str]) -> list[str]:
    """Blots the needles out of logs, attempts and messages, and lists the files of a home that still hold one."""
    pattern = f"(?i)(?:{'|'.join(map(_render_needle, sorted(needles)))})"
    left = []
    for path in sorted(path for path in home.rglob("*") if path.is_file()) if needles else ():
        name = path.relative_to(home)
        if name.parts[0] in LEFT_OUT or not _holds(path, pattern):
            continue
        if {".json", ".jsonl"} & set(path.suffixes) and name.parts[0] != FOLLOWED:
            _blot_out(path, needles)
        if _holds(path, pattern):
            left.append(str(name))
    return left


def _render_needle(needle: str) -> str:
    # Thread 1 is not thread 12, and a name is no part of another word, nor a folder of this machine.
    is_name = re.fullmatch(r"[\w.-]+", needle) and not re.fullmatch("[0-9a-f]{16}", needle)
    before, after = (r"[^\w/.-]", r"[^\w/-]") if is_name else (r"\W", r"\W")
    return f"(?:^|{before}){re.escape(needle)}(?:{after}|$)"


def _holds(path: Path, pattern: str) -> bool:
    """Searches the bytes of a file, and what Parquet and DuckDB files hold unpacked."""
    with contextlib.suppress(FileNotFoundError):  # a file of another process that has ended
        if path.suffix == ".duckdb":
            with contextlib.suppress(duckdb.Error):  # of another engine, or damaged
                return _search_database(path, pattern)
        if re.search(pattern, path.read_bytes().decode("utf-8", "replace")):
            return True
        if path.suffix == ".parquet":
            with contextlib.suppress(OSError, pa.ArrowException):
                parquet = pq.ParquetFile(path)
                return bool(re.search(pattern, f"{parquet.metadata.metadata} {parquet.read().to_pylist()}"))
    return False


def _search_database(path: Path, pattern: str) -> bool:
    with open_reader(path) as connection:
        tables = connection.sql(
            "select schema_name || '.\"' || table_name || '\"' from duckdb_tables()"
            " where database_name = current_database() and not internal"
        ).fetchall()
        return any(
            connection.execute(
                f"select 1 from {table} as t where regexp_matches(t::varchar, ?) limit 1", [pattern]
            ).fetchall()
            for (table,) in tables
        )


def _blot_out(path: Path, needles: Collection[str]) -> None:
    """Replaces needles in a text file; anyone who appends to it opens the new one for the next line."""
    text, mode = path.read_text(encoding="utf-8", errors="replace"), path.stat().st_mode
    write_file(path, re.sub(rf"(?i)(?<!\w)(?:{'|'.join(map(re.escape, sorted(needles)))})(?!\w)", "…", text))
    path.chmod(mode)
