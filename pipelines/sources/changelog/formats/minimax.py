"""MiniMax's release notes: a heading per model that names the day, or the month only for some, with its year."""

from pipelines.sources.changelog.dated import read_days_and_months_of_markdown
from pipelines.sources.changelog.releases import ChangelogFormat

FORMAT = ChangelogFormat(read_markdown=read_days_and_months_of_markdown)
