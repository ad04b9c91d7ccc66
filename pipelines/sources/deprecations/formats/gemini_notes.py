"""Gemini's release notes: the day from which models are closed to new users. Ends are on a page of their own."""

from pipelines.sources.deprecations.notice import DeprecationFormat
from pipelines.sources.deprecations.prose import read_closures

FORMAT = DeprecationFormat(read_words=read_closures, says_none=r"\bgemini-")
