"""Rows are cleaned before they are landed: whatever a source makes of an upstream's answer, the row can be typed."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.collecting.cleaning import LARGEST, LONGEST_TEXT, MOST_ITEMS, Cleaner
from pipelines.contract import Row
from warehouse.notes import Note, NoteKind

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)


def _clean(body: dict[str, Any], source_time: datetime | None = NOW, key: str = "1") -> tuple[Any, list[Note]]:
    cleaner = Cleaner()
    ((stream, cleaned_key, changed, text),) = cleaner.clean_rows([Row(key, source_time, body)], "things")
    assert stream == "things"
    return (cleaned_key, changed, json.loads(text)), cleaner.take_notes()


def test_a_sound_row_is_landed_as_it_is() -> None:
    """Cleaning must not be seen if there is nothing to clean."""
    body = {
        "number": 7, "price": 0.25, "title": "Größe → 3 😀", "created_at": "2026-11-01T06:00:00.000000Z",
        "shutdown_on": "2026-12-31", "is_open": True, "labels": ["a", "b"], "nothing": None, "parts": {"a": 1},
        "text": "two\nlines\tand a tab",
    }  # fmt: skip
    assert _clean(body) == (("1", NOW, body), [])


@pytest.mark.parametrize(
    ("field", "value", "excerpt"),
    [
        ("count", 2**63, "9223372036854775808"),
        ("count", -(2**53) - 1, "-9007199254740993"),
        pytest.param("count", 10**5_000, "a number of hundreds of digits", id="endless"),
        ("price", float("nan"), "nan"),
        ("price", 1e400, "inf"),
        ("price", 1e300, "1e+300"),
        ("created_at", "yesterday", "yesterday"),
        ("created_at", "9999-12-31T00:00:00.000000Z", "9999-12-31T00:00:00.000000Z"),
        ("created_at", "0001-01-01T00:00:00.000000Z", "0001-01-01T00:00:00.000000Z"),
        ("shutdown_on", "2026-02-30", "2026-02-30"),
        ("anything", b"bytes", "bytes"),
        ("anything", {1, 2}, "set"),
    ],
)
def test_a_value_that_no_field_may_hold_becomes_empty_and_is_noted(field: str, value: object, excerpt: str) -> None:
    """Unknown is true; a number cut to fit would be a false figure, and the row without it is still worth having."""
    (_, _, body), notes = _clean({field: value, "title": "kept"})

    assert body == {field: None, "title": "kept"}
    assert notes == [Note(NoteKind.VALUE_LEFT_OUT, field, (excerpt,), 1)]


def test_texts_lose_what_nobody_can_see_in_every_field_and_list() -> None:
    """A lone surrogate cannot be written to a file, NUL ends strings elsewhere, and directions turn lines around."""
    dirty = "a\x00b\ud800c\u202ed\x1be"
    (key, _, body), notes = _clean({"title": dirty, "drift": [dirty], "parts": {"a\x00": dirty}}, key=dirty)

    assert (key, body) == ("abcde", {"title": "abcde", "drift": ["abcde"], "parts": {"a": "abcde"}})
    assert notes == []


def test_long_texts_long_lists_and_deep_nests_are_bounded() -> None:
    """A text of 100 MB in one field would be carried through every build."""
    deep: Any = "bottom"
    for _ in range(50):
        deep = [deep]
    (key, _, body), notes = _clean({"a": "x" * 10**6, "b": list(range(5_000)), "c": deep}, key="k" * 10_000)

    assert (len(key), len(body["a"]), len(body["b"])) == (500, LONGEST_TEXT, MOST_ITEMS)
    assert len(json.dumps(body["c"])) < 30
    assert {(note.subject, note.seen) for note in notes} == {("b", ("5000 items",)), ("c", ("list",))}


def test_notes_of_one_field_are_counted_together_and_bounded() -> None:
    """A thousand bad rows are one note, and a thousand bad fields are fifty."""
    cleaner = Cleaner()
    list(cleaner.clean_rows([Row(str(n), None, {"count": 2**60 + n}) for n in range(1_000)], "things"))
    (note,) = cleaner.take_notes()
    assert (note.count, len(note.seen)) == (1_000, 20)
    list(cleaner.clean_rows([Row("1", None, {f"count_{n}": 2**60 for n in range(1_000)})], "things"))
    assert len(cleaner.take_notes()) == 50
    assert cleaner.take_notes() == []


ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.binary() | st.datetimes(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(), max_size=4), inner, max_size=4)
    ),
    max_leaves=8,
)
ANY_NAME = st.sampled_from(["number", "created_at", "day_on", "title", "labels"])


@settings(max_examples=200)
@given(st.dictionaries(ANY_NAME, ANY_VALUE), st.text(st.characters()), st.none() | st.datetimes())
def test_whatever_a_row_holds_it_can_be_written_and_is_within_bounds(
    body: dict[str, Any], key: str, changed: datetime | None
) -> None:
    """The landing zone takes UTF-8 and JSON that every reader agrees on."""
    (cleaned_key, when, cleaned), _ = _clean(body, changed, key)

    text = json.dumps(cleaned, ensure_ascii=False, allow_nan=False)
    assert "\x00" not in (cleaned_key + text).encode().decode()
    assert when is None or 1970 <= when.year < 2200
    assert all(abs(value) <= LARGEST for value in cleaned.values() if isinstance(value, (int, float)))
