"""What goes from rows, cursors and texts, and what stays; and that nothing of it is landed again."""

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pytest
from hypothesis import given, strategies

from warehouse.faults import LandingError
from warehouse.forgetting.landed import GuardedWriter, Scrubbed, change_stored, make_scrub, render_landed
from warehouse.forgetting.register import ForgetRequest, Forgotten, Trace, keep_request, read_forgotten, read_requests
from warehouse.forgetting.scrubbing import Scrubber
from warehouse.forgetting.spellings import simplify_text
from warehouse.landing import Zone, list_landed, list_stored, open_writer, open_zone, read_landed, read_newest_manifest
from warehouse.manifest import SCHEMA
from warehouse.packing.compacting import CompactionReport, compact_channel
from warehouse.packing.packs import read_loose

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
KEY = b"a key of sixteen bytes"
WHO, OTHER = "0123456789abcdef", "fedcba9876543210"
CHANNEL = "gpt.github.o-r"
ISSUE = {"number": 12, "actor": OTHER, "url": "https://github.com/o/r/issues/12", "title": "Fails"}
FORGOTTEN = [
    (Trace.NAME, "octo-cat"), (Trace.MENTION, "octo-cat"), (Trace.LINK, "github.com/octo-cat"),
    (Trace.LINK, "github.com/o/r/issues/12"), (Trace.MENTION, "error"), (Trace.NAME, "jane@example.org"),
    (Trace.NAME, "_jane_"), (Trace.PERSON, WHO),
]  # fmt: skip
REPLY = {"number": 12, "comment_id": "c1", "actor": OTHER, "url": "https://github.com/o/r/issues/12#issuecomment-1"}


def scrub(forgotten: list[tuple[Trace, str]], *bodies: dict[str, Any], place: str = "github.o-r") -> list[Any]:
    """What is left of rows."""
    known = Forgotten(KEY)
    for trace in forgotten:
        known.add(*trace)
    rows = [{"thing": "t", "key": "k", "seen_at": NOW, "body": json.dumps(body)} for body in bodies]
    kept = Scrubber(known, place).scrub_rows(pa.Table.from_pylist(rows, SCHEMA))
    return [json.loads(body) for body in kept["body"].to_pylist()]


def test_a_thread_goes_with_the_answers_of_others_whichever_comes_first() -> None:
    """One by the person, and one that is named; the thread beside it stays."""
    beside = ISSUE | {"number": 1, "url": "https://github.com/o/r/issues/1"}
    assert scrub([(Trace.PERSON, WHO)], REPLY, ISSUE | {"actor": WHO}, beside) == [beside]
    assert scrub([(Trace.LINK, "github.com/o/r/issues/12")], REPLY, ISSUE, beside) == [beside]


def test_an_answer_goes_alone_even_where_its_author_is_deleted_since() -> None:
    """Its own id was learned from the row that still had the author."""
    assert scrub([(Trace.PERSON, WHO)], ISSUE, REPLY | {"actor": WHO}, REPLY | {"actor": None}) == [ISSUE]
    answer = {"number": 5, "comment_id": "9", "actor": OTHER, "url": "https://stackoverflow.com/a/9"}
    question = {"number": 5, "actor": WHO, "url": "https://stackoverflow.com/questions/5/x"}
    assert scrub([(Trace.PERSON, WHO)], question, answer, place="stackexchange.stackoverflow") == []
    gone = {"post_id": "ab1", "created_at": "2026-10-01T00:00:00Z", "state": "deleted"}
    assert scrub([(Trace.ITEM, "reddit.x#ab1")], gone, place="reddit.x") == []


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("Thanks @Octo-Cat!", "Thanks …!"),
        ("u/octo-cat said so; Octo-Cat's fork", "… said so; …'s fork"),
        ("see octo-cat-fork and octo_cat, octocat", "see … and octo_cat, octocat"),
        ("https://github.com/octo-cat/x/issues/3 breaks", "… breaks"),
        ("gpt.github.o-r#12 and gpt.github.o-r#120", "… and gpt.github.o-r#120"),
        (f"by {WHO}", "by …"),
    ],
)
def test_names_links_and_ids_go_from_texts_that_stay(title: str, left: str) -> None:
    """In whatever case, marked or within a word of several parts; a word that only looks alike stays."""
    forgotten = [
        (Trace.NAME, "octo-cat"), (Trace.MENTION, "octo-cat"), (Trace.LINK, "github.com/octo-cat"),
        (Trace.ITEM, "github.o-r#12"), (Trace.PERSON, WHO),
    ]  # fmt: skip
    assert scrub(forgotten, {"number": 3, "title": title}) == [{"number": 3, "title": left}]


