"""The public copy of a snapshot: figures and links, without what tells people apart or may not be passed on."""

import secrets
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.comments import copy_comments
from warehouse.database import open_scratch, quote_literal
from warehouse.schema.tables import FIGURES
from warehouse.snapshot import Snapshot, name_folder, query

STORAGE = "block_size 65536, storage_version 'v1.4.0'"
"""How a copy is stored: its tables hold all rows, for which blocks smaller than these pack numbers badly."""
PERSON_TABLES = frozenset(("metrics.people_activity", "metrics.people_works"))
"""One row per person or per deed of a person, with links: anyone who follows one would know whose they all are."""
PSEUDONYMS = frozenset(("actor_id", "fixed_by_id", "fixer_id", "helper_id"))
PERSON_KEYS = frozenset(("person_id", "item_id"))
"""Columns that may name a person: a row is excluded if the text is family, source and pseudonym."""
LEFT_OUT = (
    "Tables and rows of single people: how an account behaves, what each person did and"
    " when. The figures made from them are here; receipts cannot list the people behind them.",
    "The installation's own pseudonyms: this copy has pseudonyms of its own, made with a key that was thrown away, and"
    " the same account has another one in the next copy.",
    "Titles in channels whose terms must be accepted before they are read (such as Reddit) or that the catalog no"
    " longer lists, also where a link holds the title; their figures and links are here.",
    "Error messages of the collectors and the values of rows that could not be typed, which may name the collecting"
    " machine or hold anything; the kind of each fault is here.",
    "Raw rows and tables of single sources, which no snapshot holds. Bodies of posts, names and addresses are never"
    " written anywhere.",
)


def write_public_copy(snapshot: Snapshot, path: Path, consent_sources: Collection[str]) -> None:
    """Writes the public copy of a snapshot to a new file.

    `consent_sources` are those whose terms must be accepted before any of their channels is read.
    """
    with open_scratch() as connection:
        connection.execute(f"attach {quote_literal(str(snapshot.path))} as own (read_only)")
        connection.execute(f"attach {quote_literal(str(path))} as snapshot ({STORAGE})")
        connection.execute("use own")
        name_folder(connection, snapshot.path.parent)
        connection.execute(
            "create temp table titled as select channel_id from own.staging.channels"
            " where coalesce(terms, '') = '' and not list_contains(?::varchar[], source)",
            [sorted(consent_sources)],
        )
        # One transaction, since otherwise each table and each comment would be a commit of its own.
        connection.execute("begin")
        _copy_tables(connection)
        connection.execute("commit")
        connection.execute("checkpoint snapshot")
        connection.execute("use memory")
        connection.execute("detach snapshot")


def _copy_tables(connection: duckdb.DuckDBPyConnection) -> None:
    columns = _list_columns(connection)
    key = secrets.token_hex(32)
    for schema in sorted({schema for schema, _ in columns}):
        connection.execute(f"create schema snapshot.{schema}")
    for (schema, table), types in columns.items():
        replaced = [f"{sql} as {name}" for name, sql in _replace_columns(types, key).items()]
        replacing = f" replace ({', '.join(replaced)})" if replaced else ""
        # The instants of a person are those of an account's threads and replies: with them, both are known to be one.
        people = " or ".join(
            rf"coalesce(regexp_full_match({name}, '\S+ \S+ [0-9a-f]{{16}}'), false)"
            for name in sorted(PERSON_KEYS & types.keys()) if types[name] == "VARCHAR"
        )  # fmt: skip
        connection.execute(
            f'create table snapshot.{schema}."{table}" as select *{replacing} from own.{schema}."{table}"'
            f" where not ({people or 'false'}) order by all"
        )
    copy_comments(connection, set(columns))


def _list_columns(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], dict[str, str]]:
    """Lists the tables and views that are copied, each with the types of its columns."""
    # A copy holds no view, which could run a stranger's text: what is shown of each metric becomes a table.
    tables: dict[tuple[str, str], dict[str, str]] = {}
    rows = connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        " where database_name = 'own' and not internal order by schema_name, table_name, column_index"
    ).fetchall()
    for schema, table, column, kind in rows:
        if f"{schema}.{table}" not in (*PERSON_TABLES, FIGURES):
            tables.setdefault((schema, table), {})[column] = kind
    return tables


def _replace_columns(types: dict[str, str], key: str) -> dict[str, str]:
    """Returns the expressions that replace columns of a table, by column."""
    own = quote_literal(key)
    replaced = {name: f"left(sha256({own} || {name}), 16)" for name in PSEUDONYMS & types.keys()}
    for name in ("last_error", "excerpt", "landed_path"):
        if name in types:
            replaced[name] = "null::varchar"
    if "warning_kind" in types:
        # What is said of items skipped is the error of the visit; what a field could not hold may be anything.
        blanks = {"about": ("items skipped", "''"), "seen_names": ("value excluded", "null")}
        replaced |= {
            name: f"case when warning_kind = '{kind}' then {blank} else {name} end"
            for name, (kind, blank) in blanks.items() if name in types
        }  # fmt: skip
    return replaced | _replace_titles(types)


_CHANNELS = {
    "channel_id": "channel_id",
    "thread_id": "split_part(thread_id, '#', 1)",
    "item_id": "regexp_extract(item_id, '^[^#/]*')",  # a thread's and a reply's
}
"""The channel of a row, by the column that tells it."""


def _replace_titles(types: dict[str, str]) -> dict[str, str]:
    """Returns the expressions that keep titles, and links that hold one, of those channels only that `titled` has."""
    channel = next((sql for name, sql in _CHANNELS.items() if name in types), "")
    if not channel:
        return {}
    replaced = {"title": f"case when {channel} in (from titled) then title end"} if "title" in types else {}
    for name, kind in types.items():
        if kind == "VARCHAR" and (name == "url" or name.endswith("_url")):
            # Links of Discourse hold the title of the topic before its number, which is enough to find it.
            shortened = rf"regexp_replace({name}, '/t/[^/]+/(\d+)', '/t/\1')"
            replaced[name] = f"case when {channel} in (from titled) then {name} else {shortened} end"
    return replaced


def read_data_as_of(snapshot: Snapshot) -> datetime | None:
    """Returns when the newest data of a snapshot were collected; None if nothing was."""
    (row,) = query(snapshot, "select max(as_of_at) as at from staging.collections").to_pylist()
    return row["at"].replace(tzinfo=UTC) if row["at"] else None
