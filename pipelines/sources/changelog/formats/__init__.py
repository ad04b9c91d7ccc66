"""The formats of changelogs: one file per format, discovered by its name, each with a `FORMAT`."""

from pipelines.formats import discover_formats
from pipelines.sources.changelog.releases import ChangelogFormat

FORMATS = discover_formats(__name__, ChangelogFormat)
