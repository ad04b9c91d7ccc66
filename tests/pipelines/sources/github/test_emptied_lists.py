"""Lists that lost their items, and items in the place of others: never believed where another answer shows better."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from pipelines import sources
from pipelines.contract import Page
from pipelines.http.errors import Fatal, TokenWanted
from pipelines.passed_over import UNNAMED
from tests.pipelines.sources.github.visits import CHANNEL, collect, held, keys, last, passed, truth
from tests.upstream import NOW, Upstream, faults
from tests.upstream.messages import Request, Response
from tests.worlds.visits import make_visit


@pytest.fixture(scope="module")
def world() -> Iterator[Upstream]:
    """A repository of some issues, with releases."""
    with Upstream([CHANNEL], seed=5, threads=30, now=NOW) as upstream:
        yield upstream


@pytest.fixture
def up(world: Upstream) -> Iterator[Upstream]:
    """The same, with nothing spoiled and nothing noted."""
    world.forget()
    world.forgive()
    yield world
    world.forgive()


def _anonymous(up: Upstream, thing: str, cursor: Any = None) -> list[Page]:
    """A visit without a token."""
    channel = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})
    pages: list[Page] = []
    with suppress(TokenWanted):
        made = make_visit(channel, cursor, tokens={}, now=up.world.now)
        for page in sources.collect_stream("github", thing, made):
            pages.append(page)  # noqa: PERF402 (what came before the end counts)
    return pages


def test_an_item_that_comes_in_the_place_of_another_is_refused(up: Upstream) -> None:
    """Taken for the one asked for, it would leave that one out for good."""
    wanted, other = keys(collect(up, "releases"))[1:3]
    cursor = last(collect(up, "releases")) | {"passed_over": {wanted: [1, 0, "unexpected shape"]}}

    def exchange(stated: Any) -> Any:
        return {**stated, "id": int(other)}

    rule = up.fail("github", f"/releases/{wanted}$", faults.edited(exchange))
    pages = collect(up, "releases", cursor)
    rule.stop()
    assert passed(pages) == [wanted] and other not in keys(pages)
    assert "unexpected shape" in last(pages)["passed_over"][wanted]


def test_an_empty_feed_of_releases_is_asked_again(up: Upstream) -> None:
    """Its ETag would say "unchanged" until the next release."""
    rule = up.fail("github", "/releases", _without_entries)
    first = _anonymous(up, "releases")
    rule.stop()
    assert keys(first) == []
    again = _anonymous(up, "releases", last(first))
    assert keys(again) and _anonymous(up, "releases", last(again))[0].is_unchanged


def _without_entries(request: Request, real: faults.Real) -> Response:
    response = real()
    head, _, rest = response.body.partition(b"<entry>")
    return response.but(body=head + rest.rpartition(b"</entry>")[2])


def test_a_further_page_of_releases_that_is_empty_is_read_again(up: Upstream) -> None:
    """A page that another one names as the next has releases."""
    whole = keys(collect(up, "releases"))

    def split(request: Request, real: faults.Real) -> Response:
        if "page=2" in request.target:
            return faults.edited(lambda _: [])(request, real)
        link = f'<{request.base}{request.path}?per_page=100&page=2>; rel="next"'
        return faults.edited(lambda stated: stated[:3])(request, real).plus(link=link)  # type: ignore[index]

    rule = up.fail("github", "/releases", split)
    first = collect(up, "releases")
    rule.stop()
    assert (keys(first), passed(first)) == (whole[:3], [UNNAMED])
    again = collect(up, "releases", last(first))
    assert (keys(again), passed(again)) == (whole, [UNNAMED])
    up.world.advance(1)
    assert passed(collect(up, "releases", last(again) | {"etag": None})) == []


@pytest.mark.parametrize(("lost", "left"), [([], 0), ([None], 0), ([None], 1)])
def test_an_issue_whose_page_of_comments_lost_some_is_asked_again(up: Upstream, lost: list[None], left: int) -> None:
    """It would look as if nobody had answered; a page without items has no end to name."""
    spoiled: list[int] = []

    def empty(stated: Any) -> Any:
        nodes = (stated["data"]["repository"].get("issues") or {}).get("nodes", [])
        for node in nodes:
            if not spoiled and node.get("comments", {}).get("totalCount", 0) > left:
                spoiled.append(node["number"])
                node["comments"]["nodes"] = [*node["comments"]["nodes"][:left], *lost]
        return stated

    rule = up.fail("github", "/graphql", faults.edited(empty))
    first = collect(up, "issues")
    rule.stop()
    assert passed(first) == [str(number) for number in spoiled] and len(spoiled) == 1
    up.world.advance(2)
    again = collect(up, "issues", last(first))
    assert held(first, again) == truth(up.world.repository("acme/kit")) and passed(again) == []


@pytest.mark.parametrize("path", [r"/issues\?", "/issues/comments"])
def test_without_a_token_an_empty_page_is_refused_where_the_other_shows_better(up: Upstream, path: str) -> None:
    """The visit keeps nothing, and the next one reads both pages."""
    whole = held(_anonymous(up, "issues"))
    rule = up.fail("github", path, faults.edited(lambda _: []))
    with pytest.raises(Fatal, match="although its other list shows some"):
        _anonymous(up, "issues")
    rule.stop()
    assert held(_anonymous(up, "issues")) == whole and whole
