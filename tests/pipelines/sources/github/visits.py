"""Visits to an emulated GitHub, and what the world that they visit truly holds."""

import json
from datetime import UTC, datetime
from typing import Any

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from pipelines.text import values
from tests.upstream import Upstream
from tests.upstream.world.repositories import Repository
from tests.upstream.world.threads import Thread
from tests.worlds.visits import make_visit

CHANNEL = Channel(source="github", target="acme/kit", role="sdk", family="acme")
TOKEN = "ghp_canary0123456789"
TOKENS = {"GITHUB_TOKEN": TOKEN}
GRAPHQL = "^/graphql"
Truth = dict[int, tuple[str, int]]


def collect(up: Upstream, thing: str = "issues", cursor: Any = None, **more: Any) -> list[Page]:
    """One visit: all its pages."""
    channel = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})
    given: dict[str, Any] = {"tokens": TOKENS, "now": up.world.now} | more
    return list(sources.collect_stream("github", thing, make_visit(channel, cursor, **given)))


def keys(pages: list[Page], thing: str = "") -> list[str]:
    return [row.key for page in pages for row in page.rows if row.stream == thing]


def held(*visits: list[Page]) -> Truth:
    """What a warehouse would hold: by number, when it changed last and how many comments it has; the newest wins."""
    issues: dict[int, str] = {}
    comments: dict[int, set[str]] = {}
    for row in (row for pages in visits for page in pages for row in page.rows):
        number = row.body["number"]
        if row.stream == "comments":
            comments.setdefault(number, set()).add(row.key)
        else:
            issues[number] = max(issues.get(number, ""), str(values.format_instant(row.source_time)))
    return {number: (changed, len(comments.get(number, ()))) for number, changed in issues.items()}


def truth(repo: Repository) -> Truth:
    """What the world holds now."""
    threads = [Thread(repo, index) for index in range(repo.tracker.size) if index not in repo.tracker.deleted]
    issues = [thread for thread in threads if not thread.is_pull]
    return {one.number: (_instant(one.updated), len(repo.tracker.comments(one.index))) for one in issues}


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def passed(pages: list[Page]) -> list[str]:
    """The keys of what a visit skips."""
    assert pages[-1].passed_over is not None
    return list(pages[-1].passed_over.items)


def last(pages: list[Page]) -> Any:
    """The cursor as the landing zone would give it back."""
    return json.loads(json.dumps(pages[-1].cursor))
