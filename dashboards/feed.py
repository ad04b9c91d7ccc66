"""The Atom feed of the news as the dashboard serves it: that of the snapshot which its pages show."""

from hashlib import sha256

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboards.frame import snapshot_reader
from warehouse.database import WarehouseError
from warehouse.news.feed import render_feed
from warehouse.news.reader import load_news

NONE = "There is no news to follow here: nothing is published yet, or only the sample world, which is made up.\n"


async def send_feed(request: Request) -> Response:
    """Answers with the feed, or that the reader has it already."""
    text = await run_in_threadpool(render_shown_feed)
    if not text:
        return PlainTextResponse(NONE, 404)
    tag = f'"{sha256(text.encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "max-age=300"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(text, media_type="application/atom+xml", headers=headers)


def render_shown_feed() -> str:
    """Renders the feed of the snapshot that readers see; empty where it makes no news."""
    try:
        snapshot = snapshot_reader.newest_snapshot()
    except WarehouseError:
        return ""
    if snapshot is None or snapshot.is_sample:
        return ""
    items = load_news(snapshot)
    return "" if items is None else render_feed(snapshot, items, snapshot_reader.read_address())
