"""`heartbeat backup` and `heartbeat restore`, as a user types them: what comes back, and what is refused."""

import json
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest

from pipelines import cli
from pipelines.attempts import record_attempt
from pipelines.catalog.reader import Catalog
from pipelines.collecting.people_key import open_people
from pipelines.commands.checks import run_checks
from tests.faults.injection import FAULTS, meet_fault
from tests.paths import ROOT
from tests.worlds.published_sets import build_small, settings_of
from warehouse.attempts.entries import AttemptKind
from warehouse.database import open_warehouse
from warehouse.findings import OLD_BACKUP, find_problems
from warehouse.forgetting.register import keep_digests, read_forgotten
from warehouse.landing import open_writer, open_zone
from warehouse.load import load_new_files
from warehouse.settings import Settings, read_settings

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
CHANNELS = ("gpt.github.o-r", "qwen.discourse.c")
Run = Callable[..., tuple[int, str]]


def _land(settings: Settings, channel: str, url: str = "") -> None:
    zone = open_zone(url or settings.landing_url)
    writer = open_writer(zone, channel, channel.split(".")[1], NOW, key_id=open_people(settings).key_id)
    writer.add_rows([("issues", "1", NOW, '{"number": 1, "actor": "a pseudonym"}')], NOW)
    writer.finish(NOW)


def _load(settings: Settings) -> None:
    with closing(open_warehouse(settings.home)) as connection:
        load_new_files(connection, open_zone(settings.landing_url), NOW)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with loaded files, one that is not loaded yet, a build, and a family of the user's own."""
    # No power is cut here, and waiting for the disk would take most of the time.
    monkeypatch.setattr(os, "fsync", lambda _: None)
    settings = settings_of(tmp_path / "home")
    with record_attempt(settings, AttemptKind.BUILD):
        build_small(settings.home)
    for channel in (*CHANNELS, *CHANNELS):
        _land(settings, channel)
    _load(settings)
    _land(settings, CHANNELS[0])
    (tmp_path / "families").mkdir()
    (tmp_path / "families" / "mine.toml").write_text("title = 'Mine'\n")
    monkeypatch.chdir(tmp_path)
    for name, value in {"HOME": "home", "CATALOG": "families"}.items():
        monkeypatch.setenv(f"HEARTBEAT_{name}", value)
    monkeypatch.setenv("GITHUB_TOKEN", "CANARY")
    return settings


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; gives its exit code and all that it says."""
    monkeypatch.setattr(cli, "exit_now", sys.exit)

    def run_command(*words: str, home: str = "home") -> tuple[int, str]:
        monkeypatch.setenv("HEARTBEAT_HOME", home)
        monkeypatch.setattr(sys, "argv", ["heartbeat", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.run()
        assert isinstance(end.value.code, int)
        said = "".join(capsys.readouterr())
        assert "Traceback" not in said and (end.value.code != 2 or said.count("\n") == 1), said
        return end.value.code, said

    return run_command


def _kill(place: str, number: int, command: str, home: str) -> None:
    """Runs a command that is killed at a step."""
    words = [sys.executable, "-m", "tests.faults.injection", "kill", f"warehouse.backups:{place}", str(number)]
    environment = os.environ | {"HEARTBEAT_HOME": str(Path(home).absolute())}
    done = subprocess.run(
        [*words, command, str(Path("kept").absolute())], cwd=ROOT, env=environment, check=False, capture_output=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def _find_backup() -> Path:
    (folder,) = Path("kept").glob("heartbeat-*")
    return folder


def _read_tables(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    with closing(open_warehouse(home)) as connection:
        tables = connection.sql(
            "select distinct schema_name || '.\"' || table_name || '\"' from duckdb_tables() order by all"
        ).fetchall()
        return {table: connection.sql(f"from {table} order by all").fetchall() for (table,) in tables}


def test_a_home_comes_back_with_all_rows_the_key_the_list_and_what_was_not_loaded(settings: Settings, run: Run) -> None:
    """Its next load brings what the old home's would, and its next visit goes on from the same cursor."""
    keep_digests(open_zone(settings.landing_url), {"a digest"})
    code, said = run("backup", "kept")
    assert code == 0 and "it contains people.key" in said
    assert run("restore", "kept", home="new")[0] == 0

    assert _read_tables(Path("new")) == _read_tables(Path("home"))
    assert Path("new/catalog/mine.toml").read_text() == "title = 'Mine'\n"
    assert Path("new/people.key").read_bytes() == Path("home/people.key").read_bytes()
    assert read_forgotten(open_zone("new/landing"), b"").digests == {"a digest"}
    _load(settings_of(Path("new")))
    assert len(_read_tables(Path("new"))['raw."github__issues"']) == 3
    modes = {
        f"{stat.S_IMODE(path.stat().st_mode):o}" for path in _find_backup().rglob("*") if path.name != "backup.json"
    }
    assert modes == {"700", "600"}


def test_the_next_backup_takes_the_place_of_the_former(settings: Settings, run: Run) -> None:
    run("backup", "kept")
    former = _find_backup()
    _load(settings)
    assert run("backup", "kept")[0] == 0
    assert _find_backup() != former


