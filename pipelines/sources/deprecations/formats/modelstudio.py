"""Alibaba Cloud Model Studio: tables under the last day, which its titles call a time of deprecation."""

from pipelines.sources.deprecations.notice import DeprecationFormat

FORMAT = DeprecationFormat(titles={"deprecation time": "shutdown"})
