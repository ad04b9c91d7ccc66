"""Damaged answers of any kind: no bug, no row that is no JSON, and every item comes once the source answers again."""

import json
import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from pipelines.http import waits
from pipelines.http.errors import SourceError
from pipelines.sources import reddit
from tests.upstream import NOW, Upstream, faults
from tests.upstream.damage import damage
from tests.upstream.messages import Request, Response
from tests.worlds.visits import make_visit

TOKENS = {"GITHUB_TOKEN": "ghp_canary", "REDDIT_CLIENT_ID": "app", "REDDIT_CLIENT_SECRET": "secret"}
LISTS = {
    "topics": Channel(source="discourse", target="forum.example.org", role="forum", family="acme"),
    "discussions": Channel(source="huggingface", target="acme", role="hub", family="acme", models=("acme/Kit-7B",)),
    "posts": Channel(
        source="reddit", target="KitAI", role="subreddit", official=False, family="acme", terms=reddit.TERMS
    ),
    "questions": Channel(
        source="stackexchange", target="stackoverflow", role="tag", family="acme", official=False, sections=("a", "b")
    ),
    "issues": Channel(source="github", target="acme/kit", role="sdk", family="acme"),
}


@pytest.fixture(scope="module")
def up() -> Iterator[Upstream]:
    """A few items of each source."""
    with Upstream(LISTS.values(), seed=4, threads=8, now=NOW) as upstream:
        for _ in range(5):
            upstream.world.model("acme/Kit-7B").board.open(who=3)
        yield upstream


@pytest.fixture(autouse=True)
def _without_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waits, "choose_backoff", lambda attempt: 0.0)


def _visit(up: Upstream, thing: str, cursor: dict[str, object], weeks: int) -> tuple[list[Page], dict[str, object]]:
    """A visit so many weeks later; any error that is none of the collector's own fails the test."""
    channel, pages = LISTS[thing].model_copy(update={"base_url": up.url(LISTS[thing])}), list[Page]()
    visit = make_visit(channel, cursor, tokens=TOKENS, now=up.world.now + timedelta(weeks=weeks))
    try:
        for page in sources.collect_stream(channel.source, thing, visit):
            pages.append(page)
    except SourceError:
        pass
    kept = next((page.cursor for page in reversed(pages) if page.cursor), cursor)
    return pages, json.loads(json.dumps(kept))


def _keys(pages: list[Page]) -> set[str]:
    return {row.key for page in pages for row in page.rows if row.stream == "" and json.dumps(dict(row.body))}


@pytest.mark.parametrize("thing", LISTS)
@settings(deadline=None, max_examples=2, phases=(Phase.explicit, Phase.generate))
@given(seed=st.integers(0, 10**9))
def test_damaged_answers_cost_nothing_once_they_are_whole_again(up: Upstream, thing: str, seed: int) -> None:
    """Whatever was damaged comes by its number or in its list; what came beside it was kept."""
    chance = random.Random(seed)

    def spoil(request: Request, real: faults.Real) -> Response:
        response = real()
        is_spoiled = "access_token" not in request.path and chance.random() < 0.4
        return response.but(body=damage(response.body, chance)) if is_spoiled and response.body else response

    source = LISTS[thing].source
    whole = _keys(_visit(up, thing, {}, 0)[0])
    rule = up.fail({"huggingface": "hub"}.get(source, source), None, spoil)
    held, cursor = set[str](), dict[str, object]()
    for week in range(6):
        if week == 2:
            rule.stop()
        up.forgive()
        pages, cursor = _visit(up, thing, cursor, week * 2)
        held |= _keys(pages)
    assert len(whole) > 3
    if source != "github":  # there the stream `gaps` reads what a list brought without its number
        assert whole <= held
