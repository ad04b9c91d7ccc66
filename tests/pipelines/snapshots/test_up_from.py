"""`heartbeat up --from`: a process that shows somebody's published snapshot, and nothing more."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.commands.serving.dashboard import dashboard_environment
from pipelines.snapshots.publishing import Publication, publish_set
from tests.paths import ROOT
from tests.worlds.ports import free_port, listens
from tests.worlds.published_sets import build_small, settings_of
from warehouse.snapshot import SAMPLE

TOKENS = {"GITHUB_TOKEN": "canary-1", "HF_TOKEN": "canary-2"}


def _start(home: Path, *words: str, **environment: str) -> tuple[subprocess.Popen[str], int, int]:
    port, prefect_port = free_port(), free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines", "up", "--no-browser", *words],
        cwd=home.parent,
        env=os.environ | TOKENS | environment | {
            "HEARTBEAT_HOME": str(home), "HEARTBEAT_PORT": str(port), "HEARTBEAT_PREFECT_PORT": str(prefect_port),
            "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1", "PYTHONPATH": str(ROOT),
        },
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    return process, port, prefect_port


@pytest.mark.slow
def test_the_page_opens_on_a_published_snapshot(tmp_path: Path) -> None:
    """No collecting, no schedule, no token, and the seconds that it takes."""
    publisher = settings_of(tmp_path / "publisher")
    build_small(publisher.home / SAMPLE, is_sample=True)
    publish_set(publisher, Publication(str(tmp_path / "set"), "Jane's Lab", "CC-BY-4.0", True))
    home = tmp_path / "looker"
    process, port, prefect_port = _start(home, "--from", str(tmp_path / "set"))
    try:
        printed = _read_until_open(process)
        assert listens(port, 0), printed
        time.sleep(0.5)
        assert not listens(prefect_port, 0)
        os.killpg(process.pid, signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
        printed += rest
    finally:
        process.kill()

    assert "version 1 by Jane's Lab, published 2026-11-24 16:00 UTC" in printed
    assert "(sample world: simulated, not measured)" in printed
    assert f"open http://127.0.0.1:{port}" in printed and "schedule" not in printed
    assert not (home / "warehouse.duckdb").exists() and not (home / "landing").exists()
    assert "canary" not in printed + (home / "logs" / "heartbeat.jsonl").read_text()


def _read_until_open(process: subprocess.Popen[str]) -> str:
    printed = ""
    for line in process.stdout or ():
        printed += line
        if line.startswith("open http"):
            break
    return printed


def test_a_source_that_is_gone_opens_what_is_kept(tmp_path: Path) -> None:
    """With the reason, and the age of what is shown."""
    settings = settings_of(tmp_path / "publisher")
    build_small(settings.home)
    publish_set(settings, Publication(str(tmp_path / "set"), "Jane's Lab", "CC-BY-4.0", False))
    export = [sys.executable, "-m", "pipelines", "export", "wait_hours", "--out", str(tmp_path / "out")]
    environment = os.environ | {
        "HEARTBEAT_HOME": str(tmp_path / "looker"), "HEARTBEAT_SNAPSHOT": str(tmp_path / "set"),
        "PYTHONPATH": str(ROOT), "HEARTBEAT_NOW": "2026-11-25T12:00:00Z",
    }  # fmt: skip
    first = subprocess.run(export, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    (tmp_path / "set" / "heartbeat.json").unlink()
    environment["HEARTBEAT_NOW"] = "2026-11-25T13:00:00Z"
    second = subprocess.run(export, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)

    assert first.stderr == ""
    assert "there is no heartbeat.json; using the snapshot of 2026-11-24 16:00 UTC" in second.stderr
    assert (tmp_path / "out" / "wait_hours.csv").read_text().splitlines()[1].endswith(
        "False,Jane's Lab,2026-11-24T16:00:00Z"
    )  # fmt: skip


def test_the_dashboard_learns_the_name_of_a_source_and_not_its_credentials(tmp_path: Path) -> None:
    """It finds what was fetched by that name, and asks no landing zone elsewhere."""
    settings = settings_of(
        tmp_path, HEARTBEAT_SNAPSHOT="s3://key:canary@bucket/set", HEARTBEAT_LANDING="s3://key:canary@bucket/landing"
    )
    assert dashboard_environment(settings)["HEARTBEAT_SNAPSHOT"] == "s3://bucket/set"
    assert dashboard_environment(settings)["HEARTBEAT_LANDING"] == "s3://bucket/landing"
    assert dashboard_environment(settings_of(tmp_path))["HEARTBEAT_SNAPSHOT"] == ""
