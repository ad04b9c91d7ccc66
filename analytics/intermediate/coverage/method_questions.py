"""
question: Which metrics answer each question of the method?
grain: question_code, metric_name
standard: the codes of the project's own catalog of metrics
caveats: A question that several metrics answer has a row for each; one that none answers has none.
data: method.toml
"""

import tomllib
from pathlib import Path

import duckdb
import pyarrow as pa

FILE = Path(__file__).parents[2] / "method.toml"
SCHEMA = pa.schema([(name, pa.string()) for name in ("question_code", "metric_name")])


def method_questions(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Lists one row per question and metric."""
    del connection  # every metric gets one, but this one reads a file only
    questions = tomllib.loads(FILE.read_text(encoding="utf-8"))
    rows = [
        {"question_code": code, "metric_name": name}
        for code, question in questions.items()
        for name in question.get("metrics", [])
    ]
    return pa.Table.from_pylist(rows, SCHEMA)
