"""DuckDB connections: opened only here, always in UTC and without network access."""

from pathlib import Path

import duckdb

from warehouse.faults import Fault

VERSION = 7
"""Version of the warehouse's own tables; raised when `_LEDGER` changes."""
WRITER_MEMORY = "40%"
"""How much of the machine's memory (or the container's) the engine may hold before it writes to the disk. Rows on their
way through Python come on top: with the engine's own 80 % a machine with 1 GB ends the process in each build."""
Config = dict[str, str | bool | int | float | list[str]]
OFFLINE: Config = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}

_LEDGER = """
create schema if not exists raw;
create schema if not exists staging;
create schema if not exists metrics;
create schema if not exists ledger;
create table if not exists ledger.version (version integer not null);
create table if not exists ledger.files (
    path varchar not null, channel_id varchar not null, run_id varchar not null, part integer not null,
    row_count bigint not null, load_id bigint not null, loaded_at timestamp not null);
create table if not exists ledger.builds (
    table_name varchar not null, sql_hash varchar not null, load_id bigint not null);
create table if not exists ledger.definitions (
    name varchar not null, layer varchar not null, question varchar, grain varchar, unit varchar, standard varchar,
    caveats varchar, version integer, is_public boolean not null, proof varchar, sql varchar,
    items_sql varchar, covers varchar, is_published boolean, title varchar,
    titles map(varchar, varchar), better varchar);
alter table ledger.definitions add column if not exists proof varchar;
alter table ledger.definitions add column if not exists sql varchar;
alter table ledger.definitions add column if not exists items_sql varchar;
alter table ledger.definitions add column if not exists covers varchar;
alter table ledger.definitions add column if not exists is_published boolean;
alter table ledger.definitions add column if not exists title varchar;
alter table ledger.definitions add column if not exists titles map(varchar, varchar);
alter table ledger.definitions add column if not exists better varchar;
create table if not exists ledger.comments (name varchar not null, comment varchar not null);
create table if not exists ledger.methods (
    name varchar not null, version integer not null, digest varchar not null, as_of_at timestamp,
    number bigint not null);
create table if not exists ledger.restatements (
    name varchar not null, number bigint not null, old_version integer, new_version integer, family_id varchar,
    channel_kind varchar, channel_role varchar, segment varchar, statistic varchar, "window" varchar,
    as_of_at timestamp, old_value double, new_value double, old_low double, new_low double, old_high double,
    new_high double, old_n bigint, new_n bigint, old_state varchar, new_state varchar);
create table if not exists ledger.verdicts (
    claim_id varchar not null, number bigint not null, claim_version bigint not null, verdict varchar not null,
    effect double, effect_low double, effect_high double, n bigint, as_of_at timestamp not null);
create table if not exists ledger.settings (name varchar not null, value varchar not null);
create table if not exists raw.ledger__runs (
    channel_id varchar, source varchar, thing varchar, run_id varchar, part integer, started_at timestamp,
    finished_at timestamp, state varchar, rows bigint, expected bigint, requests bigint, points bigint, error varchar,
    load_id bigint, total bigint, waiting bigint, older bigint, reach_at timestamp, fault varchar,
    passed_over bigint);
alter table raw.ledger__runs add column if not exists total bigint;
alter table raw.ledger__runs add column if not exists waiting bigint;
alter table raw.ledger__runs add column if not exists older bigint;
alter table raw.ledger__runs add column if not exists reach_at timestamp;
alter table raw.ledger__runs add column if not exists fault varchar;
alter table raw.ledger__runs add column if not exists passed_over bigint;
create table if not exists raw.ledger__set_aside (
    table_name varchar not null, channel_id varchar not null, key varchar not null, load_id bigint not null,
    seen_at timestamp, field varchar not null, value varchar, wanted varchar, rows_count bigint not null);
create table if not exists raw.ledger__notes (
    channel_id varchar not null, thing varchar not null, run_id varchar not null, part integer not null,
    load_id bigint not null, note_kind varchar not null, subject varchar not null, seen varchar[], count bigint);
create table if not exists raw.catalog__families (
    family_id varchar, title varchar, side varchar, vendor varchar, mentions varchar[], checked_on date);
create table if not exists raw.catalog__channels (
    channel_id varchar, family_id varchar, source varchar, target varchar, role varchar, channel_kind varchar,
    is_official boolean, base_url varchar, format varchar, cadence_hours double, is_enabled boolean,
    components varchar[], models varchar[], staff_known boolean, url varchar, pair varchar, terms varchar,
    things varchar[]);
alter table raw.catalog__channels add column if not exists pair varchar;
alter table raw.catalog__channels add column if not exists terms varchar;
alter table raw.catalog__channels add column if not exists things varchar[];
alter table raw.catalog__channels add column if not exists evidence varchar;
alter table raw.catalog__channels add column if not exists seen_on date;
alter table raw.catalog__families add column if not exists ended_on date;
alter table raw.catalog__families add column if not exists successor varchar;
create table if not exists raw.catalog__absences (family_id varchar, channel_kind varchar, state varchar, why varchar);
alter table raw.catalog__absences add column if not exists evidence varchar;
alter table raw.catalog__absences add column if not exists seen_on date;
create table if not exists raw.catalog__facts (
    family_id varchar, kind varchar, method varchar, value varchar, from_on date, until_on date, days bigint,
    url varchar, as_of_on date);
alter table raw.catalog__facts add column if not exists evidence varchar;
alter table raw.catalog__facts add column if not exists applies_to varchar;
alter table raw.catalog__facts add column if not exists models varchar[];
create table if not exists raw.catalog__hosts (family_id varchar, host_id varchar);
create table if not exists raw.catalog__mentions (family_id varchar, kind varchar, words varchar[]);
create table if not exists raw.catalog__accounts (source varchar, actor_id varchar, role varchar, why varchar);
create table if not exists raw.catalog__listings (family_id varchar, pattern varchar);
"""


