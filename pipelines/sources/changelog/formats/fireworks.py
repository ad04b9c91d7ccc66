"""Fireworks' changelog: a day in bold letters above each entry; in Mintlify's blocks until August 2026."""

import re

from pipelines.sources.changelog.dated import read_days_of_markdown
from pipelines.sources.changelog.formats.mintlify import read_updates
from pipelines.sources.changelog.releases import ChangelogFormat, Release

_BOLD_DAY = re.compile(r"^[ \t]*\*\*(20\d\d-\d\d-\d\d)\*\*[ \t]*$", re.MULTILINE)


def read_changelog(text: str) -> list[Release]:
    """Reads the entries of either form in the page's order."""
    return read_updates(text) or read_days_of_markdown(_BOLD_DAY.sub(r"# \1", text))


FORMAT = ChangelogFormat(read_markdown=read_changelog)
