"""Kept files of a newer Heartbeat, and warehouse files of other versions of DuckDB."""

import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.attempts import record_attempt
from pipelines.commands.checks import list_undelivered
from pipelines.notifying.alerts import AlertState
from pipelines.notifying.outbox import read_state, write_state
from tests.worlds.warehouse_rows import empty_warehouse
from warehouse.attempts.entries import AttemptKind
from warehouse.attempts.reader import read_attempts, read_health
from warehouse.database import OFFLINE, WarehouseError, open_warehouse, read_format, warehouse_path
from warehouse.publish import publish_snapshot
from warehouse.schema.tables import TABLES, VERSION
from warehouse.settings import Settings
from warehouse.snapshot import POINTER, NewerPointer, published_folder, read_pointer, read_published

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)


def test_a_new_warehouse_whose_first_opening_was_killed_is_made_whole(tmp_path: Path) -> None:
    """Its tables may be there without their version."""
    with duckdb.connect(str(warehouse_path(tmp_path)), config=dict(OFFLINE)) as connection:
        connection.execute("create schema ledger; create table ledger.version (version integer not null)")
    with open_warehouse(tmp_path) as connection:
        tables = "select schema_name, table_name, sql from duckdb_tables() order by all"
        assert connection.execute(tables).fetchall() == empty_warehouse().execute(tables).fetchall()
    assert read_format(tmp_path) == VERSION


def _read_files(home: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in home.rglob("*") if path.is_file() and path.suffix != ".lock"}


def test_what_a_newer_heartbeat_wrote_is_refused_in_a_sentence_and_stays_as_it_is(tmp_path: Path) -> None:
    """The warehouse, the pointer of what is published, attempts and alerts; landed files have tests of theirs."""
    home = tmp_path / "home"
    settings = Settings(HEARTBEAT_HOME=home, HEARTBEAT_NOW=NOW, _env_file=None)
    with record_attempt(settings, AttemptKind.BUILD), open_warehouse(home) as connection:
        publish_snapshot(connection, home, NOW, "0.1.0")
        connection.execute("insert into ledger.version values (99); create table ledger.unknown (x integer)")
    (path,) = (home / "attempts").iterdir()
    path.write_bytes(path.read_bytes().replace(b'"format":1', b'"format":2'))
    pointer = home / "published" / POINTER
    pointer.write_text(json.dumps(json.loads(pointer.read_bytes()) | {"format": 2, "file": ["of", "two"]}))
    write_state(home, AlertState(format=2))
    before = _read_files(home)

    words = r"written by a newer Heartbeat \(format {}; this one reads up to {}\); update Heartbeat"
    with pytest.raises(WarehouseError, match=words.format(99, VERSION)):
        open_warehouse(home)
    for read in (read_pointer, read_published):
        with pytest.raises(NewerPointer, match=words.format(2, 1)):
            read(published_folder(home))
    with empty_warehouse() as connection, pytest.raises(NewerPointer):
        publish_snapshot(connection, home, NOW, "0.1.0")
    with pytest.raises(WarehouseError, match=words.format(2, 1)):
        read_state(home)
    assert list_undelivered(settings)[0].endswith("update Heartbeat")
    assert read_attempts(home) == []
    (trouble,) = read_health(home, None, NOW).troubles
    assert trouble.sentence.startswith(
        "a newer Heartbeat ran here, so that 1 of its attempts are not judged: attempts/"
    )
    assert trouble.sentence.endswith("Update Heartbeat. Nothing was changed.") and trouble.is_grave
    assert _read_files(home) == before


@pytest.mark.parametrize("engine", ["v0.10.2", "v1.2.0", "latest"])
def test_a_file_as_other_versions_of_the_engine_write_it_is_read_and_written_on(tmp_path: Path, engine: str) -> None:
    """An update of DuckDB must not cost the warehouse, and a file of 1.4.2 was read and written on by 2.0.1."""
    config = OFFLINE | {"storage_compatibility_version": engine}
    with duckdb.connect(str(warehouse_path(tmp_path)), config=dict(config)) as connection:
        connection.execute(TABLES)
        connection.execute("insert into ledger.settings values ('kept', 'kept')")
    for _ in range(2):
        with open_warehouse(tmp_path) as connection:
            assert connection.execute("select * from ledger.settings").fetchall() == [("kept", "kept")]


def test_a_file_that_this_engine_cannot_read_is_told_with_the_way_out(tmp_path: Path) -> None:
    """The warehouse is made from what was landed: whoever cannot open it loses nothing by moving it away."""
    open_warehouse(tmp_path).close()
    data = bytearray(warehouse_path(tmp_path).read_bytes())
    data[12:20] = (10**6).to_bytes(8, "little")
    warehouse_path(tmp_path).write_bytes(data)
    with pytest.raises(WarehouseError, match=r"duckdb: cannot be opened: .* move it away and restore") as caught:
        open_warehouse(tmp_path)
    assert "`heartbeat build`" in str(caught.value)
    warehouse_path(tmp_path).rename(tmp_path / "away")
    open_warehouse(tmp_path).close()
