"""Xiaomi's MiMo: tables with the time from which requests fail; until then they are answered by the replacement."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat()
