"""Keys that vanish or change their type: noted once an answer, taken out, and never a reason to stop."""

import json
from typing import Any

import pytest

from pipelines.http.keys import ItemKeys, KeyWatch
from warehouse.notes import Note, NoteKind

POSTS = ItemKeys(
    "posts", "stream.posts",
    {"staff": bool, "title": str | None, "author.name": str, "parts.size": int, "by.*.state": str},
    {"accepted": bool},
)  # fmt: skip


def _post(**more: Any) -> dict[str, Any]:
    whole = {
        "staff": False,
        "title": None,
        "author": {"name": "a"},
        "parts": [{"size": 1}],
        "by": {"x": {"state": "s"}},
    }
    return whole | more


def _notes(*posts: Any) -> list[Note]:
    watch = KeyWatch()
    watch.check({"stream": {"posts": list(posts)}}, POSTS)
    return watch.take_notes()


def _note(subject: str, *seen: str, count: int = 1) -> Note:
    return Note(NoteKind.KEY_CHANGED, f"{subject} of posts", seen, count)


def _without(name: str) -> dict[str, Any]:
    return {key: value for key, value in _post().items() if key != name}


@pytest.mark.parametrize(
    ("posts", "wanted"),
    [
        ([_post()], []),
        ([], []),
        ([_post(accepted=True), _post(author=None, parts=[], by={})], []),
        ([_without("staff"), _post()], []),
        ([_without("staff"), _without("staff")], [_note("staff", "missing", count=2)]),
        ([_post(staff=None)], [_note("staff", "missing")]),
        ([_without("title")], [_note("title", "missing")]),
        ([_post(staff={"value": False}), _post()], [_note("staff", "an object", "true or false")]),
        ([_post(staff=1)], [_note("staff", "a number", "true or false")]),
        ([_post(title=["t"])], [_note("title", "a list", "a text")]),
        ([_post(author={})], [_note("author.name", "missing")]),
        ([_post(parts=[{"size": True}])], [_note("parts.size", "true or false", "a number")]),
        ([_post(by={"x": {}, "y": {}})], [_note("by.*.state", "missing", count=2)]),
        ([_post(accepted="yes")], [_note("accepted", "a text", "true or false")]),
        ([_post(), 7, None, "text"], []),
    ],
)
def test_a_key_is_noted_where_no_item_has_it_or_one_has_it_as_another_type(
    posts: list[Any], wanted: list[Note]
) -> None:
    """What only some items lack is no change of form, nor is what is in an object that is not there."""
    assert _notes(*posts) == wanted


def test_a_value_of_another_type_is_taken_out_so_that_no_reader_believes_it() -> None:
    """An object in place of a flag would count as true."""
    answer = {"stream": {"posts": [_post(staff={"value": False}), _post(staff=True)]}}
    read = KeyWatch().check(answer, POSTS)
    assert [post.get("staff") for post in read["stream"]["posts"]] == [None, True]


@pytest.mark.parametrize("answer", [None, 7, "text", [], {}, {"stream": None}, {"stream": {"posts": {"a": 1}}}])
def test_an_answer_of_another_shape_is_left_to_its_reader(answer: Any) -> None:
    """The place of the items is not there, so that nothing can be said of them."""
    watch = KeyWatch()
    before = json.dumps(answer)
    assert json.dumps(watch.check(answer, POSTS)) == before


def test_bytes_stay_as_they_are_unless_a_value_is_taken_out() -> None:
    """What is no JSON is refused by its parser."""
    watch, broken, odd = KeyWatch(), b'{"stream": ', json.dumps({"stream": {"posts": [_post(staff="no")]}}).encode()
    whole = b'{"stream":  {"posts": []}}'
    assert watch.check_content(broken, POSTS) == broken
    assert watch.check_content(whole, POSTS) == whole
    assert "staff" not in json.loads(watch.check_content(odd, POSTS))["stream"]["posts"][0]
    assert [note.subject for note in watch.take_notes()] == ["staff of posts"] and watch.take_notes() == []


def test_items_of_one_mark_are_checked_where_others_stand_among_them() -> None:
    """A list of two kinds, and one whose items are known by a key that they have."""
    items = [{"kind": "t1", "body": "b"}, {"kind": "t3"}]
    watch = KeyWatch()
    watch.check(items, ItemKeys("comments", "", {"body": str}, only=("kind", "t1")))
    assert watch.take_notes() == []
    watch.check(items, ItemKeys("links", "", {"body": str}, only=("kind", "t3")))
    watch.check(items, ItemKeys("bodies", "", {"words": int}, only=("body", "")))
    assert [note.subject for note in watch.take_notes()] == ["body of links", "words of bodies"]


def test_lists_in_lists_are_looked_through_however_deep_they_lie() -> None:
    """Python 3.12 and later parse thousands of them, more than a function may call itself."""
    deep: Any = [_post(staff="no")]
    for _ in range(5000):
        deep = [deep]
    assert _notes(deep) == [_note("staff", "a text", "true or false")]
