"""What is kept of a topic and of a post: shapes old and new, parts people play, and nothing of their words."""

import json
from typing import Any

import pytest

from pipelines.catalog.entries import Channel
from pipelines.contract import Row
from pipelines.http.errors import Fatal
from pipelines.sources.discourse.client import _find_solved, _read_about_total, _sum_section_topics
from pipelines.sources.discourse.rows import make_thread_rows
from tests.worlds.visits import make_visit

CHANNEL = Channel(
    source="discourse",
    target="forum.example.org",
    role="forum",
    family="acme",
    groups=("Acme-Staff", "Developer Advocate"),
    staff=("Boss",),
)
BASE = "https://forum.example.org"


def post(number: int, name: str | None = "ann", **cells: Any) -> dict[str, Any]:
    return {
        "id": 100 + number, "post_number": number, "post_type": 1, "username": name, "user_id": number,
        "created_at": f"2026-11-01T0{number}:00:00.000Z", "updated_at": f"2026-11-02T0{number}:00:00.000Z",
        "cooked": "<p>secret words</p>", "staff": False, "admin": False, "moderator": False,
        "reply_to_post_number": None, "hidden": False,
        "user_deleted": False, "actions_summary": [], **cells,
    }  # fmt: skip


def topic(*posts: dict[str, Any], **cells: Any) -> dict[str, Any]:
    stream = {"posts": list(posts), "stream": [one["id"] for one in posts]}
    return {
        "id": 7, "title": "It  fails", "slug": "it-fails", "created_at": "2026-11-01T01:00:00.000Z", "closed": False,
        "archived": False,
        "category_id": 4, "tags": [], "post_stream": stream, **cells,
    }  # fmt: skip


def rows(
    made: dict[str, Any], listed: bool | None = None, solved: list[int] | None = None, channel: Channel = CHANNEL
) -> list[Row]:
    return make_thread_rows(make_visit(channel), BASE, made, listed, solved)


def test_a_topic_and_its_replies_become_rows_without_words_or_names() -> None:
    """The first post is the question; links lead to the public page."""
    first, reply = rows(
        topic(post(1), post(2, "bob", reply_to_post_number=1, actions_summary=[{"id": 2, "count": 4}, {"id": 3}]))
    )
    assert (first.key, first.source_time, first.body["url"], first.body["title"]) == (
        "7",
        None,
        f"{BASE}/t/it-fails/7",
        "It fails",
    )
    assert (first.body["replies"], first.body["state"], first.body["words"], first.body["role"]) == (
        1,
        "open",
        2,
        "outsider",
    )
    assert (reply.key, reply.stream, reply.body["url"]) == ("102", "posts", f"{BASE}/t/it-fails/7/2")
    assert reply.body["role"] == "outsider"
    kept = json.dumps([first.body, reply.body])
    assert "secret" not in kept and "ann" not in kept and "bob" not in kept


@pytest.mark.parametrize(
    ("cells", "role"),
    [
        ({}, "outsider"),
        ({"username": "ann"}, "asker"),
        ({"username": None, "user_id": None}, "unknown"),
        ({"moderator": True}, "staff"),
        ({"admin": True}, "staff"),
        ({"primary_group_name": "acme-staff"}, "staff"),
        ({"user_title": "Senior Developer Advocate at Acme"}, "staff"),
        ({"user_title": "not-acme-staffer"}, "outsider"),
        ({"flair_name": "acme-staff"}, "staff"),
        ({"username": "boss"}, "staff"),
        ({"username": "system", "user_id": -1}, "bot"),
        ({"username": "discobot", "user_id": -2}, "bot"),
        ({"username": "helper", "user_id": -1207}, "bot"),
        ({"username": "dosubot"}, "agent"),
    ],
)
def test_who_replies_is_known_by_flag_group_title_or_login(cells: dict[str, Any], role: str) -> None:
    """Groups and titles match as whole words; accounts below nought are the forum's own."""
    (_, reply) = rows(topic(post(1), post(2, **({"username": "bob"} | cells))))
    assert reply.body["role"] == role


def test_moderators_of_a_forum_that_is_not_the_vendor_s_are_maintainers() -> None:
    """Only on the vendor's own forum do they speak for it; a group that the catalog names does anywhere."""
    others = CHANNEL.model_copy(update={"official": False})
    moderator, staff = post(2, "bob", moderator=True), post(3, "eve", primary_group_name="acme-staff")
    assert [row.body["role"] for row in rows(topic(post(1), moderator, staff), channel=others)] == [
        "outsider",
        "maintainer",
        "staff",
    ]


@pytest.mark.parametrize(
    ("cells", "flag", "listed", "solved", "expected"),
    [
        ({"accepted_answer": {"post_number": 2}}, None, True, None, (True, [True, False])),
        ({"accepted_answers": [{"post_number": 2}, {"post_number": 3}]}, None, True, None, (True, [True, True])),
        ({}, 3, None, None, (True, [False, True])),
        ({}, None, False, None, (False, [False, False])),
        ({}, None, True, None, (True, [False, False])),
        ({}, None, None, None, (None, [None, None])),
        ({}, None, False, [9], (None, [None, None])),
        ({}, None, False, [4], (False, [False, False])),
        ({"accepted_answer": {"post_number": 2}}, None, True, [9], (True, [True, False])),
        ({"accepted_answers": []}, None, None, None, (False, [False, False])),
    ],
)
def test_an_accepted_answer_is_known_in_every_shape_and_never_false_by_guess(
    cells: dict[str, Any], flag: int | None, listed: bool | None, solved: list[int] | None, expected: tuple[Any, ...]
) -> None:
    """Without the plugin, and in categories if it is off, nobody can accept: that is not the same as not
    accepted."""
    more = [{"accepted_answer": number == flag} if flag else {} for number in (1, 2, 3)]
    found = rows(
        topic(*(post(number, f"u{number}", **more[number - 1]) for number in (1, 2, 3)), **cells), listed, solved
    )
    assert (found[0].body["has_accepted"], [row.body["is_accepted"] for row in found[1:]]) == expected


