"""The queues of a run: channels that share a host are visited one after another.

Without GITHUB_TOKEN, the channels that ask GitHub share 60 requests an hour and form one queue. Changelogs come first,
as they need one request a folder; then each family's flagship tracker; then all others. Within each group, what was
read longest ago comes first, so that a run resumes where the last hour's requests ended.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.http.anonymous import ASSUMED, is_counted
from warehouse.landing import Zone, read_newest_manifest

TOKEN = "GITHUB_TOKEN"  # noqa: S105 (the name of a setting)
TRACKER_REQUESTS = 2
"""Requests that reading a flagship takes: its issues and their comments."""
MOST_RESERVED = ASSUMED - 4
"""Requests kept for flagships, at most: some are left for the changelogs, which are read before them."""
PARALLEL = {"github": 3, "huggingface": 2}
Turn = tuple[int, str, str]
"""The group of a channel that shares the allowance without a token, when it was last read, and its place."""
FindTurn = Callable[[Channel], Turn | None]


def find_turn(channel: Channel, flagships: Sequence[str], zone: Zone) -> Turn | None:
    """Finds the turn of a channel that shares the allowance without a token; None for any other channel."""
    if channel.source != "github" and not is_counted(channel.base_url, {}):
        return None
    is_flagship = channel.id in flagships
    group = 0 if channel.source != "github" else 1 if is_flagship else 2
    manifest = read_newest_manifest(zone, channel.id)
    place = f"{flagships.index(channel.id):04}" if is_flagship else channel.id
    return group, _find_last_turn(manifest.cursors if manifest else {}), place


def _find_last_turn(cursors: Mapping[str, Mapping[str, Any]]) -> str:
    """Finds when a channel was last read without a token; empty for never."""
    asked = [cursors.get("issues", {}).get("anonymous"), cursors.get("repositories")]
    return max((str(cursor.get("updated_at") or "") for cursor in asked if isinstance(cursor, Mapping)), default="")


def make_queues(
    channels: Iterable[Channel],
    find_own_turn: FindTurn = lambda _: None,
    last_visits: Mapping[str, datetime] | None = None,
) -> list[list[Channel]]:
    """Groups channels that share a host into queues to visit one after another, the longest first.

    In each, those visited longest ago come first. Channels that share an allowance without a token form one queue per
    host, the last to start, in their turns.
    """
    by_host: dict[tuple[str, str], list[Channel]] = {}
    in_turns: dict[str, list[tuple[Turn, Channel]]] = {}
    visited, never = last_visits or {}, datetime.min.replace(tzinfo=UTC)
    for channel in sorted(channels, key=lambda channel: visited.get(channel.id, never)):
        turn, host = _find_place(channel, find_own_turn)
        if turn:
            in_turns.setdefault(host, []).append((turn, channel))
        else:
            by_host.setdefault((channel.source, host), []).append(channel)
    lanes = [
        same[lane :: PARALLEL.get(source, 1)]
        for (source, _), same in by_host.items()
        for lane in range(PARALLEL.get(source, 1))
    ]
    by_turn = [[channel for _, channel in sorted(same, key=lambda pair: pair[0])] for same in in_turns.values()]
    return sorted(filter(None, lanes), key=len, reverse=True) + sorted(by_turn, key=len, reverse=True)


def _find_place(channel: Channel, find_own_turn: FindTurn) -> tuple[Turn | None, str]:
    """Finds a channel's turn and host; one whose source cannot be loaded gets a queue of its own."""
    try:
        return find_own_turn(channel), find_host(channel)
    except Exception:
        return None, channel.id


def find_host(channel: Channel) -> str:
    """Returns the host and port of a channel's requests, from the catalog or else from its source."""
    default = getattr(sources.load_source(channel.source), "BASE_URL", f"https://{channel.target}")
    return urlsplit(channel.base_url or default).netloc.rpartition("@")[2]
