"""The zone of connections: whatever this machine's clock shows, days and instants are those of UTC."""

import os
import subprocess
import sys
from pathlib import Path

from tests.paths import ROOT

CODE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import duckdb
from warehouse.database import open_scratch, prepare_connection
from warehouse.snapshot import Snapshot, query

path = Path(sys.argv[1])
with duckdb.connect(str(path)) as made:
    made.execute("create table stated as select timestamptz '2026-11-01 23:30:00+00' as told_at")
    print(made.execute("select current_setting('TimeZone')").fetchall()[0][0])
asked = "select current_setting('TimeZone') as zone, cast(told_at as date)::varchar as day from stated"
print(*query(Snapshot(path, 1, datetime.now(UTC), is_sample=False), asked).to_pylist()[0].values())
for opened in (open_scratch(), prepare_connection(duckdb.connect(":memory:"))):
    print(*opened.cursor().sql("select current_setting('TimeZone'), strftime(date_trunc('day',"
        " timestamptz '2026-11-01 23:30:00+00'), '%Y-%m-%d')").fetchall()[0])
"""


def test_a_machine_in_another_zone_reads_the_days_of_utc(tmp_path: Path) -> None:
    """Cursors, of which each reader has its own, took the zone of the machine: half past eleven was of the next day."""
    command = [sys.executable, "-c", CODE, str(tmp_path / "snapshot-00000001-0123456789abcdef.duckdb")]
    environment = os.environ | {"TZ": "Asia/Tokyo"}
    done = subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True, check=True, timeout=60)
    assert done.stdout.split("\n")[:-1] == ["Asia/Tokyo", *["UTC 2026-11-01"] * 3]
