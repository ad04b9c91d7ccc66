"""xAI: tables without dates; the title or a sentence gives the last day."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat(has_prose_shutdown=True)
