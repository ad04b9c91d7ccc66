"""`heartbeat forget` that is killed, held up or refused: what is half done is never told as done, and a second run
completes it."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.attempts import record_attempt
from pipelines.people import People
from tests.faults.injection import Ended, meet_fault
from tests.paths import ROOT
from tests.pipelines.commands.forgetting.conftest import KEY, LOGIN, MARKS, NOW, WHO, Run, land
from tests.pipelines.commands.forgetting.marks import find_marks, make_marks
from tests.worlds.published_sets import build_small
from warehouse.attempts.entries import AttemptKind
from warehouse.landing import Zone, open_zone
from warehouse.lock import hold_lock
from warehouse.settings import Settings
from warehouse.snapshot import list_versions


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
    land(settings, 9, title="Mine, too", actor=WHO)

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
        ("github:two words",): "is not an account of github",
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
    land(settings, 9, title="Mine", actor=People(KEY.encode()).make_pseudonym("github", "nobody-yet"))
    zone: Zone = open_zone(settings.landing_url)
    assert run("forget", "github:nobody-yet", "--dry-run")[1].startswith("would go: nothing") and zone.is_local


def test_the_catalog_s_own_words_stay_and_its_names_of_people_are_told(settings: Settings, run: Run) -> None:
    """A repository's name is no account's, and a file that the user wrote is the user's."""
    land(settings, 9, title="openai broke it, says @openai")
    code, said = run("forget", "github:openai", "github:somebody")
    assert code == 0 and "also a word of the catalog" in said and "as staff of gpt.github.o-r" in said
    marks = make_marks(plain="openai broke it", marked="@openai")
    assert find_marks(marks, Path("home")).keys() == {"plain"}
