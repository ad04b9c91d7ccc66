"""
question: Which metrics rest on what is read too badly, and are shown as trials?
grain: metric, feature
published: yes
standard: the gates of reader_gates
caveats: One row per metric and feature of its header that has not passed its gate. A trial ranks nobody, weighs in no
  index and decides no claim; its figures are shown all the same.
data: accuracy.csv, reader_gates.toml, metrics/*/*.sql, metrics/*/*.py
"""

import duckdb
import pyarrow as pa

from analytics.engine.items import list_metrics, read_metric_header

GATES = "select feature, reason from metrics.reader_gates where not is_passed"
SCHEMA = pa.schema([("metric", pa.string()), ("feature", pa.string()), ("reason", pa.string())])


def trial_metrics(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Lists the metrics that are trials, each with the features that make it one."""
    failed = dict(connection.execute(GATES).fetchall())
    rows = [
        {"metric": metric, "feature": feature, "reason": failed[feature]}
        for metric in sorted(list_metrics())
        for feature in read_metric_header(metric).features
        if feature in failed
    ]
    return pa.Table.from_pylist(rows, SCHEMA)
