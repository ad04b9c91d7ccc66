"""What goes from rows, cursors and texts, and what stays; and that nothing of it is landed or loaded again."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies

from warehouse.database import open_warehouse
from warehouse.faults import LandingError
from warehouse.forgetting.register import Forgotten, keep_digests, read_forgotten
from warehouse.forgetting.rows import forget_rows
from warehouse.forgetting.scrubbing import is_named, scrub_row
from warehouse.landing import Zone, list_landed, open_writer, open_zone, read_landed
from warehouse.load import load_new_files

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
KEY = b"a key of sixteen bytes"
WHO, OTHER = "0123456789abcdef", "fedcba9876543210"
CHANNEL = "gpt.github.o-r"
ISSUE = {"number": 12, "actor": OTHER, "url": "https://github.com/o/r/issues/12", "title": "Fails"}
REPLY = {"number": 12, "comment_id": "c1", "actor": OTHER, "url": "https://github.com/o/r/issues/12#issuecomment-1"}
BESIDE = ISSUE | {"number": 1, "url": "https://github.com/o/r/issues/1"}
FORGOTTEN = ("octo-cat", "@octo-cat", "github.com/octo-cat", "github.com/o/r/issues/12", "@error", "_jane_", WHO)


def _know(*words: str) -> Forgotten:
    forgotten = Forgotten(KEY)
    forgotten.digests |= set(map(forgotten.make_digest, words))
    return forgotten


def scrub(words: Sequence[str], *bodies: dict[str, Any]) -> list[Any]:
    """What is left of rows."""
    scrubbed = [scrub_row(_know(*words), body) for body in bodies]
    return [body for body in scrubbed if body is not None]


def test_a_row_about_somebody_or_something_goes_and_the_row_beside_it_stays() -> None:
    """A thread goes with its answers, and a model with its discussions."""
    assert scrub([WHO], ISSUE | {"actor": WHO}, BESIDE) == [BESIDE]
    assert scrub(["github.com/o/r/issues/12"], REPLY, ISSUE, BESIDE) == [BESIDE]
    answer = {"number": 12, "url": "https://stackoverflow.com/a/34", "actor": OTHER}
    assert scrub(["stackoverflow.com/questions/12"], answer, answer | {"number": 1}) == [answer | {"number": 1}]
    talk = {"model_id": "org/M", "number": 3, "url": "http://127.0.0.1:8/org/M/discussions/3", "actor": OTHER}
    rows = [{"model_id": "org/M", "downloads": 5}, talk, {"model_id": "org/M2", "downloads": 5}]
    assert scrub(["huggingface.co/org/m"], *rows) == rows[2:]


@pytest.mark.parametrize(
    ("title", "is_kept"),
    [
        ("Thanks @Octo-Cat!", False),
        ("u/octo-cat said so", False),
        ("see Octo-Cat's fork", False),
        ("see octo_cat, octocat", True),
        ("https://github.com/octo-cat/x/issues/3 breaks", False),
        ("https://github.com/octo/cat/issues/3 breaks", True),
        (f"by {WHO}", False),
        ("error: error wrote error", True),
        ("error: @error wrote error", False),
    ],
)
def test_a_text_that_names_somebody_goes_from_a_row_that_stays(title: str, is_kept: bool) -> None:
    """In any case, marked or within a compound; an unmarked ordinary word stays."""
    assert scrub(FORGOTTEN, {"number": 3, "title": title}) == [{"number": 3, "title": title if is_kept else None}]


@given(strategies.text(max_size=60), strategies.sampled_from(["octo-cat", "@octo-cat", "github.com/octo-cat/x"]))
def test_what_stands_around_a_name_saves_it_from_nothing_and_what_is_without_one_stays(text: str, name: str) -> None:
    """Whatever a title holds."""
    known = _know(*FORGOTTEN)
    assert is_named(known, f"{text} {name} {text}") and not is_named(known, text)


def test_what_others_did_loses_only_the_person() -> None:
    """Who fixed it, who else wrote it, and a link that names them; a name that is also a field leaves the field."""
    fixed = ISSUE | {"fixed_by": WHO, "fixed_by_role": "outsider", "created_at": "2026-11-01T06:00:00Z"}
    assert scrub([WHO, "title"], fixed) == [fixed | {"fixed_by": None}]
    slug = {"number": 4, "url": "https://forum.example/t/thanks-to/4", "title": 'A "quoted"\n@octo-cat'}
    assert scrub(["@octo-cat"], slug) == [slug | {"title": None}]


def test_a_rejected_row_goes_with_a_value_that_names_somebody() -> None:
    """Without its value nobody could say why it was rejected."""
    rows = [{"number": 3, "misfit": {"field": "title", "value": value}} for value in ("octo-cat", "a cat")]
    assert scrub(["octo-cat", "title"], *rows) == rows[1:]


@pytest.fixture
def zone(tmp_path: Path) -> Zone:
    """An empty landing zone."""
    return open_zone(str(tmp_path / "landing"))


def _land(zone: Zone, forgotten: Forgotten, *bodies: dict[str, Any]) -> None:
    writer = open_writer(zone, CHANNEL, "github", NOW, forgotten=forgotten)
    writer.add_rows([("issues", str(body["number"]), None, json.dumps(body)) for body in bodies], NOW)
    writer.manifest.cursors = {"issues": {"passed_over": {"12": [1, 2, "timed out"], "13": [1, 2, f"by {WHO}"]}}}
    writer.manifest.outcomes = {"issues": {"error": "missing: issue 12 (@octo-cat)", "notes": [{"subject": "12"}]}}
    writer.finish(NOW)


@pytest.mark.parametrize("when", ["before", "since"])
def test_what_was_forgotten_is_neither_landed_nor_loaded(zone: Zone, tmp_path: Path, when: str) -> None:
    """Nor what landed before: the load rewrites the file, and what a visit says of itself names nobody."""
    forgotten = _know(WHO, "@octo-cat")
    _land(zone, forgotten if when == "before" else Forgotten(KEY), ISSUE | {"actor": WHO}, BESIDE)
    with open_warehouse(tmp_path) as connection:
        load_new_files(connection, zone, NOW, forgotten)
        assert connection.sql("select key from raw.github__issues").fetchall() == [("1",)]
        assert connection.sql("select error from raw.ledger__runs").fetchall() == [(None,)]

    manifest, table = read_landed(zone, list_landed(zone)[0])
    assert [{name: row[name] for name in BESIDE} for row in table.to_pylist()] == [BESIDE]
    assert manifest.cursors == {"issues": {"passed_over": {"12": [1, 2, "timed out"], "13": [1, 2, None]}}}
    assert manifest.outcomes["issues"]["error"] is None


def test_a_thread_goes_with_the_answers_of_others_whichever_came_first(zone: Zone, tmp_path: Path) -> None:
    """Also an answer that comes later: the list has the thread."""
    for bodies in ([REPLY], [ISSUE | {"actor": WHO}, BESIDE]):
        _land(zone, Forgotten(KEY), *bodies)
    with open_warehouse(tmp_path) as connection:
        load_new_files(connection, zone, NOW)
        keep_digests(zone, _know(WHO).digests)
        forget_rows(connection, zone, read_forgotten(zone, KEY))
        again = read_forgotten(zone, KEY)
        assert again.knows("github.com/o/r/issues/12") and not again.knows("github.com/o/r/issues/1")
        _land(zone, Forgotten(KEY), REPLY | {"comment_id": "c2", "actor": None})
        load_new_files(connection, zone, NOW, again)
        assert connection.sql("select number from raw.github__issues").fetchall() == [(1,)]


def test_the_list_names_nobody_and_is_not_ignored_where_it_cannot_be_read(zone: Zone) -> None:
    """Without the key nobody can test a name; with a damaged list nothing is landed."""
    keep_digests(zone, _know(WHO, "octo-cat").digests)
    (path,) = Path(zone.label, ".forgotten").iterdir()
    text = path.read_text()
    assert WHO not in text and "octo" not in text
    assert read_forgotten(zone, KEY).knows("octo-cat")
    assert not read_forgotten(zone, b"another key of bytes").knows("octo-cat")
    path.write_text(text[:-9])
    with pytest.raises(LandingError, match="what was forgotten may come back"):
        read_forgotten(zone, KEY)