SPELLINGS = {
    "nine parts of a slug": "a-b-c-d-e-f-g-h-octo-cat",
    "the end of a long slug": "https://forum.example/t/how-to-use-the-model-that-everybody-says-octo-cat-made/4",
    "percent-encoded": "https%3A%2F%2Fgithub.com%2Focto-cat%2Fx",
    "percent-encoded twice": "see https%253A%252F%252Fgithub.com%252Focto-cat",
    "in the query of a redirect": "https://l.example/?q=https%3A%2F%2Fgithub.com%2Focto-cat%2Fx&ok=1",
    "in a link of an archive": "https://web.archive.org/web/2024/https://github.com/o/r/issues/12",
    "without a scheme": "as in github.com/o/r/issues/12, or www.github.com/O/R/pull/12/files",
    "as the forge shortens it": "same as O/r#12",
    "escaped for JSON": r"\u0040octo-cat and https:\/\/github.com\/o\/r\/issues\/12",
    "escaped for HTML": "&#64;error or &commat;error",
    "with a sign that nobody sees": "@\u200berror and octo\u00ad-cat",
    "in full-width letters": "\uff2fcto-cat",
    "as an address": "Jane@Example.org wrote",
    "with a line at its end": "u/_jane_ said _jane_.",
    "a pseudonym in an id": f"reply-{WHO}-1",
}


@pytest.mark.parametrize("way", SPELLINGS)
def test_a_name_or_link_goes_however_it_is_written(way: str) -> None:
    """Of each spelling nothing is left that any reading of the text brings back."""
    text = SPELLINGS[way]
    (left,) = scrub(FORGOTTEN, {"number": 3, "title": text})
    assert left["title"] != text
    read = simplify_text(unquote(unquote(left["title"] or ""))).lower()
    assert not any(word in read for word in ("octo-cat", "@error", "o/r/issues/12", "r#12", "jane", WHO)), left


@given(strategies.text(max_size=60), strategies.sampled_from(["octo-cat", "@octo-cat", "github.com/octo-cat/x"]))
def test_what_stands_around_a_name_saves_it_from_nothing_and_what_is_without_one_stays(text: str, name: str) -> None:
    """Whatever a title holds."""
    known = Forgotten(KEY)
    for trace in FORGOTTEN:
        known.add(*trace)
    scrubber = Scrubber(known)
    assert "octo-cat" not in scrubber.scrub_text(f"{text} {name} {text}").lower()
    assert scrubber.scrub_text(text) == text


def test_an_ordinary_word_goes_only_where_it_is_marked() -> None:
    """An account may be called by a word of every second title."""
    row = {"number": 3, "title": "error: @error wrote error"}
    assert scrub([(Trace.MENTION, "error")], row) == [{"number": 3, "title": "error: … wrote error"}]


def test_what_others_did_loses_only_the_person() -> None:
    """Who fixed it and who else wrote it; a link within a slug leads on."""
    fixed = ISSUE | {"fixed_by": WHO, "fix_url": "https://github.com/o/r/pull/13", "fixed_by_role": "outsider"}
    commit = {"sha": "a" * 40, "actor": OTHER, "coauthors": [OTHER, WHO]}
    slug = {"number": 4, "url": "https://forum.example/t/thanks-to-octo-cat/4", "title": "Thanks"}
    assert scrub([(Trace.PERSON, WHO), (Trace.NAME, "octo-cat")], fixed, commit, slug) == [
        fixed | {"fixed_by": None, "fix_url": None},
        commit | {"coauthors": [OTHER]},
        slug | {"url": "https://forum.example/t/-/4"},
    ]


def test_a_model_goes_with_its_discussions() -> None:
    """Its rows name it, whatever address its discussions were read at."""
    talk = {"model_id": "org/M", "number": 3, "url": "http://127.0.0.1:8/org/M/discussions/3", "actor": OTHER}
    rows = [{"model_id": "org/M", "downloads": 5}, talk, {"model_id": "org/M2", "downloads": 5}]
    assert scrub([(Trace.LINK, "huggingface.co/org/m")], *rows, place="huggingface.org") == rows[2:]


def test_a_body_that_is_no_object_is_a_text() -> None:
    """What cannot be typed later is landed as it came."""
    known = Forgotten(KEY)
    known.add(Trace.NAME, "octo-cat")
    table = pa.Table.from_pylist([{"thing": "t", "key": "k", "seen_at": NOW, "body": "octo-cat {"}], SCHEMA)
    assert Scrubber(known).scrub_rows(table)["body"].to_pylist() == ["… {"]


@pytest.fixture
def zone(tmp_path: Path) -> Zone:
    """An empty landing zone."""
    return open_zone(str(tmp_path / "landing"))


def _forget(zone: Zone, *traces: tuple[Trace, str]) -> None:
    forgotten = Forgotten(KEY)
    for trace in traces:
        forgotten.add(*trace)
    keep_request(zone.files, zone.root, ForgetRequest("one", "account", NOW.isoformat(), tuple(forgotten.digests)))


