"""Runs carried queries by Spark's SQL: `python on_engine.py sail|pyspark FOLDER`, in an environment of that engine.

Reads the tables and queries of the folder, and writes the rows of each query there, and what became of it.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from analytics.spark.carrying import carry_in_pieces
from analytics.spark.kept import keep_step
from analytics.spark.views import name_view

LOCAL = {
    "spark.driver.memory": "4g",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.driver.host": "127.0.0.1",
    "spark.log.level": "ERROR",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
"""What PySpark is started with: small tables gain nothing by parts, nor by code that is compiled for each query. What
SQL means, such as errors where a number does not fit (ANSI), stays as it is by default."""


@contextmanager
def start_sail(_: Path) -> Iterator[Any]:
    """Starts a server of Sail, which ends as soon as nobody holds it, and a session by Spark Connect."""
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    _, port = server.listening_address
    yield SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()


@contextmanager
def start_pyspark(folder: Path) -> Iterator[Any]:
    """Starts Spark itself in a JVM, and a session within it."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.sql.warehouse.dir", str(folder / "warehouse"))
    for name, value in LOCAL.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


STARTS: dict[str, Callable[[Path], AbstractContextManager[Any]]] = {"sail": start_sail, "pyspark": start_pyspark}
"""How each engine starts; its packages are read only then."""


def run_queries(session: Any, folder: Path) -> None:
    """Runs every query of a folder; one that fails is noted with its error."""
    for path in sorted((folder / "tables").glob("*.parquet")):
        session.read.parquet(str(path)).createOrReplaceTempView(name_view(path.stem))
    notes = {table: run_query(session, table, query, folder) for table, query in
             json.loads((folder / "queries.json").read_text(encoding="utf-8")).items()}  # fmt: skip
    (folder / "notes.json").write_text(json.dumps(notes), encoding="utf-8")


def run_query(session: Any, table: str, query: str, folder: Path) -> dict[str, Any]:
    """Carries one query in the pieces that a build makes it of, keeps its rows, and says how it went."""
    note: dict[str, Any] = {"error": "", "seconds": 0.0}
    began = time.monotonic()
    try:
        for name, piece in carry_in_pieces(query, f"{name_view(table)}__"):
            if name:
                keep_step(session, name, piece, folder / "steps" / name)
            else:
                pq.write_table(session.sql(piece).toArrow(), folder / f"{table}.parquet")
    except Exception as error:
        note["error"] = f"{type(error).__name__}: {error}"[:500]
    return note | {"seconds": round(time.monotonic() - began, 3)}


if __name__ == "__main__":
    engine, place = sys.argv[1:]
    with STARTS[engine](Path(place)) as started:
        run_queries(started, Path(place))
    # The threads of Sail's server would otherwise be waited for.
    os._exit(0)
