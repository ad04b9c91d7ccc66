"""Polars, with the same count as `tests.benchmarks.building` has DuckDB do: the replies of each thread, and the first
answer."""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any


def count_replies(path: str) -> list[int]:
    """Counts threads, replies and threads with an answer in a Parquet file of replies."""
    pl: Any = import_module("polars")
    counted = (
        pl.scan_parquet(path)
        .group_by("thread_id")
        .agg(
            pl.len().alias("replies"),
            pl.col("replied_at")
            .filter(pl.col("author_role").is_in(["maintainer", "staff"]))
            .min()
            .alias("answered_at"),
        )
        .collect()
    )
    return [len(counted), int(counted["replies"].sum()), int(counted["answered_at"].is_not_null().sum())]


if __name__ == "__main__":
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    counts = count_replies(task["replies"])
    Path(sys.argv[2], "counts.json").write_text(json.dumps(counts), encoding="utf-8")
