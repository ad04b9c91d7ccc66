"""RSS feeds of vendors: the entries that the feed still holds."""

from pipelines.sources.changelog.releases import ChangelogFormat
from pipelines.sources.changelog.rows import make_entry_row

FORMAT = ChangelogFormat(read_entry=make_entry_row)
