"""Builds conformed rows as the sources would bring them, and runs the project's own metrics on them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

import duckdb
import pyarrow as pa

from analytics.engine.build import BuildReport, build_models, find_changed_inputs
from analytics.engine.definitions import select_items_query
from analytics.engine.making import make_table
from analytics.engine.models import TABLE
from analytics.estimates.waits.wait_estimates import KINDS
from analytics.statistics.survival import Curve
from analytics.statistics.waits import Part, estimate_waits, read_parts
from tests.worlds.warehouse_rows import MODELS as AS_WRITTEN
from tests.worlds.warehouse_rows import empty_warehouse

Row = dict[str, Any]
NOW = datetime(2026, 11, 24)
"""When every channel was last visited (naive UTC), unless a test says otherwise: at the start of a day, which is also
the clock of figures."""
THINGS = {
    "tracker": ("issues", "pulls", "releases", "repositories"),
    "changelog": ("entries",),
    "status": ("incidents",),
    "hub": ("models", "details"),
    "forum": ("topics",),
    "subreddit": ("posts",),
    "tag": ("questions",),
    "deprecations": ("notices",),
    "packages": ("downloads",),
    "prices": ("models",),
}
MODELS = list(AS_WRITTEN)
VISITS = "staging.visits"
"""Conformed, and computed of the rows of `collections`: the clocks."""
BY_TABLE = {model.table: model for model in MODELS if model.layer in ("facts", "metrics") or model.table == VISITS}
_FRESH: set[str] = set()
"""Metrics that were computed from the rows as they are now."""
_HELD: dict[str, list[Row]] = {}
"""The rows of each conformed table; empty if nobody knows what the tables hold."""
LONG_AGO = timedelta(days=400)
ACCURACY = "metrics.feature_accuracy"
"""How right rules are comes from labels, not from rows: in a world made by hand no rule is known to be weak, unless a
test says so."""
READING_ERRORS, GATES = "metrics.reading_errors", "metrics.reader_gates"
"""Nor is any rule put right, or kept from deciding claims."""
ESTIMATES, THREAD_ENDS = "metrics.wait_estimates", "metrics.thread_ends"
_ESTIMATED: set[str] = set()
"""The kinds of waits whose estimates are there: all of them would take several times as long as those that a test asks
for."""
AGE_DAYS = 40.0


@dataclass
class Rows:
    """Rows by the name of their conformed table."""

    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def family(self, family_id: str, side: str = "open") -> str:
        """A family without channels."""
        self.tables["families"].append(
            {"family_id": family_id, "title": family_id.title(), "side": side, "vendor": "Somebody"}
        )
        return family_id

    def channel(
        self,
        family_id: str,
        role: str = "sdk",
        kind: str = "tracker",
        as_of_at: datetime | None = NOW,
        coverage: float | None = 1.0,
        error: str = "",
    ) -> str:
        """A channel and what its collection came to; `as_of_at` None: it never went well."""
        channel_id = f"{family_id}.{role}.{len(self.tables['channels'])}"
        self.tables["channels"].append(
            {
                "channel_id": channel_id,
                "family_id": family_id,
                "target": f"target-of-{channel_id}",
                "role": role,
                "channel_kind": kind,
                "is_official": True,
                "is_enabled": True,
                "things": [],
            }
        )
        for thing in THINGS[kind]:
            self.tables["collections"].append(
                {
                    "channel_id": channel_id,
                    "thing": thing,
                    "as_of_at": as_of_at,
                    "last_run_at": NOW,
                    "coverage_share": coverage,
                    "last_error": error or None,
                    "last_fault": "server error" if error else "none",
                    "last_state": "failed" if error else "complete",
                }
            )
        return channel_id

    def thread(
        self,
        channel_id: str,
        replies: Iterable[tuple[Any, ...]] = (),
        *,
        age_hours: float = 720,
        family_id: str | None = "",
        **cells: Any,
    ) -> str:
        """A thread asked `age_hours` ago, with replies of (hours after it was asked, role, further cells or
        nothing); if some are missing, those here are the oldest."""
        channel = next(one for one in self.tables["channels"] if one["channel_id"] == channel_id)
        number = len(self.tables["threads"])
        thread = {
            "thread_id": f"{channel_id}#{number}",
            "channel_id": channel_id,
            "thing": THINGS[channel["channel_kind"]][0],
            "number": number,
            "channel_role": channel["role"],
            "family_id": channel["family_id"] if family_id == "" else family_id,
            "channel_kind": "tracker",
            "state": "open",
            "actor_id": f"asker-{number}",
            "author_role": "outsider",
            "opened_at": NOW - timedelta(hours=age_hours),
            "observed_until_at": NOW,
            **cells,
        }
        self.tables["threads"].append(thread)
        names = ("channel_id", "thing", "actor_id", "author_role", "opened_at")
        seen = {"thread_code": str(number), "seen_at": thread["observed_until_at"]}
        self.tables["thread_rows"].append({name: thread[name] for name in names} | seen)
        named = {"thread_code": str(number), "family_id": thread["family_id"]}
        self.tables["attributions"].append({"channel_id": channel_id} | named)
        replies = list(replies)
        if thread.get("has_all_replies") is False and "replies_known_until_at" not in thread:
            last = max((hours for hours, *_ in replies), default=0)
            thread["replies_known_until_at"] = thread["opened_at"] + timedelta(hours=last)
        for hours, role, *further in replies:
            self.reply(thread, hours, role, **(further[0] if further else {}))
        return str(thread["thread_id"])

    def reply(self, thread: Row, hours: float, role: str, **cells: Any) -> None:
        """A reply; the asker's own bears the asker's pseudonym, one by a deleted account none."""
        number = len(self.tables["reply_rows"])
        actor = {"asker": thread["actor_id"], "unknown": None}.get(role, f"{role}-{number}")
        self.tables["reply_rows"].append(
            {
                "reply_code": f"reply-{number}",
                "thread_code": thread["thread_id"].rpartition("#")[2],
                "channel_id": thread["channel_id"],
                "actor_id": actor,
                "author_role": role,
                "replied_at": thread["opened_at"] + timedelta(hours=hours),
                "reader_version": 2,
                "is_removed": False,
                **cells,
            }
        )

    def page(
        self, family_id: str, observed_from_at: datetime = NOW - LONG_AGO, observed_until_at: datetime = NOW
    ) -> str:
        """A status page that was seen from one instant to another."""
        channel_id = self.channel(family_id, "status", "status")
        self.tables["status_pages"].append(
            {
                "channel_id": channel_id,
                "family_id": family_id,
                "observed_from_at": observed_from_at,
                "observed_until_at": observed_until_at,
                "visited_at": observed_until_at,
            }
        )
        return channel_id

    def incident(
        self, channel_id: str, started_at: datetime, hours: float | None, severity: int | None = 3, **cells: Any
    ) -> None:
        """An incident; `hours` None: nobody said when it was over."""
        kind = "outage" if severity == 3 else "degraded"
        self.tables["incidents"].append(
            {
                "incident_id": f"incident-{len(self.tables['incidents'])}",
                "channel_id": channel_id,
                "family_id": channel_id.split(".")[0],
                "kind": kind,
                "severity": severity,
                "posted_at": started_at,
                "started_at": started_at,
                "last_update_at": started_at,
                "resolved_at": None if hours is None else started_at + timedelta(hours=hours),
                "seen_at": NOW,
                "end_state": "unknown" if hours is None else "resolved",
                "is_retro": False,
                "is_api": True,
                **cells,
            }
        )

    def add(self, table: str, **cells: Any) -> None:
        """Any row of any conformed table."""
        self.tables[table].append(cells)


@lru_cache(maxsize=1)
def _warehouse() -> duckdb.DuckDBPyConnection:
    """Conformed tables without rows; metrics are computed if they are asked for."""
    _HELD.clear()
    _FRESH.clear()
    _find_schema.cache_clear()
    connection = empty_warehouse()
    build_models(
        connection,
        [model for model in MODELS if model.table not in BY_TABLE or model.table == VISITS],
        BuildReport(),
        find_changed_inputs(connection),
    )
    for table in (model.table for model in MODELS if model.layer == "conformed" and not model.header.is_stored):
        # A view takes no rows by hand.
        connection.execute(f"create temp table shown as from {table}; drop view {table}")
        connection.execute(f"create table {table} as from shown; drop table shown")
    return connection


def measure(rows: Rows, *names: str) -> duckdb.DuckDBPyConnection:
    """Fills a warehouse with these rows and nothing else, and computes the metrics named; valid until the next call.

    `found` and `one` compute further metrics when they ask for them: there are too many to compute all of them for
    every test.
    What was not computed is absent rather than stale; what rests on unchanged rows is kept.
    """
    connection = _warehouse()
    if not _HELD:
        _drop(connection, BY_TABLE.keys())
    changed = set[str]()
    for model in MODELS:
        given = rows.tables.get(model.path.stem.removeprefix("settled_"), [])
        if model.layer == "conformed" and model.table != VISITS and _HELD.get(model.table) != given:
            _replace(connection, model.table, given)
            _HELD[model.table] = [dict(row) for row in given]
            changed.add(model.table)
    _drop(connection, _FRESH & _find_readers(changed))
    _bring(connection, *names)
    return connection


def alter(connection: duckdb.DuckDBPyConnection, statement: str, parameters: Sequence[object] = ()) -> None:
    """Changes rows by hand; the next `measure` begins from nothing."""
    connection.execute(statement, list(parameters))
    _HELD.clear()


def set_apart(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Lets every item depend on no other: of a world made in a single week, shares would be too unsure to be shown."""
    _set_alike_days(connection, None)
    _drop(connection, _find_readers({"metrics.rules"}) - {"metrics.rules"})
    return connection


