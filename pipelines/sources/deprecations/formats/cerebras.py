"""Cerebras: a block of Mintlify's for each announcement, headed by its day or by the last day."""

from pipelines.sources.deprecations.notice import DeprecationFormat
from pipelines.sources.deprecations.prose import read_sections

FORMAT = DeprecationFormat(read_words=read_sections)
