"""Vertex AI: tables with all dates, and of partners' models a section each."""

from pipelines.sources.deprecations.notice import DeprecationFormat
from pipelines.sources.deprecations.prose import read_model_sections

FORMAT = DeprecationFormat(read_words=read_model_sections)
