"""Budgets as an operator meets them: real commands against the emulator, each a new process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.catalog.reader import SHIPPED, read_catalog
from tests.paths import ROOT
from tests.upstream.catalogs import few
from tests.upstream.emulator import NOW, Upstream
from warehouse.landing import list_landed, open_zone

pytestmark = pytest.mark.slow


def test_a_days_budget_holds_across_commands_and_the_next_day_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """Three repositories with a backlog, and a budget that ends in the midst of each."""
    with Upstream(few(read_catalog([SHIPPED]), "gemma"), seed=5, threads=2_000, now=NOW) as up:
        environment = os.environ | {
            "HEARTBEAT_HOME": str(tmp_path / "home"), "HEARTBEAT_CATALOG": str(up.catalog(tmp_path / "catalog")),
            "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost",
            "GITHUB_TOKEN": "good", "HEARTBEAT_BUDGETS": "github.day.requests=63",
        }  # fmt: skip

        def heartbeat(*words: str) -> tuple[int, str, int]:
            """Runs a command; returns its exit code, what it printed, and how many requests it sent."""
            up.forget()
            own = environment | {"HEARTBEAT_NOW": up.world.clock.at().isoformat()}
            command = [sys.executable, "-m", "pipelines", *words]
            done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, timeout=120, check=False)
            return done.returncode, done.stdout, len(up.requests)

        first, again = (heartbeat("collect", "--source", "github", "--family", "gemma") for _ in range(2))
        today = json.loads(heartbeat("status", "--json")[1])["budgets"]
        up.world.clock.now += 86_400
        tomorrow = heartbeat("collect", "--source", "github", "--family", "gemma")
    visits = {path.partition("/")[0] for path in list_landed(open_zone(str(tmp_path / "home" / "landing")))}

    # Three of them forecast what the visits cost.
    assert (first[0], 50 <= first[2] + again[2] <= 63) == (0, True), first[1]
    assert "partial: its share of what github has left, 20 requests, is used up; the next run resumes" in first[1]
    assert again[0] == 3, again[1]
    assert "not visited, as too few are left of the 63 requests of github for a day (HEARTBEAT_BUDGETS)" in again[1]
    assert (tomorrow[0], 0 < tomorrow[2] <= 63, len(visits)) == (0, True, 3), tomorrow[1]
    (told,) = today
    assert (told["source"], told["left"]["requests"] < 20, told["backlog"]["waiting"] > 0) == ("github", True, True), (
        told
    )
    assert " of 63 requests, " in told["sentence"] and told["sentence"].endswith("unknown when it is done")
