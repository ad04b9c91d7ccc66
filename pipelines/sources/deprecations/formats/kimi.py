"""Kimi: sentences that name what was discontinued on which day, and a table of those that one of them ends."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat(has_prose_shutdown=True, has_sentences=True, ended_under=r"\b(?:deprecated|discontinued)\b")
