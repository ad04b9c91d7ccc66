"""Places beside rows in which a name may lie: messages that wait, news, parts of killed visits, packed logs, Prefect's
database."""

import gzip
import json
import sqlite3
from contextlib import closing

import pytest

from pipelines.attempts import record_attempt
from tests.pipelines.commands.forgetting.conftest import LOGIN, MARKS, NOW, Run, land
from tests.pipelines.commands.forgetting.marks import find_marks, make_marks
from tests.worlds.published_sets import build_small
from warehouse.attempts.entries import AttemptKind
from warehouse.database import open_warehouse
from warehouse.objects.parts import STAGING_DIR
from warehouse.settings import Settings

LINK = "https://github.com/o/r/issues/7"


def test_messages_that_wait_and_what_the_doctor_found_lose_the_name(settings: Settings, run: Run) -> None:
    """Also as the key of a cause; what else is told stays."""
    words = f"rows set aside: '{LOGIN}' in row 7 ({LINK}.)"
    alert = {"severity": 1, "opened_at": NOW.isoformat(), "words": words}
    waiting = {"title": f"Heartbeat: {LOGIN} broke it", "body": words, "made_at": NOW.isoformat(), "places": [1]}
    state = {"alerts": {f"drift:row set aside:{LOGIN}": alert, "silence": alert | {"words": "s"}}, "outbox": [waiting]}
    (settings.home / "alerts.json").write_text(json.dumps(state))
    (settings.home / "doctor.json").write_text(json.dumps({"gpt issues": {"words": f"by @{LOGIN}"}}))
    code, said = run("forget", f"github:{LOGIN}", LINK)
    assert code == 0, said
    kept = json.loads((settings.home / "alerts.json").read_text())
    assert list(kept["alerts"]) == ["silence"] and kept["outbox"][0]["title"] == "Heartbeat: … broke it"
    assert find_marks(MARKS, settings.home) == {}


def test_news_that_led_to_the_thread_leads_there_no_more(settings: Settings, run: Run) -> None:
    """In the new warehouse, the snapshot and the feed; the news itself stands."""
    with open_warehouse(settings.home) as connection:
        connection.execute(
            "insert into ledger.news values (1, 'n1', 'end', 'gpt', ['gpt'], ?, 'ends', ?, false, '', ?)",
            [f"gpt ends, says @{LOGIN}", LINK, NOW.replace(tzinfo=None)],
        )
        connection.execute(
            "insert into ledger.news_states values ('end', 'gpt', 'x', ?, '1', '', ?)",
            [json.dumps({"url": LINK, "on": "2026-12-01"}), NOW.replace(tzinfo=None)],
        )
    build_small(settings.home)
    (settings.home / "published" / "news.atom").write_text(f"<feed><link href='{LINK}'/></feed>")
    code, said = run("forget", f"github:{LOGIN}", LINK)
    assert code == 0, said
    with open_warehouse(settings.home) as connection:
        assert connection.sql("select headline, url from ledger.news").fetchall() == [("gpt ends, says …", "")]
        assert connection.sql("select value from ledger.news_states").fetchall() == [
            ('{"on": "2026-12-01", "url": null}',)
        ]
    assert find_marks(MARKS, settings.home) == {}


@pytest.mark.parametrize("is_collecting", [False, True])
def test_a_part_that_a_killed_visit_left_goes_and_that_of_a_running_one_stays(
    settings: Settings, run: Run, is_collecting: bool
) -> None:
    """Nobody can read what is in it; one that is written lands without the person."""
    part = settings.home / "landing" / STAGING_DIR / "00000003-20261101T060000Z-00000000-0000.parquet"
    part.parent.mkdir(exist_ok=True)
    part.write_bytes(f"PAR1 {LOGIN}".encode())
    if is_collecting:
        with record_attempt(settings, AttemptKind.COLLECT):
            assert run("forget", f"github:{LOGIN}")[0] == 0 and part.exists()
        return
    assert run("forget", f"github:{LOGIN}")[0] == 0 and not part.exists()
    assert find_marks(MARKS, settings.home) == {}


def test_what_only_other_programs_can_write_is_named_and_keeps_the_request_open(settings: Settings, run: Run) -> None:
    """The log of Prefect's database that is not yet in it, and a log that the machine packed; a folder is no name."""
    (settings.home / "prefect").mkdir()
    database = settings.home / "prefect" / "prefect.db"
    packed = settings.home / "logs" / "heartbeat.jsonl.1.gz"
    packed.parent.mkdir(exist_ok=True)
    packed.write_bytes(gzip.compress(f'{{"message": "by {LOGIN}"}}\n'.encode()))
    (settings.home / "cron.log").write_text(f"cd /srv/{LOGIN}/heartbeat\n")
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("create table log (message text)")
        connection.execute("insert into log values (?)", [f"a row by {LOGIN} was set aside"])
        connection.commit()
        assert b"set aside" not in database.read_bytes()
        code, said = run("forget", f"github:{LOGIN}")
        assert code == 1 and "prefect/prefect.db-wal still holds it" in said, said
        assert "logs/heartbeat.jsonl.1.gz still holds it" in said and "cron.log" not in said
    for path in (packed, *database.parent.iterdir()):
        path.unlink()
    assert run("forget", "--resume")[0] == 0


def test_an_address_of_a_commit_goes_from_texts_too(settings: Settings, run: Run) -> None:
    """It is no name of an account, but tells one."""
    land(settings, 9, title="Reported by Jane@Example.org, see below")
    marks = make_marks(mail="jane@example.org", rest="see below")
    assert find_marks(marks, settings.home).keys() == marks.keys()
    assert run("forget", "github:jane@example.org")[0] == 0
    assert find_marks(marks, settings.home).keys() == {"rest"}
