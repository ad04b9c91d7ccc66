"""OpenAI's changelog: a heading per month with its year, a heading per day under it."""

from pipelines.sources.changelog.dated import read_days_of_html, read_days_of_markdown
from pipelines.sources.changelog.releases import ChangelogFormat

FORMAT = ChangelogFormat(read_markdown=read_days_of_markdown, read_html=read_days_of_html)
