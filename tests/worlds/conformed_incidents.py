"""A status page that was visited, as far as its conformed incidents: what tests of incidents share."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import duckdb

from pipelines.contract import Row
from pipelines.sources.status import incident
from pipelines.sources.status.incident import Incident, Update
from pipelines.text.values import parse_instant
from tests.worlds.warehouse_rows import build_conformed, empty_warehouse, fill

SEEN = datetime(2026, 7, 1, 19, 40)
CHANNEL = "x.status.page"
OPEN = [("2026-06-25T07:42:17Z", "investigating", "")]


def conformed(
    visits: Mapping[datetime, Iterable[Row]], form: str = "statuspage", mapped: Iterable[str] = ()
) -> duckdb.DuckDBPyConnection:
    """A warehouse that has seen the rows of these visits."""
    connection = empty_warehouse()
    connection.execute(
        "insert into raw.catalog__channels (channel_id, family_id, source, target, role, channel_kind, format, "
        "components)"
        " values (?, 'x', 'status', 'page', 'status', 'status', ?, ?)",
        [CHANNEL, form, list(mapped)],
    )
    for seen, rows in visits.items():
        fill(
            connection,
            "status__incidents",
            [(CHANNEL, one.key, _naive(one.source_time), seen, one.body) for one in rows],
        )
        connection.execute(
            "insert into raw.ledger__runs (channel_id, source, thing, run_id, part, started_at, state) values (?, "
            "'status', 'incidents', ?, 0, ?, 'complete')",
            [CHANNEL, str(seen), seen],
        )
    build_conformed(connection, "incidents", "status_pages")
    return connection


def _naive(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=None) if at else None


def only(connection: duckdb.DuckDBPyConnection, columns: str) -> Any:
    """These columns of the only incident, or of all as one row."""
    (found,) = connection.execute(f"select {columns} from staging.incidents").fetchall()
    return found


def told_row(
    started: str | None = None, resolved: str | None = None, posts: Iterable[tuple[str, str, str]] = (), **other: Any
) -> Row:
    """An incident as it is landed."""
    updates = tuple(Update(when(posted), word, text) for posted, word, text in posts)
    return incident.make_incident_row(
        Incident("a", "t", None, "minor", updates, started_at=when(started), resolved_at=when(resolved), **other)
    )


def when(value: str | None) -> Any:
    """An instant of a test, loosely typed."""
    return parse_instant(value)
