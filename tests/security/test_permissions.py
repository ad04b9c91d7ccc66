"""Other users of the machine: what may they read, and what does the doctor say of an older, open home?"""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.catalog.reader import Catalog
from pipelines.collecting.people_key import open_people
from pipelines.commands.checks import find_exposed, run_checks
from pipelines.commands.serving.schedule import read_password
from warehouse.attempts.entries import AttemptKind, Beginning
from warehouse.attempts.writer import AttemptWriter
from warehouse.database import open_warehouse
from warehouse.landing import open_writer, open_zone
from warehouse.lock import hold_lock
from warehouse.progress import CollectionProgress, write_progress
from warehouse.publish import publish_snapshot
from warehouse.settings import Settings

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
LANDED = ("thread", "1", NOW, '{"actor_id": "a pseudonym"}')


def _settings(home: Path, landing: str = "") -> Settings:
    return Settings(HEARTBEAT_HOME=home, HEARTBEAT_LANDING=landing, _env_file=None)


def _fill_home(settings: Settings) -> None:
    """Writes each kind of file that a home holds."""
    zone = open_zone(settings.landing_url)
    writer = open_writer(zone, "gpt.github.o-r", "github", NOW)
    writer.add_rows([LANDED], NOW)
    writer.finish(NOW)
    with hold_lock(settings.home, "test"):
        open_warehouse(settings.home).close()
    open_people(settings)
    read_password(settings)
    write_progress(settings.home, CollectionProgress(written_at=NOW, finished=1, total=2, rows=3))


@pytest.fixture(autouse=True)
def _with_the_usual_mask(tmp_path: Path) -> object:
    before = os.umask(0o022)
    for parent in (tmp_path, *tmp_path.parents):
        if str(parent).startswith("/tmp/"):  # noqa: S108
            parent.chmod(parent.stat().st_mode | 0o055)
    yield
    os.umask(before)


def _list_opened(paths: list[Path], group: int, mode: str) -> list[Path]:
    """Lists the files that another user, of this group, can open."""
    attempt = (
        f"import os, sys\nos.setgroups([]); os.setgid({group}); os.setuid(65534)\n"
        "for path in sys.argv[1:]:\n"
        f" try: open(path, {mode!r}).close(); print(path)\n"
        " except OSError: pass\n"
    )
    command = ["/usr/bin/env", sys.executable, "-c", attempt, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")
    return [Path(line) for line in done.stdout.splitlines()]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_user_reads_nothing_of_a_home(tmp_path: Path) -> None:
    """Tried as that user, not judged by modes: every file that there is."""
    home = tmp_path / "home"
    _fill_home(_settings(home))
    (tmp_path / "open").write_text("for all")
    paths = [path for path in home.rglob("*") if path.is_file()]

    assert len(paths) > 5
    assert _list_opened([tmp_path / "open", *paths], 65534, "rb") == [tmp_path / "open"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_the_dashboard_s_user_reads_what_is_shown_and_writes_nothing(tmp_path: Path) -> None:
    """With the folders and the mask that its units and its image give it: no key, no password, nothing landed."""
    home = tmp_path / "home"
    for folder in (home / "published", home / "attempts"):
        folder.mkdir(parents=True)
        folder.chmod(0o750)
    home.chmod(0o750)
    os.umask(0o027)
    settings = _settings(home)
    _fill_home(settings)
    AttemptWriter(Beginning(kind=AttemptKind.BUILD, version="1", pid=1, started_at=NOW)).open(home)
    with hold_lock(home, "test"), open_warehouse(home) as connection:
        publish_snapshot(connection, home, NOW, "1")
    paths = [path for path in home.rglob("*") if path.is_file()]
    read = {str(path.relative_to(home)) for path in _list_opened(paths, 0, "rb")}

    assert len([name for name in read if name.startswith(("attempts/", "published/snapshot-"))]) == 2
    assert {"published/current.json", "collecting.json"} <= read
    assert not [name for name in read if name == "people.key" or name.startswith(("prefect/", "landing/"))]
    assert _list_opened(paths, 0, "r+b") == []
    assert find_exposed(settings) == []


def test_the_doctor_names_an_open_home_and_an_open_file_of_tokens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A home of an older version stays as it is until its owner closes it: it may be shared on purpose."""
    monkeypatch.chdir(tmp_path)
    settings = _settings(tmp_path / "home")
    _fill_home(settings)
    assert find_exposed(settings) == []

    settings.home.chmod(0o755)
    (tmp_path / ".env").write_text("GITHUB_TOKEN=x")
    found = [check for check in run_checks(settings, Catalog((), ())) if check.name == "permissions"]

    assert [check.state for check in found] == ["note", "note"]
    assert f"chmod 700 {settings.home}" in found[0].words and "chmod 600 .env" in found[1].words
    settings.home.chmod(0o700)
    (tmp_path / ".env").chmod(0o600)
    assert find_exposed(settings) == []
