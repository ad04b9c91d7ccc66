"""Publishing: readers see a whole version or the one before, in the same process, with its comments."""

import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from warehouse import snapshot
from warehouse.database import WarehouseError, open_warehouse, warehouse_path
from warehouse.lock import Locked, hold_lock
from warehouse.publish import KEEP, LARGE, MANY, publish_snapshot
from warehouse.snapshot import (
    SAMPLE,
    digest_file,
    list_rows,
    list_versions,
    published_folder,
    query,
    read_current,
    read_file,
)

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)


def _build(connection: duckdb.DuckDBPyConnection, number: int) -> None:
    connection.execute(f"create or replace table metrics.numbers as select {number} as value, 'x' as state")
    connection.execute("delete from ledger.comments")
    connection.execute("insert into ledger.comments values ('metrics.numbers', 'it''s a table'), ('value', 'a value')")
    connection.execute("create or replace table staging.toy__typed as select 1 as x")
    connection.execute("delete from ledger.settings where name = 'build'")
    connection.execute("insert into ledger.settings values ('build', ?)", [str(number)])


def _value(home: Path) -> int:
    current = read_current(home)
    assert current is not None
    return int(query(current, "select value from metrics.numbers").to_pylist()[0]["value"])


@pytest.mark.slow
def test_readers_during_many_publishes_never_fail_and_never_go_back(tmp_path: Path) -> None:
    """A dashboard must not blank out because a pipeline runs."""
    connection = open_warehouse(tmp_path)
    _build(connection, 1)
    publish_snapshot(connection, tmp_path, NOW, "test")
    seen: dict[int, list[int]] = {}
    stop = threading.Event()

    def read() -> None:
        own = seen.setdefault(threading.get_ident(), [])
        while not stop.is_set():
            own.append(_value(tmp_path))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(2, 22):
        _build(connection, number)
        publish_snapshot(connection, tmp_path, NOW, "test")
    stop.set()
    for reader in readers:
        reader.join()

    assert [reader_seen == sorted(reader_seen) for reader_seen in seen.values()] == [True] * len(readers)
    assert _value(tmp_path) == 21


