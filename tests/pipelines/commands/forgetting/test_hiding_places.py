"""Places beside rows in which a name may be: messages that wait, news, logs, Prefect's database, copies elsewhere."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.pipelines.commands.forgetting.conftest import LOGIN, MARKS, Run
from tests.pipelines.commands.forgetting.marks import find_marks
from tests.worlds.published_sets import build_small
from warehouse.settings import Settings

LINK = "https://github.com/o/r/issues/7"


def test_messages_that_wait_logs_and_attempts_lose_the_name(settings: Settings, run: Run) -> None:
    """What else they say stays, and so does a landed file that nobody can read: it is named."""
    words = f"rows rejected: '{LOGIN}' in row 7 ({LINK}.)"
    (settings.home / "alerts.json").write_text(json.dumps({"trouble": words}))
    (settings.home / "logs").mkdir(exist_ok=True)
    (settings.home / "logs" / "heartbeat.jsonl.1").write_text(json.dumps({"message": f"by @{LOGIN}"}) + "\n")
    torn = Path("home/landing/gpt.github.o-r/00000/00000003-20261101T060000Z-00000000-0000.parquet")
    torn.write_bytes(b"torn")
    code, said = run("forget", f"github:{LOGIN}", LINK)
    assert code == 1 and f"{torn.name}: unreadable" in said, said
    assert find_marks(MARKS, settings.home) == {}
    assert json.loads((settings.home / "alerts.json").read_text())["trouble"].startswith("rows rejected: '…' in row 7")
    torn.unlink()
    assert run("forget", f"github:{LOGIN}", LINK)[0] == 0


@pytest.mark.slow
def test_what_only_other_programs_can_write_is_named(settings: Settings, run: Run) -> None:
    """The log of Prefect's database that is not yet in it."""
    (settings.home / "prefect").mkdir()
    database = settings.home / "prefect" / "prefect.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("create table log (message text)")
        connection.execute("insert into log values (?)", [f"a row by {LOGIN} was rejected"])
        connection.commit()
        assert b"rejected" not in database.read_bytes()
        code, said = run("forget", f"github:{LOGIN}")
        assert code == 1 and "prefect/prefect.db-wal still holds it" in said, said
    for path in database.parent.iterdir():
        path.unlink()
    assert run("forget", f"github:{LOGIN}")[0] == 0


def test_copies_elsewhere_are_named_and_left_alone(settings: Settings, run: Run) -> None:
    """Backups, exports and public copies; a followed snapshot that names somebody is another publisher's."""
    assert run("build")[0] == 0
    build_small(settings.home)
    assert run("backup", "kept")[0] == run("export", "wait_hours", "--out", "out")[0] == 0
    before = find_marks(MARKS, Path("kept"))
    (settings.home / "followed").mkdir()
    (settings.home / "followed" / "a.json").write_text(json.dumps([LINK]))
    code, said = run("forget", f"github:{LOGIN}", LINK)
    assert code == 0 and before.keys() == MARKS.keys()
    for place in (f"backup {Path('kept').absolute()}", f"export {Path('out').absolute()}", "followed/a.json"):
        assert place in said, said
    assert find_marks(MARKS, Path("kept")) == before
    assert run("backup", "kept")[0] == 0 and find_marks(MARKS, Path("kept")) == {}