class WarehouseError(Exception):
    """An unusable warehouse; the message names the file and what to do."""

    def __init__(self, message: str, fault: Fault = Fault.DAMAGED) -> None:
        super().__init__(message)
        self.fault = fault


def warehouse_path(home: Path) -> Path:
    """Returns the path of a home's warehouse."""
    return home / "warehouse.duckdb"


def open_warehouse(home: Path) -> duckdb.DuckDBPyConnection:
    """Opens the read-write connection; the caller holds `warehouse.lock.hold_lock(home)`. Raises WarehouseError."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(str(warehouse_path(home)), config=dict(OFFLINE))
    except duckdb.Error as error:
        # DuckDB has one class of error for a file that it cannot read and for one that another process holds.
        fault = Fault.LOCKED if "set lock" in str(error) else Fault.DAMAGED
        why = f"cannot be opened: {error}{_advise_on(error)}"
        raise WarehouseError(f"{warehouse_path(home)}: {why}", fault) from error
    return prepare_connection(connection, str(warehouse_path(home)))


def _advise_on(error: duckdb.Error) -> str:
    """Returns the way out of a file that cannot be opened; empty where another program holds it, which the engine
    names, or where memory ended."""
    if isinstance(error, duckdb.OutOfMemoryException) or "set lock" in str(error):
        return ""
    return "; if it is damaged or of another engine, move it away and run `heartbeat build`, which makes it anew"


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
    """Sets UTC and creates any missing ledger and catalog tables."""
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(f"set memory_limit = '{WRITER_MEMORY}'")
    # No metric relies on row order, and keeping it would cost memory.
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set enable_progress_bar = false")
    connection.execute(_LEDGER)
    ((version,),) = connection.execute("select max(version) from ledger.version").fetchall()
    if version is None or version < VERSION:
        connection.execute("insert into ledger.version values (?)", [VERSION])
    elif version > VERSION:
        connection.close()
        raise WarehouseError(
            f"{name}: written by a newer Heartbeat (format {version}; this one reads up to {VERSION}); update Heartbeat"
        )
    return connection


def open_scratch() -> duckdb.DuckDBPyConnection:
    """Opens a database in memory, to copy tables from one attached file to another."""
    connection = duckdb.connect(":memory:", config=dict(OFFLINE))
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set enable_progress_bar = false")
    return connection


def open_snapshot(path: Path) -> duckdb.DuckDBPyConnection:
    """Opens a read-only connection without access to other files or the network, and locks its settings."""
    config: Config = {**OFFLINE, "enable_external_access": False, "memory_limit": "2GB"}
    connection = duckdb.connect(str(path), read_only=True, config=config)
    connection.execute("set TimeZone = 'UTC'")
    # Last, since no setting can be changed afterwards.
    connection.execute("set lock_configuration = true")
    return connection


def quote_literal(text: str) -> str:
    """Renders a text as a SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
