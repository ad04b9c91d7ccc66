"""`heartbeat tidy`, as a user types it and as the schedule runs it: what it says, removes and leaves."""

import os
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines import cli
from tests.faults.injection import Ended, meet_fault
from warehouse.attempts.reader import read_attempts
from warehouse.database import open_warehouse
from warehouse.landing import list_landed, open_writer, open_zone, read_newest_manifest
from warehouse.load import load_new_files
from warehouse.settings import Settings

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
DAYS = 40
Run = Callable[[], tuple[int, str]]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with a visit each day to a channel, and one old visit to another."""
    monkeypatch.setattr("os.fsync", lambda _: None)
    monkeypatch.setenv("HEARTBEAT_HOME", str(tmp_path))
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())
    zone = open_zone(str(tmp_path / "landing"))
    for day in range(DAYS + 1):
        for channel in ("a.packages.x", "a.packages.old")[: 2 if day == 0 else 1]:
            writer = open_writer(zone, channel, "packages", NOW - timedelta(days=DAYS - day))
            writer.add_rows([("downloads", str(day), NOW, "{}")], NOW)
            writer.manifest.cursors["downloads"] = {"day": day}
            writer.finish(NOW)
    return Settings(HEARTBEAT_HOME=tmp_path, _env_file=None)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `heartbeat tidy`; gives its exit code and all that it says."""
    monkeypatch.setattr(cli, "exit_now", sys.exit)
    monkeypatch.setattr(sys, "argv", ["heartbeat", "tidy"])

    def tidy() -> tuple[int, str]:
        with pytest.raises(SystemExit) as end:
            cli.run()
        printed = capsys.readouterr()
        return int(end.value.code or 0), printed.out + printed.err

    return tidy


def _load(settings: Settings) -> int:
    with closing(open_warehouse(settings.home)) as connection:
        return load_new_files(connection, open_zone(settings.landing_url), NOW).rows


def test_loaded_files_go_after_thirty_days_and_the_cursors_and_rows_stay(settings: Settings, run: Run) -> None:
    """What no load has seen stays for ever, and a killed tidying is completed by the next."""
    zone = open_zone(settings.landing_url)
    assert run()[0] == 0 and len(list_landed(zone)) == DAYS + 2
    assert _load(settings) == DAYS + 2

    def end() -> None:
        raise Ended

    with meet_fault("warehouse.places:FolderPlace.delete", 3, end), pytest.raises(Ended):
        run()
    code, said = run()
    assert code == 0 and "landed files that the warehouse has held for 30 days" in said
    assert len(list_landed(zone, "a.packages.x")) == 31 and len(list_landed(zone, "a.packages.old")) == 1
    newest = read_newest_manifest(zone, "a.packages.x")
    assert newest is not None and newest.cursors == {"downloads": {"day": DAYS}} and newest.number == DAYS
    assert _load(settings) == 0
    with closing(open_warehouse(settings.home)) as connection:
        assert connection.sql("select count(*) from raw.packages__downloads").fetchall() == [(DAYS + 2,)]


def test_old_files_are_removed_and_said(settings: Settings, run: Run) -> None:
    assert run()[0] == 0
    rotated = settings.home / "logs" / "heartbeat.jsonl.1"
    rotated.touch()
    os.utime(rotated, times=(time.time() - 31 * 24 * 3600,) * 2)
    code, said = run()
    assert code == 0 and "removed because older than 30 days (HEARTBEAT_KEEP_DAYS): logs/heartbeat.jsonl.1" in said
    assert not rotated.exists()
    last = read_attempts(settings.home)[0]
    assert last.beginning.kind == "tidy" and last.ending is not None and "heartbeat.jsonl.1" in last.ending.result
