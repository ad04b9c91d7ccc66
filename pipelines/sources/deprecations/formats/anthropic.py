"""Anthropic: tables under headings with the day of the announcement, and a note on what has no date yet."""

from pipelines.sources.deprecations.notice import DeprecationFormat
from pipelines.sources.deprecations.prose import read_sentences

FORMAT = DeprecationFormat(heading="announced", read_words=read_sentences)
