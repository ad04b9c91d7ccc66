"""Staging: types the raw rows loaded since the last build, sets aside those that cannot be typed, and lets the newest
row of each key win.

A staging file lists its columns and states their types as plain casts of the body's fields. Here they become casts
that fail for one row only: the row is recorded in `raw.ledger__set_aside` with its key, the field at fault and its
value, and all others are built. A good row of the same key, loaded later, takes its place; so does a full build once
the file types what it could not.
"""

import re
from dataclasses import dataclass
from functools import cache

import duckdb

from analytics.engine.filling import FILLED, count_filled_fields
from analytics.engine.headers import Header
from warehouse.load import create_raw_table

SET_ASIDE = "raw.ledger__set_aside"
"""Table of the rows that could not be typed: one row per table, channel and key."""
LEDGERS = frozenset((SET_ASIDE, FILLED))
"""Tables that typing writes beside the typed ones."""
_FIELD = re.compile(r"body->>?'\$\.(\w+)'")
_CAST = re.compile(r"\bcast\(body->>?'\$\.(\w+)' as ([\w\[\]]+)\)")
LARGEST = 2**53
"""Largest size of a number: integers up to it are exact in every program, and sums of them overflow nothing."""
EARLIEST, LATEST = "1970-01-01", "2200-01-01"
"""Bounds of instants and days; outside them the arithmetic of figures overflows, or makes a row for each day."""
EXCERPT = 60
"""Maximum length of a value quoted in the record of a row."""
_WITHIN = f"between -{LARGEST} and {LARGEST}"
_FITS = {
    "bigint": f"try_cast({{0}} as bigint) {_WITHIN}",
    "integer": "try_cast({0} as integer) is not null",
    "double": f"try_cast({{0}} as double) {_WITHIN}",
    "boolean": "try_cast({0} as boolean) is not null",
    # DuckDB drops any offset, so only instants that are in UTC already can be read.
    "timestamp": f"try_cast({{0}} as timestamp) >= timestamp '{EARLIEST}'"
    f" and try_cast({{0}} as timestamp) < timestamp '{LATEST}' and not regexp_matches({{0}}, '[^Z0-9:.T -]|:.*-')",
    "date": f"try_cast({{0}} as date) >= date '{EARLIEST}' and try_cast({{0}} as date) < date '{LATEST}'",
    "varchar[]": "try_cast({0} as varchar[]) is not null",
}
"""Condition by type under which a value (`{0}`) can be typed."""
WANTED = {
    "bigint": f"a whole number of at most {LARGEST}", "integer": "a whole number of at most 2147483647",
    "double": f"a number of at most {LARGEST}", "boolean": "true or false",
    "timestamp": f"an instant in UTC from {EARLIEST} to {LATEST}", "date": f"a day from {EARLIEST} to {LATEST}",
    "varchar[]": "a list", "object": "a JSON object",
}  # fmt: skip
"""What each type asks for, in words."""
ROW_TYPES = {"body": "object", "source_time": "timestamp", "seen_at": "timestamp"}
"""Types of the columns that every raw row has."""
_FITTING = "select * exclude (misfit, raw_key, load_id) from typed_rows where misfit is null"
"""Query for the rows that can be typed."""
_ROW_INSTANT = f"coalesce({{0}} >= timestamp '{EARLIEST}' and {{0}} < timestamp '{LATEST}', {{1}})"


class StagingError(Exception):
    """A staging file that cannot be rendered; the message says what to correct."""


@dataclass(frozen=True, slots=True)
class StagingTable:
    """A staging table, and the statement that types its raw rows."""

    table: str
    text: str
    header: Header

    @property
    def raw(self) -> str:
        """The raw table that it reads."""
        return self.table.replace("staging.", "raw.")


@dataclass(frozen=True, slots=True)
class TypedRows:
    """What typing changed."""

    has_rows: bool
    ledgers: frozenset[str]
    """Those of LEDGERS that changed."""


