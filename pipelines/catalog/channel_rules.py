"""Checks of a channel against its source: source name, streams, format and address."""

import ipaddress
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.catalog.faults import find_line, suggest


def find_channel_faults(
    channel: Channel, number: int, path: Path, text: str, private_hosts: frozenset[str]
) -> Iterator[str]:
    """Yields every fault of a channel with file and line; `number` is its index among the file's channels."""

    def format_location(key: str) -> str:
        return f"{path}:{find_line(text, ['channel', str(number), key], '')}: channel {channel.target!r}"

    if channel.source not in sources.list_sources():
        unknown = f"unknown source {channel.source!r}{suggest(channel.source, sources.list_sources())}"
        yield f"{format_location('source')}: {unknown}"
        return
    streams = sources.get_streams(channel.source)
    for thing in channel.things:
        if thing not in streams:
            yield f"{format_location('things')}: {channel.source} has no {thing!r}{suggest(thing, streams)}"
    formats = tuple(getattr(sources.load_source(channel.source), "FORMATS", ()))
    if (channel.format or formats) and channel.format not in formats:
        unknown = f"unknown format {channel.format!r}{suggest(channel.format, formats)}"
        yield f"{format_location('format')}: {unknown}; {channel.source} has {', '.join(formats) or 'none'}"
    if len({pattern.startswith("!") for pattern in channel.components}) > 1:
        yield f"{format_location('components')}: name the parts that count, or with `!` all that do not; not both"
    if channel.base_url and (fault := _find_url_fault(channel.base_url, private_hosts)):
        yield f"{format_location('base_url')}: {fault}"


def _find_url_fault(url: str, private_hosts: frozenset[str]) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in private_hosts:
        return ""
    if parts.scheme != "https" or not host or parts.username or parts.password:
        return "base_url must be an https URL without credentials"
    if host == "localhost" or _is_private(host):
        return f"base_url names a private host; to allow it, add {host} to HEARTBEAT_ALLOW_PRIVATE_HOSTS"
    return ""


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
