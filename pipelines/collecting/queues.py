"""The queues of a run: channels that share a host are visited one after another."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.collecting.turns import FindTurn, Turn

PARALLEL = {"github": 3, "huggingface": 2}
MISSED = 1.5
"""Cadences without a visit after which a channel counts as left over from a run that ended early."""


def make_queues(
    channels: Iterable[Channel],
    find_turn: FindTurn = lambda _: None,
    last_visits: Mapping[str, datetime] | None = None,
    now: datetime | None = None,
) -> list[list[Channel]]:
    """Groups channels that share a host into queues to visit one after another.

    Those visited longest ago come first. Queues with some left over from an earlier run start first, then the longest.
    Channels that share an allowance without a token form one queue per host, the last to start, in their turns.
    """
    by_host: dict[tuple[str, str], list[Channel]] = {}
    in_turns: dict[str, list[tuple[Turn, Channel]]] = {}
    visited, never = last_visits or {}, datetime.min.replace(tzinfo=UTC)
    for channel in sorted(channels, key=lambda channel: visited.get(channel.id, never)):
        turn, host = _find_place(channel, find_turn)
        if turn:
            in_turns.setdefault(host, []).append((turn, channel))
        else:
            by_host.setdefault((channel.source, host), []).append(channel)
    lanes = [
        same[lane :: PARALLEL.get(source, 1)]
        for (source, _), same in by_host.items()
        for lane in range(PARALLEL.get(source, 1))
    ]

    def find_rank(lane: list[Channel]) -> tuple[bool, int]:
        last = visited.get(lane[0].id)
        is_left_over = not (last and now) or now - last > MISSED * timedelta(hours=lane[0].cadence_hours)
        # The longest queue sets the run's duration, so it starts first.
        return not is_left_over, -len(lane)

    by_turn = [[channel for _, channel in sorted(same, key=lambda pair: pair[0])] for same in in_turns.values()]
    return sorted(filter(None, lanes), key=find_rank) + sorted(by_turn, key=len, reverse=True)


def _find_place(channel: Channel, find_turn: FindTurn) -> tuple[Turn | None, str]:
    """Finds a channel's turn and host; one of which these cannot be told stands alone, and its visit says why."""
    try:
        return find_turn(channel), find_host(channel)
    except Exception:
        return None, channel.id


def find_host(channel: Channel) -> str:
    """Returns the host and port of a channel's requests, from the catalog or else from its source."""
    default = getattr(sources.load_source(channel.source), "BASE_URL", f"https://{channel.target}")
    return urlsplit(channel.base_url or default).netloc.rpartition("@")[2]