def add_new_rows(connection: duckdb.DuckDBPyConnection, staging: StagingTable, mark: int | None) -> TypedRows:
    """Types the rows loaded since `mark` (None: all) and merges them into the table, which exists unless all are
    typed."""
    create_raw_table(connection, staging.raw.removeprefix("raw."))
    news = connection.execute(f"select 1 from {staging.raw} where load_id > {mark or 0} limit 1").fetchall()
    if mark is not None and not news:
        return TypedRows(False, frozenset())
    if not news:
        return TypedRows(False, _create_empty(connection, staging))
    connection.execute(f"create or replace temp table typed_rows as {render_typed_query(staging, mark or 0)}")
    first_seen = ", seen_at as first_seen_at" if staging.header.first_seen else ""
    connection.execute(f"create or replace temp view delta as select *{first_seen} from ({_FITTING}) as fitting")
    if mark is None:
        connection.execute(f"create or replace table {staging.table} as from delta limit 0")
    has_moved = _set_aside_misfits(connection, staging, is_anew=mark is None)
    count_filled_fields(connection, staging.raw.removeprefix("raw."), is_anew=mark is None)
    has_rows = bool(connection.execute("select 1 from delta limit 1").fetchall())
    if has_rows:
        connection.execute(f"create or replace temp table winners as {render_winners(staging)}")
        # The winners include the old row of each key, so nothing is lost by deleting it first.
        keys = " and ".join(f"t.{key} = w.{key}" for key in staging.header.grain)
        connection.execute(f"delete from {staging.table} t using winners w where {keys}")
        connection.execute(f"insert into {staging.table} by name from winners")
        connection.execute("drop table winners")
    connection.execute("drop view delta; drop table typed_rows")
    return TypedRows(has_rows, LEDGERS if has_moved else LEDGERS - {SET_ASIDE})


def _create_empty(connection: duckdb.DuckDBPyConnection, staging: StagingTable) -> frozenset[str]:
    """Creates the table of a raw one without rows; returns which of the ledgers changed."""
    first_seen = ", seen_at as first_seen_at" if staging.header.first_seen else ""
    list_types(staging.text)  # refuses unknown casts before the first row, too
    # The casts as written give the same columns as those that fail for one row only, in a third of the time.
    connection.execute(
        f"create or replace table {staging.table} as select *{first_seen} from ({staging.text}) as typed limit 0"
    )
    name = [staging.raw.removeprefix("raw.")]
    removed = {
        ledger: connection.execute(f"delete from {ledger} where table_name = ?", name).fetchall()[0][0]
        for ledger in LEDGERS
    }
    return frozenset(ledger for ledger, count in removed.items() if count)


@cache
def list_types(text: str) -> dict[str, str]:
    """Lists the type that a staging query gives each field of the body; `varchar` if it casts none."""
    types = dict.fromkeys(_FIELD.findall(text), "varchar") | dict(_CAST.findall(text))
    if unknown := sorted(set(types.values()) - {*_FITS, "varchar"}):
        raise StagingError(f"a staging file casts to {', '.join(unknown)}; use {', '.join(_FITS)}")
    return types


def render_typed_query(staging: StagingTable, mark: int) -> str:
    """Renders the query that types the rows loaded since `mark`, each with its `misfit`: [field, value], or null."""
    types = list_types(staging.text)
    text = _CAST.sub(lambda cast: f"try_cast(fields.{cast[1]} as {cast[2]})", staging.text)
    text = _FIELD.sub(lambda field: f"fields.{field[1]}", text)
    fresh = _render_fields(staging.raw, types, f"where load_id > {mark}")
    misfit = f", {_render_misfit(types)} as misfit, key as raw_key, load_id"
    text = text.replace(f"from {staging.raw}", f"{misfit} from {fresh}")
    lacks_key = " ".join(f"when {name} is null then ['{name}', null]" for name in staging.header.grain)
    return f"select * replace (coalesce(misfit, case {lacks_key} end) as misfit) from ({text}) as typed"


def _render_fields(raw: str, types: dict[str, str], where: str) -> str:
    """Renders the raw rows with their fields, which are taken from the body at once: taking them one by one would parse
    it again for each."""
    shape = ", ".join(f'"{name}": "{"JSON" if type_ == "varchar[]" else "VARCHAR"}"' for name, type_ in types.items())
    return f"(select *, json_transform(body, '{{{shape}}}') as fields from {raw} {where}) as fresh_rows"


def _render_misfit(types: dict[str, str]) -> str:
    """Renders the first field that cannot be typed, with its value."""
    instants = " ".join(
        f"when not {_ROW_INSTANT.format(name, str(may_lack).lower())} then ['{name}', cast({name} as varchar)]"
        for name, may_lack in (("source_time", True), ("seen_at", False))
    )
    fields = " ".join(
        f"when fields.{name} is not null and not coalesce({_FITS[type_].format(f'fields.{name}')}, false)"
        f" then ['{name}', left(cast(fields.{name} as varchar), {EXCERPT})]"
        for name, type_ in types.items()
        if type_ in _FITS
    )
    return (
        "case when coalesce(json_type(body), '') <> 'OBJECT'"
        f" then ['body', left(cast(body as varchar), {EXCERPT})] {instants} {fields} end"
    )


