"""The warehouse's own tables: the ledger, and the catalog and the visits in `raw`."""

import duckdb

from warehouse.durable import in_transaction
from warehouse.schema.fields import FIELDS, list_fields

VERSION = 2
"""Version of these tables and of the rows in landed files. A home of another version is refused."""
FIGURES = "metrics.figures"
"""The figures of all metrics with a shape, as far as there are any: what is shown of each metric is a view of them."""

FIGURES_TABLE = """
create table if not exists metrics.figures (
    metric varchar not null, state varchar, note varchar, n bigint, n_events bigint, n_censored bigint, value double,
    low double, high double, family_id varchar, channel_kind varchar, channel_role varchar, segment varchar,
    statistic varchar, "window" varchar);
"""
"""Sorted by all columns from the left, as a snapshot has it, it takes the least space."""

TABLES = """
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
    caveats varchar, version integer, is_public boolean not null, proof varchar, items_sql varchar,
    covers varchar, is_published boolean, title varchar,
    titles map(varchar, varchar), better varchar);
create table if not exists ledger.comments (name varchar not null, comment varchar not null);
create table if not exists ledger.methods (
    name varchar not null, version integer not null, digest varchar not null, as_of_at timestamp,
    number bigint not null);
create table if not exists ledger.restatements (
    name varchar not null, number bigint not null, old_version integer, new_version integer, reason varchar,
    family_id varchar, channel_kind varchar, channel_role varchar, segment varchar, statistic varchar, "window" varchar,
    as_of_at timestamp, old_value double, new_value double, old_low double, new_low double, old_high double,
    new_high double, old_n bigint, new_n bigint, old_state varchar, new_state varchar,
    old_coverage_share double, new_coverage_share double);
create table if not exists ledger.verdicts (
    claim_id varchar not null, number bigint not null, claim_version bigint not null, verdict varchar not null,
    effect double, effect_low double, effect_high double, n bigint, as_of_at timestamp not null);
create table if not exists ledger.settings (name varchar not null, value varchar not null);
create table if not exists raw.ledger__runs (
    channel_id varchar, source varchar, thing varchar, run_id varchar, part integer, started_at timestamp,
    finished_at timestamp, state varchar, rows bigint, expected bigint, requests bigint, points bigint, error varchar,
    load_id bigint, total bigint, waiting bigint, older bigint, reach_at timestamp, fault varchar,
    passed_over bigint, known_until timestamp);
create table if not exists raw.ledger__notes (
    channel_id varchar not null, thing varchar not null, run_id varchar not null, part integer not null,
    load_id bigint not null, note_kind varchar not null, subject varchar not null, seen varchar[], count bigint);
create table if not exists raw.ledger__filled (
    table_name varchar not null, channel_id varchar not null, load_id bigint not null, seen_at timestamp not null,
    rows_count bigint not null, filled map(varchar, bigint) not null);
create table if not exists raw.catalog__families (
    family_id varchar, title varchar, side varchar, vendor varchar, mentions varchar[], checked_on date,
    ended_on date, successor varchar);
create table if not exists raw.catalog__channels (
    channel_id varchar, family_id varchar, source varchar, target varchar, role varchar, channel_kind varchar,
    is_official boolean, base_url varchar, format varchar, cadence_hours double, is_enabled boolean,
    components varchar[], models varchar[], url varchar, pair varchar, terms varchar,
    things varchar[], evidence varchar, seen_on date);
create table if not exists raw.catalog__absences (family_id varchar, channel_kind varchar, state varchar, why varchar,
    evidence varchar, seen_on date);
create table if not exists raw.catalog__facts (
    family_id varchar, kind varchar, method varchar, value varchar, from_on date, until_on date, days bigint,
    url varchar, as_of_on date, evidence varchar, applies_to varchar, models varchar[]);
create table if not exists raw.catalog__hosts (family_id varchar, host_id varchar);
create table if not exists raw.catalog__mentions (family_id varchar, kind varchar, words varchar[]);
create table if not exists raw.catalog__accounts (source varchar, actor_id varchar, role varchar, why varchar);
create table if not exists raw.catalog__listings (family_id varchar, pattern varchar);
"""
RAW = """
create table if not exists raw.{stream} (
    channel_id varchar not null, key varchar, source_time timestamp, seen_at timestamp, load_id bigint not null,
    misfit struct(field varchar, wanted varchar, value varchar), {fields});
"""
"""The table of a stream's landed rows."""
REJECTED = """
select '{stream}' as table_name, m.channel_id, m.key, m.load_id, m.seen_at, m.misfit
from raw.{stream} as m
where m.misfit is not null and not exists (
    from raw.{stream} as g
    where g.misfit is null and g.channel_id = m.channel_id and g.key = m.key and g.load_id >= m.load_id)
"""
"""The rejected rows of a stream, unless a good one of the same key came with them or later."""


def read_version(connection: duckdb.DuckDBPyConnection) -> int:
    """Reads the version of a warehouse's tables; 0 for one without any, or whose first opening was killed."""
    tables = "select 1 from duckdb_tables() where schema_name = 'ledger' and table_name = 'version'"
    is_there = connection.execute(f"{tables} and database_name = current_database()").fetchall()
    rows = connection.execute("select max(version) from ledger.version").fetchall() if is_there else [(None,)]
    return int(rows[0][0] or 0)


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Creates the tables and states their version, all of it or nothing."""
    with in_transaction(connection):
        connection.execute(TABLES + FIGURES_TABLE)
        for stream in FIELDS:
            fields = ", ".join(f"{name} {type_}" for name, type_ in list_fields(stream).items())
            connection.execute(RAW.format(stream=stream, fields=fields))
        rejected = " union all ".join(REJECTED.format(stream=stream) for stream in FIELDS)
        connection.execute(f"create or replace view raw.ledger__rejected as {rejected}")
        connection.execute("insert into ledger.version values (?)", [VERSION])
