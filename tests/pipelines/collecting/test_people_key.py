"""The key of the pseudonyms: made once, and refused if it would make two people of one."""

import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines import cli
from pipelines.collecting.people_key import open_people
from tests.faults.injection import limit_files
from warehouse.database import WarehouseError
from warehouse.landing import open_writer, open_zone
from warehouse.settings import Settings, SettingsError

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """A fresh home."""
    return Settings(HEARTBEAT_HOME=tmp_path / "home", _env_file=None)


def _land(home: Settings) -> str:
    """Lands a file with the home's key; gives the key's id."""
    key_id = open_people(home).key_id
    open_writer(open_zone(home.landing_url), "a.b.c", "github", NOW, key_id=key_id).finish(NOW)
    return key_id


def test_the_key_is_made_once_and_only_its_owner_reads_it(home: Settings) -> None:
    """Two keys would make two people of one."""
    first, second = _land(home), open_people(home).key_id
    path = home.home / "people.key"
    assert first == second
    assert len(path.read_bytes()) == 64 and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert first not in path.read_text()


def test_threads_that_start_at_once_agree_on_one_key(home: Settings) -> None:
    """A flow collects in several threads."""
    with ThreadPoolExecutor(16) as pool:
        ids = list(pool.map(lambda _: open_people(home).key_id, range(64)))
    assert len(set(ids)) == 1
    assert sorted(path.name for path in home.home.iterdir()) == ["landing", "people.key", "people.lock"]


def test_a_full_disk_leaves_no_half_key_behind(home: Settings) -> None:
    """Each run left another empty file."""
    home.home.mkdir()
    with limit_files(0), pytest.raises(WarehouseError, match=r"make people.key: .* free some space"):
        open_people(home)
    assert [path.name for path in home.home.iterdir() if path.suffix != ".lock"] == ["landing"]
    assert open_people(home).key_id


@pytest.mark.parametrize("is_landed", [True, False])
def test_a_lost_key_is_refused_once_something_was_landed_with_it(home: Settings, is_landed: bool) -> None:
    """A new one was made without a word, and the same people counted twice from then on."""
    if is_landed:
        _land(home)
    else:
        open_people(home)
    (home.home / "people.key").unlink()
    if is_landed:
        with pytest.raises(SettingsError, match=r"people\.key: the key of the pseudonyms is gone\. .* Restore it"):
            open_people(home)
        assert not (home.home / "people.key").exists()
    else:
        assert open_people(home).key_id


def test_a_cut_or_changed_key_is_refused_and_never_shown(home: Settings) -> None:
    """Half a key is another key; one that is hardly there is none."""
    key_id, path = _land(home), home.home / "people.key"
    key = path.read_text()
    path.write_text(key[:30])
    with pytest.raises(SettingsError, match=f"is not the key of what was landed \\(that is {key_id}\\)") as caught:
        open_people(home)
    assert key[:30] not in str(caught.value)
    path.write_text(key[:9])
    with pytest.raises(SettingsError, match="has 9 bytes, fewer than 16"):
        open_people(home)
    path.write_text(key)
    assert open_people(home).key_id == key_id


def test_a_key_of_the_environment_is_held_against_what_was_landed_too(
    home: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command says in one line which variable it is, and never its value."""
    _land(home)
    monkeypatch.setenv("HEARTBEAT_HOME", str(home.home))
    monkeypatch.setenv("HEARTBEAT_PEOPLE_KEY", "another key of many bytes")
    monkeypatch.setattr(cli, "exit_now", sys.exit)
    monkeypatch.setattr("sys.argv", ["heartbeat", "collect", "--channel", "gpt.packages.openai"])
    with pytest.raises(SystemExit) as ended:
        cli.run()
    said = "".join(capsys.readouterr())
    assert ended.value.code == 2 and "HEARTBEAT_PEOPLE_KEY: the key of the pseudonyms is not the key" in said
    assert "another key" not in said.replace("With another key", "") and "Traceback" not in said
