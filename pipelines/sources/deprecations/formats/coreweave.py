"""CoreWeave: tables with both dates; a model is called deprecated from the day of its notice on."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat(titles={"deprecation date": "announced"})
