"""Rebuilds only the rows of the families that changed.

A table whose header says `by: family` has a family_id, and the rows of one family rest on no row of another one in such
tables; those of no family may be read by all. One that says `by: channel` lies below the families: a family's rows are
those of its own channels, and the channels of many families may be read by all. What changed in the row of no family,
or in a channel of many, may change any family.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb

from analytics.engine.digests import Digests, digest_parts
from analytics.engine.making import make_table, prepare_table
from analytics.engine.models import TABLE, Model

Families = frozenset[str] | None
"""Some families; None for every family, and for what belongs to none."""
NO_FAMILY: Families = frozenset()
EVERY_FAMILY: Families = None
SHARED_HOME = "_shared"
"""The home of channels that many families share."""
KEYS = {"family": "family_id", "channel": "channel_id"}
"""The column that says whose a row is, by the word of the header."""
MADE_ROWS = "temp.made_rows"
"""Where the rows of some families are made before those that changed are written."""
_READ = re.compile(rf"({TABLE})\b(?!\.)(\s+as\s+\w+)?")


@dataclass(frozen=True, slots=True)
class Layout:
    """Says of which family a row is."""

    homes: Mapping[str, str]
    """The family of each channel of the catalog."""
    tables: Mapping[str, str]
    """`family` or `channel` by table, as its header says; empty for other tables."""

    def find_families(self, by: str, keys: Collection[str | None]) -> Families:
        """Finds the families of such keys: every family if one of them is of none, shared, or unknown."""
        found = {key if by == "family" else self.homes.get(key or "", SHARED_HOME) for key in keys}
        return EVERY_FAMILY if {None, SHARED_HOME} & found else frozenset(key for key in found if key)

    def can_rebuild(self, model: Model, families: Families) -> bool:
        """Returns whether a table can be rebuilt for these families alone, and that pays: most need no rebuild."""
        lowest = "channel" if any(self.tables.get(table) == "family" for table in model.reads) else ""
        homes = frozenset(self.homes.values()) - {SHARED_HOME}
        return families is not None and model.by not in ("", lowest) and len(families) * 2 < len(homes)

    def render_rows_of(self, by: str, families: frozenset[str]) -> str:
        """Renders the condition for the rows of these families."""
        channels = (channel for channel, family in self.homes.items() if family in families)
        keys = families if by == "family" else channels
        words = ", ".join("'" + key.replace("'", "''") + "'" for key in sorted(keys))
        return f"{KEYS[by]} in ({words or 'null'})"

    def render_query_for(self, text: str, families: frozenset[str]) -> str:
        """Renders a statement so that it reads only the rows of these families, and of none or many."""
        conditions = {
            "family": f"{self.render_rows_of('family', families | {SHARED_HOME})} or family_id is null",
            "channel": self.render_rows_of("channel", families | {SHARED_HOME}),
        }

        def restrict(match: re.Match[str]) -> str:
            table, alias = match[1], match[2] or f" as {match[1].partition('.')[2]}"
            by = self.tables.get(table)
            return f"(select * from {table} where {conditions[by]}){alias}" if by else match[0]

        return _READ.sub(restrict, text)


def find_changed_families(model: Model, changes: Mapping[str, Families]) -> Families:
    """Finds the families whose rows may have changed in a table that a model reads."""
    found = frozenset[str]()
    for table in model.reads:
        families = changes.get(table, NO_FAMILY)
        if families is None:
            return EVERY_FAMILY
        found |= families
    return found


def find_changed_parts(before: Digests, after: Digests) -> list[str | None]:
    """Finds the keys whose rows differ."""
    return [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]


def make_rows_of(
    connection: duckdb.DuckDBPyConnection, model: Model, families: frozenset[str], layout: Layout
) -> Families:
    """Makes the rows of these families, and replaces those of the keys that changed; returns their families."""
    own, key = layout.render_rows_of(model.by, families), KEYS[model.by]
    made = prepare_table(connection, model, lambda query: layout.render_query_for(query, families))
    make_table(connection, MADE_ROWS, made)
    before, after = (digest_parts(connection, f"(from {table} where {own})", key) for table in (model.table, MADE_ROWS))
    changed = find_changed_parts(before, after)
    if changed:
        are_changed = f"where {own} and list_contains(?::varchar[], {key})"
        connection.execute(f"delete from {model.table} {are_changed}", [changed])
        connection.execute(f"insert into {model.table} by name from {MADE_ROWS} {are_changed}", [changed])
    connection.execute(f"drop table {MADE_ROWS}")
    return layout.find_families(model.by, changed)
