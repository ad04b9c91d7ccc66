"""Atom feeds, such as GitHub's of a repository's releases: its ten newest entries."""

from pipelines.sources.changelog.releases import ChangelogFormat
from pipelines.sources.changelog.rows import make_entry_row

FORMAT = ChangelogFormat(read_entry=make_entry_row)
