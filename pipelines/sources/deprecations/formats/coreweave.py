"""CoreWeave: tables with all dates."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat()
