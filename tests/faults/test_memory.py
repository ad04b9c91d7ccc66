"""Little memory: the writer takes a share of what there is, and if that ends, the command does, in words."""

import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from tests.worlds.warehouse_rows import build_tables, select_models
from warehouse.database import WarehouseError, open_builder, open_warehouse
from warehouse.durable import explain_storage_faults
from warehouse.landing import open_writer, open_zone
from warehouse.load import load_new_files

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
WORDS = "free some space or memory, then run it again"
ROWS = 30_000


def test_the_two_databases_of_a_build_take_half_of_what_the_engine_would_and_1_5_gib_at_most(
    tmp_path: Path,
) -> None:
    """With 80 % of a container of 1 GB each build was ended by the system, and the next one, too."""
    opened = duckdb.connect(":memory:"), open_warehouse(tmp_path), open_builder(tmp_path / "spill")
    sizes = [connection.execute("select current_setting('memory_limit')").fetchall()[0][0] for connection in opened]
    amounts = [float(size.split()[0]) * {"MiB": 1, "GiB": 1024}[size.split()[1]] for size in sizes]

    assert amounts[1] + amounts[2] == pytest.approx(min(1536, amounts[0] / 2), rel=0.05)


def test_memory_that_ends_in_the_middle_is_said_and_costs_nothing(tmp_path: Path) -> None:
    """Loading and building stop as they do at a full disk; with more memory the same commands are whole."""
    zone = open_zone(str(tmp_path / "landing"))
    writer = open_writer(zone, "a.packages.b", "packages", NOW)
    body = {"package": "x" * 200, "day_on": "2026-10-01", "downloads": 1}
    writer.add_rows([("downloads", str(number), NOW, json.dumps(body)) for number in range(ROWS)], NOW)
    writer.manifest.outcomes["downloads"] = {"state": "complete", "rows": ROWS, "fault": "none"}
    writer.finish(NOW)
    connection = open_warehouse(tmp_path)
    connection.execute("set temp_directory = ''; set memory_limit = '4MB'")
    with pytest.raises(WarehouseError, match=WORDS), explain_storage_faults("load", tmp_path):
        load_new_files(connection, zone, NOW)
    connection.execute("set memory_limit = '1GB'")
    assert connection.execute("select count(*) from ledger.files").fetchall() == [(0,)]
    assert load_new_files(connection, zone, NOW).rows == ROWS

    connection.execute("checkpoint; set memory_limit = '4MB'")
    models = select_models("packages_daily")
    with pytest.raises(WarehouseError, match=WORDS), explain_storage_faults("build", tmp_path):
        build_tables(connection, models)
    connection.execute("set memory_limit = '1GB'")
    build_tables(connection, models, full=True)
    assert connection.execute("select count(*) from staging.packages__downloads").fetchall() == [(1,)]
