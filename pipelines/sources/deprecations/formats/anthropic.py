"""Anthropic: tables under headings that are dated by the announcement."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat(heading="announced")
