"""`heartbeat up` in a terminal: the page opens while collecting goes on, and the token of `gh` is taken only if asked
for."""

import io
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr
from rich.console import Console

from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.commands.serving import github_token
from tests.paths import ROOT
from tests.upstream.catalogs import few
from tests.upstream.emulator import Upstream
from tests.upstream.faults import hang
from tests.worlds.ports import free_port
from tests.worlds.schedules import copy_schedule
from tests.worlds.terminal import terminal
from warehouse.settings import Settings
from warehouse.snapshot import Snapshot, query, read_current

CANARY = "gho_CANARY0000000000000000000000000000"
FAMILIES = ("gpt-oss", "together")


@pytest.fixture
def world() -> Iterator[Upstream]:
    """A small world with GitHub and others."""
    with Upstream(few(read_catalog([SHIPPED]), *FAMILIES), seed=3, threads=60) as up:
        yield up


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """The environment of a fresh machine; a fake `gh` is first on its path."""
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(f'#!/bin/sh\n[ "$1 $2" = "auth token" ] && echo {CANARY}\n')
    gh.chmod(0o755)
    (tmp_path / "user").mkdir()
    return {
        "PATH": f"{gh.parent}:{os.environ['PATH']}", "HOME": str(tmp_path / "user"), "TERM": "xterm",
        "COLUMNS": "200", "PYTHONPATH": str(ROOT),
    }  # fmt: skip


@pytest.fixture
def environment(machine: dict[str, str], world: Upstream, tmp_path: Path) -> dict[str, str]:
    """The same, with upstreams of ours and a schedule that was set up before."""
    return machine | {
        "HEARTBEAT_HOME": str(copy_schedule(tmp_path / "home")), "HEARTBEAT_NOW": world.world.now.isoformat(),
        "HEARTBEAT_CATALOG": str(world.catalog(tmp_path / "catalog")),
        "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost",
        "HEARTBEAT_PORT": str(free_port()), "HEARTBEAT_PREFECT_PORT": str(free_port()),
    }  # fmt: skip


def _command(page: float, refresh: float, answer: float) -> list[str]:
    module = "tests.pipelines.commands.serving.quick_up"
    return [sys.executable, "-m", module, str(page), str(refresh), str(answer)]


def _open_snapshot(environment: Mapping[str, str]) -> Snapshot:
    snapshot = read_current(Path(environment["HEARTBEAT_HOME"]))
    assert snapshot is not None
    return snapshot


def _list_sources(snapshot: Snapshot) -> set[str]:
    sql = "select distinct source from staging.collections join staging.channels using (channel_id)"
    return {row["source"] for row in query(snapshot, sql).to_pylist()}


@pytest.mark.slow
def test_the_page_opens_on_what_there_is_while_a_source_keeps_it_waiting(
    world: Upstream, environment: dict[str, str], tmp_path: Path
) -> None:
    """Nobody waits for the slowest source; what it brings later shows by itself."""
    rule = world.fail("github", None, hang(20))
    environment["GITHUB_TOKEN"] = "set"
    with terminal(_command(20, 2, 1), environment, tmp_path) as screen:
        assert screen.shows("open http://127.0.0.1", 120), screen.text
        first = _open_snapshot(environment)
        assert screen.shows("still collecting: ", 30), screen.text
        rule.stop()
        assert screen.shows("the schedule is starting in the background", 240), screen.text
        last = _open_snapshot(environment)
        screen.press_ctrl_c()
        assert screen.ends(60), screen.text

    assert not first.is_sample and first.version < last.version
    assert "github" not in _list_sources(first) and "github" in _list_sources(last)
    assert screen.text.index("open http://") < screen.text.index("the schedule is starting")
    assert (
        "the page opens after at most 20 seconds of collecting" in screen.text
        and "(Ctrl-C stops everything)" in screen.text
    )
    assert screen.text.count("building the first figures …") == 1
    assert "Traceback" not in screen.text


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "is_used"), [("y\n", True), ("", False)])
def test_the_token_of_gh_is_used_for_this_run_only_where_the_user_says_so(
    world: Upstream, environment: dict[str, str], tmp_path: Path, answer: str, is_used: bool
) -> None:
    """It is asked for once, is written nowhere, and without an answer the run goes on."""
    with terminal(_command(60, 60, 2), environment, tmp_path) as screen:
        assert screen.shows("Use it for this run? y/N", 60), screen.text
        screen.type(answer)
        assert screen.shows("open http://127.0.0.1", 180), screen.text
        screen.press_ctrl_c()
        assert screen.ends(60), screen.text

    asked = {record.headers.get("authorization", "") for record in world.requests if record.host == "github"}
    assert any(CANARY in header for header in asked) is is_used
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "gh" and _holds_token(path)] == []
    assert CANARY not in screen.text
    assert ("continuing without a token" in screen.text) is not is_used


def _holds_token(path: Path) -> bool:
    return CANARY.encode() in path.read_bytes()


@pytest.mark.parametrize(
    ("answer", "is_terminal", "token"),
    [("y\n", True, CANARY), ("YES\n", True, CANARY), ("n\n", True, ""), ("\n", True, ""), ("yesterday\n", True, ""),
     ("", True, ""), ("y\n", False, "")],
)  # fmt: skip
def test_only_a_clear_yes_in_a_terminal_is_a_yes(
    machine: dict[str, str], monkeypatch: pytest.MonkeyPatch, answer: str, is_terminal: bool, token: str
) -> None:
    """A run of a scheduler or a pipe would wait for ever; the way to a token is printed instead."""
    reader, writer = os.pipe()
    os.write(writer, answer.encode())
    monkeypatch.setenv("PATH", machine["PATH"])
    monkeypatch.setattr(github_token, "ANSWER_SECONDS", 0.2)
    console = Console(file=io.StringIO(), width=400)
    with os.fdopen(writer, "w"), os.fdopen(reader) as keyboard:
        monkeypatch.setattr(sys, "stdin", keyboard)
        monkeypatch.setattr(github_token, "is_interactive", lambda: is_terminal)
        settings = github_token.offer_token(Settings(_env_file=None, GITHUB_TOKEN=SecretStr("")), console)

    printed = console.file.getvalue()  # type: ignore[attr-defined]
    assert settings.github_token.get_secret_value() == token
    assert ("Use it for this run" in printed) is is_terminal
    assert ("GITHUB_TOKEN=$(gh auth token) make up" in printed) is (token == "")
    assert CANARY not in printed


@pytest.mark.parametrize("gh", ["exit 1", "sleep 5", "echo"])
def test_a_gh_that_is_not_logged_in_or_hangs_is_not_offered(
    machine: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, gh: str
) -> None:
    """Then there is nothing to ask."""
    (tmp_path / "bin" / "gh").write_text(f"#!/bin/sh\n{gh}\n")
    monkeypatch.setenv("PATH", machine["PATH"])
    monkeypatch.setattr(github_token, "GH_SECONDS", 0.5)
    monkeypatch.setattr(github_token, "is_interactive", lambda: True)
    console = Console(file=io.StringIO(), width=400)
    settings = github_token.offer_token(Settings(_env_file=None, GITHUB_TOKEN=SecretStr("")), console)

    assert settings.github_token.get_secret_value() == ""
    assert "Use it for this run" not in console.file.getvalue()  # type: ignore[attr-defined]
