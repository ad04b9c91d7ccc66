"""`heartbeat news`: the command with its options."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from pipelines.commands.terminal import DAY, Json, open_current_snapshot, out, say

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
    # Commands import their modules late, to keep `heartbeat --help` fast.
    from dataclasses import asdict

    from warehouse.news.items import list_links, load_news, select_news
    from warehouse.settings import read_settings

    settings = read_settings()
    snapshot = open_current_snapshot(settings)
    items = select_news(load_news(snapshot) or [], since=since.replace(tzinfo=UTC) if since else None)
    linked = [(item, list_links(item, settings.dashboard_address)) for item in items]
    if as_json:
        records = [
            asdict(item) | {"links": links, "as_of_at": f"{item.as_of_at.isoformat()}Z"} for item, links in linked
        ]
        print(json.dumps(records, indent=1))
        return
    if snapshot.is_sample:
        say(out, "made-up news of the sample world", "yellow")
    elif not items:
        say(out, "nothing has changed")
    shown = linked if since else linked[:FEW]
    for item, links in shown:
        say(out, f"{item.as_of_at:%Y-%m-%d} {item.headline}")
        for link in links:
            say(out, link, indent=11)
    if len(items) > len(shown):
        say(out, f"{len(items) - FEW:,} earlier: --since DAY lists them, and --json all")
