"""What is collected: the shipped catalog as it is, with many more families, and with all models of the Hub."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import Catalog
from pipelines.collecting.due import LEAST_JITTER

ASSUMED: dict[str, Any] = tomllib.loads(Path(__file__).with_name("assumed.toml").read_text(encoding="utf-8"))
HOURS, DAYS = 730.0, 730.0 / 24
"""A month."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """Channels, each with how many of its kind there are, and models of the Hub beside those of its channels."""

    name: str
    entries: float
    """Families and hosts."""
    channels: tuple[tuple[Channel, float], ...]
    listed_models: int = 0
    """Read once a day from one list of all."""
    tracked_models: int = 0
    """Read once a day one by one, with their discussions, as a family's models are."""

    @property
    def sources(self) -> list[str]:
        """The sources that its channels have."""
        return sorted({channel.source for channel, _ in self.channels})

    def list_channels(self, source: str) -> list[Channel]:
        """Lists the channels of a source, each once."""
        return [channel for channel, _ in self.channels if channel.source == source]

    def count_channels(self) -> float:
        """Counts its channels."""
        return sum(count for _, count in self.channels)


def count_visits(channel: Channel) -> float:
    """Counts a channel's visits in a month; a run starts when the first of its source has waited for its jitter."""
    return HOURS / (channel.cadence_hours * (1 + LEAST_JITTER))


def count_runs(channels: Iterable[Channel]) -> float:
    """Counts the runs of one source in a month: as many as its most visited channel has visits."""
    return max(map(count_visits, channels))


def make_fleets(catalog: Catalog) -> list[Fleet]:
    """Makes the fleets that are compared. Further families have the channels of the mean one of today; hosts and what
    many share stay."""
    assumed, families = ASSUMED["assumed"], {one.id for one in catalog.families if one.side != "host"}
    enabled, hosts = [one for one in catalog.channels if one.enabled], len(catalog.families) - len(families)
    growth, many, every = assumed["families"] / len(families), assumed["families"], assumed["hub_models"]
    today = Fleet(
        f"{len(families)} families, {hosts} hosts", len(catalog.families), tuple((channel, 1.0) for channel in enabled)
    )
    grown = tuple((channel, growth if channel.family in families else 1.0) for channel in enabled)
    return [
        today,
        Fleet(f"{many} families, {hosts} hosts", many + hosts, grown),
        replace(today, name="and the Hub, listed", listed_models=every),
        replace(today, name="and the Hub, each model", listed_models=every, tracked_models=every),
    ]
