"""Exports that hold something forgotten are found whatever kind of file they are, and others stay."""

import gzip
import shutil
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.database import WarehouseError
from warehouse.forgetting.exports import holds_forgotten, list_exported
from warehouse.forgetting.register import Forgotten, Trace
from warehouse.forgetting.scrubbing import Scrubber

LINK, WORST = "https://github.com/o/r/issues/12", "https://old.example/a,b"
FORGOTTEN = Forgotten(b"a key of sixteen bytes")
for _trace, _value in (
    (Trace.NAME, "octo-cat"),
    (Trace.MENTION, "mona"),
    (Trace.LINK, "github.com/o/r/issues/12"),
    (Trace.LINK, "old.example/a,b"),
    (Trace.ITEM, "github.o-r#12"),
):
    FORGOTTEN.add(_trace, _value)
NAMES = ("Octo-Cat", "octo-cat-fork", "octocat", "@mona", "u/mona", "mona", "gpt.github.o-r#12", "gpt.github.o-r#1")
LINKS = (
    LINK,
    f"{LINK}3",
    f"{LINK}#issuecomment-1",
    WORST,
    "old.example/a,b",
    "old.example\\u002fa,b",
    "o/r#12",
    "o/r#1",
)
SIGNS = (
    ",",
    " ",
    "\n",
    "\t",
    '"',
    "@",
    "/",
    ".",
    "-",
    "#",
    ";",
    "é",
    "\u2028",
    "\u200b",
    "&nbsp;",
    "&#44;",
    "%2C",
    "\\u002c",
    "0.25",
)


def find_files_about(place: Path, forgotten: Forgotten) -> list[Path]:
    return [path for path in list_exported(place) if holds_forgotten(path, forgotten)]


@given(text=st.lists(st.sampled_from([*NAMES, *LINKS, *SIGNS])).map("".join))
def test_a_file_is_found_exactly_where_something_in_it_would_be_scrubbed(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """Its texts are searched in parts; no name, link or thread is lost between two of them."""
    path = tmp_path_factory.mktemp("export") / "table.csv"
    path.write_text(text, encoding="utf-8")

    assert find_files_about(path, FORGOTTEN) == [path] * (Scrubber(FORGOTTEN).scrub_text(text) != text)


@pytest.mark.parametrize("value", ["octo-cat", ["a", "octo-cat"], {"who": "by @mona"}, [{"url": LINK}]])
def test_a_cell_is_found_in_a_table_of_either_kind_whatever_its_type(tmp_path: Path, value: object) -> None:
    """Lists and structures hold texts, too; numbers beside them do not hide them."""
    table = pa.table({"number": [0.5, 1.5], "at": pa.array([1, 2], pa.timestamp("us")), "value": [None, value]})
    pq.write_table(table, tmp_path / "worst.parquet")
    pq.write_table(table.slice(0, 1), tmp_path / "fine.parquet")
    with duckdb.connect(str(tmp_path / "worst.duckdb")) as connection:
        connection.register("given_rows", table)
        connection.execute("create table t as from given_rows")

    assert {path.name for path in find_files_about(tmp_path, FORGOTTEN)} == {"worst.parquet", "worst.duckdb"}


@pytest.mark.parametrize("kind", ["zip", "tar", "gztar", "bztar", "xztar"])
@pytest.mark.parametrize("name", ["octo-cat", "octocat"])
def test_an_archive_of_exports_is_found_by_what_lies_in_it(tmp_path: Path, kind: str, name: str) -> None:
    """Whoever sends a report by mail packs it first."""
    (folder := tmp_path / "in").mkdir()
    pq.write_table(pa.table({"who": [name]}), folder / "rows.parquet")
    archive = Path(shutil.make_archive(str(tmp_path / "report"), kind, folder))

    assert find_files_about(archive, FORGOTTEN) == [archive] * (name == "octo-cat")


@pytest.mark.parametrize("ending", [".csv.gz", ".gz"])
def test_a_compressed_file_is_read_and_one_that_nobody_can_unpack_is_named(tmp_path: Path, ending: str) -> None:
    """Else a damaged one would count as searched."""
    path = tmp_path / f"rows{ending}"
    path.write_bytes(gzip.compress(b"who\nocto-cat\n"))
    assert find_files_about(tmp_path, FORGOTTEN) == [path]

    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(WarehouseError, match=rf"rows{ending}: cannot be unpacked.*; delete it, and run this again"):
        find_files_about(tmp_path, FORGOTTEN)
