"""OpenAI: one announcement per heading, dated by the heading or by a sentence below it."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat(heading="announced", has_prose_announced=True)
