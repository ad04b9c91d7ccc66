"""xAI's release notes: a heading per month, and under it a heading per note that names no day."""

from pipelines.sources.changelog.dated import read_months_of_html, read_months_of_markdown
from pipelines.sources.changelog.releases import ChangelogFormat

FORMAT = ChangelogFormat(read_markdown=read_months_of_markdown, read_html=read_months_of_html)
