"""Topics and questions typed, and brought to the conformed tables: in whatever order they come, the last look wins."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.warehouse_rows import build_tables, empty_warehouse, fill, select_models

T = datetime(2026, 11, 1, 12)
HOUR = timedelta(hours=1)
FORUM, SITE = "gemini.discourse.forum.example.org", "gpt.stackexchange.stackoverflow"
FEATURES = {
    "words": 12, "has_code": True, "has_patch": False, "has_command": True,
    "reader_version": 1, "actor": "00aa", "role": "outsider",
}  # fmt: skip
MODELS = select_models("thread_rows", "reply_rows")
NAMED = select_models("threads", "replies")
STAGED = select_models("discourse__topics", "discourse__posts", "stackexchange__questions", "stackexchange__answers")
"""Only the tables in question: the two conformed ones and what they read, or what is staged of these two sources."""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = empty_warehouse()
    yield connection
    connection.close()


def topic(number: int, **changes: Any) -> Mapping[str, Any]:
    return {
        "number": number, "title": "It fails", "url": "https://forum.example.org/t/x/7",
        "created_at": "2026-10-01T10:00:00.250000Z",
        "state": "open", "closed_at": None, "closed_by_role": None, "replies": 2,
        "has_accepted": None, "mentions": ["gemini"], "drift": [], **FEATURES, **changes,
    }  # fmt: skip


def post(code: str, number: int, **changes: Any) -> Mapping[str, Any]:
    return {
        "comment_id": code, "number": number, "url": "https://x", "is_hidden": False,
        "created_at": "2026-10-01T12:00:00.000000Z", "is_withdrawn": False, "is_accepted": None, **FEATURES, **changes,
    }  # fmt: skip


def question(number: int, **changes: Any) -> Mapping[str, Any]:
    return {
        "number": number, "title": "It fails", "url": "https://stackoverflow.com/questions/7",
        "created_at": "2026-10-01T10:00:00.000000Z",
        "closed_at": "2026-10-03T10:00:00.000000Z", "close_reason": "Duplicate",
        "state": "closed", "answers": 1, "has_accepted": True, "mentions": [], "drift": [],
        **FEATURES, **changes,
    }  # fmt: skip


def answer(code: str, number: int, **changes: Any) -> Mapping[str, Any]:
    made = {
        "comment_id": code,
        "number": number,
        "url": "https://x",
        "created_at": "2026-10-01T12:00:00.000000Z",
        "is_accepted": True,
    }
    return {**made, **FEATURES, **changes}


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


def test_a_topic_and_its_post_become_a_thread_and_a_reply(con: duckdb.DuckDBPyConnection) -> None:
    """If nobody can accept an answer, that is empty and not false."""
    fill(
        con, "discourse__topics", [(FORUM, "7", None, T, topic(7)), (FORUM, "8", None, T, topic(8, has_accepted=True))]
    )
    fill(
        con,
        "discourse__posts",
        [(FORUM, "p1", T, T, post("p1", 7)), (FORUM, "p2", T, T, post("p2", 8, is_accepted=True, is_hidden=True))],
    )
    build_tables(con, MODELS)
    assert rows(
        con,
        "select thing, thread_code, number, opened_at, state, has_accepted, replies_count, "
        "mentioned_families"
        " from staging.thread_rows order by number",
    ) == [
        ("topics", "7", 7, datetime(2026, 10, 1, 10, 0, 0, 250000), "open", None, 2, ["gemini"]),
        ("topics", "8", 8, datetime(2026, 10, 1, 10, 0, 0, 250000), "open", True, 2, ["gemini"]),
    ]
    assert rows(
        con,
        "select thread_code, reply_code, is_accepted, is_removed from staging.reply_rows order by reply_code",
    ) == [("7", "p1", None, False), ("8", "p2", True, True)]


def test_a_post_that_bears_the_number_of_a_topic_is_an_item_of_its_own(con: duckdb.DuckDBPyConnection) -> None:
    """A forum numbers its topics and its posts apart. Under one name the topic would count to the week of the post's
    topic, and if they concern two families, a build after news of one of them would lose or double it."""
    con.execute(
        "insert into raw.catalog__channels (channel_id, family_id, source, role, channel_kind, is_official)"
        " values (?, 'gemini', 'discourse', 'forum', 'forum', true)",
        [FORUM],
    )
    fill(con, "discourse__topics", [(FORUM, "7", None, T, topic(7)), (FORUM, "8", None, T, topic(8))])
    fill(con, "discourse__posts", [(FORUM, "8", T, T, post("8", 7))])
    build_tables(con, NAMED)
    assert rows(con, "select thread_id from staging.threads order by all") == [(f"{FORUM}#7",), (f"{FORUM}#8",)]
    assert rows(con, "select reply_id, thread_id from staging.replies") == [(f"{FORUM}/8", f"{FORUM}#7")]


def test_a_question_and_its_answer_become_a_thread_and_a_reply(con: duckdb.DuckDBPyConnection) -> None:
    """With the site's own word for why it was closed."""
    fill(con, "stackexchange__questions", [(SITE, "7", None, T, question(7))])
    fill(con, "stackexchange__answers", [(SITE, "61", None, T, answer("61", 7))])
    build_tables(con, MODELS)
    assert rows(
        con,
        "select thing, thread_code, state, close_reason, closed_at, has_accepted, replies_count from "
        "staging.thread_rows",
    ) == [("questions", "7", "closed", "Duplicate", datetime(2026, 10, 3, 10), True, 1)]
    assert rows(con, "select thread_code, reply_code, is_accepted, is_removed from staging.reply_rows") == [
        ("7", "61", True, False)
    ]


