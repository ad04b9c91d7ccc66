"""`heartbeat news`: the command with its options."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.terminal import DAY, Json, open_current_snapshot, out, say

if TYPE_CHECKING:
    from warehouse.news.items import NewsItem

FEW = 30
"""Items that are printed unless a day is asked for."""


def news(
    since: Annotated[
        datetime | None,
        typer.Option(formats=DAY, metavar="DAY", help="Only changes in the data of this day and later."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Print what changed. The newest comes first: ends, verdicts, prices."""
    from warehouse.news.items import load_news, select_news
    from warehouse.settings import read_settings

    address = read_settings().dashboard_address
    snapshot = open_current_snapshot(read_settings())
    items = select_news(load_news(snapshot) or [], since=since.replace(tzinfo=UTC) if since else None)
    if as_json:
        print(json.dumps([_make_record(item, address) for item in items], indent=1))
    elif snapshot.is_sample:
        say(out, "the sample world is made up and makes no news", "yellow")
    elif not items:
        say(out, "nothing has changed")
    else:
        _print_items(items if since else items[:FEW], address)
        if len(items) > FEW and not since:
            say(out, f"{len(items) - FEW:,} earlier: --since DAY lists them, and --json all")


def _print_items(items: "list[NewsItem]", address: str) -> None:
    from warehouse.news.items import list_links

    for item in items:
        say(out, f"{item.as_of_at:%Y-%m-%d} {item.headline}")
        for link in list_links(item, address):
            say(out, link, indent=11)


def _make_record(item: "NewsItem", address: str) -> dict[str, object]:
    from dataclasses import asdict

    from warehouse.news.items import list_links

    return asdict(item) | {"as_of_at": item.as_of_at.isoformat() + "Z", "links": list_links(item, address)}
