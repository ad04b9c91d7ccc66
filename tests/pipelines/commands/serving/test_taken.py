"""What serves a page on a port, or for a home, that another one serves already."""

import io
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from pipelines import cli
from pipelines.commands.serving.dashboard import make_dashboard_address
from pipelines.commands.serving.up import Up
from tests.worlds.ports import free_port
from warehouse.lock import hold_lock
from warehouse.settings import Settings, SettingsError


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


@pytest.mark.parametrize(
    ("words", "variable"),
    [
        (["dashboard", "--no-browser"], "HEARTBEAT_PORT"),
        (["up", "--sample", "--no-browser"], "HEARTBEAT_PORT"),
        (["up", "--sample", "--no-browser"], "HEARTBEAT_PREFECT_PORT"),
        (["up", "--from", "nowhere", "--no-browser"], "HEARTBEAT_PORT"),
        (["serve"], "HEARTBEAT_PREFECT_PORT"),
    ],
)
def test_a_taken_port_is_refused_with_the_setting_that_names_another(
    words: list[str], variable: str, taken_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is one of those that become one line and exit code 2; Streamlit's own named no setting."""
    for name in ("HEARTBEAT_PORT", "HEARTBEAT_PREFECT_PORT"):
        monkeypatch.setenv(name, str(taken_port if name == variable else free_port()))
    monkeypatch.setenv("HEARTBEAT_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["heartbeat", *words])

    with pytest.raises(SettingsError, match=f"^port {taken_port} is in use; free it or set {variable}$"):
        cli.app(standalone_mode=False)


def test_a_second_up_names_the_page_and_the_process_of_the_first(tmp_path: Path) -> None:
    """It does not finish, so there is nothing to wait for."""
    first = Settings(_env_file=None, HEARTBEAT_HOME=tmp_path, HEARTBEAT_PORT=8600)
    console = Console(file=io.StringIO(), width=400)
    with hold_lock(tmp_path, make_dashboard_address(first), name="up"):
        second = first.model_copy(update={"port": free_port()})
        assert Up(second, console).run(is_sample=True, opens_browser=False, parent=0) == 2

    printed = console.file.getvalue()  # type: ignore[attr-defined]
    assert printed == (
        f"heartbeat up is already running: process {os.getpid()} (http://127.0.0.1:8600); "
        "open that page, or stop it there with Ctrl-C\n"
    )
