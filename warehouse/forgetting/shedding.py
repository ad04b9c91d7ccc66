"""Removes the bytes of deleted rows: copies the warehouse without them, and removes older snapshots.

A database keeps the bytes of deleted rows until it needs their room. A note says that it has some, so that a night on
which nothing was deleted costs nothing.
"""

import shutil
from contextlib import closing
from pathlib import Path

from warehouse.database import Connection, copy_warehouse, open_warehouse, warehouse_path
from warehouse.durable import replace_file, sync
from warehouse.publish import read_build
from warehouse.snapshot import (
    list_versions,
    published_folder,
    read_pointer,
    remove_unused_rows,
    verify_file,
    verify_rows,
)

ASIDE = ".forgetting"
"""The folder in a home that holds the new warehouse until it is whole."""
SETTING = "withdrawn"
"""Entry of the warehouse with the number of the build after which rows were deleted."""


def note_withdrawn(connection: Connection) -> None:
    """Notes that rows were deleted, in the transaction that does it: the tables of the next build are without them."""
    connection.execute("delete from ledger.settings where name = ?", [SETTING])
    connection.execute("insert into ledger.settings values (?, ?)", [SETTING, str(read_build(connection).number)])


def shed_withdrawn(home: Path) -> str:
    """Makes the warehouse's file again and removes the versions before the newest, once a build without the deleted
    rows is published; returns what it did in one line, if anything. The caller holds the writer lock."""
    path, aside, pointer = warehouse_path(home), home / ASIDE, read_pointer(published_folder(home))
    if not path.exists():
        return ""
    shutil.rmtree(aside, ignore_errors=True)
    with closing(open_warehouse(home)) as connection:
        noted = connection.execute("select value from ledger.settings where name = ?", [SETTING]).fetchall()
        if not noted or (pointer.build if pointer else read_build(connection).number) <= int(noted[0][0]):
            return ""
        if pointer:  # readers of a damaged one need the versions before it
            verify_file(published_folder(home) / pointer.file)
            verify_rows(published_folder(home) / pointer.file)
        aside.mkdir(mode=0o700)
        copy_warehouse(connection, warehouse_path(aside))
    with closing(open_warehouse(aside)) as copied:
        copied.execute("delete from ledger.settings where name = ?", [SETTING])
    for version in list_versions(published_folder(home)):
        if pointer is None or version.name != pointer.file:
            version.unlink()
    remove_unused_rows(published_folder(home))
    # Last: until then the note says that there is something to do.
    sync(warehouse_path(aside))
    # The log of the former file must not be taken for one of the new, and a killed process left rows in `.tmp`.
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
    shutil.rmtree(path.with_name(f"{path.name}.tmp"), ignore_errors=True)
    replace_file(warehouse_path(aside), path)
    shutil.rmtree(aside)
    return "bytes of deleted rows: gone from the warehouse, and the versions that showed them"
