"""The log: lines of JSON with time, level, event, run and channel, of bounded size, without secrets."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.attempts import record_attempt
from pipelines.catalog.entries import Channel
from pipelines.commands.serving.children import start_child
from tests.paths import ROOT
from tests.warehouse.logs.log_lines import read_log
from warehouse.attempts.entries import AttemptKind
from warehouse.attempts.reader import read_attempts
from warehouse.database import WarehouseError
from warehouse.faults import Fault
from warehouse.logs.log import LOGGER, NAME, LogHandler, log_event, open_log
from warehouse.manifest import Outcome
from warehouse.settings import Settings

CANARY = "ghp_canary-of-the-log"
CHANNEL = Channel(source="packages", target="one", role="packages", family="example")


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """A home with a token; its log is closed again."""
    yield Settings(HEARTBEAT_HOME=tmp_path / "home", GITHUB_TOKEN=CANARY, _env_file=None)
    for handler in [handler for handler in LOGGER.handlers if isinstance(handler, LogHandler)]:
        for logger in (LOGGER, logging.getLogger()):
            logger.removeHandler(handler)
        handler.close()


def _fail_collect(settings: Settings) -> None:
    with record_attempt(settings, AttemptKind.COLLECT, [(CHANNEL, ["downloads"])]) as run:
        run.add_channel(CHANNEL, {"downloads": Outcome("failed", error=f"401: {CANARY}", fault=Fault.CREDENTIALS)})
        logging.getLogger("some.library").warning("it warns of %s", CANARY)
        logging.getLogger("some.library").info("it chats")
        raise WarehouseError(f"{settings.home}: no room for {CANARY}", Fault.DISK)


def test_a_run_is_logged_from_its_beginning_over_each_channel_to_its_end(
    settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    """Each line has the same names first, and nothing of it is on the terminal."""
    with pytest.raises(WarehouseError):
        _fail_collect(settings)
    begun, channel, warned, ended = read_log(settings.home)

    (attempt,) = (settings.home / "attempts").glob("*.jsonl")
    for line in (begun, channel, warned, ended):
        assert list(line)[:6] == ["at", "level", "event", "run", "channel", "process"] and line["run"] == attempt.stem
        assert abs((datetime.now(UTC) - datetime.fromisoformat(line["at"])).total_seconds()) < 60
    assert (begun["event"], begun["level"], begun["kind"], begun["planned"]) == ("run begun", "info", "collect", 1)
    assert (channel["channel"], channel["level"], channel["why"]) == (CHANNEL.id, "warning", "401: …")
    assert (warned["logger"], warned["message"]) == ("some.library", "it warns of …")
    assert (ended["state"], ended["fault"], ended["why"]) == ("failed", "disk", "HEARTBEAT_HOME: no room for …")
    assert CANARY not in (settings.home / "logs" / NAME).read_text()
    assert capfd.readouterr() == ("", "") and (settings.home / "logs" / NAME).stat().st_mode & 0o077 == 0


def test_an_error_is_logged_with_its_traceback_and_without_secrets(settings: Settings) -> None:
    """A page that could not be shown tells no more than that; why is here."""
    open_log(settings.home, settings.list_secrets())
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("dashboards.script").exception("a page could not be shown")
    (line,) = read_log(settings.home)
    assert line["level"] == "error" and "ValueError: …" in line["error"] and "test_log.py" in line["error"]


def test_what_a_child_says_is_logged_line_by_line(settings: Settings) -> None:
    """Servers of others write text of their own."""
    open_log(settings.home, settings.list_secrets())
    code = f"import sys; print('one', flush=True); print('{CANARY}', file=sys.stderr)"
    child = start_child([sys.executable, "-c", code], {}, "server")
    child.wait()
    while len(lines := list(read_log(settings.home))) < 2:
        pass
    assert [(line["event"], line["child"], line["message"]) for line in lines] == [
        ("output", "server", "one"), ("output", "server", "…"),
    ]  # fmt: skip


WRITING = """
import sys
from pathlib import Path
from warehouse.logs import log
log.MOST_BYTES = 60_000
log.open_log(Path(sys.argv[1]), [])
for number in range(int(sys.argv[3])):
    log.log_event("tick", writer=sys.argv[2], number=number, padding="x" * 20)
"""


def test_files_are_bounded_and_lines_whole_whoever_writes_at_once(tmp_path: Path) -> None:
    """Three processes fill a file, of which no line is lost or half; one that goes on fills no more than two."""
    command = [sys.executable, "-c", WRITING, str(tmp_path)]
    writers = [subprocess.Popen([*command, name, "150"], cwd=ROOT) for name in "abc"]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    names = sorted((tmp_path / "logs").iterdir())
    assert len(names) == 2 and max(path.stat().st_size for path in names) <= 60_000 + 250
    lines = [json.loads(line) for path in names[::-1] for line in path.open()]
    for name in "abc":
        assert [line["number"] for line in lines if line["writer"] == name] == list(range(150))

    subprocess.run([*command, "d", "1000"], cwd=ROOT, check=True)
    assert sum(path.stat().st_size for path in (tmp_path / "logs").iterdir()) <= 2 * 60_250


def test_a_log_that_cannot_be_written_costs_no_work(settings: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    """As on a full disk, or where another user owns the folder."""
    settings.home.mkdir()
    (settings.home / "logs").write_text("not a folder")
    with record_attempt(settings, AttemptKind.BUILD):
        log_event("work")
    assert read_attempts(settings.home)[0].state == "done" and capfd.readouterr() == ("", "")
