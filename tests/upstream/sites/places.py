"""Where a changelog is on the emulator, and how it is written there: as the real address says."""

import re
from urllib.parse import urlsplit

from pipelines.catalog.entries import Channel

DEFAULTS = {"markdown": "/CHANGELOG.md", "atom": "/releases.atom", "rss": "/feed.xml"}
STYLES = {
    "atom": "atom", "rss": "rss", "xai": "months", "mintlify": "updates", "mistral": "files", "fireworks": "bold-days",
    "minimax": "cards",
}  # fmt: skip
"""Formats that are written in one way only."""


def changelog(channel: Channel) -> tuple[str, str]:
    """Returns host and path: the channel's name as the host, and the real path."""
    path = urlsplit(channel.base_url).path if channel.base_url else ""
    return channel.target.replace("/", "-"), path or DEFAULTS.get(channel.format, "/CHANGELOG.md")


def written(channel: Channel) -> tuple[str, str]:
    """The repository whose releases it tells (its own name if it is no repository's), and the style."""
    parts = urlsplit(channel.base_url)
    found = (
        re.match(r"/([^/]+/[^/]+)/", parts.path)
        if parts.hostname in ("github.com", "raw.githubusercontent.com")
        else None
    )
    name = found[1] if found else channel.target
    if channel.format in STYLES:
        return name, STYLES[channel.format]
    if channel.format != "markdown" and not parts.path.endswith((".md", ".txt")):
        return name, "days-html"
    return name, "please" if channel.format == "markdown" and (found or not parts.path) else "days"


def folder(channel: Channel) -> str:
    """`owner/name/path` of the folder that a channel reads through GitHub's interface; empty if it reads none."""
    parts = urlsplit(channel.base_url)
    found = re.fullmatch(r"/repos/([^/]+/[^/]+)/contents/(.+)", parts.path)
    return f"{found[1]}/{found[2]}" if found and parts.hostname == "api.github.com" else ""
