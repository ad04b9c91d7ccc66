"""Keeps rows in Parquet files that an engine writes and reads again."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


def keep_step(session: Any, name: str, piece: str, path: Path) -> None:
    """Keeps the rows of a step in files below a path, where the next pieces of its query find them under this name."""
    frame = session.sql(piece)
    frame.write.parquet(str(path))
    if not any(path.glob("*.parquet")):
        write_empty(path, frame.limit(0).toArrow())
    session.read.parquet(str(path)).createOrReplaceTempView(name)


def write_empty(path: Path, rows: pa.Table) -> None:
    """Writes the file of a table without rows: servers write none."""
    path.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows, path / "empty.parquet")
