"""The Atom feed of the news as the dashboard serves it: that of the snapshot which its pages show."""

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboards.frame import snapshot_reader
from warehouse.database import WarehouseError
from warehouse.news.feed import render_feed
from warehouse.news.items import load_news

NONE = "There is no news to follow here: nothing is published yet, or only the sample world, which is made up.\n"


async def send_feed(request: Request) -> Response:
    """Answers with the feed, of the families that the address names or of all."""
    text, fault = await run_in_threadpool(_render_shown_feed, request.query_params.getlist("family"))
    if fault:
        return PlainTextResponse(fault, 404)
    return Response(text, media_type="application/atom+xml", headers={"Cache-Control": "max-age=300"})


def _render_shown_feed(asked: Sequence[str]) -> tuple[str, str]:
    """Renders the feed of the snapshot that readers see; else says why there is none."""
    try:
        snapshot = snapshot_reader.newest_snapshot()
    except WarehouseError:
        return "", NONE
    items = load_news(snapshot) if snapshot and not snapshot.is_sample else None
    if snapshot is None or items is None:
        return "", NONE
    titles = {family["family_id"]: family["title"] for family in snapshot_reader.load_families(snapshot)}
    if unknown := set(asked) - titles.keys():
        return "", f"There is no family {min(unknown)[:60]!r} here.\n"
    families = {family: titles[family] for family in sorted(set(asked))}
    return render_feed(snapshot, items, snapshot_reader.read_environment().dashboard_address, families), ""
