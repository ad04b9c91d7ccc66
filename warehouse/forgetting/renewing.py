"""Puts a new warehouse and its snapshot in the place of the former ones.

A database keeps the bytes of deleted rows until it needs their room; only a new file is without them.
"""

import shutil
from pathlib import Path

from warehouse.backups.restoring import LOGS
from warehouse.database import Connection, quote_literal
from warehouse.durable import replace_file, sync
from warehouse.snapshot import read_pointer


def copy_logs(connection: Connection, former: Path) -> None:
    """Copies what cannot be made from landed files: since when verdicts hold, what was restated, and how many builds
    there were."""
    connection.execute(f"attach {quote_literal(str(former))} as former (read_only)")
    for log in LOGS:
        connection.execute(f"insert into ledger.{log} by name from former.ledger.{log}")
    connection.execute("insert into ledger.settings from former.ledger.settings where name = 'build'")
    connection.execute("detach former")


def replace_warehouse(new: Path, path: Path) -> None:
    """Puts a closed warehouse in the place of another one."""
    sync(new)
    # The log of the former file must not be taken for one of the new.
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
    replace_file(new, path)
    shutil.rmtree(path.with_name(f"{path.name}.tmp"), ignore_errors=True)


def remove_other_versions(target: Path) -> None:
    """Removes all published versions but the one that readers are pointed to, also parts of them."""
    pointer = read_pointer(target)
    for path in target.glob("snapshot-*"):
        if pointer is None or path.name != pointer.file:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    sync(target)
