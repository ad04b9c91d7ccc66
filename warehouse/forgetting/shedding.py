"""Removes the bytes of deleted rows: copies the warehouse without them, and removes older snapshots.

A database keeps the bytes of deleted rows until it needs their room. A note says that it has some, so that a night on
which nothing was deleted costs nothing.
"""

import shutil
from contextlib import closing
from pathlib import Path

from warehouse.database import Connection, WarehouseError, open_warehouse, quote_literal, warehouse_path
from warehouse.durable import replace_file, sync
from warehouse.publish import read_build
from warehouse.snapshot import published_folder, read_pointer, verify_file

ASIDE = ".forgetting"
"""The folder in a home that holds the new warehouse until it is whole."""
SETTING = "withdrawn"
"""Entry of the warehouse with the number of the build after which rows were deleted."""


def note_withdrawn(connection: Connection) -> None:
    """Notes that rows were deleted, in the transaction that does it: the tables of the next build are without them."""
    connection.execute("delete from ledger.settings where name = ?", [SETTING])
    connection.execute("insert into ledger.settings values (?, ?)", [SETTING, str(read_build(connection).number)])


def shed_withdrawn(home: Path) -> str:
    """Makes the warehouse's file again and removes the versions before the newest, if they hold deleted rows; returns
    what it did, or what it waits for, in one line, and nothing if there are none. The caller holds the writer lock.
    """
    path, target, aside = warehouse_path(home), published_folder(home), home / ASIDE
    if not path.exists():
        return ""
    try:
        with closing(open_warehouse(home)) as connection:
            waits = _find_wait(connection, target)
            if waits is None:
                return ""
            if waits:
                return f"bytes of deleted rows: kept until the next {waits}"
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir(mode=0o700)
            _copy_rows(connection, warehouse_path(aside))
        _remove_other_versions(target)
        # Last: until then the note says that there is something to do.
        _replace_warehouse(warehouse_path(aside), path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return "bytes of deleted rows: gone from the warehouse, and the versions that showed them"


def _find_wait(connection: Connection, target: Path) -> str | None:
    """Finds the step until which the rows are still in use; empty if there is none, and None without such rows."""
    noted = connection.execute("select value from ledger.settings where name = ?", [SETTING]).fetchall()
    if not noted:
        return None
    build, pointer = read_build(connection), read_pointer(target)
    if build.number <= int(noted[0][0]):
        return "build"
    if pointer is None:
        return ""
    try:
        verify_file(target / pointer.file)
    except WarehouseError:
        return "publish"  # which fixes it; until then the versions before it are the only ones
    return "" if (pointer.build, pointer.build_id) == (build.number, build.id) else "publish"


def _copy_rows(connection: Connection, new: Path) -> None:
    connection.execute(f"attach {quote_literal(str(new))} as fresh")
    ((name,),) = connection.sql("select current_database()").fetchall()
    connection.execute(f'copy from database "{name}" to fresh')
    connection.execute("delete from fresh.ledger.settings where name = ?", [SETTING])
    connection.execute("checkpoint fresh")
    connection.execute("detach fresh")


def _replace_warehouse(new: Path, path: Path) -> None:
    sync(new)
    # The log of the former file must not be taken for one of the new.
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
    replace_file(new, path)
    shutil.rmtree(path.with_name(f"{path.name}.tmp"), ignore_errors=True)


def _remove_other_versions(target: Path) -> None:
    """Removes all published versions but the one that readers are pointed to, and parts of them."""
    pointer = read_pointer(target)
    for path in target.glob("snapshot-*"):
        if pointer is None or path.name != pointer.file:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if target.is_dir():
        sync(target)
