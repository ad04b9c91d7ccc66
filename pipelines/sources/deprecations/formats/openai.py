"""OpenAI: an announcement a heading, dated by it or by a sentence below."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat(heading="announced", has_prose_announced=True)
