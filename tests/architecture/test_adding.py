"""The recipes of CONTRIBUTING.md, tried in a copy: one more family is one file, one more source is two."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from tests.paths import ROOT
from warehouse.database import open_warehouse
from warehouse.snapshot import query, read_current

FAMILY = """
title = "Yi"
side = "open"
vendor = "01.AI"
mentions = ["yi-34b", "01-ai"]
checked_on = 2026-11-24

[[channel]]
source = "toy"
target = "yi-board"
role = "forum"
base_url = "{url}"

[[absent]]
kind = "status"
state = "not observable"
why = "Open weights run on other people's machines."
"""
SOURCE = '''
"""A board that tells its entries as JSON."""

import json
from collections.abc import Iterator

from pipelines.contract import Page, Row, Stream, Visit
from pipelines.text.values import clean_line, parse_instant

STREAMS = {"entries": Stream(order="whole")}


def entries(visit: Visit) -> Iterator[Page]:
    """All entries of the board."""
    answer = visit.http.get(visit.channel.base_url, accept=("application/json",))
    items = json.loads(answer.content)
    yield Page([Row(str(one["id"]), parse_instant(one["at"]), {"id": one["id"], "title": clean_line(one["title"])}) for one in items])
'''
STAGING = """-- question: What is on the board?
-- grain: channel_id, entry_id
-- unit: none
-- standard: none
-- caveats: None.
-- version: 1
select channel_id, body->>'$.id' as entry_id, body->>'$.title' as title, source_time, seen_at
from raw.toy__entries
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the project, as a contributor's checkout."""
    target = tmp_path / "checkout"
    for name in ("pipelines", "analytics", "dashboards", "warehouse", "tests"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", target)
    return target


def _run(copy: Path, *words: str, home: Path) -> str:
    environment = os.environ | {
        "HEARTBEAT_HOME": str(home), "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost", "HEARTBEAT_NOW": "2026-11-01T06:00:00Z",
        "GITHUB_TOKEN": "", "HF_TOKEN": "", "HEARTBEAT_CATALOG": "",
    }  # fmt: skip
    command = [sys.executable, "-m", *words]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.rests_on("analytics", "dashboards", "pipelines", "warehouse", "tests", "pyproject.toml")
def test_one_more_family_and_a_new_source_touch_nothing_else(
    copy: Path, tmp_path: Path, httpserver: HTTPServer
) -> None:
    """If it took more files than the recipes say, the design would be wrong."""
    httpserver.expect_request("/board").respond_with_json(
        [{"id": 1, "at": "2026-10-01T00:00:00Z", "title": "How do I start?"}]
    )
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*") if path.is_file()}
    (copy / "pipelines" / "catalog" / "yi.toml").write_text(FAMILY.format(url=httpserver.url_for("/board")))
    (copy / "pipelines" / "sources" / "toy.py").write_text(SOURCE)
    (copy / "analytics" / "staging" / "toy__entries.sql").write_text(STAGING)
    home = tmp_path / "home"

    assert "yi: Yi (open, 01.AI), 1 channels: forum" in _run(copy, "pipelines", "catalog", "check", home=home)
    assert "toy: 1 channels, 1 rows, 1 requests: 1 complete" in _run(
        copy, "pipelines", "collect", "--source", "toy", home=home
    )
    _run(copy, "pipelines", "build", home=home)
    assert "published version 1" in _run(copy, "pipelines", "publish", home=home)
    _run(copy, "pytest", "-q", "-p", "no:cacheprovider", "tests/architecture/test_architecture.py", home=home)

    warehouse = open_warehouse(home)
    assert warehouse.execute("select entry_id, title from staging.toy__entries").fetchall() == [
        ("1", "How do I start?")
    ]
    snapshot = read_current(home)
    assert snapshot is not None
    states = query(snapshot, "select distinct state, note from metrics.uptime_share where family_id = 'yi'").to_pylist()
    assert states == [{"state": "not observable", "note": "Open weights run on other people's machines."}]
    assert {path: path.stat().st_mtime_ns for path in before} == before