def test_notes_of_moderators_and_of_the_forum_are_no_replies_but_tell_of_a_closing() -> None:
    """And a kind of post that we do not know is reported, not counted."""
    closing = post(3, "mod", post_type=3, action_code="closed.enabled", moderator=True)
    made = topic(post(1), post(2, "bob"), closing, post(4, "odd", post_type=9), closed=True)
    first, *replies = rows(made)
    assert [row.key for row in replies] == ["102"]
    assert (first.body["replies"], first.body["drift"]) == (1, ["post_type: 9"])
    assert (first.body["state"], first.body["closed_at"], first.body["closed_by_role"]) == (
        "closed",
        "2026-11-01T03:00:00.000000Z",
        "staff",
    )
    opened = post(4, "mod", post_type=3, action_code="closed.disabled")
    assert rows(topic(post(1), post(2), closing, opened))[0].body["closed_at"] is None


def test_the_first_closing_and_re_opening_stay_whatever_happens_later() -> None:
    """Closed at three, opened at five, closed again at seven; of a topic that was read in part nothing is said."""
    codes = {3: "autoclosed.enabled", 5: "closed.disabled", 7: "closed.enabled"}
    posts = [post(1), *(post(number, "mod", post_type=3, action_code=code) for number, code in codes.items())]
    whole = rows(topic(*posts, closed=True))[0].body
    assert [whole[name][11:13] for name in ("first_closed_at", "reopened_at", "closed_at")] == ["03", "05", "07"]
    cut = topic(*posts, closed=True)
    cut["post_stream"]["stream"].append(999)
    assert [rows(cut)[0].body[name] for name in ("first_closed_at", "reopened_at")] == [None, None]
    opened = rows(topic(post(1), post(2, "mod", post_type=3, action_code="closed.disabled")))[0].body
    assert (opened["first_closed_at"], opened["reopened_at"]) == (None, None)


def test_the_words_of_hidden_and_withdrawn_posts_are_not_read() -> None:
    """What is in their place is the forum's own notice."""
    first, hidden, withdrawn = rows(topic(post(1), post(2, hidden=True), post(3, user_deleted=True)))
    assert (
        hidden.body["is_hidden"],
        hidden.body["words"],
        withdrawn.body["is_withdrawn"],
        withdrawn.body["words"],
    ) == (True, 0, True, 0)
    assert first.body["replies"] == 2


def test_a_topic_whose_first_post_is_missing_still_has_its_asker() -> None:
    """The details name who opened it."""
    made = topic(post(2, "ann"), details={"created_by": {"username": "ann"}})
    first, reply = rows(made)
    assert (first.body["actor"], reply.body["role"]) == (reply.body["actor"], "asker")


def test_replies_that_were_not_read_are_counted_all_the_same() -> None:
    """So that what is missing is not taken for silence."""
    made = topic(post(1), post(2, "bob"))
    made["post_stream"]["stream"] += [103, 104]
    assert rows(made)[0].body["replies"] == 3


@pytest.mark.parametrize("tags", [["bug"], [{"id": 1, "name": "bug", "slug": "bug"}]])
def test_tags_are_names_in_old_and_new_shape(tags: list[Any]) -> None:
    """Strings, then objects: both help to classify a question."""
    kinds = [rows(topic(post(1), title="Kit question", tags=held))[0].body["question_type"] for held in (tags, None)]
    assert kinds == ["something broke", "using it"]


@pytest.mark.parametrize(
    "cells",
    [{"post_stream": {}}, {"created_at": "soon"}, {"title": None, "post_stream": {"posts": [{}], "stream": []}}],
)
def test_a_topic_of_another_shape_is_an_error(cells: dict[str, Any]) -> None:
    with pytest.raises(Fatal, match="unexpected shape"):
        rows(topic(post(1), **cells))


def test_totals_are_read_in_old_and_new_words_and_may_be_hidden() -> None:
    """Sections count what lies within them too."""
    assert [
        _read_about_total({"about": {"stats": stats}}) for stats in ({"topic_count": 5}, {"topics_count": 6}, {})
    ] == [
        5,
        6,
        None,
    ]
    assert _read_about_total({"about": {}}) is None
    nested = [
        {"id": 1, "topic_count": 5},
        {"id": 2, "topic_count": 3, "parent_category_id": 1},
        {"id": 3, "topic_count": 9},
    ]
    deeper = [*nested, {"id": 4, "topic_count": 1, "parent_category_id": 2}]
    assert _sum_section_topics({"categories": deeper}, ("api/1",)) == 9
    assert _sum_section_topics({"categories": deeper}, ("api/8",)) is None
    assert _find_solved({"categories": nested}) is None
    assert _find_solved(
        {
            "categories": [
                {"id": 3, "custom_fields": {"enable_accepted_answers": "true"}},
                {"id": 1, "custom_fields": None},
            ]
        }
    ) == [3]
