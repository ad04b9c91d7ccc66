"""Cerebras: a block of Mintlify's for each announcement, headed by its day or by the last day."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat(has_sections=True)
