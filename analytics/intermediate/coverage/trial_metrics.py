"""
question: Which metrics rest on what is read too badly, or read how badly nobody knows, and are shown as trials?
grain: metric, feature
unit: none
standard: the gates of reader_gates
caveats: One row per metric and feature of its header that has not passed its gate (`is_misread`), or that is read in
  replies: whether a thread has it depends on its replies together, and labels of single replies do not tell whether
  their errors fall in the same threads or in many, so that no figure of threads can be put right (see `readings`). A
  trial ranks nobody, weighs in no index and decides no claim; its figures are shown all the same.
data: accuracy.csv, reader_gates.toml, reading_errors.csv, metrics/*/*.sql, metrics/*/*.py
version: 1
"""

from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa

from analytics.engine.headers import Header
from analytics.engine.items import list_metrics, read_metric_header

GATES = "select feature, reason from metrics.reader_gates where not is_passed"
OF_REPLIES = "select distinct feature from metrics.reading_errors where part = 'reply'"
UNMEASURED = "{feature} is read in replies, and how often those of a thread together are misread is not known."
SCHEMA = pa.schema(
    [("metric", pa.string()), ("feature", pa.string()), ("reason", pa.string()), ("is_misread", pa.bool_())]
)


def trial_metrics(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Lists the metrics that are trials, each with the features that make it one."""
    failed = dict(connection.execute(GATES).fetchall())
    of_replies = {feature for (feature,) in connection.execute(OF_REPLIES).fetchall()}
    rows = [
        {"metric": metric, **trial}
        for metric in sorted(list_metrics())
        for trial in list_trials(read_metric_header(metric), failed, of_replies)
    ]
    return pa.Table.from_pylist(rows, SCHEMA)


def list_trials(header: Header, failed: dict[str, str], of_replies: set[str]) -> Iterator[dict[str, Any]]:
    """Lists the features that make a metric a trial, from those that fail their gate and those read in replies."""
    for feature in header.features:
        if feature in failed:
            yield {"feature": feature, "reason": failed[feature], "is_misread": True}
        elif feature in of_replies and not header.readings:
            yield {"feature": feature, "reason": UNMEASURED.format(feature=feature), "is_misread": False}
