"""Searches what remains: nothing may hold what was forgotten, whatever kind of file it is."""

import bz2
import contextlib
import gzip
import json
import lzma
import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

import duckdb

from warehouse.database import quote_literal
from warehouse.snapshot import SAMPLE, open_reader

CHUNK = 2**20
OVERLAP = 1_000
LEFT_OUT = (SAMPLE, "catalog")
"""Folders of a home that hold nothing collected."""
NUMBERS = "(BIG|SMALL|TINY|HUGE|U.*)?INT(EGER)?|DOUBLE|BOOLEAN|TIMESTAMP|DATE"
"""Types that hold no text."""
PACKED: dict[str, Callable[[Path], Any]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
"""By the end of its name, what unpacks a file, such as a log that the machine's own rotation packed."""
SAFE = "/:@?=&#%+.-_~"
MOST = 500
"""Texts that are searched for at once; a request with more is searched for by these."""


def search_home(home: Path, needles: Collection[str], words: Collection[str] = ()) -> list[str]:
    """Lists the files of a home that hold one of the texts, or, but for databases of ours, one of the words; landed
    files are read by those who know their rows."""
    chosen, found = sorted(needles, key=lambda needle: (len(needle), needle))[:MOST], []
    for path in sorted(home.rglob("*")) if chosen else ():
        parts = path.relative_to(home).parts
        if not path.is_file() or parts[0] in LEFT_OUT or path.suffix == ".parquet":
            continue
        if _holds(path, chosen, words):
            found.append("/".join(parts))
    return found


def _holds(path: Path, needles: Collection[str], words: Collection[str]) -> bool:
    if path.suffix == ".duckdb":
        with contextlib.suppress(duckdb.Error):  # of another engine, or damaged
            return search_database(path, needles)
    return search_bytes(path, needles, words)


def _render_pattern(needles: Collection[str], words: Collection[str] = ()) -> str:
    # Thread 1 is not thread 12, and a word is no part of another, nor a folder of this machine.
    alternatives = [*map(re.escape, needles), *(rf"(?<![\w/.-]){re.escape(word)}(?![\w/-])" for word in words)]
    return f"(?i)(?:{'|'.join(alternatives)})(?:[^0-9a-z]|$)"


def _spell(text: str) -> set[str]:
    """Spells a text as it stands in JSON and in links, too."""
    return {text, json.dumps(text)[1:-1], quote(text, safe=SAFE)}


def search_bytes(path: Path, needles: Collection[str], words: Collection[str] = ()) -> bool:
    """Tells whether the bytes of a file, unpacked where it is compressed, hold one of the texts or words, in capital or
    small letters."""
    spelled = [{form for text in texts for form in _spell(text)} for texts in (needles, words)]
    pattern, rest = re.compile(_render_pattern(*spelled).encode()), b""
    opening: Callable[[Path], BinaryIO] = PACKED.get(path.suffix, _open)
    try:
        with opening(path) as file:
            while chunk := file.read(CHUNK):
                rest = rest[-OVERLAP:] + chunk
                if pattern.search(rest):
                    return True
    except FileNotFoundError:  # a file of another process that has ended
        pass
    except (EOFError, OSError, lzma.LZMAError):
        return opening is not _open  # nobody knows what it holds
    return False


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


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
