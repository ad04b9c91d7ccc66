"""Builds on Spark: the same warehouse as DuckDB makes, in one step or not at all, and errors that say what to do."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

pytest.importorskip("sqlglot")

from analytics.engine.build import build_tables
from analytics.engine.digests import digest_rows
from analytics.engine.models import read_models
from analytics.engine.staging import LEDGERS, StagingTable, add_new_rows, type_rows
from analytics.spark.building import open_build
from analytics.spark.newest import render_newest
from analytics.spark.session import SparkServer
from tests.benchmarks.threads_world import fill_world
from tests.deploying.documents import find_block
from tests.paths import ROOT
from tests.tools.parity.builds import SAMPLE, compare_builds
from tests.tools.parity.sail import name_client, serve_sail, start_client
from warehouse.database import open_warehouse
from warehouse.faults import WarehouseError

pytestmark = pytest.mark.rests_on(
    "analytics", "pipelines", "warehouse", "OPERATIONS.md", "tests/analytics/spark/test_builds.py", "tests/benchmarks",
    "tests/deploying/documents.py", "tests/tools/parity", "tests/upstream", "tests/worlds", "tests/gate",
    "tests/paths.py",
)  # fmt: skip
NOBODY = "sc://127.0.0.1:1"
ROUNDED = re.compile(r"of \d+ rows differ \d of bounds_note")
"""A half, such as 31.25, that a sentence rounds: the last digit of a sum decides to which side."""
WITHOUT_CLIENT = "import sys; sys.modules['pyspark'] = None; from pipelines.cli import run; run()"


@pytest.fixture(scope="module")
def sail() -> Iterator[str]:
    """The address of a Sail server."""
    try:
        with serve_sail() as (address, _):
            yield address
    except SystemExit as error:
        pytest.skip(str(error))


def _run(home: Path, *words: str, **environment: str) -> tuple[int, str]:
    client = start_client(home, *words, environment=environment)
    out, errors = client.communicate(timeout=1500)
    return client.returncode, out + errors


def _run_block(folder: Path, block: str, home: Path) -> str:
    """Runs commands of the documents where the extra is installed."""
    command = folder / "heartbeat"
    command.write_text(f'#!/bin/sh\nexec {shlex.join(name_client())} "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    paths = {"PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "HEARTBEAT_HOME": str(home)}
    done = subprocess.run(["sh", "-ec", block], env=os.environ | SAMPLE | paths, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.slow
def test_spark_builds_the_warehouse_that_duckdb_builds(sample_home: Path, tmp_path: Path, sail: str) -> None:
    """From the landed files on, as the manual says it; then DuckDB goes on with it."""
    home, shared = tmp_path / "home", tmp_path / "shared"
    home.mkdir()
    shutil.copytree(sample_home / "sample" / "landing", home / "landing")

    block = find_block("export SPARK_REMOTE").replace("sc://127.0.0.1:15002", sail)
    told = _run_block(tmp_path, block.replace("/srv/heartbeat-shared", str(shared)), home)

    assert "published version 1" in told
    assert list(shared.iterdir()) == []
    compared = compare_builds(sample_home / "sample" / "warehouse.duckdb", home / "warehouse.duckdb")
    assert {item.table: item.cause for item in compared if item.cause and not ROUNDED.fullmatch(item.cause)} == {}
    assert sum(item.rows for item in compared) > 3_000_000
    code, told = _run(home, "build", **SAMPLE)
    assert (code, "built 0 tables" in told) == (0, True), told


def test_typed_rows_go_to_spark_and_the_others_stay(tmp_path: Path) -> None:
    """They are set aside as in a build by DuckDB; the query for the newest of each key gives the rows of that one."""
    with closing(open_warehouse(tmp_path)) as connection:
        _check_typing(connection)


def _check_typing(warehouse: duckdb.DuckDBPyConnection) -> None:
    [model] = [model for model in read_models() if model.table == "staging.packages__downloads"]
    staging = StagingTable(model.table, model.text, model.header)
    warehouse.execute(
        f"create table {staging.raw} as select 'a.packages' as channel_id, concat('k', i) as key,"
        " null::timestamp as source_time, timestamp '2026-11-01' + to_days(i // 4) as seen_at, 1::bigint as load_id,"
        " if(i = 1, '[1]', json_object('package', 'p', 'day_on', '2026-10-0' || i // 2, 'downloads', i)) as body"
        " from range(1, 7) as r(i)"
    )

    with type_rows(warehouse, staging) as typed:
        rows = f"select * from {typed}"
        names = warehouse.sql(rows).columns
        newest = warehouse.sql(render_newest(rows, names, model.header)).order("all").fetchall()
        assert warehouse.sql(f"select downloads_count from {typed} order by all").fetchall() == [
            (2,),
            (3,),
            (4,),
            (5,),
            (6,),
        ]

    kept = {table: digest_rows(warehouse, table) for table in LEDGERS}
    add_new_rows(warehouse, staging, None)
    assert newest == warehouse.sql(f"select {', '.join(names)} from {model.table} order by all").fetchall()
    assert [row[names.index("downloads_count")] for row in newest] == [3, 5, 6]
    assert {table: digest_rows(warehouse, table) for table in LEDGERS} == kept


class BrokenSession:
    """A server that can read tables, and make none."""

    def sql(self, text: str) -> None:
        """Fails as a query does that Spark does not understand."""
        raise ValueError(f"no such function\nin {text[:20]}")

    def __getattr__(self, name: str) -> Any:
        """Takes everything else."""
        return self

    def __call__(self, *_: object) -> Any:
        """Takes everything else."""
        return self


def test_a_table_that_spark_cannot_make_leaves_all_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the table and the reason, or that the server is gone."""
    with closing(open_warehouse(tmp_path)) as connection:
        fill_world(connection, 20)
        build_tables(connection)
        tables = [*(model.table for model in read_models()), *LEDGERS, "ledger.builds", "ledger.settings"]
        before = {table: digest_rows(connection, table) for table in tables}
        for answers, why in (
            (True, "cannot be built on Spark (ValueError: no such function)"),
            (False, "no Spark Connect server answers there"),
        ):
            monkeypatch.setattr(SparkServer, "answers", lambda _, answers=answers: answers)
            told = _fail(connection, tmp_path)
            assert re.match(r"(staging|metrics)\.\w+: ", told) and why in told
            assert "nothing was changed" in told and "\n" not in told
            assert {table: digest_rows(connection, table) for table in tables} == before
            assert list((tmp_path / "shared").iterdir()) == []


