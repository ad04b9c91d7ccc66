"""Reddit's rows typed: what was withdrawn is nowhere, and what was read whole counts as whole."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest

from tests.worlds.warehouse_rows import build_tables, empty_warehouse, fill, select_models

T = datetime(2026, 11, 1, 12)
CHANNEL = "_shared.reddit.localllama"
MODELS = select_models("thread_rows", "reply_rows", "reddit__trees")
"""Only the tables in question."""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse without rows."""
    connection = empty_warehouse()
    yield connection
    connection.close()


def post(name: str = "abc", **changes: Any) -> dict[str, Any]:
    """A post that stands."""
    body = {
        "post_id": name, "url": f"https://www.reddit.com/comments/{name}/", "created_at": "2026-10-30T00:00:00.000000Z",
        "state": "open", "comments": 2, "actor": "a1",
        "role": "outsider", "words": 9, "has_code": True, "mentions": ["llama"],
    }  # fmt: skip
    return body | changes


def comment(name: str, post_id: str = "abc", **changes: Any) -> dict[str, Any]:
    """A comment that stands."""
    body = {
        "comment_id": name, "post_id": post_id, "url": None, "created_at": "2026-10-30T01:00:00.000000Z",
        "state": "open", "actor": "a2", "role": "outsider", "words": 3, "has_code": False,
    }  # fmt: skip
    return body | changes


def visit(
    con: duckdb.DuckDBPyConnection,
    posts: list[dict[str, Any]],
    comments: list[dict[str, Any]],
    read: int = -1,
    **tree: Any,
) -> None:
    """One visit, a day after the one before; `read` comments of the post `abc` were read, none if it is negative."""
    ((day,),) = con.execute("select coalesce(max(load_id), 0) from ledger.files").fetchall()
    seen = T + timedelta(day)
    fill(con, "reddit__posts", [(CHANNEL, one["post_id"], None, seen, one) for one in posts])
    fill(con, "reddit__comments", [(CHANNEL, one["comment_id"], None, seen, one) for one in comments])
    body = {"post_id": "abc", "read_at": f"{seen.isoformat()}Z", "said": 2, "read": read, "is_complete": True} | tree
    fill(con, "reddit__trees", [(CHANNEL, "abc", None, seen, body)] if read >= 0 else [])
    build_tables(con, MODELS)


def threads(con: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[Any, ...]]:
    return con.execute(f"select {columns} from staging.thread_rows order by thread_code").fetchall()


def replies(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return con.execute(
        "select reply_code, thread_code, is_removed, is_accepted from staging.reply_rows order by all"
    ).fetchall()


def test_posts_are_threads_without_a_title_and_comments_their_replies(con: duckdb.DuckDBPyConnection) -> None:
    """Nobody marks answers there."""
    visit(con, [post()], [comment("c1"), comment("c2")], 2)
    wanted = "thing, thread_code, number, title, state, mentioned_families, has_accepted, replies_count, has_code"
    assert threads(con, wanted) == [("posts", "abc", None, None, "open", ["llama"], None, 2, True)]
    assert replies(con) == [("c1", "abc", False, None), ("c2", "abc", False, None)]


@pytest.mark.parametrize("state", ["deleted", "removed", "expired"])
def test_a_post_taken_back_is_no_thread_and_has_no_author_anywhere(con: duckdb.DuckDBPyConnection, state: str) -> None:
    """The tombstone replaces the row, also what was first seen."""
    visit(con, [post(), post("def")], [], 0)
    visit(con, [{"post_id": "abc", "created_at": "2026-10-30T00:00:00.000000Z", "state": state}], [])
    assert threads(con, "thread_code") == [("def",)]
    (row,) = con.execute(
        "select actor_id, author_role, url, words_count from staging.reddit__posts where post_id = 'abc'"
    ).fetchall()
    assert row == (None,) * 4


def test_a_deleted_comment_is_no_reply_but_was_collected(con: duckdb.DuckDBPyConnection) -> None:
    """Else its thread would for ever look part-seen."""
    visit(
        con,
        [post()],
        [
            comment("c1"),
            {"comment_id": "c2", "post_id": "abc", "created_at": "2026-10-30T02:00:00Z", "state": "deleted"},
        ],
        2,
    )
    assert replies(con) == [("c1", "abc", False, None), ("c2", "abc", True, None)]


def test_a_comment_that_vanished_from_the_tree_is_gone(con: duckdb.DuckDBPyConnection) -> None:
    """Whole readings show all that stands; one that was cut tells nothing of what it does not show."""
    visit(con, [post()], [comment("c1"), comment("c2")], 2)
    visit(con, [], [comment("c1")], 1, is_complete=False)
    assert [row[0] for row in replies(con)] == ["c1", "c2"]
    visit(con, [post(comments=1)], [comment("c1")], 1, said=1)
    assert [row[0] for row in replies(con)] == ["c1"]


def test_comments_that_reddit_shows_nobody_are_not_missing_but_unread_ones_are(con: duckdb.DuckDBPyConnection) -> None:
    """As many as were read, if all that is shown was read and the number has not moved since."""
    visit(con, [post(comments=5)], [comment("c1"), comment("c2"), comment("c3")], 3, said=5)
    assert threads(con, "replies_count") == [(3,)]
    visit(con, [post(comments=7)], [])
    assert threads(con, "replies_count") == [(7,)]
    visit(con, [], [comment("c1")], 1, said=7, is_complete=False)
    assert threads(con, "replies_count") == [(7,)]
