"""Gemini's API: tables that hold all their dates."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat()
