"""Finds the form of a channel's pages."""

from collections.abc import Mapping
from typing import TypeVar

from pipelines.catalog.entries import Channel
from pipelines.catalog.faults import suggest
from pipelines.http.errors import Fatal
from warehouse.faults import Fault

Declared = TypeVar("Declared")


def find_format(formats: Mapping[str, Declared], channel: Channel) -> Declared:
    """Finds the format that a channel names. Raises Fatal, with the nearest name, for an unknown one."""
    if channel.format not in formats:
        reason = f"{channel.source} has no format {channel.format!r}"
        raise Fatal(f"{channel.target}: {reason}{suggest(channel.format, formats)}", Fault.MISCONFIGURED)
    return formats[channel.format]
