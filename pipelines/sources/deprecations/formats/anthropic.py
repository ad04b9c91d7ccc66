"""Anthropic: tables under headings with the day of the announcement."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat(heading="announced")
