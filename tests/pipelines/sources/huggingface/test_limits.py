"""The Hub's limit for those without a token: said plainly, and every visit goes on where the last one ended."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from pipelines.http.errors import Throttled
from tests.pipelines.sources.github.visits import last
from tests.upstream import NOW, Upstream, faults
from tests.worlds.visits import make_visit

CHANNEL = Channel(
    source="huggingface", target="acme", role="hub", family="acme", models=("acme/Kit-7B", "acme/Kit-70B")
)
LIMIT = 9
"""Fewer requests than one batch of discussions takes."""


@pytest.fixture
def up() -> Iterator[Upstream]:
    """A Hub with some discussions."""
    with Upstream([CHANNEL], seed=3, threads=10, now=NOW) as upstream:
        for _ in range(16):
            upstream.world.model("acme/Kit-7B").board.open(who=3)
        yield upstream


def _visit(up: Upstream, stream: str, cursor: Any, **tokens: str) -> tuple[list[Page], str]:
    """The pages of a visit, and what it says if the limit ends it."""
    channel, pages = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)}), list[Page]()
    made = make_visit(channel, cursor, tokens=tokens, now=up.world.now)
    try:
        for page in sources.collect_stream("huggingface", stream, made):
            pages.append(page)
    except Throttled as error:
        return pages, str(error)
    return pages, ""


def test_visits_go_on_until_all_is_read_however_small_the_limit(up: Upstream) -> None:
    """Each brings what its window allows, nothing is asked for twice, and the user learns what to expect."""
    whole = {(row.stream, row.key) for page in _visit(up, "discussions", None)[0] for row in page.rows}
    up.hub_quota.nameless_limit = LIMIT
    up.forget()
    held, cursor, said = set[tuple[str, str]](), None, list[str]()
    for _ in range(8):
        up.hub_quota.forgive()
        pages, stated = _visit(up, "discussions", cursor)
        rows = {(row.stream, row.key) for page in pages for row in page.rows}
        assert rows - held or not stated
        held, cursor = held | rows, last(pages)
        said += [stated] if stated else []
        if not stated:
            break
    assert held == whole and 1 < len(said) < 6
    assert all(
        "without HF_TOKEN the Hub answers 500 requests in 5 minutes, with one 1,000" in stated for stated in said
    )
    assert all("asks to wait" in stated and "a later run will resume" in stated for stated in said)
    asked = Counter(one.path for one in up.requests if "diff=1" in one.path and one.status == 200)
    assert set(asked.values()) == {1}


@pytest.mark.parametrize("stream", ["models", "details"])
def test_a_token_is_named_only_to_those_who_have_none(up: Upstream, stream: str) -> None:
    """With one, the limit is the Hub's last word."""
    up.hub_quota.nameless_limit = up.hub_quota.limit = 0
    assert "without HF_TOKEN" in _visit(up, stream, None)[1]
    stated = _visit(up, stream, None, HF_TOKEN="hf_canary")[1]
    assert "429" in stated and "HF_TOKEN" not in stated


def test_a_list_of_discussions_that_lost_them_all_is_asked_again(up: Upstream) -> None:
    """Believed, its board would be complete without a thread, and its ETag would keep it so."""
    whole = {(row.stream, row.key) for page in _visit(up, "discussions", None)[0] for row in page.rows}

    def empty(stated: Any) -> Any:
        return {**stated, "discussions": []}

    rule = up.fail("hub", r"Kit-7B/discussions\?", faults.edited(empty))
    pages = _visit(up, "discussions", None)[0]
    rule.stop()
    assert pages[-1].passed_over is not None and list(pages[-1].passed_over.items) == ["acme/Kit-7B"]
    up.world.advance(2)
    again = _visit(up, "discussions", last(pages))[0]
    assert {(row.stream, row.key) for page in [*pages, *again] for row in page.rows} >= whole
    assert not again[-1].passed_over
