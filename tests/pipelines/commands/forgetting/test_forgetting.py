"""`heartbeat forget` that is killed or refused, what else may hold a name, and copies elsewhere."""

import json
from pathlib import Path

import pytest

from tests.faults.injection import Ended, meet_fault
from tests.pipelines.commands.forgetting.conftest import LOGIN, MARKS, WHO, Run, land
from tests.pipelines.commands.forgetting.marks import find_marks, make_marks
from tests.worlds.published_sets import build_small
from warehouse.database import open_warehouse
from warehouse.settings import Settings

LINK = "https://github.com/o/r/issues/7"


def _end() -> None:
    raise Ended


STEPS = {
    "nothing is deleted": "warehouse.forgetting.rows:keep_digests",
    "the warehouse still holds it": "warehouse.forgetting.rows:note_withdrawn",
    "landed files still hold it": "warehouse.forgetting.rows:read_scrubbed",
    "nothing is published": "pipelines.steps:publish_open",
    "the former warehouse is there": "warehouse.forgetting.shedding:replace_file",
}


@pytest.mark.parametrize("state", STEPS)
def test_a_run_that_ends_at_any_step_is_completed_by_the_next(settings: Settings, run: Run, state: str) -> None:
    """Whatever it had reached, nothing is left after the second, and nothing comes back in between."""
    assert run("build")[0] == 0
    build_small(settings.home)
    with meet_fault(STEPS[state], 1, _end), pytest.raises(Ended):
        run("forget", f"github:{LOGIN}")
    land(settings, 9, title="Mine, too", actor=WHO)

    code, said = run("forget", f"github:{LOGIN}")
    assert code == 0 and "nothing of it is left" in said, said
    assert find_marks(MARKS, Path("home")) == {}


def test_what_cannot_be_meant_is_refused_before_anything_is_done(settings: Settings, run: Run) -> None:
    """Each in one line that says how to write it."""
    for word, stated in {
        "octocat": "is no account; write SOURCE:ACCOUNT",
        "gitlab:octocat": "is no account; write SOURCE:ACCOUNT",
        "github:jane@example.org": "is no account",
        "github:ghost": "stands for every deleted account",
        "stackexchange:stackoverflow/Jane": "an account is its number",
        "https://github.com": "names a whole site",
        "ftp://a.example/b": "names a whole site, or no page",
    }.items():
        code, said = run("forget", word)
        assert code == 2 and stated in said, said
    assert not (settings.home / "landing/.forgotten").exists()


def test_the_catalog_s_own_words_stay(settings: Settings, run: Run) -> None:
    """A repository's name is no account's."""
    land(settings, 9, title="openai broke it")
    land(settings, 10, title="as @openai says")
    code, said = run("forget", "github:openai")
    assert code == 0 and "is an ordinary word here" in said
    marks = make_marks(plain="openai broke it", marked="as @openai")
    assert find_marks(marks, settings.home).keys() == {"plain"}


def test_messages_lose_the_name_and_what_cannot_be_rewritten_is_named(settings: Settings, run: Run) -> None:
    """What else a message says stays. A landed file that nobody can read ends the run."""
    (settings.home / "alerts.json").write_text(json.dumps({"trouble": f"rejected: '{LOGIN}' in row 7 ({LINK}.)"}))
    (settings.home / "logs").mkdir(exist_ok=True)
    (settings.home / "logs" / "heartbeat.jsonl.1").write_text(json.dumps({"message": f"by @{LOGIN}"}) + "\n")
    other = settings.home / "prefect.db-wal"
    other.write_text(f"a row by {LOGIN} was rejected")
    code, said = run("forget", f"github:{LOGIN}", LINK)
    assert code == 1 and "prefect.db-wal still holds it" in said, said
    assert find_marks(MARKS, settings.home) == {"name": {other.name}}
    assert json.loads((settings.home / "alerts.json").read_text())["trouble"].startswith("rejected: '…' in row 7")
    other.unlink()
    torn = settings.home / "landing/gpt.github.o-r/00000/00000003-20261101T060000Z-00000000-0000.parquet"
    torn.write_bytes(b"torn")
    code, said = run("forget", f"github:{LOGIN}", LINK)
    assert code == 2 and f"{torn.name}: unreadable" in said, said
    torn.unlink()
    assert run("forget", f"github:{LOGIN}", LINK)[0] == 0


def test_copies_elsewhere_are_named_and_left_alone(
    settings: Settings, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next backup takes the place of the one that holds the rows."""
    assert run("build")[0] == 0
    build_small(settings.home)
    assert run("backup", "kept")[0] == run("export", "wait_hours", "--out", "out")[0] == 0
    before = find_marks(MARKS, Path("kept"))
    code, said = run("forget", f"github:{LOGIN}", LINK)
    assert code == 0 and before.keys() == MARKS.keys()
    assert f"backup {Path('kept').absolute()}" in said and f"export {Path('out').absolute()}" in said
    assert find_marks(MARKS, Path("kept")) == before
    monkeypatch.setenv("HEARTBEAT_NOW", "2026-11-02T06:00:00Z")
    assert run("backup", "kept")[0] == 0 and find_marks(MARKS, Path("kept")) == {}


def test_what_lands_later_of_somebody_forgotten_is_not_loaded(settings: Settings, run: Run) -> None:
    """Also of one of whom nothing was kept."""
    assert run("forget", f"github:{LOGIN}")[0] == 0
    land(settings, 9, title="Mine", actor=WHO)
    assert run("build")[0] == 0
    with open_warehouse(settings.home) as connection:
        assert connection.sql("select key from raw.github__issues order by key").fetchall() == [("6",), ("8",)]
