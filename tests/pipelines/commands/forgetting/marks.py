"""Reads every byte that is left, also of what is packed, and finds what must not be there."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

Marks = dict[str, re.Pattern[bytes]]


def make_marks(**words: str) -> Marks:
    """Makes what is looked for, by name: a text in any case, and not the beginning of a longer number."""
    return {name: re.compile(rb"(?i)" + re.escape(word.encode()) + rb"(?!\d)") for name, word in words.items()}


def read_everything(*places: Path) -> Iterator[tuple[Path, bytes]]:
    """Reads every byte of every file, and what Parquet and DuckDB files hold once they are unpacked."""
    for path in [path for place in places for path in place.rglob("*") if path.is_file()]:
        content = path.read_bytes()
        yield path, content
        if content[:4] == b"PAR1":
            parquet = pq.ParquetFile(pa.BufferReader(content))
            yield path, f"{parquet.metadata.metadata} {parquet.read().to_pylist()}".encode()
        if content[8:12] == b"DUCK":
            # This process may have the file open, with other settings.
            with tempfile.NamedTemporaryFile() as copy, duckdb.connect(shutil.copy(path, copy.name)) as connection:
                for (table,) in connection.sql(
                    "select schema_name || '.' || table_name from duckdb_tables()"
                ).fetchall():
                    yield path, str(connection.sql(f"from {table}").fetchall()).encode()


def find_marks(marks: Marks, *places: Path) -> dict[str, set[str]]:
    """Finds which marks are left, and in which files."""
    found: dict[str, set[str]] = {}
    for path, content in read_everything(*places):
        for name, pattern in marks.items():
            if pattern.search(content):
                found.setdefault(name, set()).add(path.name)
    return found
