"""What other tools make of the published file and of exports: the notebook and the statements of OPERATIONS.md run as
written."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from tests.benchmarks.peers.environments import prepare_environment
from tests.paths import ROOT
from warehouse.export import export_metrics
from warehouse.landing import list_landed, open_zone, read_landed
from warehouse.packing.compacting import compact_zone
from warehouse.snapshot import SAMPLE, Snapshot, read_current

pytestmark = pytest.mark.slow
LOADED = "select count(), uniqExact(metric), countIf(is_sample), countIf(state = 'measured') from figures"


@pytest.fixture
def snapshot(sample_home: Path) -> Snapshot:
    """The published sample world."""
    found = read_current(sample_home / SAMPLE)
    assert found is not None
    return found


def test_the_notebook_runs_on_a_published_file(snapshot: Snapshot, tmp_path: Path) -> None:
    """Whoever begins with it sees figures, not errors; it keeps no output of anybody's data."""
    notebook = json.loads((ROOT / ".github" / "figures.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert cells and not any(cell["outputs"] or cell["execution_count"] for cell in cells)
    script = tmp_path / "cells.py"
    script.write_text("\n".join("".join(cell["source"]) for cell in cells), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], env=os.environ | {"SNAPSHOT": str(snapshot.path)}, text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for said in ("answered_share", "Qwen", "95 % interval"):
        assert said in done.stdout


def test_the_command_line_of_an_older_engine_opens_a_published_file(snapshot: Snapshot) -> None:
    """Files in the newest form of the engine that writes them could be read by nothing that is a year old."""
    python = _prepare("duckdb-cli")
    query = "select count(comment) > 3000 as is_described from duckdb_columns(); select version from meta.snapshot"
    done = subprocess.run([python.with_name("duckdb"), "-readonly", "-csv", str(snapshot.path), query], text=True,
                          capture_output=True, check=False)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["is_described", "true", "version", "1"]


def _prepare(package: str) -> Path:
    """Prepares the environment of a package, or skips the test with the reason."""
    try:
        return prepare_environment(package)
    except SystemExit as error:
        pytest.skip(str(error))


def _read_statement(engine: str) -> str:
    """Reads the statement below the comment that names an engine."""
    found = re.search(rf"-- {engine}\n(.*?;)\n", (ROOT / "OPERATIONS.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_clickhouse_loads_the_partitions_as_written(snapshot: Snapshot, tmp_path: Path) -> None:
    """The real engine, with the folder in the place of the bucket."""
    python = _prepare("chdb")
    export_metrics(snapshot, ["all"], tmp_path / "figures", "parquet")
    statement = re.sub(r"s3\('[^']*/figures", f"file('{tmp_path}/figures", _read_statement("ClickHouse"))
    script = tmp_path / "load.py"
    script.write_text(
        "import sys\nfrom chdb.session import Session\nsession = Session()\n"
        "session.query('create database warehouse')\nsession.query('use warehouse')\n"
        f"session.query(sys.argv[1])\nprint(session.query({LOADED!r}, 'CSV'))\n",
        encoding="utf-8",
    )
    done = subprocess.run([python, str(script), statement.rstrip(";")], text=True,
                          capture_output=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    counted = duckdb.execute(
        "select count(*), count(distinct metric), count_if(is_sample), count_if(state = 'measured')"
        f" from read_parquet('{tmp_path}/figures/*/*.parquet')"
    ).fetchone()
    assert counted is not None and counted[1] > 80
    assert tuple(map(int, done.stdout.strip().split(","))) == counted


@pytest.fixture(scope="module")
def landed(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Counter[str]]:
    """A home whose landing zone is packed but for the newest visits, and its rows by channel."""
    home = tmp_path_factory.mktemp("landed")
    zone = open_zone(str(shutil.copytree(sample_home / SAMPLE / "landing", home / ".heartbeat" / "landing")))
    report = compact_zone(zone, least_files=2)
    counted = Counter[str]()
    for name in list_landed(zone):
        counted[name.partition("/")[0]] += read_landed(zone, name)[1].num_rows
    assert report.packed and counted.total() > 10_000
    return home, +counted


def test_an_older_engine_reads_the_landing_zone_as_it_is(landed: tuple[Path, Counter[str]]) -> None:
    """Packed files and those of single visits alike."""
    home, counted = landed
    query = f"select channel_id, count(*) from ({_read_statement('DuckDB').rstrip(';')}) group by 1"
    engine = _prepare("duckdb-cli").with_name("duckdb")
    done = subprocess.run([engine, "-csv", "-noheader", ":memory:", query], cwd=home, text=True,
                          capture_output=True, check=False)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert _read_counts(done.stdout) == counted


def test_clickhouse_reads_the_landing_zone_as_it_is(landed: tuple[Path, Counter[str]]) -> None:
    """With the folder in the place of the bucket."""
    home, counted = landed
    statement = _read_statement("ClickHouse, of what was landed").rstrip(";")
    of_folder = re.sub(r"s3\('[^']*/landing", f"file('{home}/.heartbeat/landing", statement)
    script = f"import chdb; print(chdb.query({f'select channel_id, count() from ({of_folder}) group by 1'!r}, 'CSV'))"
    done = subprocess.run([_prepare("chdb"), "-c", script], text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert _read_counts(done.stdout) == counted


def _read_counts(said: str) -> dict[str, int]:
    """Reads a number by channel from CSV."""
    return {channel: int(count) for channel, count in csv.reader(said.split())}


@pytest.mark.parametrize("engine", ["BigQuery", "Snowflake"])
def test_statements_for_engines_that_cannot_be_had_here_name_what_is_exported(engine: str) -> None:
    """They are not run: that they name the folder and its format is all that is held."""
    statement = _read_statement(engine if engine == "BigQuery" else "Snowflake: [^\n]*")
    assert "figures" in statement and "parquet" in statement.lower()
