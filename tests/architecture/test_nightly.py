"""The workflow that publishes every night: what it may do, and its own steps, run as they are written."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from pipelines.snapshots.following import open_published
from tests.paths import ROOT
from tests.upstream.catalogs import few
from tests.upstream.emulator import Upstream
from tests.worlds.published_sets import make_certificate, settings_of, web_server
from warehouse.sharing.manifest import NAME
from warehouse.snapshot import query

pytestmark = pytest.mark.slow

WORKFLOW = ROOT / ".github" / "workflows" / "nightly-snapshot.yml"
FAKE_GH = """#!{python}
import json, pathlib, shutil, sys

release = pathlib.Path({release!r})
words = sys.argv[1:]
with open({log!r}, "a") as log:
    log.write(" ".join(words) + "\\n")
if words[:2] == ["release", "view"]:
    if not release.exists():
        sys.exit(1)
    if "--json" in words:
        print("\\n".join(sorted(path.name for path in release.iterdir())))
elif words[:2] == ["release", "create"]:
    release.mkdir()
elif words[:2] == ["release", "download"]:
    path = release / words[words.index("--pattern") + 1]
    if not path.exists():
        sys.exit(1)
    sys.stdout.write(path.read_text())
elif words[:2] == ["release", "upload"]:
    for name in words[3:]:
        if not name.startswith("--"):
            shutil.copy(name, release)
elif words[:2] == ["release", "delete-asset"]:
    (release / words[3]).unlink()
else:
    sys.exit(f"unknown: {{words}}")
"""


def _read_workflow() -> dict[Any, Any]:
    workflow: dict[Any, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    return workflow


def _steps() -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = _read_workflow()["jobs"]["publish"]["steps"]
    return steps


def test_the_workflow_has_the_token_of_its_job_and_nothing_else() -> None:
    """No secret of anybody, nothing that needs consent, no other right than to write a release."""
    text = WORKFLOW.read_text(encoding="utf-8")
    workflow = _read_workflow()

    assert workflow["permissions"] == {"contents": "write"}
    assert set(workflow[True]) == {"schedule", "workflow_dispatch"}, "YAML reads `on` as true"
    assert set(re.findall(r"secrets\.(\w+)", text)) == {"GITHUB_TOKEN"}
    assert workflow["jobs"]["publish"]["env"]["HEARTBEAT_TERMS"] == ""
    assert [step["uses"].split("@")[0] for step in _steps() if "uses" in step] == [
        "actions/checkout", "actions/setup-python",
    ]  # fmt: skip
    with_token = [step["name"] for step in _steps() if "GITHUB_TOKEN" in str(step.get("env"))]
    assert with_token == ["Collect", "Upload"]


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A checkout whose command is set up, the emulator in place of all upstreams, and a `gh` that keeps a folder."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    command = f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m pipelines "$@"\n'
    gh = FAKE_GH.format(python=sys.executable, release=str(tmp_path / "release"), log=str(tmp_path / "gh.log"))
    for path, text in ((tmp_path / ".venv" / "bin" / "heartbeat", command), (tmp_path / "bin" / "gh", gh)):
        path.write_text(text)
        path.chmod(0o755)
    (tmp_path / ".ci").symlink_to(ROOT / ".ci")
    with Upstream(_small_catalog(), seed=5, threads=40) as world:
        yield {name: value for name, value in os.environ.items() if name not in ("HF_TOKEN", "HEARTBEAT_PUBLISHER")} | {
            "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "HEARTBEAT_HOME": str(tmp_path / "home"),
            "HEARTBEAT_CATALOG": str(world.catalog(tmp_path / "catalog")), "HEARTBEAT_CATALOG_ONLY": "1",
            "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost", "HEARTBEAT_TERMS": "",
            "HEARTBEAT_NOW": world.world.now.isoformat(),
            "GITHUB_REPOSITORY_OWNER": "somebody", "GITHUB_TOKEN": "ghs_canary", "GH_TOKEN": "ghs_canary",
        }  # fmt: skip


def _small_catalog() -> Catalog:
    catalog = few(read_catalog([SHIPPED]), "gemma")
    return Catalog(catalog.families, tuple(one for one in catalog.channels if one.family == "gemma"))


def test_the_steps_as_written_publish_files_that_anybody_can_open(
    runner: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything but the set-up, twice: the second night replaces the first."""
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    for night in (1, 2):
        if night == 2:
            runner["HEARTBEAT_HOME"] = str(tmp_path / "second")
        for step in _steps():
            if "run" in step and step["name"] != "Set up":
                done = subprocess.run(
                    ["bash", "-e", "-c", step["run"]], cwd=tmp_path, env=runner, capture_output=True, text=True,
                    timeout=300, check=False,
                )  # fmt: skip
                assert done.returncode == 0, f"{step['name']}: {done.stdout}{done.stderr}"
                assert "canary" not in done.stdout + done.stderr
        names = sorted(path.name for path in (tmp_path / "release").iterdir())
        assert [name for name in names if not name.endswith(".duckdb")] == sorted(
            ["README.md", "croissant.json", "figures.parquet", NAME]
        )
        with web_server(tmp_path / "release", certificate) as web:
            snapshot = open_published(settings_of(tmp_path / f"looker-{night}"), web.address)
        assert snapshot.origin is not None and snapshot.origin.publisher == "somebody" and not snapshot.is_sample
        assert query(snapshot, "select count(*) as n from staging.threads").to_pylist()[0]["n"] > 0

    uploads = [line for line in (tmp_path / "gh.log").read_text().splitlines() if "upload" in line]
    assert uploads[1].endswith(f"public-snapshot/{NAME}"), "the manifest is the last file of a night"
