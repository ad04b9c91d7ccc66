"""The cause of a fault in the ledger: as it was landed, and for what former versions landed without one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.engine.models import read_models
from tests.worlds.warehouse_rows import build_conformed, empty_warehouse
from warehouse.landing import open_writer, open_zone
from warehouse.load import load_new_files

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
FORMER = {"state": "complete", "rows": 1, "expected": 1, "requests": 1, "points": 0, "error": ""}
"""An outcome as versions before this one landed it."""


@pytest.mark.parametrize(
    ("outcome", "fault"),
    [
        (FORMER, "none"),
        (FORMER | {"state": "unchanged"}, "none"),
        (FORMER | {"state": "failed", "error": "401 Unauthorized"}, "unknown"),
        (FORMER | {"error": "passed over: #7"}, "unknown"),
        (FORMER | {"state": "failed", "error": "401 Unauthorized", "fault": "throttled"}, "throttled"),
    ],
)
def test_a_landed_file_is_loaded_with_its_fault_or_without(
    outcome: dict[str, object], fault: str, tmp_path: Path
) -> None:
    """What was not written down is unknown, unless all went well; no message is searched for it."""
    zone, connection = open_zone(str(tmp_path)), empty_warehouse()
    writer = open_writer(zone, "a.b.c", "github", NOW)
    writer.manifest.outcomes["issues"] = outcome
    writer.finish(NOW)

    assert load_new_files(connection, zone, NOW).refused == []
    build_conformed(connection, "set_aside")
    (model,) = (model for model in read_models() if model.table == "staging.collections")
    assert connection.sql(f"select last_fault from ({model.text})").fetchall() == [(fault,)]
