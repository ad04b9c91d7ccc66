"""Azure: tables with all dates; models of the same name differ by version."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat()
