"""The documents tell today's truth: every command in them runs, every setting exists, every file that they name is
there."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.catalog.reader import SHIPPED, read_catalog
from tests.deploying.documents import COMMANDS, MANUALS
from tests.paths import ROOT
from tests.upstream.emulator import Upstream
from tests.worlds.page_worlds import NOW, make_sample
from tests.worlds.ports import free_port, listens
from tests.worlds.schedules import copy_schedule
from tests.worlds.terminal import terminal
from warehouse.landing import open_writer, open_zone
from warehouse.settings import Settings, SettingsError, read_settings

DOCUMENTS = (*MANUALS, "LIVE.md", "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md", "SECURITY.md")
COLLECTING = ("collect", "refresh")
SERVING = ("up", "serve", "dashboard")
"""These run until they are asked to end."""
README = (ROOT / "README.md").read_text(encoding="utf-8")
"""Its commands run in `make test`, those of the other manuals in `make test-all`."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample world in it, as a reader has who can reach nothing."""
    return make_sample(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which one command finds what another one published."""
    return tmp_path_factory.mktemp("desk")


def _environment(home: Path) -> dict[str, str]:
    # `make test ARGS=…` hands its variables to every `make` below it.
    foreign = ("GITHUB_TOKEN", "HF_TOKEN", "MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "ARGS")
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return kept | {
        "HEARTBEAT_HOME": str(home),
        "HEARTBEAT_PORT": str(free_port()),
        "HEARTBEAT_PREFECT_PORT": str(free_port()),
    }


def _user_environment(home: Path, user: Path) -> dict[str, str]:
    """A terminal of somebody with a home directory of his own, where `make up` installed the command."""
    commands = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return _environment(home) | {"HOME": str(user), "TERM": "xterm", "PATH": commands, "PYTHONPATH": str(ROOT)}


def test_the_manuals_show_every_command() -> None:
    """A command without documentation does not exist for users."""
    helped = subprocess.run(
        [sys.executable, "-m", "pipelines", "--help"], capture_output=True, text=True, check=True
    ).stdout
    known = set(re.findall(r"^  ([a-z]+)  ", helped.split("Commands:")[1], re.MULTILINE))

    assert {command.split()[0] for command in COMMANDS} == known


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(one, marks=[] if f"heartbeat {one}" in README and "site" not in one else [pytest.mark.slow])
        for one in COMMANDS
        if one.split()[0] not in SERVING
    ],
)
def test_a_command_of_the_documents_runs_as_written(
    home: Path, state_home: Callable[[str], Path], desk: Path, tmp_path: Path, command: str
) -> None:
    """In a terminal, by a user who never ran it. Exit code 1 says that something is stale; 3 and 4, of a collection,
    that some or all of it could not be reached; any other is a fault of the command."""
    (tmp_path / "user").mkdir()
    (tmp_path / "app.py").write_text('model = "gpt-4o"\n', encoding="utf-8")
    # The ends of the sample world are made up, so `ends` refuses it; nor was it landed by its reader.
    homes = {
        "ends": lambda: state_home("live"),
        "backup": lambda: _land_one(tmp_path),
        "restore": lambda: tmp_path / "new",
    }
    environment = _user_environment(homes.get(command.split()[0], lambda: home)(), tmp_path / "user")
    environment["HEARTBEAT_RUN_MINUTES"] = "0.1"
    folder = desk if "public-snapshot" in command else tmp_path
    if command.startswith("restore"):
        _run_before("backup", tmp_path, environment | {"HEARTBEAT_HOME": str(_land_one(tmp_path))})
    with terminal(["sh", "-c", f"heartbeat {command}"], environment, folder) as screen:
        assert screen.ends(200), screen.text

    assert screen.exit_code in ((0, 3, 4) if command.split()[0] in COLLECTING else (0, 1)), screen.text
    assert screen.text.strip()
    assert "heartbeat: " not in screen.text and "Traceback" not in screen.text


@pytest.mark.slow
@pytest.mark.parametrize("command", [one for one in COMMANDS if one.split()[0] in SERVING])
def test_a_command_of_the_readme_that_serves_answers_and_ends_on_ctrl_c(
    home: Path, desk: Path, tmp_path: Path, command: str
) -> None:
    """Ctrl-C is how everybody ends it."""
    (tmp_path / "user").mkdir()
    environment = _user_environment(copy_schedule(home) if command == "serve" else home, tmp_path / "user")
    if "--from" in command and not (desk / "public-snapshot").exists():  # another command of the README publishes it
        _run_before("publish --to", desk, environment)
    port = int(environment["HEARTBEAT_PREFECT_PORT" if command == "serve" else "HEARTBEAT_PORT"])
    with terminal(["sh", "-c", f"exec heartbeat {command}"], environment, desk) as screen:
        assert listens(port, 90), screen.text
        assert screen.shows("http://127.0.0.1:", 30), screen.text
        screen.press_ctrl_c()
        assert screen.ends(60), screen.text

    assert screen.exit_code == 0 and "Traceback" not in screen.text
    assert not listens(port, 0)


def _run_before(beginning: str, folder: Path, environment: dict[str, str]) -> None:
    (command,) = [one for one in COMMANDS if one.startswith(beginning)]
    shell = ["sh", "-c", f"exec heartbeat {command}"]
    subprocess.run(shell, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


def _land_one(folder: Path) -> Path:
    """A home in which something was landed."""
    open_writer(open_zone(str(folder / "home" / "landing")), "a.b.c", "github", NOW).finish(NOW)
    return folder / "home"


@pytest.mark.skipif(not (ROOT / ".venv" / ".runtime").exists(), reason="`make` did not set up this checkout")
def test_make_up_as_written_opens_the_browser_once_in_an_empty_home(tmp_path: Path) -> None:
    """The first of the two commands, in a terminal, where Streamlit never ran; only the upstreams are ours."""
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho "$@" >> {opened}\n')
    browser.chmod(0o755)
    (tmp_path / "home").mkdir()
    with Upstream(read_catalog([SHIPPED]), seed=5, threads=40) as world:
        environment = _environment(tmp_path / "data") | {
            "HOME": str(tmp_path / "home"), "BROWSER": str(browser), "TERM": "xterm",
            "HEARTBEAT_CATALOG": str(_one_family(world, tmp_path)),
            "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost",
            "HEARTBEAT_TERMS": "", "HEARTBEAT_NOW": world.world.now.isoformat(),
        }  # fmt: skip
        address = f"http://127.0.0.1:{environment['HEARTBEAT_PORT']}"
        with terminal(["make", "up"], environment, ROOT) as screen:
            assert screen.shows("the schedule is starting in the background", 120), screen.text
            assert listens(int(environment["HEARTBEAT_PREFECT_PORT"]), 90), screen.text
            screen.press_ctrl_c()
            assert screen.ends(60), screen.text

    assert opened.read_text().split() == [address]
    assert "e-mail" not in screen.text.lower() and "email" not in screen.text.lower()
    assert f"open {address}" in screen.text
    assert not listens(int(environment["HEARTBEAT_PORT"]), 0)
    assert not listens(int(environment["HEARTBEAT_PREFECT_PORT"]), 0)


def _one_family(world: Upstream, folder: Path) -> Path:
    catalog = world.catalog(folder / "catalog")
    for path in catalog.glob("*.toml"):
        if path.stem != "gemma":
            path.unlink()
    text = (catalog / "gemma.toml").read_text()
    (catalog / "gemma.toml").write_text(
        re.sub(r"(?m)^hosts = .*$", "", text)
    )  # its hosts are taken away with the other files
    return catalog


def test_every_setting_is_in_the_manual_and_in_the_example_and_nothing_else_is() -> None:
    """A setting is found if one looks for it, and one that is gone is not promised."""
    known = {str(field.alias) for field in Settings.model_fields.values()}
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    manual = (ROOT / "OPERATIONS.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", manual, re.MULTILINE)) == known
    assert set(re.findall(r"^#([A-Z_]+)=", example, re.MULTILINE)) == known
    for document in DOCUMENTS:
        named = set(re.findall(r"\b(?:HEARTBEAT|GITHUB|HF)_[A-Z_]+\b", (ROOT / document).read_text(encoding="utf-8")))
        assert named <= known, document


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_a_document_names_is_there(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    paths = re.findall(r"`((?:pipelines|analytics|warehouse|dashboards|tests|\.ci)/[\w./-]*\w)`", text)

    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_target_of_make_that_a_document_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {
        target
        for document in DOCUMENTS
        for target in re.findall(r"\bmake ([a-z-]+)`", (ROOT / document).read_text(encoding="utf-8"))
    }

    assert named <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def test_every_direct_dependency_has_its_reason() -> None:
    """Why it and not the next best is asked at every update."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = [
        *project["project"]["dependencies"],
        *(one for group in project["dependency-groups"].values() for one in group),
    ]
    names = {re.split(r"[>=<\[]", one)[0].strip() for one in listed}
    decisions = (ROOT / "DECISIONS.md").read_text(encoding="utf-8")

    assert {name for name in names if f"**{name}**" not in decisions} == set()


def test_lock_files_name_no_host_and_hash_everything() -> None:
    """They must install through whatever mirror is set up, and nothing but what was locked."""
    for path in (*ROOT.glob("requirements*.lock"), *(ROOT / "tests/tools").glob("*.lock")):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        pinned = re.findall(r"^[A-Za-z0-9._-]+==.*$", text, re.MULTILINE)
        assert pinned
        assert len(re.findall(r"^[A-Za-z0-9._-]+==[^\n]*\\\n +--hash=", text, re.MULTILINE)) == len(pinned)


def test_a_secret_in_the_wrong_setting_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token where a port belongs is named by its variable alone."""
    monkeypatch.setenv("HEARTBEAT_PORT", "CANARY-0123456789-abcdef")
    monkeypatch.setenv("HEARTBEAT_NOW", "CANARY@example.com")
    with pytest.raises(SettingsError, match=r"HEARTBEAT_NOW: .*; HEARTBEAT_PORT: ") as caught:
        read_settings()

    assert "CANARY" not in str(caught.value)
