"""Discussions and changes: from the emulated GitHub to the tables that metrics read."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest

from tests.pipelines.sources.github.visits import CHANNEL, collect
from tests.upstream import NOW, Upstream
from tests.worlds.warehouse_rows import build_conformed, empty_warehouse, fill

OWN = "llama.github.acme-kit"
T = datetime(2026, 11, 25)
TABLES = ("threads", "replies", "changes", "github__discussions")
THINGS = {"discussions": ("", "discussion_comments"), "pulls": ("",)}


@pytest.fixture(scope="module")
def up() -> Iterator[Upstream]:
    with Upstream([CHANNEL], seed=5, threads=1200, now=NOW) as upstream:
        upstream.world.repository("acme/kit").has_discussions = True
        yield upstream


@pytest.fixture(scope="module")
def con(up: Upstream) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse that holds one visit to everything, built."""
    connection = empty_warehouse()
    connection.execute(
        "insert into raw.catalog__families (family_id, title, side, vendor, mentions, checked_on)"
        " values ('llama', 'Llama', 'open', 'x', ['Llama'], '2026-11-01')"
    )
    connection.execute(
        "insert into raw.catalog__channels (channel_id, family_id, source, target, role, channel_kind, is_official, "
        "is_enabled)"
        " values (?, 'llama', 'github', 'acme/kit', 'sdk', 'tracker', true, true)",
        [OWN],
    )
    for thing, kinds in THINGS.items():
        rows = [row for page in collect(up, thing) for row in page.rows]
        for kind in kinds:
            naive = [
                (OWN, row.key, row.source_time and row.source_time.replace(tzinfo=None), T, row.body)
                for row in rows
                if row.stream == kind
            ]
            fill(connection, f"github__{kind or thing}", naive)
    build_conformed(connection, *TABLES)
    yield connection
    connection.close()


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


def test_discussions_become_threads_of_a_forum_with_all_their_replies(
    con: duckdb.DuckDBPyConnection, up: Upstream
) -> None:
    """Each discussion once, its comments and replies counted as the source counts them."""
    forum = up.world.repository("acme/kit").forum
    talks = [talk for _, talk in forum.newest_first()]
    found = rows(
        con,
        "select number, replies_count, has_all_replies, channel_kind, family_id from staging.threads where thing = "
        "'discussions'",
    )
    assert {row[0]: row[1] for row in found} == {talk.number: len(forum.seen(talk.all())) for talk in talks}
    assert {row[2:] for row in found} == {(True, "forum", "llama")}
    assert rows(con, "select count(*) from staging.replies") == [(sum(len(forum.seen(talk.all())) for talk in talks),)]


def test_an_accepted_answer_is_known_or_not_asked_for(con: duckdb.DuckDBPyConnection) -> None:
    """Null where the category takes no answers; else one reply at most, and the discussion agrees."""
    assert rows(
        con,
        "select distinct d.category in ('Q&A', 'Help'), t.has_accepted is null from staging.threads t"
        " join staging.github__discussions d on d.number = t.number where t.thing = 'discussions' order by all",
    ) == [(False, True), (True, False)]
    assert rows(
        con,
        "select count(*) from (select t.thread_id, t.has_accepted, count(*) filter (where r.is_accepted) as n from "
        "staging.threads t"
        " left join staging.replies r using (thread_id) where t.thing = 'discussions' and t.has_accepted is not null "
        "group by all)"
        " where has_accepted <> (n = 1)",
    ) == [(0,)]
    assert rows(con, "select count(*) > 5 from staging.threads where accepted_at > opened_at") == [(True,)]


def _discussion(number: int, **changes: Any) -> dict[str, Any]:
    body = {
        "number": number, "title": "T", "url": "https://x", "created_at": "2026-10-01T10:00:00Z", "closed_at": None,
        "state": "open",
        "state_reason": None, "category": "Q&A", "is_answered": False,
        "answer_chosen_at": None,
        "comments": 1, "mentions": [], "actor": "00aa", "role": "outsider", "words": 1,
        "has_code": False,
    }  # fmt: skip
    return body | changes


def test_news_and_polls_are_no_questions_and_deleted_comments_no_replies() -> None:
    """They are kept if they were typed, and go no further."""
    connection = empty_warehouse()
    connection.execute(
        "insert into raw.catalog__channels (channel_id, family_id, source, target, role, channel_kind, is_official, "
        "is_enabled)"
        " values (?, 'llama', 'github', 'acme/kit', 'sdk', 'tracker', true, true)",
        [OWN],
    )
    fill(
        connection,
        "github__discussions",
        [(OWN, str(n), T, T, _discussion(n, category=name)) for n, name in enumerate(("Q&A", "Polls"), 1)],
    )
    said = {"comment_id": "a", "number": 1, "created_at": "2026-10-01T11:00:00Z", "role": "unknown", "is_hidden": True}
    fill(
        connection, "github__discussion_comments",
        [(OWN, "a", T, T, said | {"hidden_reason": "deleted"}),
         (OWN, "b", T, T, said | {"comment_id": "b", "hidden_reason": "outdated"})],
    )  # fmt: skip
    build_conformed(connection, "threads", "replies")
    assert rows(connection, "select number, has_all_replies from staging.threads") == [(1, True)]
    assert rows(connection, "select reply_id from staging.replies") == [(f"{OWN}/b",)]
    assert rows(connection, "select count(*) from staging.github__discussions") == [(2,)]
    later = _discussion(
        1, role="staff", association="MEMBER", is_answered=True, answer_chosen_at="2026-10-02T10:00:00Z"
    )
    fill(connection, "github__discussions", [(OWN, "1", T + timedelta(hours=1), T + timedelta(hours=1), later)])
    build_conformed(connection, "threads", "replies")
    assert rows(connection, "select author_role, has_accepted from staging.threads") == [("outsider", True)]
