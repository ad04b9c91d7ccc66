"""Damaged published files: readers get the newest whole version and a warning; publishing repairs it."""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from dashboards.frame.snapshot_reader import load_rows
from pipelines.http.errors import describe_error
from tests.faults.injection import limit_files
from warehouse.database import WarehouseError, open_warehouse
from warehouse.durable import explain_storage_faults
from warehouse.publish import LARGE, publish_snapshot
from warehouse.receipts.receipt import ReceiptStopped, make_receipt
from warehouse.snapshot import POINTER, list_rows, list_versions, published_folder, query, read_current

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)


def _build(connection: duckdb.DuckDBPyConnection, number: int, build_id: str = "") -> None:
    connection.execute(f"create or replace table metrics.numbers as select {number} as value from range(1000)")
    connection.execute("delete from ledger.settings where name in ('build', 'build_id')")
    connection.execute(
        "insert into ledger.settings values ('build', ?), ('build_id', ?)", [str(number), build_id or f"id {number}"]
    )


def _publish(home: Path, *numbers: int) -> Path:
    """Publishes these builds in order; gives the folder of what is published."""
    connection = open_warehouse(home)
    for number in numbers:
        _build(connection, number)
        publish_snapshot(connection, home, NOW, "test")
    connection.close()
    return published_folder(home)


def _read(home: Path) -> tuple[int, str]:
    """What readers see: the figure, and what is wrong."""
    snapshot = read_current(home)
    assert snapshot is not None
    return query(snapshot, "select max(value) as value from metrics.numbers").to_pylist()[0]["value"], snapshot.trouble


def _flip_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _rename(pointer: Path, file: str) -> None:
    pointer.write_text(json.dumps(json.loads(pointer.read_text()) | {"file": file}))


NOWHERE = "snapshot-00000009-0123456789abcdef.duckdb"
DAMAGES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "pointer empty": ("current.json is damaged", lambda folder: (folder / POINTER).write_text("")),
    "pointer cut": ("current.json is damaged", lambda folder: os.truncate(folder / POINTER, 20)),
    "pointer a list": ("current.json is damaged", lambda folder: (folder / POINTER).write_text("[]")),
    "pointer leads out": ("current.json is damaged", lambda folder: _rename(folder / POINTER, "../x.duckdb")),
    "pointer gone": ("current.json is missing", lambda folder: (folder / POINTER).unlink()),
    "pointer to nothing": (
        "is gone",
        lambda folder: _rename(folder / POINTER, NOWHERE),
    ),
    "snapshot empty": ("is no longer what was", lambda folder: os.truncate(list_versions(folder)[0], 0)),
    "snapshot cut": ("is no longer what was", lambda folder: os.truncate(list_versions(folder)[0], 20_000)),
    "snapshot flipped": ("is no longer what was", lambda folder: _flip_bit(list_versions(folder)[0])),
    "snapshot gone": ("is gone", lambda folder: list_versions(folder)[0].unlink()),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_readers_fall_back_to_the_newest_whole_version_and_publishing_heals(tmp_path: Path, damage: str) -> None:
    """Each of these ended `status`, `export` and `publish` in a traceback, or served a file that no longer was it."""
    folder = _publish(tmp_path, 1, 2)
    fault, harm = DAMAGES[damage]
    harm(folder)
    is_whole = damage.startswith("pointer")
    value, trouble = _read(tmp_path)
    shown = 2 if is_whole else 1
    assert value == shown
    assert fault in trouble and f"Version {shown} is shown instead; run `heartbeat publish`" in trouble

    _publish(tmp_path, 2)
    assert _read(tmp_path) == (2, "")


@pytest.mark.parametrize(("harm", "fault"), [(Path.unlink, "is gone"), (_flip_bit, "is no longer what was published")])
def test_lost_rows_cost_receipts_a_line_and_no_page_and_publishing_heals(
    tmp_path: Path, harm: Callable[[Path], object], fault: str
) -> None:
    """Versions share the files of rows: with one of them gone, no version would be whole."""
    with open_warehouse(tmp_path) as connection:
        connection.execute(f"create table staging.items as select range as x from range({LARGE})")
    folder = _publish(tmp_path, 1, 2)
    (name,) = list_rows(list_versions(folder)[0])
    harm(folder / name)
    value, trouble = _read(tmp_path)
    assert value == 2 and trouble.startswith(name) and fault in trouble
    snapshot = read_current(tmp_path)
    assert snapshot is not None and load_rows(snapshot, "from staging.items") == []
    with pytest.raises(ReceiptStopped, match=rf"{name} .*{fault}; run `heartbeat publish`"):
        make_receipt(snapshot, "any", {})

    _publish(tmp_path, 2)
    assert _read(tmp_path) == (2, "") and (folder / name).is_file()


def test_where_nothing_can_be_read_the_error_says_so_and_the_sample_world_does_not_stand_in(tmp_path: Path) -> None:
    """Made-up figures in place of damaged ones would be the worst of answers."""
    _publish(tmp_path / "sample", 7)
    folder = _publish(tmp_path, 1)
    _flip_bit(list_versions(folder)[0])
    with pytest.raises(WarehouseError, match=r"no other version can be read; run `heartbeat publish`"):
        read_current(tmp_path)
    _publish(tmp_path, 1)
    assert _read(tmp_path) == (1, "")


def test_a_warehouse_made_anew_is_published_though_its_builds_count_from_one_again(tmp_path: Path) -> None:
    """Readers stayed on last week's figures, since the number of the build was the same."""
    connection = open_warehouse(tmp_path)
    _build(connection, 1, "first warehouse")
    assert publish_snapshot(connection, tmp_path, NOW, "test") is not None
    assert publish_snapshot(connection, tmp_path, NOW, "test") is None
    _build(connection, 1, "second warehouse")
    published = publish_snapshot(connection, tmp_path, NOW, "test")
    assert published is not None and published.version == 2