@pytest.mark.parametrize(("table", "made"), [("discourse__topics", topic), ("stackexchange__questions", question)])
def test_what_is_gone_is_no_thread_and_has_no_title_until_it_comes_back(
    con: duckdb.DuckDBPyConnection, table: str, made: Any
) -> None:
    """A topic may be listed again; its author keeps the part first seen."""
    fill(con, table, [(FORUM, "7", None, T, made(7))])
    fill(con, table, [(FORUM, "7", None, T + HOUR, {"number": 7, "state": "gone"})])
    build_tables(con, MODELS)
    assert rows(con, "select count(*) from staging.thread_rows") == [(0,)]
    assert rows(con, f"select title, state, author_role from staging.{table}") == [(None, "gone", "outsider")]
    fill(con, table, [(FORUM, "7", None, T + 2 * HOUR, made(7, role="staff", state="open"))])
    build_tables(con, MODELS)
    assert rows(con, "select title, state, author_role from staging.thread_rows") == [("It fails", "open", "outsider")]


looks = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(["open", "closed", "gone"])),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one[0],
)


@pytest.mark.slow
@settings(max_examples=12)
@given(seen=looks, order=st.randoms(use_true_random=False), sizes=st.lists(st.integers(1, 3), min_size=8, max_size=8))
def test_in_whatever_order_and_pieces_looks_arrive_the_last_one_wins(
    seen: list[tuple[int, str]], order: Any, sizes: list[int]
) -> None:
    """Topics and questions carry no time of their own; posts carry theirs, and the newest edit wins."""
    shuffled = list(seen)
    order.shuffle(shuffled)
    connection = empty_warehouse()
    while shuffled:
        size = sizes.pop()
        piece, shuffled = shuffled[:size], shuffled[size:]
        for hour, state in piece:
            at = T + hour * HOUR
            fill(
                connection,
                "discourse__topics",
                [(FORUM, "7", None, at, topic(7, state=state, replies=hour, role=f"role{hour}"))],
            )
            fill(
                connection,
                "stackexchange__questions",
                [(SITE, "7", None, at, question(7, state=state, answers=hour))],
            )
            fill(connection, "discourse__posts", [(FORUM, "p", T - hour * HOUR, at, post("p", 7, words=hour))])
            fill(connection, "stackexchange__answers", [(SITE, "a", None, at, answer("a", 7, words=hour))])
        build_tables(connection, STAGED)
    build_tables(connection, STAGED)  # with nothing new
    hours = sorted(hour for hour, _ in seen)
    assert rows(connection, "select state, replies_count, author_role from staging.discourse__topics") == [
        (dict(seen)[hours[-1]], hours[-1], f"role{hours[0]}")
    ]
    assert rows(connection, "select state, replies_count from staging.stackexchange__questions") == [
        (dict(seen)[hours[-1]], hours[-1])
    ]
    assert rows(connection, "select words_count from staging.discourse__posts") == [(hours[0],)]
    assert rows(connection, "select words_count from staging.stackexchange__answers") == [(hours[-1],)]
    connection.close()
