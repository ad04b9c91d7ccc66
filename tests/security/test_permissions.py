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
from warehouse.database import open_warehouse
from warehouse.landing import open_writer, open_zone
from warehouse.lock import hold_lock
from warehouse.progress import CollectionProgress, write_progress
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
def _with_the_usual_mask() -> object:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_user_reads_nothing_of_a_home(tmp_path: Path) -> None:
    """Tried as that user, not judged by modes: every file that there is."""
    home = tmp_path / "home"
    _fill_home(_settings(home))
    for parent in (tmp_path, *tmp_path.parents):
        if str(parent).startswith("/tmp/"):  # noqa: S108
            parent.chmod(parent.stat().st_mode | 0o055)
    paths = [str(path) for path in home.rglob("*") if path.is_file()]
    attempt = (
        "import os, sys\nos.setgid(65534); os.setuid(65534)\n"
        "def reads(path):\n try: return open(path, 'rb').read(1) is not None\n except OSError: return False\n"
        "print(reads(sys.argv[1]), sum(map(reads, sys.argv[2:])))"
    )
    (tmp_path / "open").write_text("for all")
    done = subprocess.run(
        ["/usr/bin/env", sys.executable, "-c", attempt, str(tmp_path / "open"), *paths],
        capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip

    assert len(paths) > 5
    assert done.stdout.split() == ["True", "0"], done.stderr


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
