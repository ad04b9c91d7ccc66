"""What is read in a text, from the collectors of every source of questions to the conformed tables."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from pipelines.catalog.entries import Channel
from pipelines.contract import Row, Visit
from pipelines.sources.discourse import rows as discourse_rows
from pipelines.sources.github import rows as github_rows
from pipelines.sources.huggingface import rows as hub_rows
from pipelines.sources.reddit import rows as reddit_rows
from pipelines.sources.stackexchange import rows as stackexchange_rows
from pipelines.text.features import READER_VERSION
from tests.worlds.visits import make_visit
from tests.worlds.warehouse_rows import build_tables, empty_warehouse, fill, select_models

T = datetime(2026, 11, 1, 12)
AT = "2026-10-01T10:00:00Z"
TITLE = "Can't compile on Windows"
ASKED = "It stops with version 1.2.3 and I do not know what to do about it."
SAID = "It fails because src/a.cpp:7 returns an error in v1.2.3. Thanks, see https://docs.example.com/guide"
ABOUT_THREADS = {
    "question_type": "getting it to run",
    "language": "en",
    "has_patch": False,
    "has_command": False,
}
ABOUT_REPLIES = {
    "language": "en", "has_patch": False, "has_command": False, "has_thanks": True, "has_solved": False,
    "is_me_too": False,
}  # fmt: skip
SAID_IN = {
    "github__issues": "github__comments", "github__discussions": "github__discussion_comments",
    "discourse__topics": "discourse__posts",
    "stackexchange__questions": "stackexchange__answers", "reddit__posts": "reddit__comments",
    "huggingface__discussions": "huggingface__discussion_events",
}  # fmt: skip
"""Raw tables of questions, and of what was said to them."""


def _visit(source: str, target: str) -> Visit:
    return make_visit(Channel(source=source, target=target, role="sdk", family="acme", official=False))


def _github() -> list[Row]:
    visit = _visit("github", "acme/kit")
    item = {
        "number": 7,
        "title": TITLE,
        "url": "https://x/7",
        "createdAt": AT,
        "updatedAt": AT,
        "state": "OPEN",
        "body": ASKED,
    }
    said = {"id": "IC_000001", "url": "https://x/7#1", "createdAt": AT, "updatedAt": AT, "body": SAID}
    return [github_rows.make_issue_row(visit, item), github_rows.make_comment_row(visit, item, said)]


def _discussion() -> list[Row]:
    page = {"hasNextPage": False}
    said = {
        "id": "IC_000001", "url": "https://x/7#1", "createdAt": AT, "isAnswer": False, "body": SAID,
        "replies": {"nodes": [], "totalCount": 0, "pageInfo": page},
    }  # fmt: skip
    node = {
        "number": 7, "title": TITLE, "url": "https://x/7", "createdAt": AT, "updatedAt": AT, "closed": False,
        "body": ASKED,
        "category": {"name": "Help", "isAnswerable": True},
        "comments": {"nodes": [said], "totalCount": 1, "pageInfo": page},
    }  # fmt: skip
    return github_rows.make_discussion_rows(_visit("github", "acme/kit"), node)


def _discourse() -> list[Row]:
    posts = [
        {"id": n, "post_number": n, "post_type": 1, "username": name, "created_at": AT, "cooked": f"<p>{words}</p>"}
        for n, name,
        words in ((1, "ann", ASKED), (2, "bob", SAID.replace("https://docs.example.com/guide", '<a href="https://docs.example.com/guide">it</a>')))
    ]  # fmt: skip
    topic = {"id": 7, "title": TITLE, "created_at": AT, "post_stream": {"posts": posts, "stream": [1, 2]}}
    return discourse_rows.make_thread_rows(
        _visit("discourse", "forum.example.org"), "https://forum.example.org", topic, None, None
    )


def _stackexchange() -> list[Row]:
    item = {
        "question_id": 7, "title": TITLE, "link": "https://stackoverflow.com/questions/7", "creation_date": 1790000000,
        "answer_count": 1,
        "last_activity_date": 1790000000, "is_answered": False, "body_markdown": ASKED,
    }  # fmt: skip
    said = {"answer_id": 9, "question_id": 7, "creation_date": 1790000000, "is_accepted": False, "body_markdown": SAID}
    return stackexchange_rows.make_question_rows(_visit("stackexchange", "stackoverflow"), item, [said])


def _reddit() -> list[Row]:
    visit = _visit("reddit", "acme")
    post = {
        "id": "p7",
        "title": TITLE,
        "selftext": ASKED,
        "created_utc": 1790000000,
        "num_comments": 1,
        "author": SimpleNamespace(name="ann"),
    }
    said = {"id": "c1", "body": SAID, "created_utc": 1790000000, "author": SimpleNamespace(name="bob")}
    return [reddit_rows.make_post_row(visit, post), reddit_rows.make_comment_row(visit, "p7", said)]


def _hub() -> list[Row]:
    item = {
        "num": 7, "title": TITLE, "status": "open", "createdAt": AT, "isPullRequest": False, "numComments": 2,
        "author": {"name": "ann"},
        "repo": {"name": "acme/model"},
    }  # fmt: skip
    events = [
        {"id": str(n), "type": "comment", "createdAt": AT, "author": {"name": name}, "data": {"latest": {"raw": words}}}
        for n, name, words in ((1, "ann", ASKED), (2, "bob", SAID))
    ]
    return hub_rows.make_thread_rows(
        _visit("huggingface", "acme"), "acme/model", "https://huggingface.co", item, {**item, "events": events}
    )


MADE = {
    "github__issues": _github, "github__discussions": _discussion, "discourse__topics": _discourse,
    "stackexchange__questions": _stackexchange, "reddit__posts": _reddit, "huggingface__discussions": _hub,
}  # fmt: skip


MODELS = select_models("threads", "replies")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = empty_warehouse()
    connection.execute(
        "insert into raw.catalog__channels (channel_id, family_id, source, target, role, channel_kind, is_official, "
        "is_enabled, models)"
        " values ('a.b.c', 'acme', 'github', 'acme/kit', 'sdk', 'tracker', false, true, [])"
    )
    yield connection
    connection.close()


def _conformed(
    con: duckdb.DuckDBPyConnection, table: str, opener: Mapping[str, Any], said: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The thread and the reply as all metrics read them."""
    fill(con, table, [("a.b.c", "7", None, T, opener)])
    fill(con, SAID_IN[table], [("a.b.c", "1", None, T, said)])
    build_tables(con, MODELS)
    found = [con.sql(f"select * from staging.{name}") for name in ("threads", "replies")]
    return [dict(zip(one.columns, one.fetchall()[0], strict=True)) for one in found]


