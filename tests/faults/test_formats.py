"""Warehouses of every former format, and files of other versions of the engine."""

from pathlib import Path

import duckdb
import pytest

from tests.worlds.warehouse_rows import empty_warehouse
from warehouse.database import _LEDGER, OFFLINE, VERSION, WarehouseError, open_warehouse, read_format, warehouse_path

FORMATS = Path(__file__).parent / "formats"
"""The tables of the warehouse itself as each format first made them, by its number."""
FORMER = sorted(int(path.stem) for path in FORMATS.glob("*.sql"))
VALUES = {
    "VARCHAR": "'kept'", "VARCHAR[]": "['kept']", "BIGINT": "7", "INTEGER": "7", "DOUBLE": "0.5", "BOOLEAN": "true",
    "TIMESTAMP": "timestamp '2026-11-01 06:00:00'", "DATE": "date '2026-11-01'",
    "MAP(VARCHAR, VARCHAR)": "map {'kept': 'kept'}",
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
def test_a_warehouse_of_any_former_format_is_carried_over_also_when_that_is_killed(tmp_path: Path, number: int) -> None:
    """Each statement is safe to run again, and the number of the format is written last."""
    former = _make_former(tmp_path, number)
    statements = _LEDGER.strip().rstrip(";").split(";\n")
    for count in (3, len(statements) // 2, len(statements) - 1):
        with duckdb.connect(str(warehouse_path(tmp_path)), config=dict(OFFLINE)) as connection:
            connection.execute(";".join(statements[:count]))
        assert read_format(tmp_path) == number
    _check_carried_over(tmp_path, former)


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
    with pytest.raises(WarehouseError, match=r"warehouse\.duckdb: cannot be opened: .* move it away and run") as caught:
        open_warehouse(tmp_path)
    assert "`heartbeat build`" in str(caught.value)
    warehouse_path(tmp_path).rename(tmp_path / "away")
    open_warehouse(tmp_path).close()
