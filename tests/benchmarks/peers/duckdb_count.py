"""Bare DuckDB, with the same count as `polars_count`."""

import json
import sys
from pathlib import Path

import duckdb

COUNT = """
with counted as (
    select thread_id, count(*) as replies,
    min(replied_at) filter (where author_role in ('maintainer', 'staff')) as answered_at
    from read_parquet(?) group by thread_id
)
select count(*), sum(replies)::bigint, count(answered_at) from counted
"""

if __name__ == "__main__":
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    counts = duckdb.execute(COUNT, [task["replies"]]).fetchone()
    Path(sys.argv[2], "counts.json").write_text(json.dumps(counts), encoding="utf-8")
