"""xAI: tables without dates; the last day stands in the title or in a sentence."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat(has_prose_shutdown=True)
