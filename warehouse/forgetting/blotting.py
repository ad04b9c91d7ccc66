"""Blots what was forgotten out of the logs, attempts and messages of a home."""

import re
from collections.abc import Collection
from pathlib import Path

from warehouse.durable import write_file
from warehouse.sharing.followed import FOLDER as FOLLOWED

PACKED = (".duckdb", ".parquet")
"""Files that are made again without the rows."""


def blot_out(home: Path, words: Collection[str]) -> list[str]:
    """Blots words out of the JSON files of a home; lists the files of other programs that hold one."""
    pattern = re.compile("|".join(map(_render_word, sorted(words))), re.IGNORECASE)
    left = []
    for path in sorted(path for path in home.rglob("*") if path.is_file() and path.suffix not in PACKED):
        name = path.relative_to(home)
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        if name.parts[0] == FOLLOWED or not pattern.search(text):
            continue
        if {".json", ".jsonl"} & set(path.suffixes):
            mode = path.stat().st_mode
            write_file(path, pattern.sub("…", text).encode("utf-8", "replace").decode())
            path.chmod(mode)
        else:
            left.append(str(name))
    return left


def _render_word(word: str) -> str:
    # Thread 1 is not thread 12, and a name is no part of another word, nor a folder of this machine.
    before = r"(?<!\w)" if "/" in word else r"(?<![\w/.-])"
    return rf"{before}{re.escape(word)}(?![\w/-])"