def test_what_killed_readers_and_publishes_leave_does_not_stop_the_next_publish(tmp_path: Path) -> None:
    """A reader's spill folder ended every publish from then on, and kept all old versions."""
    folder = _publish(tmp_path, 1)
    (folder / "snapshot-00000001.duckdb.tmp").mkdir()
    (folder / "snapshot-00000001.duckdb.tmp" / "spill").touch()
    (folder / "snapshot-00000002.tmp").write_text("half a file")
    (folder / "snapshot-00000002.tmp.wal").write_text("half a log")
    _publish(tmp_path, 2, 3, 4, 5)
    assert _read(tmp_path) == (5, "")
    assert [path.name for path in folder.iterdir() if path.suffix not in (".duckdb", ".json")] == []
    assert len(list_versions(folder)) == 3


def test_a_full_disk_is_told_with_its_path_and_room_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """The last line was the error of the rollback: "no transaction is active"."""
    folder = _publish(tmp_path, 1)
    connection = open_warehouse(tmp_path)
    connection.execute("create table metrics.large as select hash(range)::varchar as value from range(200000)")
    _build(connection, 2)
    connection.execute("checkpoint")
    with limit_files(100_000), pytest.raises(WarehouseError) as caught:
        publish_snapshot(connection, tmp_path, NOW, "test")
    words = str(caught.value)
    assert words.startswith(f"publish: {folder}: ") and "MB are free there" in words
    assert "free some space, then run it again" in words and "rollback" not in words.lower()
    assert _read(tmp_path) == (1, "")
    assert sorted(path.suffix for path in folder.iterdir()) == [".duckdb", ".json"]
    connection.close()
    _publish(tmp_path, 2)
    assert _read(tmp_path) == (2, "")


@pytest.mark.parametrize(
    ("number", "remedy"),
    [(errno.ENOSPC, "free some space"), (errno.EIO, "check it"), (errno.EROFS, "writable")],
)
def test_each_fault_of_a_disk_has_its_remedy_also_once_the_database_is_closed(
    tmp_path: Path, number: int, remedy: str
) -> None:
    """DuckDB's later "database has been invalidated" hid the first error, and a broken disk wanted space."""
    closed = f'FATAL Error: database has been invalidated.\nOriginal error: "IO Error: {os.strerror(number)}"'
    thrown = {"exception_type": "IO", "exception_message": f'Could not write file "x": {os.strerror(number)}'}
    threads = f"IO Error: Async write failed for range [offset=60575, size=6122]: {json.dumps(thrown)}"
    for error in (OSError(number, os.strerror(number)), duckdb.FatalException(closed), duckdb.IOException(threads)):
        with pytest.raises(WarehouseError) as caught, explain_storage_faults("build", tmp_path):
            raise error
        words = str(caught.value)
        assert (
            f"{os.strerror(number)}. " in words and remedy in words and "invalidated" not in words and "{" not in words
        )
    assert remedy in describe_error(OSError(number, os.strerror(number)))


@pytest.mark.parametrize("calls", ["pwrite64", "fsync,fdatasync"])
def test_a_disk_that_fails_is_to_be_checked_not_emptied(tmp_path: Path, calls: str) -> None:
    """Of a failed `fsync` DuckDB says no reason, and the advice was to free space."""
    if not (strace := shutil.which("strace")):
        pytest.skip("needs strace")
    script = (
        "import sys, pathlib, warehouse.database as w, warehouse.durable as d\n"
        "home = pathlib.Path(sys.argv[1])\n"
        "connection = w.open_warehouse(home)\n"
        "print('opened')\n"
        "with d.explain_storage_faults('build', home):\n"
        "    connection.execute('create table x as select 1')\n"
        "    connection.execute('checkpoint')\n"
    )
    open_warehouse(tmp_path).close()
    inject = ["-f", "-qq", "-o", str(tmp_path / "calls"), "-P", str(tmp_path / "warehouse.duckdb")]
    inject += ["-P", str(tmp_path / "warehouse.duckdb.wal"), "-e", f"inject={calls}:error=EIO"]
    command = [strace, *inject, sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.stdout == "opened\n" and "the disk cannot read or write: check it" in done.stderr.splitlines()[-1]


def test_a_writer_waits_for_who_looks_at_the_warehouse_for_a_moment(tmp_path: Path) -> None:
    """The alerts of one flow read its format while the next flow loaded, which failed and was told."""
    open_warehouse(tmp_path).close()
    script = (
        "import duckdb, sys, time; c = duckdb.connect(sys.argv[1], read_only=True); print(1, flush=True); time.sleep(1)"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "warehouse.duckdb")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as looking:
        assert looking.stdout and looking.stdout.readline()
        open_warehouse(tmp_path).close()
        assert looking.wait(9) == 0


def test_a_secret_needs_no_hard_links(tmp_path: Path) -> None:
    """On exFAT no command could start: "Operation not permitted"."""
    if not (strace := shutil.which("strace")):
        pytest.skip("needs strace")
    script = "import sys, pathlib, warehouse.lock as w; w.make_secret_file(pathlib.Path(sys.argv[1]), 'x')"
    inject = ["-f", "-qq", "-o", str(tmp_path / "calls"), "-e", "inject=link,linkat:error=EPERM"]
    subprocess.run([strace, *inject, sys.executable, "-c", script, str(tmp_path / "key")], check=True, timeout=60)
    assert (tmp_path / "key").read_text() == "x" and (tmp_path / "key").stat().st_mode & 0o777 == 0o600
