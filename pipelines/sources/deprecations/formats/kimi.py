"""Kimi: sentences that name what was discontinued on which day, and a table of those that one of them ends."""

from pipelines.sources.deprecations.notice import DeprecationFormat
from pipelines.sources.deprecations.prose import read_sentences

FORMAT = DeprecationFormat(
    has_prose_shutdown=True, read_words=read_sentences, ended_under=r"\b(?:deprecated|discontinued)\b"
)
