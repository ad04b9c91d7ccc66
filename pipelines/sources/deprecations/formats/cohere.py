"""Cohere: an announcement a dated heading, with tables or with lists."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat(heading="announced", has_lists=True)
