"""`heartbeat forget` that is killed, held up or refused: what is half done is never told as done, and a second run
completes it."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import cli
from pipelines.attempts import record_attempt
from pipelines.collecting.people_key import open_people
from pipelines.people import People
from tests.faults.injection import Ended, meet_fault
from tests.paths import ROOT
from tests.pipelines.commands.forgetting.marks import find_marks, make_marks
from tests.worlds.published_sets import build_small, settings_of
from warehouse.attempts.entries import AttemptKind
from warehouse.forgetting.landed import GuardedWriter
from warehouse.landing import Zone, open_writer, open_zone
from warehouse.lock import hold_lock
from warehouse.settings import Settings
from warehouse.snapshot import list_versions

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
KEY, LOGIN = "a key of sixteen bytes", "zyxa-canary-77"
WHO = People(KEY.encode()).make_pseudonym("github", LOGIN)
MARKS = make_marks(name=LOGIN, pseudonym=WHO or "", link="github.com/o/r/issues/7")
FAMILY = """title = "Gpt"
side = "proprietary"
vendor = "OpenAI"
mentions = ["gpt"]
checked_on = 2026-11-01
[[channel]]
source = "github"
target = "o/r"
role = "sdk"
staff = ["somebody"]
"""
Run = Callable[..., tuple[int, str]]


def _mark_build(connection: duckdb.DuckDBPyConnection, full: bool) -> None:
    assert full
    connection.execute("insert into ledger.settings values ('build_id', ?)", [secrets.token_hex(8)])


def _land(settings: Settings, number: int, **body: Any) -> None:
    zone, people = open_zone(settings.landing_url), open_people(settings)
    url = f"https://github.com/o/r/issues/{number}"
    own = {"number": number, "url": url, "created_at": NOW.isoformat(), "updated_at": NOW.isoformat(), "actor": None}
    make = partial(GuardedWriter, key=people.key)
    writer = open_writer(zone, "gpt.github.o-r", "github", NOW, key_id=people.key_id, make=make)
    writer.add_rows([("issues", str(number), NOW, json.dumps(own | body))], NOW)
    writer.finish(NOW)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with three landed files, two of which are about the person, a snapshot, and a backup."""
    # No power is cut here, and waiting for the disk would take most of the time.
    monkeypatch.setattr(os, "fsync", lambda _: None)
    (tmp_path / "families").mkdir()
    (tmp_path / "families" / "gpt.toml").write_text(FAMILY)
    monkeypatch.chdir(tmp_path)
    values = {"HOME": "home", "CATALOG": "families", "CATALOG_ONLY": "1", "PEOPLE_KEY": KEY, "NOW": NOW.isoformat()}
    for name, value in values.items():
        monkeypatch.setenv(f"HEARTBEAT_{name}", value)
    settings = settings_of(Path("home"), HEARTBEAT_PEOPLE_KEY=KEY)
    _land(settings, 6, title="Something else")
    _land(settings, 7, title="Mine", actor=WHO)
    _land(settings, 8, title=f"As @{LOGIN} says")
    # What is computed of the rows is no matter of this file, and would take most of its time.
    monkeypatch.setattr("pipelines.steps.build_tables", _mark_build)
    return settings


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; gives its exit code and all that it says."""
    monkeypatch.setattr(cli, "exit_now", sys.exit)
    monkeypatch.setattr("pipelines.commands.forgetting.command.handle_ending_signals", lambda: None)

    def run_command(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["heartbeat", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.run()
        said = "".join(capsys.readouterr())
        assert isinstance(end.value.code, int) and "Traceback" not in said, said
        return end.value.code, " ".join(said.split())

    return run_command


def _end() -> None:
    raise Ended


STEPS = {
    "the list lacks what the rows tell": ("pipelines.commands.forgetting.forgetting:keep_request", 2),
    "no file is rewritten": ("warehouse.forgetting.landed:_place", 1),
    "one file is rewritten": ("warehouse.forgetting.landed:_place", 2),
    "the warehouse is the former one": ("warehouse.forgetting.renewing:replace_file", 1),
    "the snapshots are the former ones": ("pipelines.commands.forgetting.rebuilding:_publish_alone", 1),
    "the former snapshots are there, too": ("pipelines.commands.forgetting.rebuilding:remove_other_versions", 1),
    "the backup is the former one": ("warehouse.forgetting.backups:keep_manifest", 1),
    "the backup holds files that it does not name": ("warehouse.forgetting.backups:sweep_unlisted", 1),
    "nothing was searched": ("pipelines.commands.forgetting.forgetting:search_home", 1),
}


@pytest.mark.parametrize("state", STEPS)
def test_a_run_that_ends_at_any_step_is_not_told_as_done_and_the_next_completes_it(
    settings: Settings, run: Run, state: str
) -> None:
    """Whatever it had reached, nothing is left after the second, and nothing comes back in between."""
    build_small(settings.home)
    assert run("backup", "kept")[0] == 0
    place, number = STEPS[state]
    with meet_fault(place, number, _end), pytest.raises(Ended):
        run("forget", f"github:{LOGIN}")
    assert "not done: `heartbeat forget --resume` completes it" in run("forget", "--list")[1]
    _land(settings, 9, title="Mine, too", actor=WHO)

    code, said = run("forget", f"github:{LOGIN}")
    assert code == 0 and "nothing of it is there" in said, said
    assert find_marks(MARKS, Path("home"), Path("kept")) == {}
    assert "not done" not in run("forget", "--list")[1]
    assert len(list_versions(settings.home / "published")) == 1 and not Path("home/.forgetting").exists()
    assert run("restore", "kept")[0] == 2  # into a home that is used
    os.environ["HEARTBEAT_HOME"] = "new"
    assert run("restore", "kept")[0] == 0 and find_marks(MARKS, Path("new")) == {}


def test_a_process_that_is_killed_leaves_no_lock_and_the_next_completes_it(settings: Settings, run: Run) -> None:
    """A real one, between two landed files."""
    place = "warehouse.forgetting.landed:_place"
    words = [sys.executable, "-m", "tests.faults.injection", "kill", place, "2", "forget", f"github:{LOGIN}"]
    environment = os.environ | {"HEARTBEAT_HOME": str(Path("home").absolute()),
                                "HEARTBEAT_CATALOG": str(Path("families").absolute())}  # fmt: skip
    done = subprocess.run(words, cwd=ROOT, env=environment, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert find_marks(MARKS, Path("home")).keys() == {"name"}
    assert run("forget", f"github:{LOGIN}")[0] == 0 and find_marks(MARKS, Path("home")) == {}


def test_places_that_cannot_be_reached_are_named_and_the_request_stays_open(settings: Settings, run: Run) -> None:
    """A backup on a disk that is not there, a landed file that nobody can read, an attempt that goes on."""
    run("backup", "kept")
    shutil.move("kept", "drawer")
    torn = Path("home/landing/gpt.github.o-r/00000/00000003-20261101T060000Z-00000000-0000.parquet")
    torn.write_bytes(b"PAR1 torn")
    with record_attempt(settings, AttemptKind.COLLECT) as attempt:
        attempt.cause = f"@{LOGIN} and others"
        attempt._writer.close(attempt.state, NOW, "none", attempt.cause)
        code, said = run("forget", f"github:{LOGIN}")
    assert code == 1 and "not done: `heartbeat forget --resume`" in run("forget", "--list")[1]
    assert f"backup {Path('kept').absolute()}: is not there" in said and f"{torn.name}: unreadable" in said
    torn.unlink()
    code, said = run("forget", f"github:{LOGIN}", "--also", "drawer", "--thrown-away", "kept")
    assert code == 0 and find_marks(MARKS, Path("home"), Path("drawer")) == {}, said


def test_what_cannot_be_meant_is_refused_before_anything_is_done(settings: Settings, run: Run) -> None:
    """Each in one line that says how to write it."""
    Path("other/landing").mkdir(parents=True)
    for words, told in {
        ("octocat",): "could be an account of any source; write SOURCE:ACCOUNT",
        ("gitlab:octocat",): "unknown source of accounts 'gitlab': did you mean github?",
        ("github:two words",): "is no account of github",
        ("github:ghost",): "stands for every deleted account",
        ("stackexchange:stackoverflow/Jane",): "known by its number",
        ("https://github.com",): "names a whole site",
        ("ftp://a.example/b",): "names a whole site, or no page",
        ("github:octocat", "--also", "nowhere"): "nowhere: is not there",
        ("github:octocat", "--also", "other"): "holds a home",
        ("github:octocat", "--also", "."): "holds a home",
        (): "name whom or what to forget",
        ("github:octocat", "--list"): "name whom or what to forget",
    }.items():
        code, said = run("forget", *words)
        assert code == 2 and told in said, said
    with hold_lock(settings.home, "another forget", name="forget"):
        monkey = pytest.MonkeyPatch()
        monkey.setattr("pipelines.commands.forgetting.forgetting.WAIT_SECONDS", 0.1)
        code, said = run("forget", "github:octocat")
        monkey.undo()
    assert code == 2 and "another forget" in said
    assert not Path("home/landing/.forgotten").exists()


def test_somebody_of_whom_nothing_is_kept_is_not_collected_either(settings: Settings, run: Run) -> None:
    """The warehouse stays as it is."""
    code, said = run("forget", "github:nobody-yet")
    assert code == 0 and "nothing: none of it is kept anywhere" in said
    _land(settings, 9, title="Mine", actor=People(KEY.encode()).make_pseudonym("github", "nobody-yet"))
    zone: Zone = open_zone(settings.landing_url)
    assert run("forget", "github:nobody-yet", "--dry-run")[1].startswith("would go: nothing") and zone.is_local


def test_the_catalog_s_own_words_stay_and_its_names_of_people_are_told(settings: Settings, run: Run) -> None:
    """A repository's name is no account's, and a file that the user wrote is the user's."""
    _land(settings, 9, title="openai broke it, says @openai")
    code, said = run("forget", "github:openai", "github:somebody")
    assert code == 0 and "also a word of the catalog" in said and "as staff of gpt.github.o-r" in said
    marks = make_marks(plain="openai broke it", marked="@openai")
    assert find_marks(marks, Path("home")).keys() == {"plain"}
