"""Families apart: where rows of few families changed, only the rows of these families are made anew.

A table whose header says `by: family` has a family_id, and the rows of one family rest on no row of another one in such
tables; those of no family may be read by all. One that says `by: channel` lies below the families: a family's rows are
those of its own channels, and the channels of many families may be read by all. What changed in the row of no family,
or in a channel of many, may change any family.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb

from analytics.engine.digests import Digests, render_hashes, sum_hashes
from analytics.engine.making import make_table, prepare_table
from analytics.engine.models import Model
from analytics.engine.visits import TABLE

Families = frozenset[str] | None
"""Some families; None for every family, and for what belongs to none."""
NO_FAMILY: Families = frozenset()
EVERY_FAMILY: Families = None
SHARED_HOME = "_shared"
"""The home of channels that many families share."""
KEYS = {"family": "family_id", "channel": "channel_id"}
"""The column by which rows are told apart, by the word of the header."""
MADE_ROWS = "temp.made_rows"
"""Where the rows of some families are made before those that changed are written."""
MADE_HASHES, HELD_HASHES, CHANGED_HASHES = "temp.made_hashes", "temp.held_hashes", "temp.changed_hashes"
"""Hashes of these rows and of those that the table holds, and which of them differ in number."""
LONG_ROWS = 50_000
"""Rows of a family from which it pays to look for those that changed; fewer are written at once."""
_READ = re.compile(rf"({TABLE})\b(?!\.)(\s+as\s+\w+)?")


@dataclass(frozen=True, slots=True)
class Change:
    """Families of which rows of a table may have changed."""

    rows: Families = NO_FAMILY
    visits: Families = NO_FAMILY
    """Those of which only what tells of visits may have (VISIT_COLUMNS)."""


def join_families(first: Families, second: Families) -> Families:
    """Joins two sets of families."""
    return None if first is None or second is None else first | second


@dataclass(frozen=True, slots=True)
class Layout:
    """How rows are told apart by family."""

    homes: Mapping[str, str]
    """The family of each channel of the catalog."""
    tables: Mapping[str, str]
    """`family` or `channel` by table, as its header says; empty for other tables."""

    def find_families(self, by: str, keys: Collection[str | None]) -> Families:
        """Finds the families of such keys: every family where one of them is of none, shared, or unknown."""
        found = {key if by == "family" else self.homes.get(key or "", SHARED_HOME) for key in keys}
        return EVERY_FAMILY if {None, SHARED_HOME} & found else frozenset(key for key in found if key)

    def are_few(self, families: frozenset[str]) -> bool:
        """Tells whether leaving out the others pays: they are more than half."""
        return len(families) * 2 < len(self.list_families())

    def is_apart(self, model: Model) -> bool:
        """Tells whether the rows of some families of a table can be made without the others."""
        lowest = "channel" if any(self.tables.get(table) == "family" for table in model.reads) else ""
        return model.by not in ("", lowest)

    def list_families(self) -> frozenset[str]:
        """Lists the families that have channels of their own."""
        return frozenset(self.homes.values()) - {SHARED_HOME}

    def render_rows_of(self, by: str, families: frozenset[str]) -> str:
        """Renders the condition for the rows of these families; of NO_FAMILY, for the rows of no family or many."""
        named = families or self.list_families()
        channels = (channel for channel, family in self.homes.items() if family in named)
        words = ", ".join("'" + key.replace("'", "''") + "'" for key in sorted(named if by == "family" else channels))
        are_of = f"{KEYS[by]} in ({words or 'null'})"
        return are_of if families else f"not coalesce({are_of}, false)"

    def render_query_for(self, text: str, families: frozenset[str]) -> str:
        """Renders a statement so that it reads the rows of these families, if any, and of none or many."""
        conditions = {
            "family": f"{self.render_rows_of('family', families | {SHARED_HOME})} or family_id is null",
            "channel": self.render_rows_of("channel", families | {SHARED_HOME}),
        }
        if families == NO_FAMILY:
            conditions = {by: self.render_rows_of(by, families) for by in KEYS}

        def restrict(match: re.Match[str]) -> str:
            table, alias = match[1], match[2] or f" as {match[1].partition('.')[2]}"
            by = self.tables.get(table)
            return f"(select * from {table} where {conditions[by]}){alias}" if by else match[0]

        return _READ.sub(restrict, text)


def find_changed_families(model: Model, changes: Mapping[str, Change]) -> Families:
    """Finds the families whose rows in a table may be other ones now: what tells of visits counts only where it is
    taken."""
    changed = {table: changes[table] for table in model.reads if changes.get(table, Change()) != Change()}
    visits = model.visits if any(change.visits != NO_FAMILY for change in changed.values()) else frozenset()
    found = NO_FAMILY
    for table, change in changed.items():
        found = join_families(found, change.rows)
        if table in visits:
            found = join_families(found, change.visits)
    return found


def compare_parts(before: Digests, after: Digests, by: str, layout: Layout) -> Change:
    """Compares the digests of a table's rows by their key with those that they had before."""
    keys = before.keys() | after.keys()
    rows = {key for key in keys if _find_rest(before, key) != _find_rest(after, key)}
    visits = {key for key in keys - rows if before[key] != after[key]}
    return Change(layout.find_families(by, rows), layout.find_families(by, visits))


