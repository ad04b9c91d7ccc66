"""Migrations of the warehouse's own tables: what each version lacks of the next, in order.

`TABLES` is the whole of today, which a new warehouse gets and which makes tables that a former one lacks; a migration
adds columns, or changes what is in them. Whoever changes `TABLES` adds one here, and the file of the former tables to
`tests/faults/formats/`. All that a warehouse lacks is done in one transaction: whoever is killed has changed nothing.
"""

from contextlib import suppress

import duckdb

from warehouse.schema.tables import TABLES

MIGRATIONS: dict[int, tuple[str, ...]] = {
    2: (
        "alter table raw.ledger__runs add column if not exists total bigint",
        "alter table raw.catalog__channels add column if not exists pair varchar",
        "alter table raw.catalog__channels add column if not exists terms varchar",
        "alter table raw.catalog__channels add column if not exists things varchar[]",
    ),
    3: (
        "alter table raw.ledger__runs add column if not exists waiting bigint",
        "alter table raw.ledger__runs add column if not exists older bigint",
        "alter table raw.ledger__runs add column if not exists reach_at timestamp",
    ),
    4: (
        "alter table ledger.definitions add column if not exists proof varchar",
        "alter table ledger.definitions add column if not exists sql varchar",
        "alter table ledger.definitions add column if not exists items_sql varchar",
    ),
    5: (
        "alter table ledger.definitions add column if not exists covers varchar",
        "alter table ledger.definitions add column if not exists is_published boolean",
        "alter table raw.ledger__runs add column if not exists fault varchar",
    ),
    6: (
        "alter table ledger.definitions add column if not exists title varchar",
        "alter table ledger.definitions add column if not exists titles map(varchar, varchar)",
        "alter table ledger.definitions add column if not exists better varchar",
    ),
    7: (),
    # Version 7 grew without a new number; a warehouse of it may have any of these already.
    8: (
        "alter table raw.catalog__absences add column if not exists evidence varchar",
        "alter table raw.catalog__absences add column if not exists seen_on date",
        "alter table raw.catalog__families add column if not exists ended_on date",
        "alter table raw.catalog__families add column if not exists successor varchar",
        "alter table raw.catalog__facts add column if not exists evidence varchar",
        "alter table raw.catalog__facts add column if not exists applies_to varchar",
        "alter table raw.catalog__facts add column if not exists models varchar[]",
        "alter table raw.catalog__channels add column if not exists evidence varchar",
        "alter table raw.catalog__channels add column if not exists seen_on date",
        "alter table raw.ledger__runs add column if not exists passed_over bigint",
    ),
    9: (),
    # The next build reads all rows once more, and counts their filled fields.
    10: ("delete from ledger.builds where starts_with(table_name, 'staging.')",),
    11: (
        "alter table ledger.restatements add column if not exists old_coverage_share double",
        "alter table ledger.restatements add column if not exists new_coverage_share double",
    ),
    12: ("alter table raw.ledger__runs add column if not exists known_until timestamp",),
}  # fmt: skip
"""What each version needs that the one before it lacks; a version whose new tables were all has nothing."""
VERSION = max(MIGRATIONS)
"""Version of the warehouse's own tables."""


def read_version(connection: duckdb.DuckDBPyConnection) -> int:
    """Reads the version of a warehouse's tables; 0 for one without any, or whose first opening was killed."""
    tables = "select 1 from duckdb_tables() where schema_name = 'ledger' and table_name = 'version'"
    is_there = connection.execute(f"{tables} and database_name = current_database()").fetchall()
    rows = connection.execute("select max(version) from ledger.version").fetchall() if is_there else [(None,)]
    return int(rows[0][0] or 0)


def migrate(connection: duckdb.DuckDBPyConnection, version: int) -> None:
    """Brings the tables of a version up to date, all of it or nothing."""
    if version == VERSION:
        return
    tables = "select 1 from duckdb_tables() where database_name = current_database() limit 1"
    is_new = not connection.execute(tables).fetchall()
    connection.execute("begin")
    try:
        connection.execute(TABLES)
        # A new one lacks nothing of them, and looking for each column takes longer than making all tables.
        for number in () if is_new else range(version + 1, VERSION + 1):
            for statement in MIGRATIONS.get(number, ()):
                connection.execute(statement)
        connection.execute("insert into ledger.version values (?)", [VERSION])
        connection.execute("commit")
    except BaseException:
        # Also on Ctrl-C; one that the disk has ended has nothing to roll back.
        with suppress(duckdb.Error):
            connection.execute("rollback")
        raise
