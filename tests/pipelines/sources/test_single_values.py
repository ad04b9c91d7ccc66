"""One value of one answer of a type or size that nobody expects: whatever it was in comes at a later visit."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.pipelines.sources.damaged_visits import list_rows, open_upstream, spoil_once, visit
from tests.upstream import Upstream
from tests.worlds.visits import note_waits

POST = ("data", "children", 3, "data")
COMMENT = (1, "data", "children", 0, "data")
NODES = ("data", "repository", "issues", "nodes")
CASES: dict[str, tuple[str, str, tuple[Any, ...], Any]] = {
    "time of a post long past": ("posts", "/new", (*POST, "created_utc"), 1.5),
    "time of a post before its neighbours'": ("posts", "/new", (*POST, "created_utc"), 1_300_000_000),
    "post of another subreddit": ("posts", "/new", (*POST, "subreddit"), "Elsewhere"),
    "kind of post": ("posts", "/new", (*POST, "is_self"), ""),
    "text post that is called a link": ("posts", "/new", (*POST, "is_self"), False),
    "post with no comments": ("posts", "/new", (*POST, "num_comments"), 0),
    "page without comments": ("posts", "/comments/", COMMENT[:-2], []),
    "kind of thing": ("posts", "/new", (*POST[:-1], "kind"), "t9"),
    "fewer comments than none": ("posts", "/new", (*POST, "num_comments"), -1),
    "number of comments": ("posts", "/new", (*POST, "num_comments"), [None]),
    "comment without an ID": ("posts", "/comments/", (*COMMENT, "id"), [None]),
    "comment with a long ID": ("posts", "/comments/", (*COMMENT, "id"), "x" * 5_000),
    "list of comments": ("posts", "/comments/", COMMENT[:-2], {}),
    "number of a topic": ("topics", "/t/1.json", ("id",), True),
    "kind of reply": ("topics", "/t/", ("post_stream", "posts", 1, "post_type"), None),
    "reply without an ID": ("topics", "/t/", ("post_stream", "posts", 1, "id"), False),
    "reply without a place": ("topics", "/t/", ("post_stream", "posts", 1, "post_number"), -1),
    "totals of a forum": ("topics", "/about.json", ("about", "stats"), 0),
    "sections of a forum": ("topics", "/site.json", ("categories", 0, "id"), ""),
    "answer without a number": ("questions", "/search", ("items", "*", "answers", 0, "answer_id"), -1),
    "answer with a false number": ("questions", "/search", ("items", "*", "answers", 0, "answer_id"), True),
    "question without a number": ("questions", "/search", ("items", 0, "question_id"), "7"),
    "release that is none": ("releases", "/releases", (0,), {}),
    "release without a number": ("releases", "/releases", (3, "id"), "x"),
    "published release that is called a draft": ("releases", "/releases", (3, "draft"), True),
    "neither draft nor release": ("releases", "/releases", (3, "draft"), "\x00"),
    "time of a pull request": (
        "pulls",
        "/graphql",
        ("data", "repository", "pullRequests", "nodes", 0, "createdAt"),
        1.5,
    ),
    "pages of discussions": ("talks", "/graphql", ("data", "repository", "discussions", "nodes", 0, "number"), -1),
    "newest issue": ("issues", "/graphql", (*NODES, 0), []),
    "number of an issue": ("issues", "/graphql", (*NODES, 3, "number"), "\x00"),
    "comment of an issue": ("issues", "/graphql", (*NODES, "*", "comments", "nodes", 0), {}),
    "comments of an issue": ("issues", "/graphql", (*NODES, "*", "comments"), None),
    "emptied comments": ("issues", "/graphql", (*NODES, "*", "comments", "nodes", 0), []),
    "ID of a comment": ("issues", "/graphql", (*NODES, "*", "comments", "nodes", 0, "id"), "9999-12-31T23:59:59Z"),
}


@pytest.fixture(scope="module")
def up() -> Iterator[Upstream]:
    """A few items of each source."""
    with open_upstream() as upstream:
        yield upstream


@pytest.fixture(autouse=True)
def _without_waits() -> None:
    note_waits(lambda seconds: None)


@pytest.mark.parametrize("name", CASES)
def test_one_odd_value_costs_nothing_once_it_is_gone(up: Upstream, name: str) -> None:
    """The item is skipped and retried; its neighbours come at once."""
    thing, path, place, value = CASES[name]
    whole = list_rows(visit(up, thing, {}, 0)[0])
    up.forgive()
    spoiled = spoil_once(up, thing, path, place, value)
    pages, cursor = visit(up, thing, {}, 0)
    held = list_rows(pages)
    assert len(spoiled) == 1 and len(held) >= len(whole) / 2
    for weeks in (2, 4):
        pages, cursor = visit(up, thing, cursor, weeks)
        held |= list_rows(pages)
    assert held >= whole
    assert not cursor.get("passed_over")
