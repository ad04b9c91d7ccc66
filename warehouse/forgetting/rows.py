"""Deletes what was forgotten from the warehouse and from landed files; each load does so, so that none comes back."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pyarrow as pa

from warehouse.durable import roll_back
from warehouse.faults import LandingError, ZoneError
from warehouse.forgetting.register import Forgotten, keep_digests
from warehouse.forgetting.scrubbing import Scrubber, read_place
from warehouse.forgetting.shedding import note_withdrawn
from warehouse.landing import Zone, list_landed, read_landed, rewrite_landed

TEXTS = {
    "raw.ledger__runs": ("error",), "raw.ledger__notes": ("subject", "seen"), "raw.ledger__set_aside": ("key", "value"),
}  # fmt: skip
"""Columns beside the bodies of rows that quote sources."""
SETTING = "forgotten"
"""Entry of the warehouse with the digest of the list that was applied last."""
BATCH = 20_000
Changes = dict[str, list[tuple[int, str | None]]]
"""By table: the number of a row, and its new body, or None to delete it."""


def find_forgotten(connection: duckdb.DuckDBPyConnection, forgotten: Forgotten) -> Changes:
    """Finds the loaded rows about the forgotten or naming them, and adds what else they identify: their threads."""
    forgotten.digests |= {
        forgotten.make_digest(*trace)
        for _, place, _, body in _read_bodies(connection)
        for trace in Scrubber(forgotten, place).list_belonging(body)
    }
    changes: Changes = {}
    for table, place, row, body in _read_bodies(connection):
        scrubbed = Scrubber(forgotten, place).scrub_body(body)
        if scrubbed != body:
            changes.setdefault(table, []).append((row, scrubbed))
    return changes


def _read_bodies(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, int, str]]:
    """Reads the table, place, number and body of all loaded rows."""
    tables = connection.sql(
        "select table_name from duckdb_columns() where schema_name = 'raw' and column_name = 'body'"
        " and database_name = current_database() order by all"
    ).fetchall()
    for (table,) in tables:
        rows = connection.cursor().execute(f"select channel_id, rowid, body from raw.{table}")
        while batch := rows.fetchmany(BATCH):
            yield from ((f"raw.{table}", read_place(channel_id), row, body) for channel_id, row, body in batch)


def forget_rows(connection: duckdb.DuckDBPyConnection, zone: Zone, forgotten: Forgotten) -> list[str]:
    """Deletes rows about what was forgotten since the last load, and its words in others. Returns why landed files
    could not be read, so that nobody knows what they hold."""
    if not forgotten or _read_applied(connection) == _digest(forgotten):
        return []
    asked = set(forgotten.digests)
    changes = find_forgotten(connection, forgotten)
    if fresh := forgotten.digests - asked:
        # Kept before the rows go: a run that is killed could not find these again.
        keep_digests(zone, fresh)
    troubles = _scrub_landed(zone, forgotten)
    connection.execute("begin")
    try:
        for table, rows in changes.items():
            _change_rows(connection, table, rows)
        if _scrub_texts(connection, Scrubber(forgotten)) or changes:
            connection.execute("delete from ledger.builds")
            note_withdrawn(connection)
        if not troubles:
            connection.execute("delete from ledger.settings where name = ?", [SETTING])
            connection.execute("insert into ledger.settings values (?, ?)", [SETTING, _digest(forgotten)])
        connection.execute("commit")
    except BaseException:
        roll_back(connection)
        raise
    return troubles


def _read_applied(connection: duckdb.DuckDBPyConnection) -> str:
    rows = connection.execute("select value from ledger.settings where name = ?", [SETTING]).fetchall()
    return str(rows[0][0]) if rows else ""


def _digest(forgotten: Forgotten) -> str:
    return hashlib.sha256("".join(sorted(forgotten.digests)).encode()).hexdigest()


def _change_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[int, str | None]]) -> None:
    numbers, bodies = zip(*rows, strict=True)
    connection.register("changed", pa.table({"row": numbers, "body": pa.array(bodies, pa.string())}))
    connection.execute(f"delete from {table} where rowid in (select row from changed where body is null)")
    connection.execute(
        f"update {table} as t set body = c.body from changed as c where t.rowid = c.row and c.body is not null"
    )
    connection.unregister("changed")


def _scrub_texts(connection: duckdb.DuckDBPyConnection, scrubber: Scrubber) -> bool:
    """Scrubs the texts beside bodies; returns True if any named the forgotten."""
    columns = connection.sql("select schema_name || '.' || table_name, column_name from duckdb_columns()").fetchall()
    has_changed = False
    for table, names in TEXTS.items():
        for name in (name for name in names if (table, name) in columns):
            values = connection.execute(f"select distinct {name} from {table} where {name} is not null").fetchall()
            for (value,) in values:
                scrubbed = scrubber.scrub_value(value) or value[:0]
                if scrubbed != value:
                    connection.execute(f"update {table} set {name} = ? where {name} = ?", [scrubbed, value])
                    has_changed = True
    return has_changed


def _scrub_landed(zone: Zone, forgotten: Forgotten) -> list[str]:
    """Rewrites the landed files that name the forgotten; returns which could not be read."""
    troubles = []
    for path in list_landed(zone):
        try:
            manifest, table = read_landed(zone, path)
        except ZoneError:
            raise
        except LandingError as error:
            troubles.append(str(error))
            continue
        scrubber = Scrubber(forgotten, read_place(manifest.channel_id))
        kept = scrubber.scrub_rows(table)
        cursors, outcomes = scrubber.scrub_value(manifest.cursors), scrubber.scrub_value(manifest.outcomes)
        if kept is not table or (cursors, outcomes) != (manifest.cursors, manifest.outcomes):
            rewrite_landed(zone, path, replace(manifest, cursors=cursors, outcomes=outcomes), kept)
    return troubles
