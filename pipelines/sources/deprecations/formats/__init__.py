"""The formats of deprecations: one file per format, discovered by its name, each with a `FORMAT`."""

from pipelines.formats import discover_formats
from pipelines.sources.deprecations.notice import DeprecationFormat

FORMATS = discover_formats(__name__, DeprecationFormat)
