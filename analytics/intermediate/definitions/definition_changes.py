"""
question: What changed in the definitions of the public measures, and why?
grain: metric_name, change_number
published: yes
standard: project
caveats: A version may have several reasons. Versions that only rest on a step that changed are raised where figures
  changed. What the figures said before is in the log of restatements of each installation.
data: definition_changes.toml
"""

import tomllib
from pathlib import Path

import duckdb
import pyarrow as pa

FILE = Path(__file__).parents[2] / "definition_changes.toml"
SCHEMA = pa.schema(
    [
        ("metric_name", pa.string()),
        ("change_number", pa.int64()),
        ("method_version", pa.int64()),
        ("changed_on", pa.date32()),
        ("change_reason", pa.string()),
    ]
)


def definition_changes(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Lists one row per measure and reason, in the order of the file; a measure that is removed has no version."""
    del connection  # every metric gets one, but this one reads a file only
    changes = tomllib.loads(FILE.read_text(encoding="utf-8")).get("change", [])
    rows = [
        {
            "metric_name": name,
            "change_number": number,
            "method_version": version,
            "changed_on": change["changed_on"],
            "change_reason": change["why"],
        }
        for number, change in enumerate(changes, start=1)
        for name, version in (change.get("versions", {}) | dict.fromkeys(change.get("removed", ()))).items()
    ]
    return pa.Table.from_pylist(rows, SCHEMA)
