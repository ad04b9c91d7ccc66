"""Deletes what was forgotten from the warehouse and from landed files; each load does so, so that none comes back."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from duckdb.func import SPECIAL

from warehouse.durable import roll_back
from warehouse.faults import LandingError, ZoneError
from warehouse.forgetting.register import Forgotten, keep_digests
from warehouse.forgetting.scrubbing import Scrubber, read_place
from warehouse.forgetting.shedding import note_withdrawn
from warehouse.landing import Zone, list_landed, read_scrubbed

QUOTES = (
    "delete from raw.ledger__notes where is_named(subject) or is_named(seen::varchar)",
    "delete from raw.ledger__set_aside where is_named(key) or is_named(value)",
    "update raw.ledger__runs set error = '…' where is_named(error)",
)
"""Statements for the texts beside the bodies of rows that quote sources."""
SETTING = "forgotten"
"""Entry of the warehouse with the digest of the list that was applied last."""
BATCH = 20_000


def forget_rows(connection: duckdb.DuckDBPyConnection, zone: Zone, forgotten: Forgotten) -> list[str]:
    """Deletes rows about what was forgotten since the last load, and its words in others. Returns why landed files
    could not be read, so that nobody knows what they hold."""
    if not forgotten or _read_applied(connection) == _digest(forgotten):
        return []
    tables = _list_tables(connection)
    if fresh := _find_belonging(connection, tables, forgotten) - forgotten.digests:
        # Kept before the rows go: a run that is killed could not find these again.
        keep_digests(zone, fresh)
        forgotten.digests |= fresh
    troubles = _scrub_landed(zone, forgotten)
    connection.execute("begin")
    try:
        _scrub_tables(connection, tables, forgotten)
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


def _list_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    tables = connection.sql(
        "select table_name from duckdb_columns() where schema_name = 'raw' and column_name = 'body'"
        " and database_name = current_database() order by all"
    ).fetchall()
    return [f"raw.{table}" for (table,) in tables]


def _find_belonging(connection: duckdb.DuckDBPyConnection, tables: list[str], forgotten: Forgotten) -> set[str]:
    """Finds what else the rows about the forgotten identify: their threads."""
    found = set[str]()
    for table in tables:
        rows = connection.cursor().execute(f"select channel_id, body from {table}")
        while batch := rows.fetchmany(BATCH):
            for channel_id, body in batch:
                traces = Scrubber(forgotten, read_place(channel_id)).list_belonging(body)
                found |= {forgotten.make_digest(*trace) for trace in traces}
    return found


def _scrub_tables(connection: duckdb.DuckDBPyConnection, tables: list[str], forgotten: Forgotten) -> None:
    """Scrubs all loaded rows and the texts beside them; what was built of them is built again."""
    changed = 0
    with _add_functions(connection, forgotten):
        for table in tables:
            new = "scrub_body(channel_id, body)"
            changed += _count(connection, f"update {table} set body = {new} where body is distinct from {new}")
            connection.execute(f"delete from {table} where body is null")
        changed += sum(_count(connection, statement) for statement in QUOTES)
    if changed:
        connection.execute("delete from ledger.builds")
        note_withdrawn(connection)


@contextmanager
def _add_functions(connection: duckdb.DuckDBPyConnection, forgotten: Forgotten) -> Iterator[None]:
    """Lets SQL call the scrubber."""

    def scrub_body(channel_id: str, body: str) -> str | None:
        return Scrubber(forgotten, read_place(channel_id)).scrub_body(body)

    connection.create_function("scrub_body", scrub_body, return_type="varchar", null_handling=SPECIAL)
    connection.create_function("is_named", Scrubber(forgotten).is_named)
    try:
        yield
    finally:
        connection.remove_function("scrub_body")
        connection.remove_function("is_named")


def _count(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    ((changed,),) = connection.execute(statement).fetchall()
    return int(changed)


def _scrub_landed(zone: Zone, forgotten: Forgotten) -> list[str]:
    """Rewrites the landed files that name the forgotten; returns which could not be read."""
    troubles = []
    for path in list_landed(zone):
        try:
            read_scrubbed(zone, path, forgotten)
        except ZoneError:
            raise
        except LandingError as error:
            troubles.append(str(error))
    return troubles
