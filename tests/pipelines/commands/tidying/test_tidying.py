"""`heartbeat tidy`, as a user types it and as the schedule runs it: what it says, removes and leaves."""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines import cli
from warehouse.attempts.reader import read_attempts
from warehouse.landing import list_landed, open_writer, open_zone
from warehouse.lock import COMPACTING, hold_lock
from warehouse.packing.compacting import LEAST_FILES
from warehouse.settings import Settings
from warehouse.upkeep.sizes import measure_sizes

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
Run = Callable[[], tuple[int, str]]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with as many visits to a channel as are packed, and the newest one."""
    monkeypatch.setattr("os.fsync", lambda _: None)
    monkeypatch.setenv("HEARTBEAT_HOME", str(tmp_path))
    zone = open_zone(str(tmp_path / "landing"))
    for day in range(LEAST_FILES + 1):
        writer = open_writer(zone, "a.packages.x", "packages", NOW + timedelta(days=day))
        writer.add_rows([("downloads", str(day), NOW, "{}")], NOW)
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


def test_old_landed_files_are_packed_and_old_files_removed_and_both_are_said(settings: Settings, run: Run) -> None:
    """Also in the ledger of attempts, whence others learn it."""
    names = list_landed(open_zone(settings.landing_url))
    damaged = settings.home / "prefect" / "prefect.damaged"
    damaged.parent.mkdir()
    damaged.touch()
    code, said = run()
    assert code == 0 and f"landed files: packed {LEAST_FILES}; {LEAST_FILES + 1} files" in said
    assert "MB) are now 2 (" in said and damaged.exists()

    os.utime(damaged, times=(time.time() - 31 * 24 * 3600,) * 2)
    code, said = run()
    assert code == 0 and "landed files: 2 (0.0 MB), and too few new ones to pack" in said
    assert "removed because older than 30 days (HEARTBEAT_KEEP_DAYS): prefect/prefect.damaged" in said
    assert not damaged.exists() and list_landed(open_zone(settings.landing_url)) == names
    last = read_attempts(settings.home)[0]
    assert last.beginning.kind == "tidy" and last.ending is not None and "prefect.damaged" in last.ending.result


def test_tidying_waits_for_a_build_and_says_so_where_a_backup_goes_on(settings: Settings, run: Run) -> None:
    """A backup needs the files where they are."""
    with hold_lock(settings.home, "backup", name=COMPACTING):
        code, said = run()
    assert code == 2 and "(backup) holds compacting.lock; retry when it has finished" in said
    assert len(list(Path(settings.landing_url).rglob("*.parquet"))) == LEAST_FILES + 1


def test_sizes_are_told_by_kind_also_where_the_landing_zone_lies_in_the_home(
    settings: Settings, tmp_path: Path
) -> None:
    """Nothing is counted twice, and nothing is left out."""
    for name in ("warehouse.duckdb", "published/a.duckdb", "prefect/prefect.db", "logs/x.jsonl", "unknown/y"):
        path = settings.home / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x" * 1000)
    sizes = {size.kind: (size.files, size.bytes) for size in measure_sizes(settings)}
    landed = sum(path.stat().st_size for path in Path(settings.landing_url).rglob("*.parquet"))
    assert sizes.pop("landed") == (LEAST_FILES + 1, landed)
    assert sizes == dict.fromkeys(("warehouse", "published", "Prefect", "logs", "other files"), (1, 1000))
    elsewhere = Settings(HEARTBEAT_HOME=tmp_path, HEARTBEAT_LANDING=str(tmp_path.parent / "zone"), _env_file=None)
    assert {size.kind: size.files for size in measure_sizes(elsewhere)}["other files"] == 2 + LEAST_FILES
