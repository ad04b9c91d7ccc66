"""Exports that hold something forgotten. What a file was made of cannot be told from it, so it goes as a whole."""

import lzma
import re
import shutil
import struct
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.database import WarehouseError
from warehouse.forgetting.register import Forgotten
from warehouse.forgetting.scrubbing import Scrubber
from warehouse.forgetting.search import PACKED
from warehouse.forgetting.spellings import simplify_text
from warehouse.snapshot import open_reader

TEXTS = (".csv", ".json", ".jsonl", ".html", ".md", ".svg", ".cff", ".txt", ".toml")
PRINTED = (".pdf", ".png")
"""Kinds of reports whose words are glyphs or dots, in which nothing can be searched."""
READ = (*TEXTS, *PRINTED, ".parquet", ".duckdb")
"""Kinds of files that exports and reports are; others but archives of them are not looked at."""
ARCHIVES = tuple(ending for _, endings, _ in shutil.get_unpack_formats() for ending in endings)
REPORT = (b"Heartbeat report", b"Skia/PDF")
"""What a report says of itself as PDF, beside its words."""
SHEET = (909, 1286)
"""Width and height of a report as picture."""
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def list_exported(place: Path) -> list[Path]:
    """Lists the files of an export, or a single one."""
    paths = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())
    return [path for path in paths if not path.is_symlink()]


def must_go(path: Path, place: str, forgotten: Forgotten) -> bool:
    """Tells whether an exported file has to go: one that holds something forgotten, and a printed report that was put
    there under its own name, in which nobody can search. Raises WarehouseError as `holds_forgotten` does."""
    return (str(path) == place and path.suffix in PRINTED) or holds_forgotten(path, forgotten)


def holds_forgotten(path: Path, forgotten: Forgotten) -> bool:
    """Tells whether a file, or one in an archive, holds something forgotten; a report as PDF may, and counts. Raises
    WarehouseError for an archive that cannot be unpacked, and for a picture that may be a report."""
    if path.name.endswith(ARCHIVES) or path.suffix in PACKED:
        with tempfile.TemporaryDirectory() as folder:
            _unpack(path, Path(folder))
            return any(holds_forgotten(packed, forgotten) for packed in list_exported(Path(folder)))
    if path.suffix in PRINTED and _is_report(path):
        return True
    return path.suffix in READ and _holds_read(path, forgotten)


def _is_report(path: Path) -> bool:
    """Tells whether a PDF is a report. Raises WarehouseError for a picture of its size, which may be one."""
    content = path.read_bytes()
    if path.suffix == ".pdf":
        return all(words in content for words in REPORT)
    if content[16:24] == struct.pack(">II", *SHEET):
        raise WarehouseError(
            f"{path.name}: may be the picture of a report, in which nobody can search; delete it, or move it elsewhere"
            " if it is none, and run this again"
        )
    return False


def _unpack(path: Path, folder: Path) -> None:
    """Unpacks an archive, or a single compressed file, into a folder."""
    try:
        if path.name.endswith(ARCHIVES):
            if path.suffix == ".zip":
                shutil.unpack_archive(path, folder)  # takes no filter
            else:
                shutil.unpack_archive(path, folder, filter="data")
            return
        name = path.stem if path.stem.endswith(READ) else f"{path.stem}.txt"
        with PACKED[path.suffix](path) as packed, (folder / name).open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked)
    except (EOFError, OSError, ValueError, lzma.LZMAError, shutil.ReadError, tarfile.TarError, zlib.error) as error:
        raise WarehouseError(
            f"{path.name}: cannot be unpacked, so nobody knows what it holds; delete it, and run this again"
        ) from error


def _holds_read(path: Path, forgotten: Forgotten) -> bool:
    scrubber, pieces = Scrubber(forgotten), {piece for text in _read_texts(path) for piece in _list_pieces(text)}
    return any(scrubber.scrub_text(piece) != piece for piece in pieces)


def _list_pieces(text: str) -> set[str]:
    """Lists the parts of a text in which names, links and threads lie whole, each once: a table repeats most of its
    cells. None of them holds white space, and only links, all of which have a slash, hold commas."""
    words = set(text.split())
    whole = {word for word in words if "/" in word or simplify_text(word) != word}
    return whole | {part for word in words - whole for part in word.split(",")}


def _read_texts(path: Path) -> Iterator[str]:
    """Reads all texts of a file; of one that cannot be read as what its name says, its bytes."""
    try:
        if path.suffix == ".parquet":
            yield from _list_texts(pq.read_table(path))
            return
        if path.suffix == ".duckdb":
            yield from _read_database(path)
            return
    except (OSError, duckdb.Error, pa.ArrowException):
        pass
    content = path.read_bytes()
    yield content.decode("utf-8", "replace")
    if path.suffix == ".pdf":
        for stream in _STREAM.findall(content):
            try:
                yield zlib.decompress(stream).decode("latin-1")
            except zlib.error:
                continue


def _read_database(path: Path) -> Iterator[str]:
    with open_reader(path) as connection:
        tables = connection.sql(
            "select distinct database_name || '.' || schema_name || '.\"' || table_name || '\"' from duckdb_tables()"
        ).fetchall()
        for (table,) in tables:
            yield from _list_texts(connection.sql(f"from {table}").to_arrow_table())


def _list_texts(table: pa.Table) -> Iterator[str]:
    for name, column in zip(table.column_names, table.columns, strict=True):
        yield name
        if pa.types.is_primitive(column.type):  # numbers, instants and truth values
            continue
        for value in column.unique().to_pylist() if pa.types.is_string(column.type) else column.to_pylist():
            if isinstance(value, str):
                yield value
            elif isinstance(value, (list, dict, tuple)):
                yield str(value)
