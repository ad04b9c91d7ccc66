"""Readers of texts that fail their gate: what rests on one is shown as a trial, and no verdict is made of it."""

import duckdb

from analytics.engine.items import read_metric_header

FAILED = """
select distinct feature from metrics.feature_accuracy
where list_contains(?, feature) and is_weak and channel_kind = 'all' and language = 'all' and part = 'all'
    and class in ('yes', 'any type', 'any', 'all')
order by feature
"""


def find_failed_readers(connection: duckdb.DuckDBPyConnection, metric: str) -> tuple[str, ...]:
    """Finds the readers that a metric rests on and that fail their gate."""
    features = list(read_metric_header(metric).features)
    return tuple(feature for (feature,) in connection.execute(FAILED, [features]).fetchall())
