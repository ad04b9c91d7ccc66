"""Runs carried queries on Sail over Spark Connect: `python on_sail.py FOLDER`, in an environment that has it.

Reads the tables and queries of the folder, and writes the rows of each query there, and what became of it.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from pysail.spark import SparkConnectServer
from pyspark.sql import SparkSession

from analytics.spark.carrying import carry_query

SCHEMAS = ("raw", "staging", "metrics", "ledger")


def run_queries(folder: Path) -> None:
    """Runs every query of a folder on a server of its own; one that fails is noted with its error."""
    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    _, port = server.listening_address
    session = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()
    for schema in SCHEMAS:
        session.sql(f"create database if not exists {schema}")
    for path in sorted((folder / "tables").glob("*.parquet")):
        session.sql(f"create table {path.stem} using parquet location '{path}'")
    notes = {table: run_query(session, table, query, folder) for table, query in
             json.loads((folder / "queries.json").read_text(encoding="utf-8")).items()}  # fmt: skip
    (folder / "notes.json").write_text(json.dumps(notes), encoding="utf-8")


def run_query(session: Any, table: str, query: str, folder: Path) -> dict[str, Any]:
    """Carries one query, keeps its rows, and tells how it went."""
    note: dict[str, Any] = {"carried": "", "error": "", "seconds": 0.0}
    began = time.monotonic()
    try:
        note["carried"] = carry_query(query)
        pq.write_table(session.sql(note["carried"]).toArrow(), folder / f"{table}.parquet")
    except Exception as error:
        note["error"] = f"{type(error).__name__}: {error}"[:500]
    return note | {"seconds": round(time.monotonic() - began, 3)}


if __name__ == "__main__":
    run_queries(Path(sys.argv[1]))
    # The server's threads would otherwise be waited for.
    os._exit(0)
