"""What goes from rows, cursors and texts, and what stays; and that nothing of it is landed or loaded again."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, strategies

from warehouse.database import open_warehouse
from warehouse.faults import LandingError
from warehouse.forgetting.register import Forgotten, Trace, keep_digests, read_digests, read_forgotten
from warehouse.forgetting.rows import forget_rows
from warehouse.forgetting.scrubbing import Scrubber
from warehouse.landing import Zone, list_landed, open_writer, open_zone, read_landed
from warehouse.load import load_new_files
from warehouse.manifest import SCHEMA

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
KEY = b"a key of sixteen bytes"
WHO, OTHER = "0123456789abcdef", "fedcba9876543210"
CHANNEL = "gpt.github.o-r"
ISSUE = {"number": 12, "actor": OTHER, "url": "https://github.com/o/r/issues/12", "title": "Fails"}
FORGOTTEN = [
    (Trace.NAME, "octo-cat"), (Trace.MENTION, "octo-cat"), (Trace.LINK, "github.com/octo-cat"),
    (Trace.LINK, "github.com/o/r/issues/12"), (Trace.MENTION, "error"),
    (Trace.NAME, "_jane_"), (Trace.PERSON, WHO),
]  # fmt: skip
REPLY = {"number": 12, "comment_id": "c1", "actor": OTHER, "url": "https://github.com/o/r/issues/12#issuecomment-1"}


def _know(*traces: tuple[Trace, str]) -> Forgotten:
    forgotten = Forgotten(KEY)
    forgotten.digests |= {forgotten.make_digest(*trace) for trace in traces}
    return forgotten


def scrub(forgotten: list[tuple[Trace, str]], *bodies: dict[str, Any], place: str = "github.o-r") -> list[Any]:
    """What is left of rows."""
    known = _know(*forgotten)
    rows = [{"thing": "t", "key": "k", "seen_at": NOW, "body": json.dumps(body)} for body in bodies]
    kept = Scrubber(known, place).scrub_rows(pa.Table.from_pylist(rows, SCHEMA))
    return [json.loads(body) for body in kept["body"].to_pylist()]


def test_a_row_about_somebody_goes_and_says_what_else_belongs_to_it() -> None:
    """Its thread with the answers of others, or the answer alone; the thread beside it stays."""
    beside = ISSUE | {"number": 1, "url": "https://github.com/o/r/issues/1"}
    assert scrub([(Trace.PERSON, WHO)], ISSUE | {"actor": WHO}, beside) == [beside]
    assert scrub([(Trace.LINK, "github.com/o/r/issues/12")], REPLY, ISSUE, beside) == [beside]
    assert scrub([(Trace.ITEM, "github.o-r#12")], REPLY, ISSUE, beside) == [beside]
    scrubber = Scrubber(_know((Trace.PERSON, WHO)), "github.o-r")
    opened, answered = (list(scrubber.list_belonging(json.dumps(one | {"actor": WHO}))) for one in (ISSUE, REPLY))
    assert opened == [(Trace.ITEM, "github.o-r#12"), (Trace.LINK, "github.com/o/r/issues/12")]
    assert answered == [
        (Trace.ITEM, "github.o-r/c1"), (Trace.LINK, "github.com/o/r/issues/12#issuecomment-1"),
    ]  # fmt: skip
    assert list(scrubber.list_belonging(json.dumps(beside))) == []


@pytest.mark.parametrize(
    ("title", "is_kept"),
    [
        ("Thanks @Octo-Cat!", False),
        ("u/octo-cat said so", False),
        ("see Octo-Cat's fork", False),
        ("see octo-cat-fork", False),
        ("see octo_cat, octocat", True),
        ("https://github.com/octo-cat/x/issues/3 breaks", False),
        ("https://github.com/octo/cat/issues/3 breaks", True),
        (f"by {WHO}", False),
        ("error: error wrote error", True),
        ("error: @error wrote error", False),
    ],
)
def test_a_text_that_names_somebody_goes_from_a_row_that_stays(title: str, is_kept: bool) -> None:
    """In whatever case, marked or within a word of several parts; a word that only looks alike stays, and an ordinary
    word that is not marked."""
    assert scrub(FORGOTTEN, {"number": 3, "title": title}) == [{"number": 3, "title": title if is_kept else None}]


@given(strategies.text(max_size=60), strategies.sampled_from(["octo-cat", "@octo-cat", "github.com/octo-cat/x"]))
def test_what_stands_around_a_name_saves_it_from_nothing_and_what_is_without_one_stays(text: str, name: str) -> None:
    """Whatever a title holds."""
    scrubber = Scrubber(_know(*FORGOTTEN))
    assert scrubber.is_named(f"{text} {name} {text}") and not scrubber.is_named(text)


def test_what_others_did_loses_only_the_person() -> None:
    """Who fixed it, who else wrote it, and a link that names them."""
    fixed = ISSUE | {"fixed_by": WHO, "fix_url": "https://github.com/o/r/pull/13", "fixed_by_role": "outsider"}
    shared = {"number": 5, "actor": OTHER, "people": [OTHER, WHO]}
    slug = {"number": 4, "url": "https://forum.example/t/thanks-to-octo-cat/4", "title": "Thanks"}
    assert scrub([(Trace.PERSON, WHO), (Trace.NAME, "octo-cat")], fixed, shared, slug) == [
        fixed | {"fixed_by": None, "fix_url": None},
        shared | {"people": [OTHER]},
        slug | {"url": None},
    ]


def test_a_model_goes_with_its_discussions() -> None:
    """Its rows name it, whatever address its discussions were read at."""
    talk = {"model_id": "org/M", "number": 3, "url": "http://127.0.0.1:8/org/M/discussions/3", "actor": OTHER}
    rows = [{"model_id": "org/M", "downloads": 5}, talk, {"model_id": "org/M2", "downloads": 5}]
    assert scrub([(Trace.LINK, "huggingface.co/org/m")], *rows, place="huggingface.org") == rows[2:]


def test_a_body_that_is_no_object_is_a_text() -> None:
    """What cannot be typed later is landed as it came, if it names nobody."""
    known = _know((Trace.NAME, "octo-cat"))
    rows = [{"thing": "t", "key": "k", "seen_at": NOW, "body": body} for body in ("octo-cat {", "a cat {")]
    kept = Scrubber(known).scrub_rows(pa.Table.from_pylist(rows, SCHEMA))
    assert kept["body"].to_pylist() == ["a cat {"]


@pytest.fixture
def zone(tmp_path: Path) -> Zone:
    """An empty landing zone."""
    return open_zone(str(tmp_path / "landing"))


def _forget(zone: Zone, *traces: tuple[Trace, str]) -> Forgotten:
    keep_digests(zone, _know(*traces).digests)
    return read_forgotten(zone, KEY)


def _land(zone: Zone, forgotten: Forgotten, *bodies: dict[str, Any]) -> None:
    writer = open_writer(zone, CHANNEL, "github", NOW, forgotten=forgotten)
    writer.add_rows([("issues", str(body["number"]), None, json.dumps(body)) for body in bodies], NOW)
    writer.manifest.cursors = {"issues": {"passed_over": {"12": [1, 2, "timed out"], "13": [1, 2, "timed out"]}}}
    writer.manifest.outcomes = {"issues": {"error": "missing: issue 12 (@octo-cat)", "notes": [{"subject": "12"}]}}
    writer.finish(NOW)


@pytest.mark.parametrize("when", ["before", "since"])
def test_what_was_forgotten_is_neither_landed_nor_loaded(zone: Zone, tmp_path: Path, when: str) -> None:
    """Nor what landed before: the load rewrites the file, and the cursors of a later visit name nothing of it."""
    forgotten = _forget(zone, (Trace.PERSON, WHO), (Trace.ITEM, "github.o-r#12"), (Trace.MENTION, "octo-cat"))
    kept = ISSUE | {"number": 13, "url": "https://github.com/o/r/issues/13"}
    _land(zone, forgotten if when == "before" else Forgotten(KEY), ISSUE | {"actor": WHO}, kept)
    with open_warehouse(tmp_path) as connection:
        load_new_files(connection, zone, NOW, forgotten)
        assert forget_rows(connection, zone, forgotten) == []
        assert connection.sql("select key from raw.github__issues").fetchall() == [("13",)]
        assert connection.sql("select error from raw.ledger__runs").fetchall() == [(None,)]

    manifest, table = read_landed(zone, list_landed(zone)[0])
    assert [json.loads(body) for body in table["body"].to_pylist()] == [kept]
    assert manifest.cursors == {"issues": {"passed_over": {"13": [1, 2, "timed out"]}}}
    assert manifest.outcomes["issues"]["error"] is None


def test_a_thread_goes_with_the_answers_of_others_whichever_came_first(zone: Zone, tmp_path: Path) -> None:
    """Also an answer whose author is deleted since, and one that comes later: the list has the thread."""
    beside = ISSUE | {"number": 1, "url": "https://github.com/o/r/issues/1"}
    for bodies in ([REPLY], [ISSUE | {"actor": WHO}, beside]):
        _land(zone, Forgotten(KEY), *bodies)
    with open_warehouse(tmp_path) as connection:
        load_new_files(connection, zone, NOW)
        forgotten = _forget(zone, (Trace.PERSON, WHO))
        forget_rows(connection, zone, forgotten)
        again = read_forgotten(zone, KEY)
        assert again.digests == forgotten.digests and again.knows(Trace.ITEM, "github.o-r#12")
        _land(zone, Forgotten(KEY), REPLY | {"comment_id": "c2", "actor": None})
        load_new_files(connection, zone, NOW, again)
        assert connection.sql("select body->>'$.number' from raw.github__issues").fetchall() == [("1",)]
        assert connection.sql("select count(*) from ledger.settings where name = 'withdrawn'").fetchall() == [(1,)]


def test_the_list_names_nobody_and_is_not_ignored_where_it_cannot_be_read(zone: Zone) -> None:
    """Without the key nobody can test a name; with a damaged list nothing is landed."""
    _forget(zone, (Trace.PERSON, WHO), (Trace.NAME, "octo-cat"))
    (path,) = Path(zone.label, ".forgotten").iterdir()
    text = path.read_text()
    assert WHO not in text and "octo" not in text
    assert read_forgotten(zone, KEY).knows(Trace.NAME, "octo-cat")
    assert not read_forgotten(zone, b"another key of bytes").knows(Trace.NAME, "octo-cat")
    path.write_text(text[:-9])
    with pytest.raises(LandingError, match="what was forgotten may come back"):
        read_digests(zone)
