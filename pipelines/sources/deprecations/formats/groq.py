"""Groq: headings with the last day; a sentence gives the day of the announcement."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat(heading="shutdown", has_prose_announced=True)
