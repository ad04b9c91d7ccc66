"""Groq: headings that are dated by the last day; the announcement stands in a sentence."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat(heading="shutdown", has_prose_announced=True)