@pytest.mark.parametrize("table", MADE)
def test_every_source_carries_what_is_read_to_the_conformed_tables(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """One column that is lost in one source would look like a community that thanks nobody."""
    opener, said = MADE[table]()
    thread, reply = _conformed(con, table, opener.body, said.body)
    assert {name: thread[name] for name in ABOUT_THREADS} == ABOUT_THREADS
    assert {name: reply[name] for name in ABOUT_REPLIES} == ABOUT_REPLIES
    assert (thread["reader_version"], reply["reader_version"]) == (READER_VERSION, READER_VERSION)
    assert reply["url"] == said.body["url"]


@pytest.mark.parametrize("table", MADE)
def test_rows_of_an_older_reader_are_unknown_and_never_false(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Version 1 read none of it: a share over such rows has nothing to count, and must not count nothing."""
    new = {"question_type", "language", "has_thanks", "has_solved", "is_me_too"}
    bodies = [
        {name: value for name, value in {**row.body, "reader_version": 1}.items() if name not in new}
        for row in MADE[table]()
    ]
    thread, reply = _conformed(con, table, *bodies)
    assert (thread["question_type"], thread["language"]) == (None, None)
    assert {reply[name] for name in new - {"question_type"}} == {None}
    assert (thread["reader_version"], reply["reader_version"]) == (1, 1)


@pytest.mark.parametrize(
    ("topic", "class_"),
    [
        ("set-up", "getting it to run"), ("hardware", "getting it to run"), ("docs", "using it"),
        ("quality", "something broke"), ("licence", "account and money"), ("feature", "other"), ("other", "other"),
        ("using it", "using it"), (None, None),
    ],
)  # fmt: skip
def test_a_topic_of_an_earlier_reader_counts_as_its_class(
    con: duckdb.DuckDBPyConnection, topic: str | None, class_: str | None
) -> None:
    """Texts are not kept, so what was read under eleven names cannot be read again."""
    opener, said = MADE["reddit__posts"]()
    thread, _ = _conformed(
        con, "reddit__posts", {**opener.body, "question_type": topic, "reader_version": 2}, said.body
    )
    assert thread["question_type"] == class_


def test_no_row_holds_the_text() -> None:
    """Flags and counts are kept; of Reddit not even the title."""
    for table, made in MADE.items():
        for row in made():
            written = repr(row.body)
            assert ASKED not in written and SAID not in written and (TITLE not in written or table != "reddit__posts")
