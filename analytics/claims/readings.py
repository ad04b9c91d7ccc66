"""Readers of texts that fail their gate: what rests on one is shown as a trial, and no verdict is made of it."""

import duckdb

from analytics.engine.items import read_metric_header

FAILED = "select feature from metrics.reader_gates where list_contains(?, feature) and not is_passed order by feature"


def find_failed_readers(connection: duckdb.DuckDBPyConnection, metric: str) -> tuple[str, ...]:
    """Finds the readers that a metric rests on and that fail their gate."""
    features = list(read_metric_header(metric).features)
    return tuple(feature for (feature,) in connection.execute(FAILED, [features]).fetchall())
