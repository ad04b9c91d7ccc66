"""Visits to sources whose answers are damaged: a few items of each, and what the visits bring of them."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from pipelines.http.errors import SourceError
from pipelines.sources import reddit
from tests.upstream import NOW, Upstream, faults
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
REPOSITORY = LISTS["issues"]
FURTHER = {"pulls": "pulls", "talks": "discussions", "releases": "releases"}
"""Further streams of the repository, by the names that the tests give them."""
Cursor = dict[str, Any]


def open_upstream() -> Upstream:
    """Makes an upstream with a few items of each source."""
    upstream = Upstream(LISTS.values(), seed=4, threads=8, now=NOW)
    for _ in range(5):
        upstream.world.model("acme/Kit-7B").board.open(who=3)
    return upstream


def name_host(thing: str) -> str:
    """Names the emulator's host of a source."""
    source = LISTS.get(thing, REPOSITORY).source
    return {"huggingface": "hub"}.get(source, source)


def visit(up: Upstream, thing: str, cursor: Cursor, weeks: int) -> tuple[list[Page], Cursor]:
    """A visit so many weeks later; any error that is none of the collector's own fails the test."""
    channel, pages = LISTS.get(thing, REPOSITORY), list[Page]()
    channel = channel.model_copy(update={"base_url": up.url(channel)})
    made = make_visit(channel, cursor, tokens=TOKENS, now=up.world.now + timedelta(weeks=weeks))
    try:
        for page in sources.collect_stream(channel.source, FURTHER.get(thing, thing), made):
            pages.append(page)
    except SourceError:
        pass
    kept = next((page.cursor for page in reversed(pages) if page.cursor), cursor)
    return pages, json.loads(json.dumps(kept))


def list_rows(pages: Iterable[Page]) -> set[tuple[str, str]]:
    """Lists the rows, by stream and key; each can be written."""
    return {(row.stream, row.key) for page in pages for row in page.rows if json.dumps(dict(row.body))}


def change_value(content: Any, place: tuple[Any, ...], value: Any) -> bool:
    """Puts a value in a place that exists; `*` is the first item that has the rest of it."""
    step, rest = place[0], place[1:]
    if step == "*":
        return any(change_value(content, (index, *rest), value) for index in range(len(content)))
    try:
        if not rest:
            content[step], _ = value, content[step]
            return True
        return change_value(content[step], rest, value)
    except (LookupError, TypeError):
        return False


def spoil_once(up: Upstream, thing: str, path: str, place: tuple[Any, ...], value: Any) -> list[str]:
    """Puts a value in the first answer at a path that has such a place; returns where, once that has happened."""
    spoiled: list[str] = []

    def spoil(request: Request, real: faults.Real) -> Response:
        response = real()
        content = None if spoiled or not response.body else json.loads(response.body)
        if content is None or not change_value(content, place, value):
            return response
        spoiled.append(request.target)
        return response.but(body=json.dumps(content).encode())

    up.fail(name_host(thing), path, spoil)
    return spoiled
