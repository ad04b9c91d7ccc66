"""Releases from the feed: no request of the 60 is spent, and the repository's own list prevails."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipelines import sources
from pipelines.contract import Page
from pipelines.http.errors import Fatal, Gone
from pipelines.sources.github.releases import find_web_url
from tests.pipelines.sources.github.visits import CHANNEL, TOKENS, last
from tests.upstream import NOW, Upstream
from tests.upstream.messages import text_answer
from tests.worlds.visits import make_visit
from tests.worlds.warehouse_rows import build_tables, empty_warehouse, fill, select_models

MODELS = select_models("releases")


@pytest.fixture
def up() -> Iterator[Upstream]:
    """A repository with some years of releases."""
    with Upstream([CHANNEL], seed=5, threads=40, now=NOW) as upstream:
        yield upstream


def collect(up: Upstream, cursor: Any = None, tokens: dict[str, str] | None = None, **more: Any) -> list[Page]:
    channel = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})
    visit = make_visit(channel, cursor, tokens=tokens or {}, now=up.world.now, **more)
    return list(sources.collect_stream("github", "releases", visit))


def test_the_ten_newest_come_and_cost_none_of_the_requests(up: Upstream) -> None:
    """Whether one is a pre-release is not stated; an unchanged feed says so."""
    (page,) = pages = collect(up)
    newest = up.world.releases("acme/kit").until(up.world.clock.now)[:10]
    assert [row.body["version"] for row in page.rows] == [release.tag for release in newest]
    assert {row.body["is_prerelease"] for row in page.rows} == {None} and page.total is None
    assert page.reach_at and page.reach_at == min(row.body["released_at"] for row in page.rows).replace(".000000", "")
    assert not up.github_quota.used("")
    (again,) = collect(up, last(pages))
    assert again.is_unchanged and [record.status for record in up.requests] == [200, 304]


def test_a_renamed_repository_is_followed_and_a_lost_one_is_gone(up: Upstream) -> None:
    """As in the interface."""
    up.world.repository("acme/kit").rename("new-owner/new-kit")
    assert collect(up)[0].rows
    up.world.repository("new-owner/new-kit").gone = 404
    with pytest.raises(Gone):
        collect(up)


def test_a_feed_of_something_else_is_refused(up: Upstream) -> None:
    """A page of commits has entries too."""
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:github.com,2008:Grit::Commit/1a</id></entry></feed>'
    )
    up.fail("github", "/acme/kit/releases.atom", text_answer(feed, "application/atom+xml"))
    with pytest.raises(Fatal):
        collect(up)


@pytest.mark.parametrize(
    ("base_url", "web"),
    [
        ("", "https://github.com"),
        ("https://api.github.com", "https://github.com"),
        ("https://git.example.com/api/v3", "https://git.example.com"),
    ],
)
def test_the_feed_is_on_the_pages_not_on_the_interface(base_url: str, web: str) -> None:
    """An Enterprise server has both on one host."""
    assert find_web_url(CHANNEL.model_copy(update={"base_url": base_url})) == web


@given(steps=st.lists(st.sampled_from(["feed", "list", "release"]), max_size=6))
@settings(max_examples=6, phases=[Phase.generate])
def test_feed_and_list_in_any_order_leave_the_rows_of_the_list(steps: list[str]) -> None:
    """A release is one row, whichever brought it first."""
    with Upstream([CHANNEL], seed=7, threads=40, now=NOW) as up:
        connection, cursor, version = empty_warehouse(), None, 0
        for step in [*steps, "list", "feed"]:
            up.world.advance(1)
            up.forgive()
            if step == "release":
                version += 1
                up.release("acme/kit", f"99.0.{version}")
                continue
            pages = collect(up, cursor, TOKENS if step == "list" else {})
            cursor = last(pages)
            _land(connection, pages, up)
        alone = empty_warehouse()
        _land(alone, collect(up, tokens=TOKENS), up)
    assert _read(connection) == _read(alone)


def test_a_tag_without_a_release_is_none_once_the_list_was_read() -> None:
    """The feed shows tags too; what is newer than the list stays until it is read again."""
    connection, seen = empty_warehouse(), NOW.replace(tzinfo=None)
    stated = {"release_id": None, "is_prerelease": None, "title": "t", "url": "https://x"}
    entries = {"v1": seen - timedelta(days=9), "v2-rc.1": seen - timedelta(days=5), "v3": seen + timedelta(hours=1)}
    feed = [(CHANNEL.id, f"feed:{tag}", None, seen, stated | {"version": tag, "released_at": f"{at.isoformat()}Z"})
            for tag, at in entries.items()]  # fmt: skip
    _add_channel(connection)
    fill(connection, "github__releases", feed)
    build_tables(connection, MODELS)
    query = "select version, is_prerelease from staging.releases order by version"
    assert connection.execute(query).fetchall() == [("v1", False), ("v2-rc.1", True), ("v3", False)]
    listed = feed[0][4] | {"release_id": 7, "is_prerelease": False}
    fill(connection, "github__releases", [(CHANNEL.id, "7", seen, seen, listed)])
    build_tables(connection, MODELS)
    assert connection.execute(query).fetchall() == [("v1", False), ("v3", False)]


def _add_channel(connection: duckdb.DuckDBPyConnection) -> None:
    if not connection.execute("select 1 from raw.catalog__channels").fetchall():
        connection.execute(
            "insert into raw.catalog__channels (channel_id, family_id, source, role, channel_kind) "
            "values (?, 'acme', 'github', 'sdk', 'tracker')",
            [CHANNEL.id],
        )


def _land(connection: duckdb.DuckDBPyConnection, pages: list[Page], up: Upstream) -> None:
    _add_channel(connection)
    seen = up.world.now.replace(tzinfo=None)
    rows = [
        (CHANNEL.id, row.key, row.source_time and row.source_time.replace(tzinfo=None), seen, row.body)
        for page in pages
        for row in page.rows
    ]
    fill(connection, "github__releases", rows)
    build_tables(connection, MODELS)


def _read(connection: duckdb.DuckDBPyConnection) -> list[Any]:
    return connection.execute("select * from staging.releases order by all").fetchall()