@pytest.mark.parametrize("harm", ["flipped", "gone", "manifest", "path"])
def test_a_damaged_backup_is_refused_by_name_and_nothing_is_restored(settings: Settings, run: Run, harm: str) -> None:
    """Nor does a manifest lead out of the home."""
    run("backup", "kept")
    path, manifest = _find_backup() / "warehouse.duckdb", _find_backup() / "backup.json"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    if harm == "flipped":
        path.write_bytes(content)
    elif harm == "gone":
        path.unlink()
    elif harm == "manifest":
        manifest.write_text(manifest.read_text()[:-9])
    else:
        entries = json.loads(manifest.read_text())
        manifest.write_text(json.dumps(entries | {"files": {"landing/../../backup.json": "0"}}))
    code, said = run("restore", "kept", home="new")
    assert code == 2 and "damaged" in said, said
    assert {path.name for path in Path("new").glob("*")} <= {".restoring", "writer.lock"}


def test_places_that_would_lose_or_mix_something_are_refused(settings: Settings, run: Run) -> None:
    """Each in a sentence; a home that was lost does not replace its backup."""
    assert "is in the home" in run("backup", "home/kept")[1]
    assert "a backup is written to a folder" in run("backup", "s3://bucket/kept")[1]
    assert run("backup", "kept")[0] == 0
    assert "is restored into a new or empty" in run("restore", "kept", home="home")[1]
    assert "no backup is here" in run("restore", "families", home="new")[1]
    before = _find_backup()
    (settings.home / "warehouse.duckdb").unlink()
    code, said = run("backup", "kept")
    assert code == 2 and "more loads than this home" in said and _find_backup() == before


def test_status_and_doctor_tell_of_the_last_backup(
    settings: Settings, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that fails every night, and one that nobody makes any more, are no backup."""

    def read_checks() -> dict[str, tuple[str, str]]:
        checks = run_checks(read_settings(), Catalog((), ()))
        return {check.name: (check.state, check.words) for check in checks}

    assert read_checks()["backup"][0] == "note"
    run("backup", "kept")
    assert read_checks()["backup"] == ("ok", ANY) and str(Path("kept").absolute()) in read_checks()["backup"][1]
    monkeypatch.setenv("HEARTBEAT_NOW", (datetime.now(UTC) + OLD_BACKUP).isoformat())
    assert [(one.id, one.level) for one in find_problems(read_settings(), None)] == [("old backup", "note")]
    monkeypatch.delenv("HEARTBEAT_NOW")
    (_find_backup() / "backup.json").write_text("{")
    run("backup", "kept")
    (finding,) = find_problems(read_settings(), None)
    assert (finding.id, finding.level) == ("backup", "error") and "damaged" in finding.why


@pytest.mark.parametrize(("fault", "place"), [("ENOSPC", "_seal"), ("kill", "_seal"), ("kill", "write_file")])
def test_a_backup_that_breaks_off_leaves_the_former_one_and_the_next_is_whole(
    settings: Settings, run: Run, fault: str, place: str
) -> None:
    """In words where the process still can."""
    run("backup", "kept")
    former = _read_tables(Path("home"))
    _load(settings)
    if fault == "kill":
        _kill(place, 1, "backup", "home")
    else:
        with meet_fault(f"warehouse.backups:{place}", 1, FAULTS[fault]):
            code, said = run("backup", "kept")
        assert code == 2 and re.search("heartbeat: backup: kept: .* MB are free there", said), said
    assert run("restore", "kept", home="new")[0] == 0 and _read_tables(Path("new")) == former
    assert run("backup", "kept")[0] == 0 and _find_backup()
    assert run("restore", "kept", home="another")[0] == 0
    assert _read_tables(Path("another")) == _read_tables(Path("home"))


def test_a_warehouse_that_is_damaged_does_not_replace_the_backup(settings: Settings, run: Run) -> None:
    """Its rows are read for the copy."""
    run("backup", "kept")
    before, path = _find_backup(), settings.home / "warehouse.duckdb"
    content = bytearray(path.read_bytes())
    for place in range(3 * 4096 + 512, len(content), 4096):
        content[place] ^= 1
    path.write_bytes(content)
    assert run("backup", "kept")[0] != 0
    assert (before / "backup.json").exists()


def test_a_landed_file_that_is_damaged_does_not_replace_the_backup(settings: Settings, run: Run) -> None:
    """Its copy was called verified."""
    run("backup", "kept")
    before, path = _find_backup(), next(Path(settings.landing_url).rglob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-4096])
    code, said = run("backup", "kept")
    assert (code, path.name in said, (before / "backup.json").exists()) == (2, True, True), said


@pytest.mark.parametrize(("place", "number"), [("_seal", 3), ("replace_file", 2)])
def test_a_restore_that_is_killed_can_be_repeated(settings: Settings, run: Run, place: str, number: int) -> None:
    """What it left is cleared away; a home that has a warehouse has all the rest."""
    run("backup", "kept")
    _kill(place, number, "restore", "new")
    assert not Path("new/warehouse.duckdb").exists()
    assert run("restore", "kept", home="new")[0] == 0
    assert not Path("new/.restoring").exists() and _read_tables(Path("new")) == _read_tables(Path("home"))
