"""Outlines of answers: what must be the same in two of them, and nothing of what they say."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipelines.commands.outlines import Outline
from pipelines.http.answers import Answer


def _outline(body: object, kind: str = "application/json") -> Outline:
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    found = Outline()
    found.add_answer(Answer(200, {"content-type": kind}, content, "https://h.example/", None, None))
    return found


def test_an_outline_knows_what_is_always_there() -> None:
    """What only some items have is no part of the format, and what is empty now says nothing of what is in it."""
    before = _outline({"items": [{"id": 1, "at": "x", "by": {"name": "n"}}, {"id": 2, "by": None}], "next": None})
    assert before.always == {".items", ".items[].id", ".items[].by", ".next"} and ".items[].at" in before.at_times
    assert _outline({"items": [], "next": 1}).list_missing(before.always) == []
    assert _outline({"items": [{"nr": 1}], "next": 1}).list_missing(before.always) == [".items[].by", ".items[].id"]
    assert _outline({"rows": []}).list_missing(before.always) == [".items", ".next"]


def test_names_of_things_are_no_keys() -> None:
    """A map of models is a map, however its models are called."""
    before, now = ({f"{word}{n}": {"cost": 1} for n in range(50)} for word in ("a", "b"))
    assert _outline(before).always == {"{}.cost"} and _outline(now).list_missing(_outline(before).always) == []


def test_feeds_and_tables_have_an_outline_too() -> None:
    """The names of elements, and the heads of columns."""
    feed = '<?xml version="1.0"?><feed><entry><id>1</id><content><![CDATA[<b>x</b>]]></content></entry></feed>'
    assert _outline(feed, "application/atom+xml").always == {"<feed>", "<entry>", "<id>", "<content>"}
    page = "x\n\n| Model | **Shutdown date** |\n|---|:--:|\n| a | b |\n"
    assert _outline(page, "text/plain").always == {"|Model|", "|Shutdown date|"}
    assert _outline("<table><tr><th class='x'>Model <b>name</b></th></tr></table>", "text/html").always == {
        "|Model name|"
    }


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)


@given(st.recursive(st.none() | st.integers() | st.text(max_size=3), _nested))
def test_the_same_answer_lacks_nothing(body: object) -> None:
    """Whatever it holds."""
    assert _outline(body).list_missing(_outline(body).always) == []


@given(st.binary(max_size=200), st.sampled_from(["application/json", "text/xml", "text/html", ""]))
def test_any_bytes_have_an_outline(content: bytes, kind: str) -> None:
    """It is made of somebody else's answer."""
    Outline().add_answer(Answer(200, {"content-type": kind}, content, "https://h.example/", None, None))
