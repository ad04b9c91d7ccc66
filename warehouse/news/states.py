"""The state of all that news can be about, as the warehouse holds it now: one row for each subject of a kind."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import duckdb

from warehouse.news.kinds import NewsKind
from warehouse.news.queries import METHODS, NEEDS, REACHES, STATES

KINDS = END, PROMISE, VERDICT, PAIR, PRICE, FAMILY, CHANNEL, METHOD = tuple(kind.value for kind in NewsKind)
"""Kinds of news: ends of models, promises and licences, verdicts on the board, pairs told apart, prices, families and
channels, definitions."""
BEGAN = "began"
"""The kind of the first item of all."""


@dataclass(frozen=True, slots=True)
class State:
    """What is known of one subject."""

    kind: str
    subject: str
    """Its key within the kind; empty for the scope itself."""
    scope: str
    """That of which the warehouse must have known before, so that a new subject in it is news: a page, a family, a
    list."""
    value: Mapping[str, Any]
    method: str = ""
    """Digest of the definitions that it rests on."""
    reach: str = ""
    """Digest of how far back its channels were read."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The states of all kinds that a warehouse can tell, and the instant of its newest visit."""

    as_of_at: datetime
    states: Mapping[tuple[str, str], State]
    scopes: Mapping[tuple[str, str], State]
    """By kind and scope."""
    kinds: frozenset[str] = field(default_factory=frozenset)
    """Kinds that could be read: what another kind said stays as it was."""


def observe_states(connection: duckdb.DuckDBPyConnection, code_version: str) -> Observation | None:
    """Reads all states from a warehouse; None before the first visit."""
    ((as_of_at,),) = connection.execute("select max(started_at) from raw.ledger__runs").fetchall()
    if as_of_at is None:
        return None
    rows = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    tables = {table for (table,) in rows}
    kinds = frozenset(kind for kind in KINDS if tables.issuperset(NEEDS[kind]))
    methods, reaches = _read_methods(connection), _read_reaches(connection, tables)
    known_until = {"as_of_on": as_of_at.date().isoformat(), "as_of_at": as_of_at.isoformat()}
    states: dict[tuple[str, str], State] = {}
    scopes: dict[tuple[str, str], State] = {}
    for kind in kinds:
        for row in _load_rows(connection, STATES[kind]):
            subject, scope = row.pop("subject"), row.pop("scope")
            scopes[kind, scope] = State(kind, "", scope, known_until, code_version)
            if subject is None:
                continue
            method = _digest(*(methods.get(name, "") for name in row.pop("rests_on", None) or ()))
            reach = _digest(*(reaches.get(name, "") for name in row.pop("reads", None) or ()))
            states[kind, subject] = State(kind, subject, scope, row, method, reach)
    return Observation(as_of_at, states, scopes, kinds)


def _load_rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = connection.sql(sql).to_arrow_table().to_pylist()
    return [{name: _to_plain(value) for name, value in row.items()} for row in rows]


def _to_plain(value: Any) -> Any:
    """Returns a value as JSON can hold it: instants and days in ISO 8601."""
    return value.isoformat() if isinstance(value, date) else value


def _read_methods(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Reads the digest of each definition: of public metrics with all that they rest on, of other tables of their
    own."""
    return dict(connection.execute(METHODS).fetchall())


def _read_reaches(connection: duckdb.DuckDBPyConnection, tables: set[str]) -> dict[str, str]:
    """Reads how far back the channels of each family were read."""
    if not tables.issuperset(("staging.collections", "staging.channels")):
        return {}
    return dict(connection.execute(REACHES).fetchall())


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
