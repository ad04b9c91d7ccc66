"""Random sequences for an hour: what they print, and the workflow that draws them every week."""

import os
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.faults import stress
from tests.faults.machine import Home
from tests.faults.tally import Tally
from tests.paths import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "stress.yml"


@pytest.fixture(autouse=True)
def tally(monkeypatch: pytest.MonkeyPatch) -> Tally:
    """Counts of this test's own, in place of real sequences: each is one of 25 steps that meets a kill."""
    counts = Tally()
    monkeypatch.setattr(Home, "tally", counts)

    def draw(seed: int) -> None:
        counts.sequences, counts.checks = counts.sequences + 1, counts.checks + 26
        counts.faults["kill"] += 1
        assert seed != 9, "rows differ"

    def walk(_: Path, __: random.Random, count: int, counts: Tally) -> None:
        counts.walks, counts.commands = counts.walks + 1, counts.commands + count

    monkeypatch.setattr(stress, "_run_sequences", draw)
    monkeypatch.setattr(stress, "walk", walk)
    return counts


def test_the_summary_counts_sequences_steps_and_faults_by_kind(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """How long it ran says little: it is what was met that counts."""
    seconds = iter(range(0, 100, 10))
    monkeypatch.setattr("time.monotonic", lambda: next(seconds))
    stress.stress(1, 11)

    assert capsys.readouterr().out.splitlines()[-3:] == [
        "seeds 11 to 15 found nothing", "4 sequences of 100 steps, and 1 of 8 commands", "4 faults: kill 4",
    ]  # fmt: skip


def test_a_finding_is_printed_with_the_seed_that_finds_it_again(capsys: pytest.CaptureFixture[str]) -> None:
    """The first one ends it."""
    with pytest.raises(AssertionError, match="rows differ"):
        stress.stress(1, 8)

    assert capsys.readouterr().out.splitlines()[-3:] == [
        "seed 9 found something", "1 sequences of 25 steps, and 1 of 8 commands", "1 faults: kill 1",
    ]  # fmt: skip


def _read_steps() -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["stress"]["steps"]
    return steps


@pytest.mark.parametrize("code", [0, 1])
def test_the_workflow_fails_with_what_it_runs_and_keeps_what_that_said(tmp_path: Path, code: int) -> None:
    """Behind a pipe, a failure is easily lost."""
    step, keeping = _read_steps()[-2:]
    for name, text in (("sudo", 'exec "$@"'), ("make", f'echo "$@" >&2; exit {code}')):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    options = ["-eo", "pipefail"] if step.get("shell") == "bash" else ["-e"]  # as GitHub starts them
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", *options, "-c", step["run"]], cwd=tmp_path, env=environment, check=False)

    assert done.returncode == code
    assert keeping["if"] == "failure()"
    assert (tmp_path / keeping["with"]["path"]).read_text() == "stress MINUTES=60\n"
