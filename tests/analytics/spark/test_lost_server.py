"""A Spark server that dies in the middle of a build: one sentence, nothing changed, and DuckDB goes on."""

import os
import signal
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

pytest.importorskip("sqlglot")

from analytics.engine.build import build_tables
from analytics.engine.digests import Digest, digest_rows
from analytics.engine.models import read_models
from analytics.engine.staging import LEDGERS
from tests.benchmarks.threads_world import fill_world
from tests.tools.parity.builds import SAMPLE
from tests.tools.parity.sail import serve_sail, start_client
from warehouse.database import open_warehouse

pytestmark = [
    pytest.mark.slow,
    pytest.mark.rests_on(
        "analytics", "pipelines", "warehouse", "tests/benchmarks", "tests/tools/parity", "tests/upstream",
        "tests/worlds", "tests/gate", "tests/paths.py",
    ),
]  # fmt: skip
MADE = 40
"""Number of metrics, nearly all made by Spark, that are there when the server dies: far from all of some 300."""
MOST_SECONDS = 300


def _digest_tables(home: Path) -> dict[str, Digest]:
    with closing(open_warehouse(home)) as warehouse:
        return {name: digest_rows(warehouse, name) for name in (*(model.table for model in read_models()), *LEDGERS)}


def _wait_for_tables(shared: Path, client: subprocess.Popen[str]) -> None:
    until = time.monotonic() + MOST_SECONDS
    while len({path.parent for path in shared.glob("build-*/metrics.*/*.parquet")}) < MADE:
        assert client.poll() is None and time.monotonic() < until, "the build did not come so far"
        time.sleep(0.05)


def test_a_server_killed_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    home, shared = tmp_path / "home", tmp_path / "shared"
    with closing(open_warehouse(home)) as warehouse:
        fill_world(warehouse, 50)
        build_tables(warehouse)
    before = _digest_tables(home)

    try:
        with serve_sail() as (address, server):
            words = ("build", "--engine", "spark", "--remote", address, "--shared", str(shared))
            client = start_client(home, *words, environment=SAMPLE)
            _wait_for_tables(shared, client)
            os.kill(server, signal.SIGKILL)
            told = "".join(client.communicate(timeout=MOST_SECONDS))
    except SystemExit as error:
        pytest.skip(str(error))

    assert (client.returncode, told.count("\n")) == (2, 1), told
    assert f"{address.removeprefix('sc://')}: no Spark Connect server answers there" in told
    assert "nothing was changed, and readers keep the last snapshot" in told
    assert _digest_tables(home) == before
    assert list(shared.iterdir()) == []
    after = start_client(home, "build", environment=SAMPLE)
    out, errors = after.communicate(timeout=MOST_SECONDS)
    assert after.returncode == 0 and "built" in out, out + errors
