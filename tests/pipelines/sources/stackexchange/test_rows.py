"""What is kept of a question and of an answer, made and recorded."""

import json
from typing import Any

import pytest

from pipelines.catalog.entries import Channel
from pipelines.contract import Row
from pipelines.http.errors import Fatal
from pipelines.sources.stackexchange.rows import make_question_rows
from tests.paths import RECORDINGS
from tests.pipelines.sources.discourse.forum_replays import stackexchange
from tests.worlds.visits import make_visit

FOLDER = RECORDINGS / "stackexchange"
PAGES = {"question": 1, "question_page": 2, "question_page_2": 2, "question_backoff_page": 2}
"""Items on each recorded page; its editor gave all the same number."""
CHANNEL = Channel(
    source="stackexchange",
    target="stackoverflow",
    role="tag",
    family="acme",
    official=False,
    sections=("x",),
    staff=("77",),
)
recordings = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/recordings is not here")


def question(**cells: Any) -> dict[str, Any]:
    return {
        "question_id": 5, "title": "Why does &quot;a &lt; b&quot; fail?",
        "link": "https://stackoverflow.com/questions/5/why",
        "tags": ["x"], "creation_date": 1790000000, "last_activity_date": 1790000500, "is_answered": True,
        "answer_count": 2,
        "owner": {"user_id": 9, "user_type": "registered"}, "body_markdown": "Two words\r\n\r\n    ok = a &lt; b",
        **cells,
    }  # fmt: skip


def answer(number: int, **cells: Any) -> dict[str, Any]:
    return {
        "answer_id": number, "question_id": 5, "creation_date": 1790000100, "last_activity_date": 1790000100,
        "is_accepted": False,
        "owner": {"user_id": number, "user_type": "registered"}, "body_markdown": "Try `x`", **cells,
    }  # fmt: skip


def rows(item: dict[str, Any], *answers: dict[str, Any]) -> list[Row]:
    return make_question_rows(make_visit(CHANNEL), item, answers)


def test_a_question_is_unescaped_counted_and_linked() -> None:
    """The API returns escaped Markdown, with code by indentation."""
    first, reply = rows(question(), answer(61))
    assert first.body["title"] == 'Why does "a < b" fail?'
    assert (first.body["words"], first.body["has_code"]) == (2, True)
    assert (first.body["has_accepted"], first.body["state"]) == (False, "open")
    assert first.body["created_at"] == "2026-09-21T14:13:20.000000Z"
    assert (reply.key, reply.stream, reply.body["url"]) == ("61", "answers", "https://stackoverflow.com/a/61")
    assert (first.source_time, reply.source_time) == (None, None)


def test_what_is_left_out_when_empty_is_read_as_such() -> None:
    """No accepted answer, no closing, no owner's number: the API leaves the key away."""
    first, reply = rows(
        question(accepted_answer_id=61, closed_date=1790000900, closed_reason="Needs &amp; details"),
        answer(61, is_accepted=True),
    )
    assert (first.body["has_accepted"], first.body["state"], first.body["close_reason"]) == (
        True,
        "closed",
        "Needs & details",
    )
    assert (first.body["closed_at"], reply.body["is_accepted"]) == ("2026-09-21T14:28:20.000000Z", True)


@pytest.mark.parametrize(
    ("owner", "role"),
    [
        ({"user_id": 9, "user_type": "registered"}, "asker"),
        ({"user_id": 10, "user_type": "unregistered"}, "outsider"),
        ({"user_id": 11, "user_type": "moderator"}, "outsider"),
        ({"user_id": 77, "user_type": "registered"}, "staff"),
        ({"user_type": "does_not_exist", "display_name": "user9"}, "unknown"),
        ({"user_id": 12, "user_type": "does_not_exist"}, "unknown"),
        ({"user_id": -1, "user_type": "moderator"}, "bot"),
        (None, "unknown"),
    ],
)
def test_who_answers_is_known_by_number(owner: dict[str, Any] | None, role: str) -> None:
    """A moderator of the site is no vendor's staff; a deleted account is nobody; the catalog may name staff by
    number."""
    (_, reply) = rows(question(), answer(61, owner=owner))
    assert (reply.body["role"], reply.body["actor"] is None) == (role, role == "unknown")


def test_a_kind_of_account_that_we_do_not_know_is_reported() -> None:
    first, *_ = rows(question(), answer(61, owner={"user_id": 1, "user_type": "assistant"}))
    assert first.body["drift"] == ["user_type: assistant"]


@pytest.mark.parametrize(
    "cells", [{"creation_date": None}, {"title": None, "question_id": "x"}, {"answer_count": None}]
)
def test_a_question_of_another_shape_is_an_error(cells: dict[str, Any]) -> None:
    with pytest.raises(Fatal, match="unexpected shape"):
        rows(question(**cells))


@recordings
@pytest.mark.parametrize("name", sorted(PAGES))
def test_each_recorded_question_and_its_answers_are_rows(name: str) -> None:
    """A page that says there is more is followed by the one that says there is none; its pause is a fraction of a
    second."""
    path = FOLDER / f"stackexchange_{name}"
    following = FOLDER / "stackexchange_question_page_2" if json.loads(path.read_text())["has_more"] else None
    found = [row for page in stackexchange(path, following) for row in page.rows]
    recorded = json.loads(path.read_text())["items"]
    assert len(recorded) == PAGES[name]
    assert {row.key for row in found if not row.stream} >= {str(item["question_id"]) for item in recorded}
    assert {row.key for row in found if row.stream} >= {
        str(one["answer_id"]) for item in recorded for one in item["answers"]
    }
    assert {row.body["created_at"] for row in found if not row.stream} == {"2016-04-06T02:01:16.000000Z"}


@recordings
def test_a_recording_without_the_wrapper_is_refused() -> None:
    """It was edited by hand into a bare list."""
    with pytest.raises(Fatal, match="unexpected shape"):
        stackexchange(FOLDER / "stackexchange_question_parse")