def _set_aside_misfits(connection: duckdb.DuckDBPyConnection, staging: StagingTable, is_anew: bool) -> bool:
    """Records the rows that could not be typed and forgets those that a good row replaced; True if any changed."""
    name = staging.raw.removeprefix("raw.")
    ((misfits, known),) = connection.execute(
        "select count(misfit), (select count(*) from raw.ledger__set_aside where table_name = ?) from typed_rows",
        [name],
    ).fetchall()
    if not misfits and not known:
        return False
    if is_anew:
        connection.execute(f"delete from {SET_ASIDE} where table_name = ?", [name])
    # Whichever of two rows of one load came last cannot be known: the good one counts.
    replaced = connection.execute(
        f"delete from {SET_ASIDE} as s using typed_rows as t where s.table_name = ? and t.misfit is null"
        " and t.channel_id = s.channel_id and t.raw_key = s.key and t.load_id >= s.load_id",
        [name],
    ).fetchall()
    if misfits:
        connection.execute(
            f"create or replace temp table misfits as {_render_misfits(list_types(staging.text))}", [name]
        )
        connection.execute(
            f"delete from {SET_ASIDE} as s using misfits as m where s.table_name = m.table_name"
            " and s.channel_id = m.channel_id and s.key = m.key"
        )
        connection.execute(f"insert into {SET_ASIDE} by name from misfits")
        connection.execute("drop table misfits")
    return is_anew or bool(misfits) or bool(replaced[0][0])


def _render_misfits(types: dict[str, str]) -> str:
    """Renders the query for the rows rejected of a table (`$1`), those of earlier loads with those of this one."""
    wanted = " ".join(
        f"when '{name}' then '{WANTED[type_]}'" for name, type_ in (types | ROW_TYPES).items() if type_ in WANTED
    )
    return f"""
        with good_rows as (
            select channel_id, raw_key, max(load_id) as load_id from typed_rows where misfit is null group by all
        ),
        bad_rows as (
            select t.channel_id, coalesce(t.raw_key, '') as key, t.load_id, t.seen_at, 1 as rows_count,
                t.misfit[1] as field, t.misfit[2] as value
            from typed_rows as t
            left join good_rows as g on g.channel_id = t.channel_id and g.raw_key = t.raw_key
            where t.misfit is not null and t.load_id > coalesce(g.load_id, 0)
            union all
            select channel_id, key, load_id, seen_at, rows_count, field, value from {SET_ASIDE} where table_name = $1
        ),
        newest as (
            select channel_id, key, max(load_id) as load_id, max(seen_at) as seen_at, sum(rows_count) as rows_count,
                -- The field and its value break ties, so that the order of the rows never decides.
                max(struct_pack(load_id := load_id, field := field, value := value)) as last
            from bad_rows
            group by channel_id, key
        )
        select $1 as table_name, channel_id, key, load_id, seen_at, rows_count, last.field as field,
            last.value as value,
            case when last.value is null then 'a value, as it is part of the row''s key'
                else case last.field {wanted} end end as wanted
        from newest"""


def render_winners(staging: StagingTable) -> str:
    """Renders the query for the row that wins of each key in `delta`, among the new rows and the one in the table."""
    header = staging.header
    keys = ", ".join(header.grain)
    firsts = "".join(
        f", first_value({name}) over (partition by {keys} order by first_seen_at, cast({name} as varchar)) as {name}"
        for name in header.first_seen
    )
    if firsts:
        firsts += f", min(first_seen_at) over (partition by {keys}) as first_seen_at"
    firsts += "".join(
        f", {function}({name}) over (partition by {keys}) as {name}"
        for function, names in (("min", header.earliest), ("max", header.latest))
        for name in names
    )
    kept = [*header.first_seen, *(["first_seen_at"] if header.first_seen else []), *header.earliest, *header.latest]
    without = f" exclude ({', '.join(kept)})" if kept else ""
    whole_first = "".join(f"{flag} desc, " for flag in header.whole_first)
    return (
        f"with candidates as not materialized (from delta union all by name select t.* from {staging.table} t"
        f" semi join delta using ({keys})),"
        # Nearly every key has one row, which wins as it is; comparing rows takes ten times as long.
        f" repeated as (select {keys} from candidates group by {keys} having count(*) > 1),"
        f" disputed as (select * from candidates semi join repeated using ({keys}))"
        f" select c.*{without}{firsts} from disputed c"
        # The last criterion makes the winner independent of the order of arrival.
        f" qualify row_number() over (partition by {keys}"
        f" order by source_time desc nulls last, {whole_first}seen_at desc, cast(c as varchar) desc) = 1"
        f" union all by name select * from candidates anti join repeated using ({keys})"
    )
