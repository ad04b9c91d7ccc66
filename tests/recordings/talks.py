"""Readers of the recordings of places where people talk: subreddits, forums, questions. For
`tests/recordings/claimed.py`."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.http.errors import Fatal
from tests.worlds.raw_server import RawServer, answer
from tests.worlds.visits import NOW, make_visit

REDDIT = {"REDDIT_CLIENT_ID": "i", "REDDIT_CLIENT_SECRET": "s"}
LISTS = re.compile(r"/r/(\w+)/(?:new|hot|top|rising|controversial|search)/?")
TREES = re.compile(r"/comments/(\w+)(?:/.*)?")


def _script(server: RawServer, address: str, *bodies: object) -> None:
    server.script[address] = [
        answer(200, json.dumps(body).encode(), {"content-type": "application/json"}) for body in bodies
    ]


def _told(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _rows(channel: dict[str, Any], thing: str, now: datetime = NOW, pages: int | None = None) -> int:
    made = Channel(**channel)
    visit = make_visit(made, tokens=REDDIT, now=now, since=datetime(2008, 1, 1, tzinfo=UTC))
    return sum(len(page.rows) for page in islice(sources.collect_stream(made.source, thing, visit), pages))


def topics(path: Path, server: RawServer) -> int:
    """A list of topics as the last page of all: each topic is then asked for, and gone."""
    stated = _told(path)
    stated["topic_list"].pop("more_topics_url", None)
    _script(server, "/latest.json", stated)
    return _forum(server)


def topic(path: Path, server: RawServer) -> int:
    """A topic with its posts, or further posts of one."""
    stated = _told(path)
    number = stated["id"]
    listed = {"id": number, "title": "t", "created_at": "2026-10-01T00:00:00Z", "bumped_at": "2026-11-01T00:00:00Z"}
    _script(server, "/latest.json", {"topic_list": {"topics": [listed]}})
    whole = {**listed, "post_stream": {"posts": [], "stream": [post["id"] for post in stated["post_stream"]["posts"]]}}
    _script(server, f"/t/{number}.json", stated if "title" in stated else whole)
    _script(server, f"/t/{number}/posts.json", {"post_stream": {"posts": []}} if "title" in stated else stated)
    return _forum(server) - ("title" not in stated)


def _forum(server: RawServer) -> int:
    return _rows({"source": "discourse", "target": "f.example", "role": "forum", "base_url": server.url("")}, "topics")


def questions(path: Path, server: RawServer) -> int:
    """A page of questions with their answers; no further one follows."""
    stated = _told(path)
    _script(server, "/filters/create", {"items": [{"filter": "f"}]})
    _script(server, "/search", stated, {"items": [], "has_more": False})
    channel = {
        "source": "stackexchange",
        "target": "stackoverflow",
        "role": "tag",
        "sections": ("python",),
        "base_url": server.url(""),
    }
    return _rows(channel, "questions")


def listing(path: Path, server: RawServer) -> int:
    """A list of posts as that of the newest ones."""
    return _newest(_told(path), server)


def cassette(path: Path, server: RawServer) -> int:
    """PRAW's recorded exchanges: lists of posts, and posts with their comments, are read; what our source never asks
    for brings nothing."""
    return sum(_tree(body, name, server) if name else _newest(body, server) for name, body in asked(path))


def asked(path: Path) -> Iterator[tuple[str, Any]]:
    """The answers in a recording of PRAW's that our source asks for: of a post with its name, of a list of posts
    without one."""
    for one in _told(path)["interactions"]:
        place = re.sub(r"^https://[^/]+|\?.*", "", one["request"]["uri"])
        found = TREES.fullmatch(place)
        if (
            one["request"]["method"] == "GET"
            and one["response"]["status"]["code"] == 200
            and (found or LISTS.fullmatch(place))
        ):
            yield (
                found[1] if found else "",
                json.loads(one["response"]["body"]["string"].replace("<TEST_SUBREDDIT>", "a_subreddit")),
            )


def _newest(stated: Any, server: RawServer, pages: int = 1) -> int:
    """What a visit makes of a list, at the time at which it was recorded; a refusal of it counts as one."""
    posts = [one["data"] for one in stated["data"]["children"]]
    _script(
        server, "/api/v1/access_token", {"access_token": "t", "token_type": "bearer", "expires_in": 3600, "scope": "*"}
    )
    stated["data"] |= {
        "after": None,
        "children": sorted(stated["data"]["children"], key=lambda one: -one["data"]["created_utc"]),
    }
    names = {post["subreddit"] for post in posts}
    _script(server, f"/r/{min(names)}/new", stated)
    now = datetime.fromtimestamp(max(post["created_utc"] for post in posts), UTC) + timedelta(hours=1)
    channel = {"source": "reddit", "target": min(names), "role": "subreddit", "base_url": server.url("")}
    if len(names) > 1:
        with pytest.raises(Fatal, match="no such subreddit"):
            _rows(channel, "posts", now, pages)
        return 1
    rows = _rows(channel, "posts", now, pages)
    # What only links elsewhere asks nothing, and what is deleted is gone: neither is kept.
    return rows if any(post["is_self"] and post["author"] != "[deleted]" for post in posts) else 1 - rows


def _tree(stated: Any, name: str, server: RawServer) -> int:
    """A post with its comments, asked for because the list has it."""
    _script(server, f"/comments/{name}/", stated)
    return _newest(stated[0], server, pages=2)
