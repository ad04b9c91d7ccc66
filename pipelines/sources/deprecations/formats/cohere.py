"""Cohere: one announcement per dated heading, with tables or lists."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat(heading="announced", has_lists=True)
