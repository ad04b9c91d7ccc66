"""A home of four channels in which commands run in this process, and what its page says."""

import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipelines import cli
from pipelines.catalog.entries import Channel
from pipelines.commands.terminal import ENDING_SIGNALS
from tests.paths import ROOT
from tests.upstream.emulator import Upstream

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
CHANNELS = [
    Channel(source="github", target="o/r", role="sdk", family="gpt"),
    Channel(source="status", target="status.openai.com", role="status", format="incidentio", family="gpt"),
    Channel(source="changelog", target="notes", role="changelog", format="markdown", family="gpt"),
    Channel(source="packages", target="openai", role="packages", family="gpt"),
]
Run = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def world() -> Iterator[Upstream]:
    """A small world of four channels."""
    with Upstream(CHANNELS, seed=4, threads=40, now=NOW) as up:
        yield up


@pytest.fixture(scope="module")
def families(world: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of family files that lead to the world."""
    return world.catalog(tmp_path_factory.mktemp("catalog"))


@pytest.fixture
def home(families: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose settings lead to the world."""
    settings = {
        "HEARTBEAT_HOME": str(tmp_path / "home"), "HEARTBEAT_CATALOG": str(families), "HEARTBEAT_CATALOG_ONLY": "1",
        "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost", "HEARTBEAT_NOW": NOW.isoformat(),
        "HEARTBEAT_PEOPLE_KEY": "the same for all runs", "GITHUB_TOKEN": "canary-secret",
    }  # fmt: skip
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return tmp_path / "home"


@pytest.fixture
def heartbeat(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process; gives its exit code and what it printed."""

    def run(*words: str) -> tuple[int, str]:
        codes: list[int] = []
        monkeypatch.setattr(sys, "argv", ["heartbeat", *words])
        monkeypatch.setattr(cli, "exit_now", codes.append)
        handlers = {number: signal.getsignal(number) for number in ENDING_SIGNALS}
        try:
            cli.run()
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
        printed = capsys.readouterr()
        return codes[0], printed.out + printed.err

    return run


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The place of a home that was collected, built and published once."""
    return tmp_path_factory.mktemp("kept") / "home"


@pytest.fixture
def published(home: Path, kept: Path, heartbeat: Run) -> Path:
    """A home in which all went well."""
    if not kept.exists():
        assert [heartbeat(*step.split())[0] for step in ("collect", "build", "publish")] == [0, 0, 0]
        shutil.copytree(home, kept)
    else:
        shutil.copytree(kept, home)
    return home


def open_page() -> str:
    """All that the page of data says, as readers see it."""
    app = AppTest.from_file(str(ROOT / "dashboards" / "script.py"), default_timeout=60)
    app.switch_page("evidence/data.py").run()
    assert not app.exception
    kinds = (app.title, app.markdown, app.caption)
    return "\n".join(str(element.value) for kind in kinds for element in kind).replace("\\", "")
