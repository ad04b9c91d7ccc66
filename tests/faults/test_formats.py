"""Warehouses of every former format, and files of other versions of the engine."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.commands.health import list_undelivered
from pipelines.notifying.alerts import AlertState
from pipelines.notifying.outbox import read_state, write_state
from tests.paths import ROOT
from tests.worlds.former_homes import FORMATS, restore_home
from tests.worlds.warehouse_rows import empty_warehouse
from warehouse.attempts.reader import read_attempts, read_health
from warehouse.database import OFFLINE, WarehouseError, open_warehouse, read_format, warehouse_path
from warehouse.publish import publish_snapshot
from warehouse.schema.migrations import MIGRATIONS, VERSION
from warehouse.schema.tables import TABLES
from warehouse.settings import Settings
from warehouse.snapshot import POINTER, NewerPointer, published_folder, read_pointer, read_published

FORMER = sorted(int(path.stem) for path in FORMATS.glob("*.sql"))
"""Homes that the code of each format made, and the last one before packs (`formats/former_home.py`)."""
CHANNEL = "example.packages.one"
NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
VALUES = {
    "VARCHAR": "'kept'", "VARCHAR[]": "['kept']", "BIGINT": "7", "INTEGER": "7", "DOUBLE": "0.5", "BOOLEAN": "true",
    "TIMESTAMP": "timestamp '2026-11-01 06:00:00'", "DATE": "date '2026-11-01'",
    "MAP(VARCHAR, VARCHAR)": "map {'kept': 'kept'}", "MAP(VARCHAR, BIGINT)": "map {'kept': 7}",
}  # fmt: skip
Columns = dict[tuple[str, str, str], str]


def _list_columns(connection: duckdb.DuckDBPyConnection) -> Columns:
    rows = connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        " where schema_name in ('raw', 'ledger') and database_name = current_database() order by column_index"
    ).fetchall()
    return {(schema, table, column): type_ for schema, table, column, type_ in rows}


def _make_former(home: Path, number: int) -> Columns:
    """Makes the warehouse of a former format, with a row in each table; gives its columns."""
    with duckdb.connect(str(warehouse_path(home)), config=dict(OFFLINE)) as connection:
        connection.execute((FORMATS / f"{number}.sql").read_text(encoding="utf-8"))
        columns = _list_columns(connection)
        for schema, table in {(schema, table) for schema, table, _ in columns}:
            values = [VALUES[type_] for place, type_ in columns.items() if place[:2] == (schema, table)]
            connection.execute(f"insert into {schema}.{table} values ({', '.join(values)})")
        connection.execute(f"update ledger.version set version = {number}")
    return columns


def _check_carried_over(home: Path, former: Columns) -> None:
    """All tables are those of today, and the row of each is as it was."""
    connection = open_warehouse(home)
    assert _list_columns(connection) == _list_columns(empty_warehouse())
    for schema, table, column in former.keys() - {("ledger", "version", "version")}:
        ((is_kept,),) = connection.execute(
            f'select list("{column}") = [{VALUES[former[schema, table, column]]}] from {schema}.{table}'
        ).fetchall()
        assert is_kept, f"{schema}.{table}.{column}"
    connection.close()
    assert read_format(home) == VERSION


def test_every_format_up_to_todays_is_known() -> None:
    """Whoever raises the version adds the file of its tables here, so that the next one can be tried on them."""
    assert list(range(1, VERSION + 1)) == FORMER


@pytest.mark.parametrize("number", FORMER)
def test_a_warehouse_of_any_former_format_is_carried_over_also_when_that_breaks_off(
    tmp_path: Path, number: int
) -> None:
    """It is of its former format until all is done, and the next opening does it."""
    former, statements = _make_former(tmp_path, number), [one for own in MIGRATIONS.values() for one in own]
    for count in range(0, len(statements), 7):
        with duckdb.connect(str(warehouse_path(tmp_path)), config=dict(OFFLINE)) as connection:
            connection.execute("begin; " + ";".join([TABLES.rstrip().rstrip(";"), *statements[:count]]))
        assert read_format(tmp_path) == number
        with duckdb.connect(str(warehouse_path(tmp_path)), config=dict(OFFLINE)) as connection:
            assert _list_columns(connection) == former
    _check_carried_over(tmp_path, former)


KILLED = """
import os, sys
from pathlib import Path
from warehouse.database import open_warehouse
from warehouse.schema import migrations

