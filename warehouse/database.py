"""DuckDB connections: opened only here, always in UTC and without network access."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.faults import Fault
from warehouse.faults import WarehouseError as WarehouseError
from warehouse.schema.tables import VERSION, create_tables, read_version
from warehouse.settings import WAREHOUSE_FILE

WRITER_SHARE, WRITER_MEMORY = "20%", 3 * 2**28
"""Share of the machine's memory (or the container's), and number of bytes, that each of a build's two databases holds
before it writes to the disk; the smaller counts. Rows on their way through Python come on top: with the engine's own
80 % a machine with 1 GB ends the process in each build."""
BLOCK = "16384"
"""Bytes of a block of a new warehouse, the engine's smallest: each column of each table takes one, however few rows
there are, and most installations are small."""
LOOK_SECONDS = 3.0
"""How long a writer waits for a process that has the warehouse open."""
READER_SPILL = "1GB"
"""How much a reader of a snapshot may write beside it: a query that a stranger's file stores could fill the disk."""
Connection = duckdb.DuckDBPyConnection
Config = dict[str, str | bool | int | float | list[str]]
_SET_UTC = "set global TimeZone = 'UTC'"
"""Global, since a cursor of a connection has settings of its own, and would take the machine's zone."""
OFFLINE: Config = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}


def warehouse_path(home: Path) -> Path:
    """Returns the path of a home's warehouse."""
    return home / WAREHOUSE_FILE


def open_warehouse(home: Path) -> duckdb.DuckDBPyConnection:
    """Opens the read-write connection; the caller holds `warehouse.lock.hold_lock(home)`. Raises WarehouseError."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        connection = _connect_alone(warehouse_path(home))
    except duckdb.Error as error:
        # DuckDB has one class of error for a file that it cannot read and for one that another process holds.
        fault = Fault.LOCKED if "set lock" in str(error) else Fault.DAMAGED
        why = f"cannot be opened: {error}{_advise_on(error)}"
        raise WarehouseError(f"{warehouse_path(home)}: {why}", fault) from error
    return prepare_connection(connection, str(warehouse_path(home)))


def _connect_alone(path: Path) -> duckdb.DuckDBPyConnection:
    """Connects as the only process; one that looks at the file for a moment, as `heartbeat status` does, is waited
    for."""
    deadline = time.monotonic() + LOOK_SECONDS
    while True:
        try:
            return duckdb.connect(str(path), config={**OFFLINE, "default_block_size": BLOCK})
        except duckdb.IOException as error:
            if "set lock" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def copy_warehouse(connection: Connection, target: Path) -> None:
    """Copies all rows of a warehouse into a new file: each is read and so verified, and free pages stay behind."""
    ((name,),) = connection.sql("select current_database()").fetchall()
    connection.execute(f"attach {quote_literal(str(target))} as fresh (block_size {BLOCK})")
    connection.execute(f'copy from database "{name}" to fresh')
    connection.execute("checkpoint fresh")
    connection.execute("detach fresh")


def _advise_on(error: duckdb.Error) -> str:
    """Returns the way out of a file that cannot be opened; empty if another program holds it, which the engine
    names, or if memory ended."""
    if isinstance(error, duckdb.OutOfMemoryException) or "set lock" in str(error):
        return ""
    return (
        "; if it is damaged or of another engine, restore a backup into a new HEARTBEAT_HOME. Without one, move the"
        " file away: `heartbeat build` makes it again from the landed files that are left"
    )


def read_format(home: Path) -> int | None:
    """Reads the format version of a home's warehouse; None if there is no warehouse yet. Raises WarehouseError."""
    path = warehouse_path(home)
    if not path.exists():
        return None
    try:
        with duckdb.connect(str(path), read_only=True, config=dict(OFFLINE)) as connection:
            rows = connection.execute("select max(version) from ledger.version").fetchall()
    except duckdb.Error as error:
        raise WarehouseError(f"{path}: cannot be read: {str(error).splitlines()[0]}") from None
    return int(rows[0][0] or 0)


def prepare_connection(connection: duckdb.DuckDBPyConnection, name: str = "memory") -> duckdb.DuckDBPyConnection:
    """Sets UTC and creates the warehouse's own tables. Raises WarehouseError, and changes nothing, if another version
    of Heartbeat wrote them."""
    _configure_builder(connection)
    version = read_version(connection)
    if version not in (0, VERSION):
        connection.close()
        raise WarehouseError(
            f"{name}: written by another version of Heartbeat (format {version}; this one reads {VERSION}); update"
            " Heartbeat, or move the home away and collect again. Nothing was changed"
        )
    if version == 0:
        create_tables(connection)
    return connection


def open_builder(spill: Path, processes: int = 1) -> Connection:
    """Opens a database in memory, to build tables in, as one of so many processes that share the memory; what does not
    fit is spilled into a folder."""
    # One thread: the statements are many and small, and handing work to more takes a fifth of the build.
    connection = duckdb.connect(":memory:", config={**OFFLINE, "temp_directory": str(spill), "threads": 1})
    _configure_builder(connection, processes)
    return connection


def _configure_builder(connection: Connection, processes: int = 1) -> None:
    connection.execute(_SET_UTC)
    _limit_memory(connection, processes)
    # No metric relies on row order, and keeping it would cost memory.
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set enable_progress_bar = false")


def _limit_memory(connection: Connection, processes: int) -> None:
    connection.execute(f"set memory_limit = '{WRITER_SHARE}'")
    ((share,),) = connection.execute("select parse_formatted_bytes(current_setting('memory_limit'))").fetchall()
    connection.execute(f"set memory_limit = '{min(share, WRITER_MEMORY) // processes}B'")


def open_scratch() -> duckdb.DuckDBPyConnection:
    """Opens a database in memory, to copy tables from one attached file to another."""
    connection = duckdb.connect(":memory:", config=dict(OFFLINE))
    connection.execute(_SET_UTC)
    connection.execute("set enable_progress_bar = false")
    return connection


def open_snapshot(path: Path, rows: Sequence[Path] = ()) -> duckdb.DuckDBPyConnection:
    """Opens a read-only connection without access to the network or to files other than these of rows, and locks its
    settings."""
    config: Config = {**OFFLINE, "memory_limit": "2GB", "max_temp_directory_size": READER_SPILL}
    connection = duckdb.connect(str(path), read_only=True, config=config)
    connection.execute(_SET_UTC)
    allowed = ", ".join(quote_literal(str(file.absolute())) for file in rows)
    # Before all access ends, which itself cannot be undone.
    connection.execute(f"set allowed_paths = [{allowed}]")
    connection.execute("set enable_external_access = false")
    # Last, since no setting can be changed afterwards.
    connection.execute("set lock_configuration = true")
    return connection


@contextmanager
def interrupting(connection: duckdb.DuckDBPyConnection, until: float) -> Iterator[None]:
    """Interrupts whatever a connection runs inside the block once it is later than `until`, by the monotonic clock."""
    if until == float("inf"):
        yield
        return
    is_done = threading.Event()

    def interrupt() -> None:
        is_done.wait(max(0.0, until - time.monotonic()))
        # Again and again, as an interruption that comes just before a statement begins is lost.
        while not is_done.is_set():
            connection.interrupt()
            is_done.wait(0.1)

    watch = threading.Thread(target=interrupt, daemon=True)
    watch.start()
    try:
        yield
    finally:
        is_done.set()
        watch.join()


def quote_literal(text: str) -> str:
    """Renders a text as a SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
