"""`heartbeat news`: the command with its options."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.terminal import DAY, Json, open_current_snapshot, out, say

if TYPE_CHECKING:
    from warehouse.news.items import NewsItem

FEW = 30
"""Items that are printed unless a day or all are asked for."""


def news(
    since: Annotated[
        datetime | None,
        typer.Option(formats=DAY, metavar="DAY", help="Only changes in the data of this day and later."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Print what changed. The newest comes first: ends, verdicts, prices."""
    from warehouse.news.reader import load_news, select_news
    from warehouse.settings import read_settings

    settings = read_settings()
    snapshot = open_current_snapshot(settings)
    items = load_news(snapshot) or []
    chosen = select_news(items, since=since.replace(tzinfo=UTC) if since else None)
    if as_json:
        print(json.dumps([_to_record(item, settings.dashboard_address) for item in chosen], indent=1, default=str))
        return
    if snapshot.is_sample:
        say(out, "the sample world is made up and makes no news", "yellow")
    elif not items:
        say(out, "no news yet: it begins with the next published version")
    elif not chosen:
        say(out, "nothing like that has changed")
    shown = chosen if since else chosen[:FEW]
    _print_items(shown, settings.dashboard_address)
    if len(chosen) > len(shown):
        say(out, f"{len(chosen) - len(shown):,} earlier: --since DAY lists them, and --json all")


def _print_items(shown: "list[NewsItem]", address: str) -> None:
    from warehouse.news.reader import list_links

    for item in shown:
        note = " (ours)" if item.is_restated else ""
        say(out, f"{item.as_of_at:%Y-%m-%d} {item.headline}{note}")
        for link in list_links(item, address):
            say(out, link, indent=11)


def _to_record(item: "NewsItem", address: str) -> dict[str, object]:
    from warehouse.news.reader import list_links

    return {
        "number": item.number, "id": item.news_id, "kind": item.kind, "families": list(item.family_ids),
        "headline": item.headline, "as_of_at": item.as_of_at.isoformat() + "Z", "is_ours": item.is_restated,
        "page": item.page, "links": list_links(item, address),
    }  # fmt: skip