def test_a_new_version_is_read_once_to_verify_it_however_many_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All open pages look at it in the same seconds, and it may be large."""
    connection = open_warehouse(tmp_path)
    _build(connection, 1)
    publish_snapshot(connection, tmp_path, NOW, "test")
    digested = []

    def digest_slowly(path: Path) -> str:
        digested.append(path)
        time.sleep(0.2)
        return digest_file(path)

    monkeypatch.setattr(snapshot, "digest_file", digest_slowly)
    with ThreadPoolExecutor(8) as readers:
        assert list(readers.map(_value, [tmp_path] * 8)) == [1] * 8
    assert len(digested) == 1


def test_a_snapshot_carries_comments_and_leaves_typed_source_tables_behind(tmp_path: Path) -> None:
    """The comments are the data dictionary; a plain copy would lose them."""
    connection = open_warehouse(tmp_path)
    _build(connection, 1)
    snapshot = publish_snapshot(connection, tmp_path, NOW, "test")
    assert snapshot is not None
    tables = query(
        snapshot, "select table_name, comment from duckdb_tables() where schema_name = 'metrics' order by all"
    ).to_pylist()

    assert tables[1:] == [{"table_name": "numbers", "comment": "it's a table"}]
    assert query(snapshot, "from meta.columns").to_pylist() == [{"name": "value", "comment": "a value"}]


def test_old_versions_are_removed_but_for_the_last_few(tmp_path: Path) -> None:
    """A page in the middle of being drawn still needs the one it holds."""
    connection = open_warehouse(tmp_path)
    for number in range(1, 8):
        _build(connection, number)
        publish_snapshot(connection, tmp_path, NOW, "test")

    assert len(list(published_folder(tmp_path).glob("snapshot-*.duckdb"))) == KEEP


def test_the_sample_world_is_shown_only_while_there_is_nothing_else(tmp_path: Path) -> None:
    """Made-up rows must never pass for measured ones."""
    for home, number in ((tmp_path / SAMPLE, 7), (tmp_path, 1)):
        connection = open_warehouse(home)
        connection.execute("insert into ledger.settings values ('is_sample', 'true')") if home != tmp_path else None
        _build(connection, number)
        publish_snapshot(connection, home, NOW, "test")
        found = read_current(tmp_path)
        assert found is not None
        assert (found.is_sample, _value(tmp_path)) == (home != tmp_path, number)


@pytest.mark.parametrize(
    "statement",
    [
        "from read_csv('/etc/passwd')", "from read_parquet('{folder}/other.parquet')",
        "from read_text('/etc/passwd')", "from glob('/*')",
        "attach '/tmp/other.duckdb'",
        "copy metrics.numbers to '/tmp/x.csv'", "install httpfs", "load httpfs", "set enable_external_access = true",
        "create table metrics.other as select 1", "insert into metrics.numbers values (1, 'y')",
        "export database '/tmp/x'",
    ],
)  # fmt: skip
def test_a_snapshot_is_read_only_and_reaches_nothing(tmp_path: Path, statement: str) -> None:
    """Whatever gets into a query, it can neither write, nor read files, nor go out."""
    connection = open_warehouse(tmp_path)
    _build(connection, 1)
    snapshot = publish_snapshot(connection, tmp_path, NOW, "test")
    assert snapshot is not None
    folder = snapshot.path.parent
    connection.execute(f"copy (select 1 as x) to '{folder / 'other.parquet'}' (format parquet)")
    assert query(snapshot, "select count(*) as n from metrics.numbers").to_pylist() == [{"n": 1}]
    with pytest.raises(duckdb.Error):
        query(snapshot, statement.format(folder=folder))


def _publish_rows(home: Path, number: int, first: int) -> dict[str, int]:
    """Publishes a build of two families with many rows, those of family a from this number on; returns when each file
    of rows was written."""
    rows = f"""select 'a' as family_id, range as x from range({first}, {first + LARGE}) union all
        select 'b', range from range(10)"""
    with open_warehouse(home) as connection:
        _build(connection, number)
        connection.execute(f"create or replace table staging.items as {rows}")
        snapshot = publish_snapshot(connection, home, NOW, "test")
    assert snapshot is not None and list(snapshot.path.parent.glob("*.tmp")) == []
    counted = query(
        snapshot, "select family_id, min(x) as first, count(*) as n from staging.items group by 1 order by 1"
    )
    assert [tuple(row.values()) for row in counted.to_pylist()] == [("a", first, LARGE), ("b", 0, 10)]
    return {name: snapshot.path.with_name(name).stat().st_mtime_ns for name in list_rows(snapshot.path)}


def _list_files(home: Path) -> set[str]:
    return {path.name for path in published_folder(home).glob("rows-*")}


def test_rows_are_written_only_of_families_that_changed_and_go_with_their_last_version(tmp_path: Path) -> None:
    """They are most of a snapshot, and most of its costs."""
    one = _publish_rows(tmp_path, 1, 0)
    assert len(one) == 2 and _publish_rows(tmp_path, 2, 0) == one
    other = _publish_rows(tmp_path, 3, 7)
    assert len(one.items() & other.items()) == 1
    assert _list_files(tmp_path) == one.keys() | other.keys()
    for number in range(4, 4 + KEEP):
        _publish_rows(tmp_path, number, 7)
    assert _list_files(tmp_path) == other.keys()


def test_a_table_of_many_rows_has_a_file_unless_figures_are_shown_by_it(tmp_path: Path) -> None:
    """As Parquet it takes a quarter of the space; the file alone shows the figures."""
    with open_warehouse(tmp_path) as connection:
        for name, rows in (("few", MANY - 1), ("many", MANY), ("shown", MANY)):
            connection.execute(f"create table metrics.{name} as select 'a' as family_id, x from range({rows}) as r (x)")
        connection.execute("create view metrics.sums as select sum(x) as value from metrics.shown")
        connection.execute(
            "insert into ledger.definitions by name select 'sums' as name, '' as layer, true as is_public"
        )
        connection.execute("update ledger.definitions set is_published = true")
        _build(connection, 1)
        snapshot = publish_snapshot(connection, tmp_path, NOW, "test")
    assert snapshot is not None
    (name,) = list_rows(snapshot.path)
    assert name.startswith("rows-metrics.many-")
    alone = read_file(Path(shutil.copy(snapshot.path, tmp_path / "sent.duckdb")))
    assert query(alone, "from metrics.sums").to_pylist() == [{"value": sum(range(MANY))}]


def test_what_a_killed_publish_leaves_of_rows_is_not_read_and_goes(tmp_path: Path) -> None:
    """Files of rows come first, the pointer last."""
    files = _publish_rows(tmp_path, 1, 0)
    folder = published_folder(tmp_path)
    (folder / "rows-staging.items-0123456789abcdef.tmp").write_text("half a file")
    (folder / "rows-staging.items-0123456789abcdef-0123456789abcdef.parquet").write_text("of no version")
    current = read_current(tmp_path)
    assert current is not None and (current.version, current.trouble) == (1, "")
    assert _publish_rows(tmp_path, 2, 0) == files
    assert _list_files(tmp_path) == files.keys()


def test_a_folder_is_read_in_any_duckdb_and_its_file_alone_has_the_figures(tmp_path: Path) -> None:
    """The file alone, without its rows, says so."""
    _publish_rows(tmp_path, 1, 0)
    folder = Path(shutil.copytree(published_folder(tmp_path), tmp_path / "sent"))
    (path,) = list_versions(folder)
    with chdir(folder), duckdb.connect(path.name, read_only=True) as connection:
        assert connection.execute("select count(*) from staging.items").fetchall() == [(LARGE + 10,)]
    alone = read_file(Path(shutil.copy(path, tmp_path / "sent.duckdb")))
    assert query(alone, "select value from metrics.numbers").to_pylist() == [{"value": 1}]
    assert "is gone, so the rows behind figures cannot be listed" in alone.trouble


def test_versions_go_on_counting_in_a_home_that_was_restored_without_them(tmp_path: Path) -> None:
    """Else each run of a workflow would publish version 1."""
    with open_warehouse(tmp_path) as connection:
        for number in (1, 2):
            _build(connection, number)
            publish_snapshot(connection, tmp_path, NOW, "test")
        shutil.rmtree(published_folder(tmp_path))
        _build(connection, 3)
        restored = publish_snapshot(connection, tmp_path, NOW, "test")
    assert restored is not None and restored.version == 3


def test_a_broken_warehouse_file_is_named(tmp_path: Path) -> None:
    warehouse_path(tmp_path).write_bytes(b"not a database, only long enough to be looked at" * 100)
    with pytest.raises(WarehouseError, match=r"warehouse\.duckdb"):
        open_warehouse(tmp_path)


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    """Two writers at once would end in a lock error of the database, without a word on what to do."""
    with (
        hold_lock(tmp_path, "build"),
        pytest.raises(Locked, match=r"process \d+ \(build\) holds writer\.lock"),
        hold_lock(tmp_path, "another", wait_seconds=0.1),
    ):
        pass
    with hold_lock(tmp_path, "another", wait_seconds=0.1):
        pass