def _land(zone: Zone, *bodies: dict[str, Any], between: object = None) -> str:
    writer = open_writer(zone, CHANNEL, "github", NOW, make=partial(GuardedWriter, key=KEY))
    writer.add_rows([("issues", str(body["number"]), None, json.dumps(body)) for body in bodies], NOW)
    writer.manifest.cursors = {"issues": {"passed_over": {"12": [1, 2, "timed out"], "13": [1, 2, "timed out"]}}}
    writer.manifest.outcomes = {"issues": {"error": "missing: issue 12 (@octo-cat)", "notes": [{"subject": "12"}]}}
    if between:
        _forget(zone, (Trace.PERSON, WHO), (Trace.ITEM, "github.o-r#12"), (Trace.MENTION, "octo-cat"))
    writer.finish(NOW)
    return writer.landed[0]


@pytest.mark.parametrize("when", ["before", "while it goes on"])
def test_what_was_forgotten_is_not_landed_also_by_a_visit_under_way(zone: Zone, when: str) -> None:
    """Neither as a row nor in a cursor or a message; the file is whole by its digests."""
    if when == "before":
        _forget(zone, (Trace.PERSON, WHO), (Trace.ITEM, "github.o-r#12"), (Trace.MENTION, "octo-cat"))
    kept = ISSUE | {"number": 13, "url": "https://github.com/o/r/issues/13"}
    path = _land(zone, ISSUE | {"actor": WHO}, kept, between=when != "before")

    manifest, table = read_landed(zone, path)
    assert [json.loads(body) for body in table["body"].to_pylist()] == [kept]
    assert manifest.cursors == {"issues": {"passed_over": {"13": [1, 2, "timed out"]}}}
    assert manifest.outcomes["issues"]["error"] == "missing: issue 12 (…)"
    assert list_stored(zone) == ([path], [])


def test_a_landed_file_is_written_anew_under_its_name_with_another_size(zone: Zone) -> None:
    """So that a backup, which reads no file of a known name and size, takes the new one."""
    path = _land(zone, ISSUE, REPLY, {"number": 14, "actor": WHO})
    former, size = read_newest_manifest(zone, CHANNEL), zone.files.get_file_info(f"{zone.root}/{path}").size
    forgotten = Forgotten(KEY)
    forgotten.add(Trace.PERSON, WHO)
    first, second = Scrubbed(), Scrubbed()
    change_stored(zone, path, make_scrub(forgotten, first))

    assert (first.files, first.rows, first.texts) == (1, 1, 0)
    manifest, table = read_landed(zone, path)
    assert former is not None and table.num_rows == 2 and manifest.cursors == former.cursors
    assert zone.files.get_file_info(f"{zone.root}/{path}").size != size
    change_stored(zone, path, make_scrub(forgotten, second))
    assert second == Scrubbed()


def test_the_list_names_nobody_and_is_not_ignored_where_it_cannot_be_read(zone: Zone) -> None:
    """Without the key nobody can test a name; with a damaged list nothing is landed."""
    _forget(zone, (Trace.PERSON, WHO), (Trace.NAME, "octo-cat"))
    (path,) = Path(zone.root, ".forgotten").iterdir()
    text = path.read_text()
    assert WHO not in text and "octo" not in text
    assert read_forgotten(zone.files, zone.root, KEY).knows(Trace.NAME, "octo-cat")
    assert not read_forgotten(zone.files, zone.root, b"another key of bytes").knows(Trace.NAME, "octo-cat")
    path.write_text(text[:-9])
    with pytest.raises(LandingError, match="what was forgotten may come back"):
        read_requests(zone.files, zone.root)
    with pytest.raises(LandingError):
        _land(zone, ISSUE)


def test_no_file_keeps_its_size_by_chance(zone: Zone) -> None:
    """A backup would take it for the former one."""
    manifest, table = read_landed(zone, _land(zone, ISSUE))
    usual = render_landed(manifest, table, 0)
    other = render_landed(manifest, table, len(usual))
    assert len(other) != len(usual) and read_loose(pa.BufferReader(other))[1] == table


def test_a_pack_makes_room_for_another_one_with_the_same_landed_files(zone: Zone) -> None:
    """Each has its name, cursor and order; only what is forgotten is not in it, and a dry run changes nothing."""
    names = [_land(zone, ISSUE | {"number": number, "actor": WHO if number == 2 else OTHER}) for number in range(4)]
    report = CompactionReport()
    compact_channel(zone, CHANNEL, report, least_files=2)
    (loose,), (pack,) = list_stored(zone)
    forgotten, total = Forgotten(KEY), Scrubbed()
    forgotten.add(Trace.PERSON, WHO)
    change_stored(zone, pack, make_scrub(forgotten, Scrubbed()), is_dry=True)
    assert list_stored(zone)[1] == [pack]
    change_stored(zone, pack, make_scrub(forgotten, total))

    assert total.rows == 1 and list_stored(zone)[0] == [loose] and list_stored(zone)[1] != [pack]
    assert list_landed(zone) == names
    assert [read_landed(zone, name)[1].num_rows for name in names] == [1, 1, 0, 1]
    assert [read_landed(zone, name)[0].number for name in names] == [0, 1, 2, 3]
    (_, (other,)), fresh = list_stored(zone), Scrubbed()
    change_stored(zone, other, make_scrub(forgotten, fresh))
    assert fresh == Scrubbed() and list_stored(zone)[1] == [other]