def _find_rest(digests: Digests, key: str | None) -> str | None:
    return digests[key].rest if key in digests else None


def make_rows_of(
    connection: duckdb.DuckDBPyConnection, model: Model, families: frozenset[str], layout: Layout
) -> Change:
    """Makes the rows of these families anew, and writes those that changed."""
    own = layout.render_rows_of(model.by, families)
    made = prepare_table(connection, model, lambda query: layout.render_query_for(query, families))
    count = make_table(connection, MADE_ROWS, made)
    hashed = f"select {KEYS[model.by]} as part, {render_hashes(connection, MADE_ROWS)}"
    write = _write_changed_parts if count < LONG_ROWS else _write_changed_rows
    before, after = write(connection, model, hashed, own)
    connection.execute(f"drop table {MADE_ROWS}")
    return compare_parts(before, after, model.by, layout)


def _write_changed_parts(
    connection: duckdb.DuckDBPyConnection, model: Model, hashed: str, own: str
) -> tuple[Digests, Digests]:
    """Replaces all rows of the parts that changed; returns what the parts held before, and now."""
    sources = (model.table, MADE_ROWS)
    before, after = (sum_hashes(connection, f"({hashed} from {source} where {own})") for source in sources)
    changed = [part for part in before.keys() | after.keys() if before.get(part) != after.get(part)]
    if changed:
        are_changed = f"where {own} and list_contains(?::varchar[], {KEYS[model.by]})"
        connection.execute(f"delete from {model.table} {are_changed}", [changed])
        connection.execute(f"insert into {model.table} by name from {MADE_ROWS} {are_changed}", [changed])
    return before, after


def _write_changed_rows(
    connection: duckdb.DuckDBPyConnection, model: Model, hashed: str, own: str
) -> tuple[Digests, Digests]:
    """Replaces only the rows that changed, since most of many are as they were; returns the same."""
    for hashes, source in ((HELD_HASHES, model.table), (MADE_HASHES, MADE_ROWS)):
        connection.execute(
            f"create or replace temp table {hashes} as {hashed}, rowid as place from {source} where {own}"
        )
    before, after = (sum_hashes(connection, hashes) for hashes in (HELD_HASHES, MADE_HASHES))
    if before != after:
        connection.execute(
            f"create or replace temp table {CHANGED_HASHES} as select whole from (select whole, 1 as sign from"
            f" {MADE_HASHES} union all select whole, -1 from {HELD_HASHES}) group by whole having sum(sign) <> 0"
        )
        changed = f"rowid in (select place from {{}} where whole in (from {CHANGED_HASHES}))"
        connection.execute(f"delete from {model.table} where {changed.format(HELD_HASHES)}")
        connection.execute(f"insert into {model.table} by name from {MADE_ROWS} where {changed.format(MADE_HASHES)}")
        connection.execute(f"drop table {CHANGED_HASHES}")
    connection.execute(f"drop table {HELD_HASHES}; drop table {MADE_HASHES}")
    return before, after
