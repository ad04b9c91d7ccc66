"""Collecting runs in a pool of workers: Prefect's server on PostgreSQL, four collectors of which one dies."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.catalog.reader import Catalog
from pipelines.steps import make_warehouse
from tests.faults.tables import count_differences
from tests.paths import ROOT
from tests.upstream.emulator import Upstream
from tests.upstream.faults import slow
from tests.worlds.stores.fleet import KEY, Fleet, list_descendants, serve_fleet
from tests.worlds.stores.pace import LATENCY, choose_channels
from tests.worlds.stores.postgres import serve_database
from tests.worlds.stores.server import locate, serve_store
from tests.worlds.warehouse_rows import empty_warehouse
from warehouse.database import warehouse_path
from warehouse.landing import Zone, open_zone
from warehouse.load import load_new_files
from warehouse.objects.leases import FOLDER, parse_state
from warehouse.settings import Settings

pytestmark = pytest.mark.slow
PATIENCE_SECONDS = 420
OF_VISITS = ("staging.collections", "staging.filled_samples")
"""Tables that tell of each visit: a schedule may make its second one while the test still waits."""
Rows = Mapping[str, list[tuple[Any, ...]]]


def _read_rows(zone: Zone) -> Rows:
    """What a warehouse of the zone holds, each row of an upstream once, however often it was read."""
    with closing(empty_warehouse()) as connection:
        assert not load_new_files(connection, zone, Settings(_env_file=None).clock()).refused
        names = connection.sql(
            "select table_name from duckdb_columns() where schema_name = 'raw' and column_name = 'body'"
        )
        return {
            name: connection.sql(
                f'select distinct channel_id, key, source_time, body::varchar from raw."{name}" order by all'
            ).fetchall()
            for (name,) in names.fetchall()
        }


def _collect_alone(folder: Path, catalog: Path, now: str) -> Rows:
    """What one worker lands that nobody disturbs, in a folder."""
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT),
        "HEARTBEAT_HOME": str(folder / "alone"), "HEARTBEAT_PEOPLE_KEY": KEY, "HEARTBEAT_CATALOG": str(catalog),
        "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_NOW": now, "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost",
    }  # fmt: skip
    command = [sys.executable, "-m", "pipelines", "collect"]
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 3), done.stdout + done.stderr
    return _read_rows(open_zone(str(folder / "alone" / "landing")))


def _build_warehouse(home: Path, landing: str, catalog: Catalog, now: str) -> Rows:
    """Builds a warehouse of all that lies in a landing zone, and reads every table but those of visits."""
    settings = Settings(
        HEARTBEAT_HOME=home, HEARTBEAT_PEOPLE_KEY=KEY, HEARTBEAT_LANDING=landing, HEARTBEAT_NOW=now, _env_file=None
    )  # fmt: skip
    built = home / "built"
    assert make_warehouse(settings, catalog, built) == []
    with closing(duckdb.connect(str(warehouse_path(built)), read_only=True)) as connection:
        names = connection.sql(
            "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('staging', 'metrics')"
        )
        kept = [name for (name,) in names.fetchall() if name not in OF_VISITS]
        return {name: connection.sql(f"select * from {name} order by all").fetchall() for name in kept}


def _find_holder(zone: Zone, fleet: Fleet) -> str:
    """The collector that visits a channel now; empty while none does."""
    assert zone.place
    collectors = {name: one.pid for name, one in fleet.processes.items() if name.startswith("collector")}
    for found in zone.place.list_all(f"{FOLDER}/visits"):
        holder = parse_state((zone.place.read(found.key) or (b"",))[0]).holder.split()
        for name, pid in collectors.items():
            if holder and holder[1].isdigit() and int(holder[1]) in list_descendants(pid):
                return name
    return ""


def test_four_collectors_of_which_one_dies_give_the_warehouse_of_one_worker(tmp_path: Path) -> None:
    """All processes of one are killed while it visits a channel. Its run is closed once its worker is missed, and the
    source's next one goes on elsewhere. What both land gives the same rows of every table."""
    catalog, _ = choose_channels()
    with serve_store() as store, serve_database() as database, Upstream(catalog, seed=3, threads=40) as world:
        paths, now = world.catalog(tmp_path / "catalog"), world.world.now.isoformat()
        expected = _collect_alone(tmp_path, paths, now)
        world.fail("*", None, slow(LATENCY))
        landing = locate(store, "pools")
        zone = open_zone(landing)
        with serve_fleet(tmp_path, landing, database, paths, now, 4) as fleet:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not (name := _find_holder(zone, fleet)):
                assert time.monotonic() < deadline, fleet.read_logs()
                time.sleep(0.2)
            fleet.kill(name)
            while (rows := _read_rows(zone)) != expected:
                assert time.monotonic() < deadline, (fleet.read_logs(), {one: len(rows[one]) for one in rows})
                time.sleep(5)
            runs = fleet.ask("flow_runs", limit=200)
            assert any("its worker is gone" in str(run["state"]) for run in runs)
        alone = _build_warehouse(tmp_path / "one", str(tmp_path / "alone" / "landing"), catalog, now)
        together = _build_warehouse(tmp_path / "four", landing, catalog, now)
        assert sum(map(bool, alone.values())) > 200
        assert +Counter(count_differences(alone, together)) == Counter()
