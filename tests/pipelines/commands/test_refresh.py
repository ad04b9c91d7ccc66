"""`heartbeat refresh`: one run of the schedule, in a home that is restored from an encrypted state and saved to it."""

import json
import os
import shutil
import sys
from contextlib import closing
from pathlib import Path

import pytest

from pipelines import cli, steps
from pipelines.catalog.entries import Channel
from pipelines.collecting.people_key import open_people
from pipelines.refreshing import keep_state
from tests.upstream.emulator import NOW, Upstream
from tests.upstream.faults import status
from tests.worlds.published_sets import build_small, settings_of
from warehouse.attempts.reader import read_attempts
from warehouse.database import WarehouseError, open_warehouse
from warehouse.landing import list_landed, open_writer, open_zone
from warehouse.load import load_new_files
from warehouse.settings import SettingsError, read_settings

SECRET = "a secret of more than thirty-two characters"
PACKAGE = Channel(source="packages", target="kit", role="packages", family="kit")


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a home and the secret."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr(cli, "exit_now", sys.exit)
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "HOME": "home", "STATE_KEY": SECRET, "CATALOG": "catalog", "CATALOG_ONLY": "1", "PUBLISHER": "Lab",
        "ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost", "NOW": NOW.isoformat(),
    }.items():  # fmt: skip
        monkeypatch.setenv(f"HEARTBEAT_{name}", value)
    monkeypatch.setenv("GITHUB_TOKEN", "good")


def _refresh(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["heartbeat", "refresh", "--state", "kept/home.age", "--to", "public"])
    with pytest.raises(SystemExit) as end:
        cli.run()
    assert isinstance(end.value.code, int)
    return end.value.code


@pytest.mark.slow
def test_a_lost_home_comes_back_goes_on_and_a_run_that_brings_nothing_or_breaks_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each run begins without a home, as in a workflow."""

    def pass_time(hours: float) -> None:
        up.world.advance(hours)
        up.forget()
        monkeypatch.setenv("HEARTBEAT_NOW", up.world.now.isoformat())
        shutil.rmtree(home)

    state, public, home = tmp_path / "kept" / "home.age", tmp_path / "public" / "heartbeat.json", tmp_path / "home"
    with Upstream([PACKAGE], seed=3, threads=1) as up:
        up.catalog(tmp_path / "catalog")
        assert _refresh(monkeypatch) == 0
        key = (home / "people.key").read_bytes()
        landed = set(list_landed(open_zone(str(home / "landing"))))

        pass_time(1)
        assert _refresh(monkeypatch) == 0 and up.requests == [], "nothing was due"

        pass_time(24)
        rule = up.fail("*", None, status(404))
        assert _refresh(monkeypatch) == 4
        rule.stop()
        published = json.loads(public.read_text())["published_at"]

        pass_time(24)
        with monkeypatch.context() as broken:
            broken.setattr(steps, "build_tables", lambda *_, **__: 1 / 0)
            broken.setattr(sys, "argv", ["heartbeat", "refresh", "--state", "kept/home.age"])
            with pytest.raises(ZeroDivisionError):
                cli.run()
        assert up.requests and json.loads(public.read_text())["published_at"] == published

        pass_time(1)
        assert _refresh(monkeypatch) == 0 and up.requests == [], "what was landed before the build broke is kept"
    assert (home / "people.key").read_bytes() == key
    assert landed < set(list_landed(open_zone(str(home / "landing"))))
    assert state.stat().st_size < sum(path.stat().st_size for path in home.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state of a home with one load. Each opening and closing takes a second: a guess is to take one, too."""
    folder = tmp_path_factory.mktemp("saved")
    settings = settings_of(folder / "home", HEARTBEAT_STATE_KEY=SECRET)
    build_small(settings.home)
    open_writer(open_zone(settings.landing_url), "kit.github.a", "github", NOW).finish(NOW)
    with closing(open_warehouse(settings.home)) as connection:
        load_new_files(connection, open_zone(settings.landing_url), NOW)
    with keep_state(settings, folder / "home.age"):
        pass
    return folder / "home.age"


@pytest.fixture
def state(saved: Path, tmp_path: Path) -> Path:
    """A copy of it to spoil."""
    return Path(shutil.copy(saved, tmp_path / "home.age"))


def test_a_lost_home_is_restored_before_the_run_and_saved_after_it(state: Path, tmp_path: Path) -> None:
    """Its pseudonyms are those of the secret, should the state be lost as well."""
    before, own = state.read_bytes(), settings_of(tmp_path / "new", HEARTBEAT_STATE_KEY=SECRET)
    second = settings_of(tmp_path / "second", HEARTBEAT_STATE_KEY=SECRET)
    with keep_state(own, state):
        assert (own.home / "warehouse.duckdb").exists()
        assert (own.home / "people.key").read_bytes() == open_people(second).key
    assert state.read_bytes() != before and b"warehouse" not in state.read_bytes()


@pytest.mark.parametrize(
    ("secret", "harm", "words"),
    [
        ("another secret, also of thirty-two characters", b"", "HEARTBEAT_STATE_KEY does not open it"),
        (SECRET, b"flipped bits at the end", "damaged"),
        ("", b"", "HEARTBEAT_STATE_KEY is not set"),
    ],
)
def test_a_state_that_cannot_be_opened_stays_as_it_is(
    state: Path, tmp_path: Path, secret: str, harm: bytes, words: str
) -> None:
    """In one sentence, before anything is collected."""
    content = state.read_bytes()
    state.write_bytes(content[: len(content) - len(harm)] + harm)
    before, own = state.read_bytes(), settings_of(tmp_path / "new", HEARTBEAT_STATE_KEY=secret)
    with pytest.raises((SettingsError, WarehouseError), match=words), keep_state(own, state):
        pytest.fail("the run began")
    assert state.read_bytes() == before and read_attempts(own.home) == []


def test_a_home_that_holds_less_does_not_replace_the_state(state: Path, tmp_path: Path) -> None:
    """Such as one that somebody began beside it."""
    before, other = state.read_bytes(), settings_of(tmp_path / "other", HEARTBEAT_STATE_KEY=SECRET)
    build_small(other.home)
    with pytest.raises(WarehouseError, match="more loads than this home"), keep_state(other, state):
        pass
    assert state.read_bytes() == before


def test_a_secret_that_can_be_guessed_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARTBEAT_STATE_KEY", "hunter2")
    with pytest.raises(SettingsError, match="HEARTBEAT_STATE_KEY: write at least 32 characters") as caught:
        read_settings()
    assert "hunter2" not in str(caught.value)
