"""Searches what remains: nothing may hold what was forgotten, whatever kind of file it is."""

import contextlib
import re
from collections.abc import Collection
from pathlib import Path

import duckdb

from warehouse.database import quote_literal
from warehouse.snapshot import SAMPLE, open_reader

CHUNK = 2**20
OVERLAP = 1_000
LEFT_OUT = (SAMPLE, "catalog")
"""Folders of a home that hold nothing collected."""
NUMBERS = "(BIG|SMALL|TINY|HUGE|U.*)?INT(EGER)?|DOUBLE|BOOLEAN|TIMESTAMP|DATE"
"""Types that hold no text."""
MOST = 500
"""Texts that are searched for at once; a request with more is searched for by these."""


def search_home(home: Path, needles: Collection[str]) -> list[str]:
    """Lists the files of a home that hold one of the texts; landed files are read by those who know their rows."""
    chosen, found = sorted(needles, key=lambda needle: (len(needle), needle))[:MOST], []
    for path in sorted(home.rglob("*")) if chosen else ():
        parts = path.relative_to(home).parts
        if not path.is_file() or parts[0] in LEFT_OUT or path.suffix == ".parquet":
            continue
        if _holds(path, chosen):
            found.append("/".join(parts))
    return found


def _holds(path: Path, needles: Collection[str]) -> bool:
    if path.suffix == ".duckdb":
        with contextlib.suppress(duckdb.Error):  # of another engine, or damaged
            return search_database(path, needles)
    return search_bytes(path, needles)


def _render_pattern(needles: Collection[str]) -> str:
    # Thread 1 is not thread 12.
    return f"(?i)(?:{'|'.join(map(re.escape, needles))})(?:[^0-9a-z]|$)"


def search_bytes(path: Path, needles: Collection[str]) -> bool:
    """Tells whether the bytes of a file hold one of the texts, in capital or small letters."""
    pattern, rest = re.compile(_render_pattern(needles).encode()), b""
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                rest = rest[-OVERLAP:] + chunk
                if pattern.search(rest):
                    return True
    except FileNotFoundError:  # a file of another process that has ended
        pass
    return False


def search_database(path: Path, needles: Collection[str]) -> bool:
    """Tells whether any text of a database holds one of the texts."""
    pattern = quote_literal(_render_pattern(needles))
    with open_reader(path) as connection:
        columns = connection.sql(
            "select schema_name || '.\"' || table_name || '\"', column_name from duckdb_columns()"
            " where database_name = current_database() and not internal"
            f" and not regexp_full_match(data_type, '{NUMBERS}')"
        ).fetchall()
        tables: dict[str, list[str]] = {}
        for table, column in columns:
            tables.setdefault(table, []).append(f'regexp_matches("{column}"::varchar, {pattern})')
        return any(
            connection.sql(f"select 1 from {table} where {' or '.join(tests)} limit 1").fetchall()
            for table, tests in tables.items()
        )