class Ending(tuple):
    def __iter__(self):
        yield self[0]
        os.kill(os.getpid(), 9)

migrations.MIGRATIONS[3] = Ending(migrations.MIGRATIONS[3])
open_warehouse(Path(sys.argv[1]))
"""


def test_a_process_that_is_killed_amid_its_migrations_leaves_the_former_format(tmp_path: Path) -> None:
    """The log of the engine holds nothing of what was not done to the end."""
    former = _make_former(tmp_path, 1)
    assert subprocess.run([sys.executable, "-c", KILLED, tmp_path], cwd=ROOT, check=False).returncode == -9
    assert read_format(tmp_path) == 1
    _check_carried_over(tmp_path, former)


def test_a_new_warehouse_whose_first_opening_was_killed_is_made_whole(tmp_path: Path) -> None:
    """Former versions wrote the number of the format last, so that their tables may be there without one."""
    with duckdb.connect(str(warehouse_path(tmp_path)), config=dict(OFFLINE)) as connection:
        connection.execute((FORMATS / "2.sql").read_text(encoding="utf-8"))
    connection = open_warehouse(tmp_path)
    assert _list_columns(connection) == _list_columns(empty_warehouse())
    connection.close()
    assert read_format(tmp_path) == VERSION


def test_the_ledger_of_attempts_of_a_former_version_is_read() -> None:
    """What failed before an update is told after it."""
    (attempt,) = read_attempts(FORMATS / "homes" / "last")
    assert attempt.ending is not None and (attempt.ending.cause, attempt.state) == ("no room", "failed")


def _read_files(home: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in home.rglob("*") if path.is_file() and path.suffix != ".lock"}


def test_what_a_newer_heartbeat_wrote_is_refused_in_a_sentence_and_stays_as_it_is(tmp_path: Path) -> None:
    """The warehouse, the pointer of what is published, attempts and alerts; landed files have tests of theirs."""
    home = tmp_path / "home"
    restore_home("last", home)
    (path,) = (home / "attempts").iterdir()
    path.write_bytes(path.read_bytes().replace(b'{"event":"begun",', b'{"event":"begun","format":2,'))
    pointer = home / "published" / POINTER
    pointer.write_text(json.dumps(json.loads(pointer.read_bytes()) | {"format": 2, "file": ["of", "two"]}))
    write_state(home, AlertState(format=2))
    with open_warehouse(home) as connection:
        connection.execute("insert into ledger.version values (99); create table ledger.unknown (x integer)")
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
    assert list_undelivered(Settings(HEARTBEAT_HOME=home, _env_file=None))[0].endswith("update Heartbeat")
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
        connection.execute((FORMATS / f"{VERSION}.sql").read_text(encoding="utf-8"))
        connection.execute("insert into ledger.settings values ('kept', 'kept')")
    for _ in range(2):
        connection = open_warehouse(tmp_path)
        assert connection.execute("select * from ledger.settings").fetchall() == [("kept", "kept")]
        connection.close()


def test_a_file_that_this_engine_cannot_read_is_told_with_the_way_out(tmp_path: Path) -> None:
    """The warehouse is made from what was landed: whoever cannot open it loses nothing by moving it away."""
    open_warehouse(tmp_path).close()
    data = bytearray(warehouse_path(tmp_path).read_bytes())
    data[12:20] = (10**6).to_bytes(8, "little")
    warehouse_path(tmp_path).write_bytes(data)
    with pytest.raises(
        WarehouseError, match=r"warehouse\.duckdb: cannot be opened: .* move it away and restore a backup"
    ) as caught:
        open_warehouse(tmp_path)
    assert "`heartbeat build`" in str(caught.value)
    warehouse_path(tmp_path).rename(tmp_path / "away")
    open_warehouse(tmp_path).close()
