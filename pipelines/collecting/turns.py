"""The turns of what is asked without GITHUB_TOKEN: which channels share its 60 requests an hour, and who comes first.

Files of changelogs come first, as they need one request a folder; then each family's flagship tracker; then all others.
Within each group whoever was read longest ago comes first, so that a run resumes where the last hour's requests ended;
flagships that were never read come in the order of the catalog, as an hour may not suffice for all of them.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from pipelines.catalog.entries import Channel
from pipelines.http.anonymous import ASSUMED, is_counted
from warehouse.landing import Zone, read_newest_manifest

TOKEN = "GITHUB_TOKEN"  # noqa: S105 (the name of a setting)
TRACKER_REQUESTS = 2
"""Requests that reading a flagship takes: its issues and their comments."""
MOST_RESERVED = ASSUMED - 4
"""Requests kept for flagships, at most: some are left for the files of changelogs, which are read before them."""
Turn = tuple[int, str, str]
FindTurn = Callable[[Channel], Turn | None]
"""Returns the turn of a channel that shares the allowance without a token; None for any other channel."""


def asks_github(channel: Channel) -> bool:
    """Tells whether visiting a channel takes requests to GitHub's REST interface."""
    return channel.source == "github" or is_counted(channel.base_url, {})


def make_turns(tokens: Collection[str], flagships: Collection[str], zone: Zone | None) -> FindTurn:
    """Makes the function that finds a channel's turn; with GITHUB_TOKEN no channel takes turns.

    `zone`: the landing zone that tells who was read when; None where it does not matter.
    """
    if TOKEN in tokens:
        return lambda _: None
    places = {channel_id: f"{place:04}" for place, channel_id in enumerate(flagships)}

    def find_turn(channel: Channel) -> Turn | None:
        if not asks_github(channel):
            return None
        group = 0 if channel.source != "github" else 1 if channel.id in places else 2
        manifest = read_newest_manifest(zone, channel.id) if zone else None
        return group, _find_last_turn(manifest.cursors if manifest else {}), places.get(channel.id, channel.id)

    return find_turn


def _find_last_turn(cursors: Mapping[str, Mapping[str, Any]]) -> str:
    """Finds when a channel was last read without a token; empty for never."""
    asked = [cursors.get("issues", {}).get("anonymous"), cursors.get("repositories")]
    return max((str(cursor.get("updated_at") or "") for cursor in asked if isinstance(cursor, Mapping)), default="")


def count_reserve(tokens: Collection[str], channels: Collection[str], flagships: Collection[str]) -> int:
    """Counts the requests to keep for the flagships among a run's channels (IDs)."""
    return 0 if TOKEN in tokens else min(TRACKER_REQUESTS * len(set(channels) & set(flagships)), MOST_RESERVED)