def _set_alike_days(connection: duckdb.DuckDBPyConnection, days: int | None) -> None:
    _bring(connection, "rules")
    alter(connection, "update metrics.rules set alike_days = ?", [days])


def close_gate(connection: duckdb.DuckDBPyConnection, feature: str, side: str = "all") -> None:
    """Lets a reader fail its gate, over all labels or on those of a side: whatever rests on it is computed again."""
    tell_labels(connection, GATES, feature=feature, side=side, is_passed=False, reason=f"{feature} fails.")


def tell_labels(connection: duckdb.DuckDBPyConnection, table: str, **cells: Any) -> None:
    """Adds a row of what labels say of a reader; whatever rests on it is computed again."""
    _bring(connection, table.removeprefix("metrics."))
    names = ", ".join(f"? as {name}" for name in cells)
    alter(connection, f"insert into {table} by name select {names}", [*cells.values()])
    _drop(connection, _find_readers({table}) - {table})


@cache
def _find_schema(connection: duckdb.DuckDBPyConnection, table: str) -> pa.Schema:
    return connection.sql(f"from {table} limit 0").to_arrow_table().schema


def _replace(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    connection.execute(f"delete from {table}")
    if rows:
        connection.register("given", pa.Table.from_pylist(list(rows), _find_schema(connection, table)))
        connection.execute(f"insert into {table} by name from given")
        connection.unregister("given")


def compute(connection: duckdb.DuckDBPyConnection, *names: str) -> None:
    """Computes these metrics, and what they rest on, from the conformed rows as they are now; all others are gone."""
    _drop(connection, BY_TABLE.keys())
    _bring(connection, *names)


def _drop(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    # Others are not there: naming all of them takes longer than computing some.
    dropped = _FRESH.intersection(tables)
    views = {table for table in dropped if BY_TABLE[table].view or not BY_TABLE[table].header.is_stored}
    kinds = {table: "view" if table in views else "table" for table in sorted(dropped)}
    connection.execute("".join(f"drop {kind} if exists {table};" for table, kind in kinds.items()))
    _FRESH.difference_update(dropped)


def _find_readers(tables: set[str]) -> set[str]:
    """Finds the metrics that rest on any of these tables, directly or not."""
    readers = set(tables)
    for model in MODELS:
        if model.needs & readers:
            readers.add(model.table)
    return readers & BY_TABLE.keys()


def _bring(connection: duckdb.DuckDBPyConnection, *names: str, wait: str = "") -> None:
    """Computes what is not there yet, by the metrics' own files, in their order."""
    wanted, waits = {_find_table(name) for name in names} & BY_TABLE.keys(), {wait}
    for model in reversed(MODELS):
        if model.table in wanted:
            waits |= set(re.findall(r"wait = '(\w+)'", model.text))
            wanted |= (model.needs if model.table != ESTIMATES else _find_needs(waits)) & BY_TABLE.keys()
    for model in MODELS:
        if model.table == ESTIMATES and ESTIMATES in wanted:
            _estimate(connection, waits)
        elif model.table in wanted - _FRESH:
            make_table(connection, model)
            if model.table in (ACCURACY, READING_ERRORS, GATES):
                connection.execute(f"delete from {model.table}")
            _FRESH.add(model.table)


def _find_needs(waits: set[str]) -> set[str]:
    """Finds what estimates of these kinds of waits are made of."""
    tables = " ".join(kind.table for kind in KINDS if kind.name in waits)
    return {"metrics.rules", "metrics.scopes", *re.findall(TABLE, tables)}


def _estimate(connection: duckdb.DuckDBPyConnection, waits: set[str]) -> None:
    """Adds the estimates of these kinds of waits to those that are there."""
    if ESTIMATES not in _FRESH:
        connection.execute(f"drop table if exists {ESTIMATES}")
        _ESTIMATED.clear()
    for kind in KINDS:
        if kind.name in waits - _ESTIMATED:
            connection.register("computed", estimate_waits(connection, kind))
            connection.execute(f"create table if not exists {ESTIMATES} as from computed limit 0")
            connection.execute(f"insert into {ESTIMATES} from computed")
            connection.unregister("computed")
            _ESTIMATED.add(kind.name)
    _FRESH.add(ESTIMATES)


def _find_table(name: str) -> str:
    return f"staging.{name}" if f"staging.{name}" in BY_TABLE else f"metrics.{name}"


def time_durations(
    samples: Mapping[str, Sequence[tuple[float, bool | str | None]]],
    subject: str = "answer",
    segment: str = "anyone",
    clusters: Mapping[str, Sequence[str]] | None = None,
) -> duckdb.DuckDBPyConnection:
    """The estimates of durations given directly, as (hours, whether it happened, or in which way) by family, and
    perhaps which cluster each is of; without, none is like another. What ended is watched on, until it is `AGE_DAYS`
    old; all else was watched until then."""
    rows, waits = Rows(), THREAD_ENDS if subject in ("first", "resolution") else f"metrics.{subject}_waits"
    given = waits.replace("metrics.", "given_")
    for family_id in samples:
        rows.family(family_id)
    connection = _warehouse()
    if waits not in _FRESH:
        compute(connection, waits.removeprefix("metrics."))
    if BY_TABLE[waits].view:
        connection.execute(f"create or replace table {given} as from {waits} limit 0")
        connection.execute(f"create or replace view {waits} as from {given}")
    _replace(connection, "staging.families", rows.tables["families"])
    _drop(connection, _FRESH - {waits})
    _set_alike_days(connection, 7 if clusters else None)
    columns = {
        "wait": subject,
        "channel_kind": "tracker",
        "channel_role": "sdk",
        "is_pooled": True,
        "is_apart": True,
        "segment": segment,
        "age_days": AGE_DAYS,
        "is_excluded": False,
        "is_unseen": False,
    }
    durations = [
        {
            **columns,
            "item_id": f"{family_id}#{number}",
            "family_id": family_id,
            "duration_hours": hours,
            "is_event": bool(end),
            "watched_hours": max(hours, 24 * AGE_DAYS) if end else hours,
            "cause": end if isinstance(end, str) else None,
        }
        | _place_in_week(clusters, family_id, number)
        for family_id, sample in samples.items()
        for number, (hours, end) in enumerate(sample)
    ]
    _replace(connection, given if BY_TABLE[waits].view else waits, durations)
    return connection


def _place_in_week(clusters: Mapping[str, Sequence[str]] | None, family_id: str, number: int) -> Row:
    """Places an item in the week of its cluster, which is one later for each further cluster of its family."""
    if not clusters or family_id not in clusters:
        return {}
    week = list(dict.fromkeys(clusters[family_id])).index(clusters[family_id][number])
    return {"age_days": AGE_DAYS + 7 * week}


def found(connection: duckdb.DuckDBPyConnection, name: str, **cells: Any) -> list[Row]:
    """Rows of a metric with these cells, in the order of all columns."""
    if connection is _warehouse():
        _bring(connection, name, wait=cells.get("wait", ""))
    where = " and ".join(f'"{column}" = ?' for column in cells) or "true"
    rows: list[Row] = (
        connection.sql(f"from {_find_table(name)} where {where} order by all", params=list(cells.values()))
        .to_arrow_table()
        .to_pylist()
    )
    return rows


def found_items(connection: duckdb.DuckDBPyConnection, metric: str) -> list[Row]:
    """Rows behind the figures of a metric, as a receipt lists them."""
    found(connection, metric)
    query = select_items_query(BY_TABLE[f"metrics.{metric}"])
    items: list[Row] = connection.sql(f"from ({query}) as items order by all").to_arrow_table().to_pylist()
    return items


def find_part(connection: duckdb.DuckDBPyConnection, table: str, query: str = "") -> Part:
    """The waits of a table, and their curves."""
    _bring(connection, table, "rules", "scopes")
    return next(read_parts(connection, query or f"metrics.{table}"))


def find_stratum(part: Part, **names: str) -> int:
    """The number of a stratum; of all roles and windows together, unless another one is named."""
    cells = {"channel_role": "all", "window": "all"} | names
    (number,) = [place for place, row in enumerate(part.names.to_pylist()) if row.items() >= cells.items()]
    return number


def list_rows(part: Part, family_id: str, curve: Curve) -> list[Row]:
    """The rows of a family's curve at which something ended; it has the only one of its family."""
    chosen = curve.waits.steps.stratum == find_stratum(part, family_id=family_id)
    steps, (low, high) = curve.waits.steps, curve.band
    cells = {"hours": steps.hours, "at_risk": steps.at_risk, "events": steps.events, "low": low, "high": high}
    cells |= {"share": curve.share, "error": curve.error}
    columns = {name: column[chosen].tolist() for name, column in cells.items()}
    listed = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    return [row for row in listed if row["events"]]


def one(connection: duckdb.DuckDBPyConnection, name: str, **cells: Any) -> Row:
    """The only row of a metric with these cells."""
    (row,) = found(connection, name, **cells)
    return row


def cut(row: Mapping[str, Any], *columns: str) -> tuple[Any, ...]:
    """Some cells of a row, to compare at once."""
    return tuple(row[column] for column in columns)


def left_out(row: Mapping[str, Any]) -> str:
    """What the note of a figure says was excluded; empty if nothing was."""
    return next(iter(re.findall(r"Excluded: [^.]*\.", row["note"] or "")), "")
