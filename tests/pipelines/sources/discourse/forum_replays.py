"""Serves recorded answers of Discourse and of Stack Exchange at the addresses that the sources ask, and has the sources
read them."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from tests.worlds.visits import make_visit

SINCE = datetime(2010, 1, 1, tzinfo=UTC)
ANY = re.compile(".*")


def discourse(path: Path) -> list[Page]:
    """What the source makes of a recording: of a list as a list, of a topic or of posts as of a topic that a list
    names."""
    recorded = json.loads(path.read_text(encoding="utf-8"))

    def answer(request: Request) -> Response:
        place = request.path.removeprefix("/")
        if place == "latest.json":
            page = int(request.args.get("page", 0))
            return _json(_list_of(recorded) if page == 0 else {"topic_list": {"topics": []}})
        if place.startswith("t/") and "post_stream" in recorded:
            wanted = {int(one) for one in request.args.getlist("post_ids[]")}
            return _json(
                _topic_of(recorded, wanted)
                if place.endswith("posts.json")
                else {**_head(recorded), **recorded, **_first(recorded)}
            )
        return Response("", 404)

    return _visit(answer, Channel(source="discourse", target="forum.example.org", role="forum", family="x"), "topics")


def _head(recorded: dict[str, Any]) -> dict[str, Any]:
    """What a topic says of itself, for recordings of posts alone."""
    return {"title": "A topic", "slug": "a-topic", "created_at": recorded["post_stream"]["posts"][0]["created_at"]}


def _list_of(recorded: Any) -> Any:
    if not isinstance(recorded, dict) or "post_stream" not in recorded:
        return recorded
    topic = {**_head(recorded), "id": recorded["id"], "bumped_at": recorded["post_stream"]["posts"][-1]["created_at"]}
    return {"topic_list": {"topics": [topic | {"posts_count": len(recorded["post_stream"]["posts"])}]}}


def _first(recorded: dict[str, Any]) -> dict[str, Any]:
    """The first answer holds twenty posts and the numbers of all."""
    posts, stream = recorded["post_stream"]["posts"], recorded["post_stream"].get("stream")
    return {"post_stream": {"posts": posts[:20], "stream": stream or [post["id"] for post in posts]}}


def _topic_of(recorded: dict[str, Any], wanted: set[int]) -> dict[str, Any]:
    return {
        "post_stream": {"posts": [post for post in recorded["post_stream"]["posts"] if post["id"] in wanted]},
        "id": recorded["id"],
    }


def stackexchange(path: Path, following: Path | None = None) -> list[Page]:
    """What the source makes of a recorded page of questions; `following` is the page that comes after it."""
    pages = [json.loads(one.read_text(encoding="utf-8")) for one in (path, following) if one]
    asked: list[str] = []

    def answer(request: Request) -> Response:
        if request.path.endswith("/filters/create"):
            return _json(
                {"items": [{"filter": "!recorded"}], "has_more": False, "quota_max": 10000, "quota_remaining": 9990}
            )
        asked.append(request.path)
        return _json(pages[min(len(asked), len(pages)) - 1])

    channel = Channel(
        source="stackexchange", target="stackoverflow", role="tag", family="x", sections=("api",), official=False
    )
    return _visit(answer, channel, "questions")


def _json(value: Any) -> Response:
    return Response(json.dumps(value), content_type="application/json")


def _visit(answer: Any, channel: Channel, thing: str) -> list[Page]:
    with HTTPServer() as server:
        server.expect_request(ANY).respond_with_handler(answer)
        made = channel.model_copy(update={"base_url": server.url_for("").rstrip("/")})
        return list(sources.collect_stream(channel.source, thing, make_visit(made, since=SINCE)))
