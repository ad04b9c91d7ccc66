"""Publishing: readers see a whole version or the one before, in the same process, with its comments."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from warehouse import snapshot
from warehouse.database import WarehouseError, open_snapshot, open_warehouse, warehouse_path
from warehouse.lock import Locked, hold_lock
from warehouse.publish import KEEP, publish_snapshot
from warehouse.snapshot import SAMPLE, digest_file, published_folder, query, read_current

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
    columns = query(
        snapshot, "select comment from duckdb_columns() where table_name = 'numbers' and column_name = 'value'"
    ).to_pylist()

    assert tables[1:] == [{"table_name": "numbers", "comment": "it's a table"}]
    assert columns == [{"comment": "a value"}]


def test_old_versions_are_removed_but_for_the_last_few(tmp_path: Path) -> None:
    """A page in the middle of being drawn still needs the one it holds."""
    connection = open_warehouse(tmp_path)
    for number in range(1, 8):
        _build(connection, number)
        publish_snapshot(connection, tmp_path, NOW, "test")

    assert len(list(published_folder(tmp_path).glob("snapshot-*.duckdb"))) == KEEP


def test_the_sample_world_is_shown_only_while_there_is_nothing_else(tmp_path: Path) -> None:
    """Made rows must never are in for measured ones."""
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
        "from read_csv('/etc/passwd')", "from read_text('/etc/passwd')", "from glob('/*')",
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
    with pytest.raises(duckdb.Error):
        open_snapshot(snapshot.path).execute(statement)


def test_a_broken_warehouse_file_is_named(tmp_path: Path) -> None:
    """The operator must know which file, not meet a traceback."""
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
