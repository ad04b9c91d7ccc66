"""Azure: tables that hold all their dates, and tell models of one name by their version."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat()
