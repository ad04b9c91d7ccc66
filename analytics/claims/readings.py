"""Readers of texts that are not good enough, or how good nobody knows: what rests on one is a trial, and no verdict."""

import duckdb

TRIALS = "select feature from metrics.trial_metrics where metric = ? and is_misread = ? order by feature"


def find_failed_readers(connection: duckdb.DuckDBPyConnection, metric: str) -> tuple[str, ...]:
    """Finds the readers that a metric rests on and that fail their gate."""
    return tuple(feature for (feature,) in connection.execute(TRIALS, [metric, True]).fetchall())


def find_unmeasured_readers(connection: duckdb.DuckDBPyConnection, metric: str) -> tuple[str, ...]:
    """Finds the readers of replies that a metric rests on and whose errors are not known for whole threads."""
    return tuple(feature for (feature,) in connection.execute(TRIALS, [metric, False]).fetchall())
