"""Puts a new warehouse and its snapshot in the place of the former ones.

A database keeps the bytes of deleted rows until it needs their room; only a new file is without them.
"""

import json
import shutil
from pathlib import Path

import pyarrow as pa

from warehouse.backups.restoring import LOGS
from warehouse.database import Connection, quote_literal
from warehouse.durable import replace_file, sync
from warehouse.forgetting.register import Forgotten
from warehouse.forgetting.scrubbing import Scrubber
from warehouse.snapshot import read_pointer

ASIDE = ".forgetting"
"""The folder in a home that holds the new warehouse until it is whole."""
QUOTING = {"news": ("subject", "headline", "url"), "news_states": ("subject", "value")}
"""Columns of logs that hold what a source said, or lead to it."""


def copy_logs(connection: Connection, former: Path, forgotten: Forgotten) -> None:
    """Copies what cannot be made from landed files, without what was forgotten: since when verdicts hold, what was
    restated, what was news, and how many builds there were."""
    scrubber = Scrubber(forgotten)
    connection.execute(f"attach {quote_literal(str(former))} as former (read_only)")
    for log in LOGS:
        table = connection.sql(f"from former.ledger.{log}").to_arrow_table()
        for column in QUOTING.get(log, ()):
            texts = [_scrub_entry(text, scrubber) for text in table[column].to_pylist()]
            table = table.set_column(table.column_names.index(column), column, pa.array(texts, pa.string()))
        # Scrubbed before it is inserted: what a row once held, its file keeps.
        connection.register("copied_rows", table)
        connection.execute(f"insert into ledger.{log} by name from copied_rows")
        connection.unregister("copied_rows")
    connection.execute("insert into ledger.settings from former.ledger.settings where name = 'build'")
    connection.execute("detach former")


def _scrub_entry(text: str, scrubber: Scrubber) -> str:
    """Scrubs an entry of a log: a text, a link, or a state as JSON, whose keys are ours."""
    try:
        state = json.loads(text)
    except ValueError:
        state = None
    if isinstance(state, dict):
        return json.dumps(scrubber.scrub_value(state), ensure_ascii=False, sort_keys=True)
    return scrubber.scrub_value(text) or ""


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
