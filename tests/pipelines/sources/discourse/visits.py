"""Visits to an emulated forum, and what the world that they visit truly holds."""

import json
from typing import Any

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from tests.upstream import Upstream
from tests.upstream.sites.discourse import Forum
from tests.worlds.visits import make_visit

CHANNEL = Channel(source="discourse", target="forum.example.org", role="forum", family="acme", groups=("acme-team",))
Held = dict[str, dict[str, Any]]


def collect(up: Upstream, cursor: Any = None, channel: Channel = CHANNEL, **more: Any) -> list[Page]:
    """One visit: all its pages."""
    own = channel.model_copy(update={"base_url": up.url(channel)})
    return list(
        sources.collect_stream("discourse", "topics", make_visit(own, cursor, **({"now": up.world.now} | more)))
    )


def keep(pages: list[Page], held: dict[str, Held]) -> Any:
    """Adds what a visit brought to what a warehouse would hold; gives the cursor as the landing zone would."""
    for row in (row for page in pages for row in page.rows):
        held.setdefault(row.stream or "topics", {})[row.key] = dict(row.body)
    return json.loads(json.dumps(pages[-1].cursor))


def truth(forum: Forum) -> dict[str, tuple[int, bool | None, str]]:
    """Of every listed topic: how many replies it has, whether one was accepted, and its state."""
    return {
        str(one.number): (
            len(one.replies),
            (one.accepted is not None) if forum.is_solved else None,
            "open" if one.thread.is_open else "closed",
        )
        for one in forum.topics()
    }


def stated(held: dict[str, Held]) -> dict[str, tuple[int, bool | None, str]]:
    """The same of what is held; topics that are gone excluded."""
    replies: dict[int, int] = {}
    for post in held.get("posts", {}).values():
        replies[post["number"]] = replies.get(post["number"], 0) + 1
    return {
        key: (replies.get(int(key), 0), body["has_accepted"], body["state"])
        for key, body in held["topics"].items()
        if body["state"] != "gone"
    }
