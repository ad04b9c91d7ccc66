"""`heartbeat forget` that is killed, held up or refused: what is half done is never called done, and is completed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.commands.checks import read_home_health
from pipelines.people import People
from tests.faults.injection import Ended, meet_fault
from tests.paths import ROOT
from tests.pipelines.commands.forgetting.conftest import KEY, LOGIN, MARKS, WHO, Run, land
from tests.pipelines.commands.forgetting.marks import find_marks, make_marks
from tests.worlds.published_sets import build_small
from warehouse.database import open_warehouse
from warehouse.lock import hold_lock
from warehouse.settings import Settings


def _end() -> None:
    raise Ended


STEPS = {
    "nothing is deleted": ("warehouse.forgetting.rows:_scrub_landed", 1),
    "the warehouse still holds it": ("warehouse.forgetting.rows:note_withdrawn", 1),
    "nothing is published": ("pipelines.steps:publish_open", 1),
    "the former warehouse is there": ("warehouse.forgetting.shedding:_replace_warehouse", 1),
}


@pytest.mark.slow
@pytest.mark.parametrize("state", STEPS)
def test_a_run_that_ends_at_any_step_is_completed_by_the_next(settings: Settings, run: Run, state: str) -> None:
    """Whatever it had reached, nothing is left after the second, and nothing comes back in between."""
    assert run("build")[0] == 0
    build_small(settings.home)
    place, number = STEPS[state]
    with meet_fault(place, number, _end), pytest.raises(Ended):
        run("forget", f"github:{LOGIN}")
    land(settings, 9, title="Mine, too", actor=WHO)

    code, said = run("forget", f"github:{LOGIN}")
    assert code == 0 and "nothing of it is left" in said, said
    assert find_marks(MARKS, Path("home")) == {}
    assert not Path("home/.forgetting").exists()


@pytest.mark.slow
def test_a_process_that_is_killed_is_told_and_the_next_build_deletes_what_is_on_the_list(
    settings: Settings, run: Run
) -> None:
    """A real one, before anything is deleted; the build needs no name."""
    assert run("build")[0] == 0
    place = "warehouse.forgetting.rows:_scrub_landed"
    words = [sys.executable, "-m", "tests.faults.injection", "kill", place, "1", "forget", f"github:{LOGIN}"]
    environment = os.environ | {"HEARTBEAT_HOME": str(Path("home").absolute()),
                                "HEARTBEAT_CATALOG": str(Path("families").absolute())}  # fmt: skip
    done = subprocess.run(words, cwd=ROOT, env=environment, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert find_marks(MARKS, Path("home")).keys() == MARKS.keys()
    (trouble,) = (one for one in read_home_health(settings, None).troubles if one.kind == "forget")
    assert trouble.what == "the last forget died" and "Run `heartbeat forget` again" in trouble.remedy
    assert run("build")[0] == run("publish")[0] == run("tidy")[0] == 0
    assert find_marks(MARKS, Path("home")) == {}


def test_what_cannot_be_meant_is_refused_before_anything_is_done(settings: Settings, run: Run) -> None:
    """Each in one line that says how to write it."""
    for words, stated in {
        ("octocat",): "is no account; write SOURCE:ACCOUNT",
        ("gitlab:octocat",): "is no account; write SOURCE:ACCOUNT",
        ("github:two words",): "is no account",
        ("github:jane@example.org",): "is no account",
        ("github:ghost",): "stands for every deleted account",
        ("stackexchange:stackoverflow/Jane",): "an account is its number",
        ("https://github.com",): "names a whole site",
        ("ftp://a.example/b",): "names a whole site, or no page",
        (): "Missing argument",
    }.items():
        code, said = run("forget", *words)
        assert code == 2 and stated in said, said
    with hold_lock(settings.home, "another forget", name="forget"):
        code, said = run("forget", "github:octocat")
    assert code == 2 and "another forget" in said
    assert not Path("home/landing/.forgotten").exists()


def test_somebody_of_whom_nothing_is_kept_is_not_collected_either(settings: Settings, run: Run) -> None:
    """The list names them by a digest."""
    code, said = run("forget", "github:nobody-yet")
    assert code == 0 and "nothing of it is left" in said
    land(settings, 9, title="Mine", actor=People(KEY.encode()).make_pseudonym("github", "nobody-yet"))
    assert run("build")[0] == 0
    with open_warehouse(settings.home) as connection:
        assert connection.sql("select key from raw.github__issues order by key").fetchall() == [("6",), ("7",), ("8",)]


def test_the_catalog_s_own_words_stay(settings: Settings, run: Run) -> None:
    """A repository's name is no account's."""
    land(settings, 9, title="openai broke it")
    land(settings, 10, title="as @openai says")
    code, said = run("forget", "github:openai")
    assert code == 0 and "or one of the catalog" in said
    marks = make_marks(plain="openai broke it", marked="as @openai")
    assert find_marks(marks, Path("home")).keys() == {"plain"}