def _fail(connection: duckdb.DuckDBPyConnection, home: Path) -> str:
    server = SparkServer(NOBODY, "127.0.0.1", 1)
    with (
        pytest.raises(WarehouseError) as caught,
        open_build(BrokenSession(), server, home / "shared", home) as build,
    ):
        build_tables(connection, maker=build)
    return str(caught.value)


def test_without_an_address_the_error_names_the_variable(tmp_path: Path) -> None:
    code, told = _run(tmp_path, "build", "--engine", "spark")

    assert code == 2 and told.count("\n") == 1
    assert "SPARK_REMOTE" in told and "sc://HOST:PORT" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--engine", "spark", "--remote", "http://127.0.0.1:1;token=canary"], "not the address"),
        (["--remote", NOBODY], "--engine spark"),
        (["--shared", "folder"], "--engine spark"),
    ],
)
def test_wrong_options_are_told_in_a_line(tmp_path: Path, words: list[str], said: str) -> None:
    code, told = _run(tmp_path, "build", *words)

    assert code == 2 and told.count("\n") == 1 and said in told and "canary" not in told


def test_a_server_that_does_not_answer_is_told_in_a_line(tmp_path: Path, sail: str) -> None:
    """Nothing is loaded, either."""
    code, told = _run(tmp_path, "build", "--engine", "spark", SPARK_REMOTE=f"{NOBODY}/;token=canary")

    assert code == 2 and told.count("\n") == 1 and "canary" not in told
    assert "127.0.0.1:1: no Spark Connect server answers there" in told
    assert not (tmp_path / "warehouse.duckdb").exists()


def test_missing_packages_are_told_with_the_line_that_installs_them(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_CLIENT, "build", "--engine", "spark", "--remote", NOBODY],
        env=os.environ | {"HEARTBEAT_HOME": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert "(pyspark)" in done.stderr and "pip install -e '.[spark]'" in done.stderr
