"""The Atom feed of the news as the dashboard serves it: that of the snapshot which its pages show."""

from collections.abc import Sequence
from hashlib import sha256

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboards.frame import snapshot_reader
from warehouse.database import WarehouseError
from warehouse.guesses import advise
from warehouse.news.feed import render_feed
from warehouse.news.reader import load_news

NONE = "There is no news to follow here: nothing is published yet, or only the sample world, which is made up.\n"


async def send_feed(request: Request) -> Response:
    """Answers with the feed, of the families that the address names or of all, or that the reader has it already."""
    text, fault = await run_in_threadpool(render_shown_feed, request.query_params.getlist("family"))
    if fault:
        return PlainTextResponse(fault, 404)
    tag = f'"{sha256(text.encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "max-age=300"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(text, media_type="application/atom+xml", headers=headers)


def render_shown_feed(asked: Sequence[str]) -> tuple[str, str]:
    """Renders the feed of the snapshot that readers see; else says why there is none."""
    try:
        snapshot = snapshot_reader.newest_snapshot()
    except WarehouseError:
        return "", NONE
    items = load_news(snapshot) if snapshot and not snapshot.is_sample else None
    if snapshot is None or items is None:
        return "", NONE
    titles = {family["family_id"]: family["title"] for family in snapshot_reader.load_families(snapshot)}
    for family in asked:
        if family not in titles:
            return "", f"There is no family {family[:60]!r} here: {advise(family[:60], titles)}\n"
    families = {family: titles[family] for family in sorted(set(asked))}
    return render_feed(snapshot, items, snapshot_reader.read_environment().dashboard_address, families), ""
