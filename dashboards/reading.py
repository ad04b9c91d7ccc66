"""Reading the published snapshot: queries kept by its version, never a number made here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st

from warehouse.settings import read_settings
from warehouse.snapshot import Snapshot, current, query

Row = dict[str, Any]
MOST_ROWS = 20_000
"""No page asks for more, whatever the filters say."""
INSTEAD = ("all", "365d", "90d", "30d")
"""What is taken, in this order, where a metric has not the window, role or segment that was chosen."""


def home() -> Path:
    """Where the snapshots are."""
    return read_settings().home


def now(snapshot: Snapshot) -> datetime:
    """The present instant (UTC), frozen where the settings say so; a sample world stands still at its own."""
    return snapshot.published_at if snapshot.is_sample else read_settings().clock()


def newest() -> Snapshot | None:
    """The snapshot that readers should see now; None before the first publish."""
    return current(home())


@st.cache_data(max_entries=256, ttl=3600, show_spinner=False)
def _rows(path: str, version: int, _snapshot: Snapshot, sql: str, params: tuple[Any, ...]) -> list[Row]:
    found: list[Row] = query(_snapshot, f"from ({sql}) limit {MOST_ROWS}", list(params)).to_pylist()
    return found


def rows(snapshot: Snapshot, sql: str, *params: Any) -> list[Row]:
    """Rows of a fixed statement; its parameters are bound, never pasted."""
    return _rows(str(snapshot.path), snapshot.version, snapshot, sql, params)


def has(snapshot: Snapshot, table: str) -> bool:
    """Whether the snapshot has a table: one published by another version may lack it."""
    found = rows(snapshot, "select schema_name || '.' || table_name as name from duckdb_tables()")
    return any(row["name"] == table for row in found)


def families(snapshot: Snapshot) -> list[Row]:
    """Who is compared: open families, proprietary ones, then hosts, each by title."""
    return rows(
        snapshot, "select family_id, title, side, vendor from staging.families order by side = 'host', side, lower(title), family_id"
    )


def metric(
    snapshot: Snapshot, name: str, kind: str, window: str, role: str, segment: str | None = None, statistics: Sequence[str] = ()
) -> list[Row]:
    """Rows of one metric for one kind of channel, so that like is compared with like.

    Where the metric has not the window, role or segment wanted, the nearest that it has is taken; the rows say which.
    """
    if not has(snapshot, f"metrics.{name}"):
        return []
    given: dict[str, Sequence[str]] = {"channel_kind": (kind,)} | ({"statistic": statistics} if statistics else {})
    wanted = {"window": window, "channel_role": role} | ({"segment": segment} if segment is not None else {})
    for column, value in wanted.items():
        given[column] = (_nearest(snapshot, name, column, value, given),)
    conditions, values = _bound(given)
    return rows(snapshot, f"select m.* from metrics.{name} m where {conditions} order by family_id, segment, statistic", *values)


def _bound(given: Mapping[str, Sequence[str]]) -> tuple[str, list[str]]:
    """The condition that columns have one of their values, and the values to bind."""
    conditions = ["true", *(f'"{column}" in ({", ".join("?" * len(values))})' for column, values in given.items())]
    return " and ".join(conditions), [value for values in given.values() for value in values]


def _nearest(snapshot: Snapshot, name: str, column: str, wanted: str, given: Mapping[str, Sequence[str]]) -> str:
    conditions, values = _bound(given)
    found = [
        row["choice"] for row in rows(snapshot, f'select distinct "{column}" as choice from metrics.{name} where {conditions}', *values)
    ]
    return next((choice for choice in (wanted, *INSTEAD) if choice in found), min(found, default=wanted))


def definition(snapshot: Snapshot, name: str) -> Row:
    """What a metric asks, counts and cannot say, as its own file says it; empty where the snapshot does not know."""
    found = rows(snapshot, "select * from meta.metrics where name = ?", name) if has(snapshot, "meta.metrics") else []
    return found[0] if found else {}
