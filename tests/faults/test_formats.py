"""Kept files of a newer Heartbeat, and warehouse files of other versions of DuckDB."""

from pathlib import Path

import duckdb
import pytest

from tests.worlds.warehouse_rows import empty_warehouse
from warehouse.database import OFFLINE, WarehouseError, open_warehouse, read_format, warehouse_path
from warehouse.schema.tables import VERSION

pytestmark = pytest.mark.slow


def test_a_new_warehouse_whose_first_opening_was_killed_is_made_whole(tmp_path: Path) -> None:
    """Its tables may be there without their version."""
    with duckdb.connect(str(warehouse_path(tmp_path)), config=dict(OFFLINE)) as connection:
        connection.execute("create schema ledger; create table ledger.version (version integer not null)")
    with open_warehouse(tmp_path) as connection:
        tables = "select schema_name, table_name, sql from duckdb_tables() order by all"
        assert connection.execute(tables).fetchall() == empty_warehouse().execute(tables).fetchall()
    assert read_format(tmp_path) == VERSION


def test_a_warehouse_of_another_version_is_refused_in_a_sentence(tmp_path: Path) -> None:
    """It stays as it is."""
    with open_warehouse(tmp_path) as connection:
        connection.execute("insert into ledger.version values (99)")
    words = rf"written by another version of Heartbeat \(format 99; this one reads {VERSION}\)"
    with pytest.raises(WarehouseError, match=words):
        open_warehouse(tmp_path)


def test_a_file_that_this_engine_cannot_read_is_refused_with_the_way_out(tmp_path: Path) -> None:
    """The warehouse is made from the landed files: moving it away loses nothing."""
    open_warehouse(tmp_path).close()
    data = bytearray(warehouse_path(tmp_path).read_bytes())
    data[12:20] = (10**6).to_bytes(8, "little")
    warehouse_path(tmp_path).write_bytes(data)
    with pytest.raises(WarehouseError, match=r"duckdb: cannot be opened: .* restore a backup") as caught:
        open_warehouse(tmp_path)
    assert "`heartbeat build`" in str(caught.value)
    warehouse_path(tmp_path).rename(tmp_path / "away")
    open_warehouse(tmp_path).close()
