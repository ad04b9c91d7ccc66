"""Runs queries on Spark as soon as the tables that they read are there, several at once; each becomes a table of its
own in Parquet, which the next ones read."""

import shutil
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from analytics.spark.carrying import carry_in_pieces
from analytics.spark.columns import Columns, render_made
from analytics.spark.kept import keep_step, write_empty
from analytics.spark.session import SparkServer, explain_silence
from analytics.spark.views import name_view
from warehouse.faults import Fault, WarehouseError

AT_ONCE = 4
"""So many run at once: planning a query takes one core, and most tables are small."""


@dataclass(frozen=True, slots=True)
class SparkQuery:
    """A query in DuckDB's SQL, and the table that it makes."""

    table: str
    text: str
    reads: frozenset[str]
    columns: Columns
    empty: pa.Table
    """The table without rows."""


class SparkQueries:
    """The queries of one build. Tables are Parquet files, not views of views: each is computed once, and a query that
    reads ten of them is planned like one that reads ten files."""

    def __init__(self, session: Any, server: SparkServer, folder: Path) -> None:
        """Takes the folder of the tables, which the server sees under the same name."""
        self._session, self._server, self._folder = session, server, folder
        self._changed = threading.Condition()
        self._there = set[str]()
        self._waiting: list[SparkQuery] = []
        self._failed: WarehouseError | None = None
        self._pool = ThreadPoolExecutor(AT_ONCE, "spark")

    def find_path(self, table: str) -> Path:
        """Finds the folder of a table's files."""
        return self._folder / table

    def add(self, queries: Iterable[SparkQuery]) -> None:
        """Adds queries, each of which runs when all that it reads is there."""
        with self._changed:
            self._waiting += queries
            self._start_ready()

    def announce(self, table: str) -> None:
        """Lets queries read a table whose files are there. Raises WarehouseError."""
        try:
            frame = self._session.read.parquet(str(self.find_path(table)))
            frame.createOrReplaceTempView(name_view(table))
        except Exception as error:
            raise self._explain(table, error) from error
        with self._changed:
            self._there.add(table)
            self._start_ready()
            self._changed.notify_all()

    def wait_for(self, table: str) -> None:
        """Waits until a table is there. Raises WarehouseError, which names the table that could not be made."""
        with self._changed:
            self._changed.wait_for(lambda: table in self._there or self._failed is not None)
            if table not in self._there and self._failed:
                raise self._failed

    def close(self) -> None:
        """Ends what still runs, and removes all files."""
        with self._changed:
            is_running = len(self._waiting) > 0 or self._failed is not None
            self._waiting.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)
        if is_running and self._server.answers():
            with suppress(Exception):  # not every server knows how
                self._session.interruptAll()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start_ready(self) -> None:
        for query in [query for query in self._waiting if query.reads <= self._there]:
            self._waiting.remove(query)
            self._pool.submit(self._run, query)

    def _run(self, query: SparkQuery) -> None:
        if self._failed:
            return
        try:
            self._make(query)
            self.announce(query.table)
        except Exception as error:
            with self._changed:
                self._failed = self._failed or self._explain(query.table, error)
                self._changed.notify_all()

    def _make(self, query: SparkQuery) -> None:
        """Makes the files of a table on the server; one without rows would have none."""
        steps = self._folder / f"{query.table}.steps"
        for name, piece in carry_in_pieces(query.text, f"{name_view(query.table)}__"):
            if name:
                keep_step(self._session, name, piece, steps / name)
                continue
            frame = self._session.sql(f"select {render_made(query.columns)} from ({piece}) as made")
            path = self.find_path(query.table)
            frame.write.parquet(str(path))
            if not any(path.glob("*.parquet")):
                write_empty(path, query.empty)
        shutil.rmtree(steps, ignore_errors=True)

    def _explain(self, table: str, error: Exception) -> WarehouseError:
        if isinstance(error, WarehouseError):
            return error
        kept = "nothing was changed, and readers keep the last snapshot"
        if not self._server.answers():
            return WarehouseError(f"{table}: {self._server}: {explain_silence()}; {kept}", Fault.UNREACHABLE)
        return WarehouseError(
            f"{table}: cannot be built on Spark ({self._server.explain(error)}); {kept}", Fault.INTERNAL
        )
