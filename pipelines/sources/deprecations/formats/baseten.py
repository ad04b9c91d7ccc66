"""Baseten: a table of planned ends, whose day of deprecation is the last; the page is empty in between."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat(titles={"deprecation date": "shutdown"}, says_none=r"\bno planned deprecations\b")
