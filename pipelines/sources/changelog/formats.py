"""The forms of changelogs, by the name that a channel gives as its `format`."""

from functools import partial

from pipelines.sources.changelog.dated import read_headed_html, read_headed_markdown, read_versions
from pipelines.sources.changelog.mintlify import read_bold_days, read_updates
from pipelines.sources.changelog.mistral import read_file
from pipelines.sources.changelog.releases import ChangelogFormat, make_entry_row

FEED = ChangelogFormat(read_entry=make_entry_row)
BY_DAY = ChangelogFormat(
    read_markdown=partial(read_headed_markdown, precision="day"),
    read_html=partial(read_headed_html, precision="day"),
)
FORMATS = {
    "atom": FEED,
    "rss": FEED,
    "deepseek": BY_DAY,
    "gemini": BY_DAY,
    "groq": BY_DAY,
    "openai": BY_DAY,
    # A heading per month, and under it a heading per note that names no day.
    "xai": ChangelogFormat(
        read_markdown=partial(read_headed_markdown, precision="month"),
        read_html=partial(read_headed_html, precision="month"),
    ),
    # A heading per model that names the day, or for some only the month.
    "minimax": ChangelogFormat(read_markdown=partial(read_headed_markdown, precision="either")),
    "markdown": ChangelogFormat(read_markdown=read_versions),
    "mintlify": ChangelogFormat(read_markdown=read_updates),
    # Days in bold letters; Mintlify's blocks until August 2026.
    "fireworks": ChangelogFormat(read_markdown=lambda text: read_updates(text) or read_bold_days(text)),
    "mistral": ChangelogFormat(read_file=read_file, endings=(".mdx", ".json")),
}
