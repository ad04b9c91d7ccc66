"""Every fault of a collect, load, build or publish ends with its exit code; `status` and the page say it afterwards."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import pytest

from tests.paths import ROOT
from tests.pipelines.commands.conftest import CHANNELS, Run, open_page
from tests.upstream.emulator import Upstream
from tests.upstream.faults import status as answer
from warehouse import landing
from warehouse.attempts.entries import AttemptKind
from warehouse.attempts.reader import read_attempts

BAD = "gpt.packages.openai"
FULL = OSError(errno.ENOSPC, "No space left on device")
pytestmark = pytest.mark.slow


def _raise_for(name: str, error: Exception, real: Callable[..., Any]) -> Callable[..., Any]:
    def failing(*values: Any, **named: Any) -> Any:
        if any(name in str(getattr(value, "manifest", value)) for value in values):
            raise error
        return real(*values, **named)

    return failing


def test_where_all_is_well_nothing_is_said(published: Path, heartbeat: Run) -> None:
    """Zero, and the ledger has each step with what came of it."""
    code, said = heartbeat("status")
    steps = {attempt.beginning.kind: attempt for attempt in read_attempts(published)}

    assert (code, "All " in said, "error" in said) == (0, True, False), said
    assert [(name, one.state) for name, one in sorted(steps.items())] == [
        ("build", "done"), ("collect", "done"), ("load", "done"), ("publish", "done"),
    ]  # fmt: skip
    assert set(steps[AttemptKind.COLLECT].list_outcomes()) == {channel.id for channel in CHANNELS}
    assert "failed" not in open_page()


@pytest.mark.parametrize("place", ["writer", "finish"])
def test_one_channel_that_raises_costs_itself_and_is_named(
    home: Path, heartbeat: Run, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """The other three land, are loaded and published; the fourth has never answered."""
    name = "__init__" if place == "writer" else "finish"
    monkeypatch.setattr(landing.Writer, name, _raise_for(BAD, FULL, getattr(landing.Writer, name)))
    code, said = heartbeat("collect")

    assert (code, "No space left on device" in said) == (3, True), said
    assert {path.name for path in (home / "landing").glob("gpt.*")} == {one.id for one in CHANNELS} - {BAD}
    if place == "finish":
        assert [heartbeat(step)[0] for step in ("build", "publish")] == [0, 0]
        code, said = heartbeat("status")
        assert (code, f"error   The channel {BAD} failed (disk): this machine could not write: No space" in said) == (
            1, True,
        ), said  # fmt: skip
        page = open_page()
        assert f"The channel {BAD} failed (disk)" in page and "No figure includes" in page


def test_a_collect_that_brings_nothing_says_so_though_nothing_is_published(
    world: Upstream, home: Path, heartbeat: Run
) -> None:
    """Every host refuses: the exit code is 4, and `status` says why."""
    rules = [world.fail("*", None, answer(401))]
    try:
        code, _ = heartbeat("collect")
    finally:
        for rule in rules:
            rule.stop()
    assert code == 4, [one.channels for one in read_attempts(home)]
    code, said = heartbeat("status")
    named = [f"The channel {channel.id} failed (denied): " in said for channel in CHANNELS]
    assert (code, all(named), "nothing is published yet" in said) == (2, True, True), said
    _, stated = heartbeat("status", "--json")
    problems = json.loads(stated[: stated.rindex("}") + 1])["problems"]
    assert {one["id"]: one["fault"] for one in problems} == {f"source:{one.source}": "denied" for one in CHANNELS}
    page = open_page()
    assert "failed (denied)" in page and "Nothing has been published yet" in page
    assert "canary-secret" not in said + stated + page + "".join(path.read_text() for path in home.glob("attempts/*"))


def test_a_collect_killed_in_the_middle_is_said_to_have_died(home: Path, heartbeat: Run) -> None:
    """What it had visited counts; what it had not is said, until another collect has."""
    command = [sys.executable, "-m", "tests.faults.injection", "kill", "warehouse.landing:Writer.finish", "3"]
    done = subprocess.run(
        [*command, "collect"], cwd=ROOT, env=dict(os.environ), capture_output=True, timeout=120, check=False
    )
    (attempt,) = read_attempts(home)
    unvisited = attempt.list_unvisited()

    assert done.returncode == -signal.SIGKILL
    assert (attempt.state, len(attempt.list_outcomes())) == ("died", 4) and unvisited
    _, said = heartbeat("status")
    assert "error   A collect of 4 channels died; " in said and "was killed or crashed" in said, said
    assert "A collect of 4 channels died" in open_page()
    assert heartbeat("collect")[0] == 0
    assert "died" not in heartbeat("status")[1]


@pytest.mark.parametrize(
    ("command", "place", "fault", "code", "name"),
    [
        ("collect", "warehouse.landing:Writer.finish", "terminate", 143, "SIGTERM"),
        ("build --full", "analytics.engine.build:make_table", "interrupt", 130, "SIGINT (Ctrl-C)"),
        ("publish", "pipelines.publishing:publish_snapshot", "hang up", 129, "SIGHUP"),
    ],
)
def test_a_step_ended_by_a_signal_is_said_to_have_been_ended_by_it(
    published: Path, heartbeat: Run, command: str, place: str, fault: str, code: int, name: str
) -> None:
    """It did not die: somebody stepped in, or a service was stopped, and it ended in words."""
    injected = [sys.executable, "-m", "tests.faults.injection", fault, place, "1", *command.split()]
    done = subprocess.run(
        injected, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=120, check=False,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # tests may run under `nohup`
    )  # fmt: skip
    attempt, step = read_attempts(published)[0], command.split()[0]

    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert done.stderr.startswith("heartbeat: stopped; landed data is kept")
    assert (attempt.beginning.kind, attempt.state) == (step, "interrupted")
    assert attempt.ending and attempt.ending.cause == f"ended by {name}"
    stated = f"{'collect of 4 channels' if step == 'collect' else f'last {step}'} was ended by {name}"
    ended, said = heartbeat("status")
    assert (ended, stated in said, "died" in said) == (0, True, False), said
    assert stated in open_page()
    assert heartbeat(*command.split())[0] == 0
    assert "ended by" not in heartbeat("status")[1]


FAULTS = {
    "load": ("warehouse.load", "_load_files", duckdb.IOException("No space left on device")),
    "build": ("analytics.engine.build", "make_table", duckdb.BinderException("no such column")),
    "publish": ("warehouse.publish", "replace_file", OSError(errno.EROFS, "Read-only file system")),
}


@pytest.mark.parametrize("step", FAULTS)
def test_a_step_that_fails_is_said_with_its_cause_until_it_succeeds(
    published: Path, heartbeat: Run, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """A full disk, a table that cannot be built, a read-only folder: readers keep the last figures."""
    owner, name, error = FAULTS[step]

    def refuse(*_: object, **__: object) -> None:
        raise error

    assert heartbeat("collect")[0] in (0, 3)
    if step == "publish":
        assert heartbeat("build", "--full")[0] == 0
    with monkeypatch.context() as patched:
        patched.setattr(f"{owner}.{name}", refuse)
        code, _ = heartbeat(*(["publish"] if step == "publish" else ["build", "--full"]))
    assert code == 2
    ending = read_attempts(published)[0].ending
    assert ending and (ending.state, ending.result) == ("failed", "")
    code, said = heartbeat("status")
    first = said.splitlines()[0]
    assert (code, first.startswith(f"error   The last {step} failed: ")) == (1, True), said
    assert str(published) not in first and f"The last {step} failed; " in said
    assert f"The last {step} failed" in open_page()
    assert heartbeat("build")[0] == 0 and heartbeat("publish")[0] == 0
    assert "failed" not in heartbeat("status")[1]


@pytest.mark.parametrize(("blocks", "files"), [(0, 2**20), (2**20, 0)])
def test_a_disk_without_room_is_told_though_no_attempt_could_be_written_down(
    published: Path, heartbeat: Run, monkeypatch: pytest.MonkeyPatch, blocks: int, files: int
) -> None:
    """A build that failed for it left no line behind, so that all would seem well."""
    room = os.statvfs_result((4096, 4096, 2**20, blocks, blocks, 2**20, files, files, 0, 255))
    monkeypatch.setattr(os, "statvfs", lambda path: room)
    code, said = heartbeat("status")
    assert (code, said.splitlines()[0]) == (1, "error   The disk of HEARTBEAT_HOME is full."), said
    assert "Free some space" in said and "The disk of HEARTBEAT_HOME is full; " in said
    code, said = heartbeat("doctor", "--json")
    stated = json.loads(said)
    disks = [check["state"] for check in stated["checks"] if check["name"] == "disk"]
    assert (code, disks, stated["problems"][0]["id"]) == (1, [], "disk"), "it is not called fine as well"
    page = open_page()
    assert "The disk of HEARTBEAT_HOME is full" in page and "Free some space" in page


def test_a_catalog_that_cannot_be_read_refuses_the_collect_and_status_still_speaks(
    published: Path, heartbeat: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The schedule would be refused at every turn without a word."""
    broken = tmp_path / "broken"
    shutil.copytree(os.environ["HEARTBEAT_CATALOG"], broken)
    (broken / "gpt.toml").write_text("title = 7\n")
    monkeypatch.setenv("HEARTBEAT_CATALOG", str(broken))

    assert heartbeat("collect")[0] == 2
    code, said = heartbeat("status")
    assert (code, "error   The last collect was refused: " in said, "gpt.toml" in said) == (1, True, True), said


@pytest.mark.parametrize("is_damaged", [True, False])
def test_versions_that_cannot_be_read_are_said_once(
    published: Path, heartbeat: Run, monkeypatch: pytest.MonkeyPatch, is_damaged: bool
) -> None:
    """Also if the disk or the rights forbid it; then no message about it was sent."""
    for path in (published / "published").glob("*.duckdb"):
        path.chmod(0o600)
        path.write_bytes(b"no database")
    if not is_damaged:
        refusal = PermissionError(errno.EACCES, "Permission denied")
        monkeypatch.setattr("warehouse.snapshot.digest_file", mock.Mock(side_effect=refusal))
    assert "o published version can be read" in heartbeat("alerts", "--dry-run")[1]
    code, said = heartbeat("status")
    assert (code, said.count("error   No published version can be read: "), said.count(".duckdb")) == (2, 1, 1), said
