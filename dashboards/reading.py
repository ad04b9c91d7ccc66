"""Reading the published snapshot: queries kept by its version, never a number made here."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st

from warehouse.settings import read_settings
from warehouse.snapshot import Snapshot, current, query

Row = dict[str, Any]
MOST_ROWS = 20_000
"""No page asks for more, whatever the filters say."""


def home() -> Path:
    """Where the snapshots are."""
    return read_settings().home


def now() -> datetime:
    """The present instant (UTC), frozen where the settings say so."""
    return read_settings().clock()


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
    """Who is compared: open first, then by title."""
    return rows(snapshot, "select family_id, title, side, vendor from staging.families order by side, lower(title), family_id")


def metric(snapshot: Snapshot, name: str, window: str, role: str, segment: str | None = None, statistics: Sequence[str] = ()) -> list[Row]:
    """Rows of one metric, one per family and statistic, for the window and role wanted or the nearest that the metric has."""
    if not has(snapshot, f"metrics.{name}"):
        return []
    wanted = {"window": _nearest(snapshot, name, "window", window, ("365d", "all", "90d", "30d"))}
    wanted["channel_role"] = _nearest(snapshot, name, "channel_role", role, ("all", "model", "sdk"))
    conditions = " and ".join(f'"{column}" = ?' for column in wanted)
    params: list[Any] = list(wanted.values())
    if segment is not None:
        conditions += " and segment = ?"
        params.append(segment)
    if statistics:
        conditions += f" and statistic in ({', '.join('?' * len(statistics))})"
        params.extend(statistics)
    order = "family_id, segment, statistic"
    return rows(snapshot, f"select m.* from metrics.{name} m where {conditions} order by {order}", *params)


def _nearest(snapshot: Snapshot, name: str, column: str, wanted: str, instead: Sequence[str]) -> str:
    found = [row["choice"] for row in rows(snapshot, f'select distinct "{column}" as choice from metrics.{name}') if row["choice"] is not None]
    if wanted in found:
        return wanted
    return next((choice for choice in instead if choice in found), min(found, default=wanted))


def definition(snapshot: Snapshot, name: str) -> Row:
    """What a metric asks, counts and cannot say, as its own file says it; empty where the snapshot does not know."""
    found = rows(snapshot, "select * from meta.metrics where name = ?", name) if has(snapshot, "meta.metrics") else []
    return found[0] if found else {}
