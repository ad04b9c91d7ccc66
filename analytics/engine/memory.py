"""Memory of a build: a fixed amount, and more only where that ended it.

What the engine holds beyond what it needs is a second copy of what the system keeps of the disk: a million threads are
built as fast within 1.5 GB as within ten.
"""

from collections.abc import Callable
from typing import TypeVar

import duckdb

from warehouse.database import WRITER_MEMORY

BUILD_BYTES = 1_500_000_000
"""How much the engine may hold in a build, where the writer may take more."""
SETTING = "wide_build"
LIMIT = "select parse_formatted_bytes(current_setting('memory_limit'))"
Report = TypeVar("Report")


def build_within_memory(connection: duckdb.DuckDBPyConnection, build: Callable[[], Report]) -> tuple[Report, bool]:
    """Builds within BUILD_BYTES, or again with all that the writer may take where they do not suffice; returns also
    whether that was so. Later builds of the warehouse begin with all."""
    ((most,),) = connection.execute(LIMIT).fetchall()
    if most <= BUILD_BYTES or _is_wide(connection):
        return build(), False
    try:
        connection.execute(f"set memory_limit = '{BUILD_BYTES}B'")
        return build(), False
    except duckdb.OutOfMemoryException:
        # The build has taken back all that it did.
        pass
    finally:
        connection.execute(f"set memory_limit = '{WRITER_MEMORY}'")
    report = build()
    connection.execute("insert into ledger.settings values (?, 'true')", [SETTING])
    return report, True


def _is_wide(connection: duckdb.DuckDBPyConnection) -> bool:
    return bool(connection.execute("select 1 from ledger.settings where name = ?", [SETTING]).fetchall())
