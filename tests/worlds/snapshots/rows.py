"""Publishes snapshots of plausible rows, in every state a page must hold, through the real publisher."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from analytics.engine.items import list_metrics, read_metric_header
from tests.worlds.warehouse_rows import empty_warehouse
from warehouse.publish import publish_snapshot
from warehouse.snapshot import Snapshot, read_current

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WINDOWS = {"30d": 30, "90d": 90, "365d": 365, "all": 900}
ROLES = ("all", "model", "sdk")
ANSWERERS = {"anyone": 1.0, "staff": 0.45, "maintainer": 0.3, "outsider": 0.5, "agent": 0.05}
FAMILIES = {
    "deepseek": ("DeepSeek", "open"),
    "gemma": ("Gemma", "open"),
    "gpt-oss": ("gpt-oss", "open"),
    "llama": ("Llama", "open"),
    "mistral": ("Mistral", "open"),
    "qwen": ("Qwen", "open"),
    "claude": ("Claude", "proprietary"),
    "command": ("Command", "proprietary"),
    "gemini": ("Gemini", "proprietary"),
    "gpt": ("GPT", "proprietary"),
    "grok": ("Grok", "proprietary"),
}
TYPICAL_HOURS = {
    "deepseek": 60,
    "gemma": 30,
    "gpt-oss": 44,
    "llama": 26,
    "mistral": 18,
    "qwen": 9,
    "claude": 21,
    "gemini": 15,
    "gpt": 34,
}
QUESTIONS = {"claude": 900, "qwen": 700, "llama": 620, "gpt": 520, "mistral": 410}
"""In 30 days; the others have fewer."""
STATUS_PAGES = {"claude": 7.0, "gpt": 6.1, "mistral": 2.0, "deepseek": 1.1, "command": 0.0}
UNTRACKED = {
    "grok": ("closed by policy", "Its vendor runs no public issue tracker for it."),
    "command": ("not enough data", "Fewer than 20 questions in this window."),
}
HOSTILE = [
    "<script>alert('title')</script>",
    "<img src=x onerror=alert(1)>",
    "![pixel](http://foreign.example/pixel.png)",
    "[click](javascript:alert(1))",
    '=HYPERLINK("http://foreign.example")',
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    ":red[alarm] :material/delete: $x^2$",
    "`code` **bold** | cell |",
    "</script><script>fetch('http://foreign.example/x')</script>",
    "www.foreign.example and me@foreign.example",
    "x" * 300,
    "\u202egnp.exe",
]
METRIC_SCHEMA = pa.schema(
    [
        *(
            (name, pa.string())
            for name in ("family_id", "side", "channel_kind", "channel_role", "segment", "statistic", "window")
        ),
        *((name, pa.float64()) for name in ("value", "low", "high")),
        ("unit", pa.string()),
        *((name, pa.int64()) for name in ("n", "n_events", "n_censored")),
        ("coverage_share", pa.float64()),
        ("as_of_at", pa.timestamp("us")),
        ("method_version", pa.int64()),
        ("state", pa.string()),
        ("note", pa.string()),
    ]
)
Row = dict[str, Any]


@dataclass(frozen=True)
class World:
    """What the snapshot should look like."""

    is_sample: bool = False
    now: datetime = NOW
    age: timedelta = timedelta(hours=3)
    """How long ago the last good run of every collection was."""
    broken: dict[str, str] = field(default_factory=dict)
    """Family -> state of its last runs: partial or failed."""
    is_hostile: bool = False
    has_rows: bool = True
    without: tuple[str, ...] = ()
    """Metric tables the snapshot does not have, as in one published by an older version."""

    @property
    def as_of_at(self) -> datetime:
        """The last good run, naive UTC as it is stored."""
        return (self.now - self.age).replace(tzinfo=None)

    def titles(self) -> dict[str, tuple[str, str]]:
        """Families by id: title and side."""
        evil = {"llama": (HOSTILE[1], "open"), "gpt": (HOSTILE[8], "proprietary")}
        return {**FAMILIES, **evil} if self.is_hostile else FAMILIES


def publish_world(home: Path, world: World | None = None) -> Snapshot:
    """Publishes one more version of a world into a home; returns the snapshot readers now see."""
    from tests.worlds.snapshots.claims import keep

    world = world or World()
    connection = empty_warehouse()
    for name, table in tables(world).items():
        if name not in world.without:
            connection.register("given", table)
            connection.execute(f"create table {name} as from given")
            connection.unregister("given")
    _define(connection)
    keep(connection, world)
    seen = read_current(home)
    connection.execute("insert into ledger.settings values ('build', ?)", [str(seen.version + 1 if seen else 1)])
    if world.is_sample:
        connection.execute("insert into ledger.settings values ('is_sample', 'true')")
    published = publish_snapshot(connection, home, world.now - timedelta(minutes=20), "0.1.0")
    assert published is not None, "each world is a new build"
    return published


def tables(world: World) -> dict[str, pa.Table]:
    """Every table the pages read, by qualified name."""
    from tests.worlds.snapshots import claims, disclosure, facts

    makers = {
        "metrics.first_response_hours": first_responses,
        "metrics.answered_share": answered_shares,
        "metrics.incident_rate": incident_rates,
        "metrics.recovery_hours": recoveries,
        "metrics.uptime_share": uptimes,
        "metrics.model_downloads": downloads,
        "metrics.model_derivatives": derivatives,
    }
    found = {
        name: pa.Table.from_pylist([row for row in make(world) if world.has_rows], METRIC_SCHEMA)
        for name, make in makers.items()
    }
    return found | facts.tables(world) | disclosure.tables(world) | claims.tables(world)


def metric(world: World, family: str, value: float | None, spread: float = 0.15, **cells: Any) -> Row:
    """One row of the common shape; without a value it takes the state and the note it is given."""
    row: Row = {
        "family_id": family,
        "side": world.titles()[family][1],
        "channel_kind": "tracker",
        "channel_role": "all",
        "segment": "all",
        "statistic": "median",
        "window": "365d",
        "value": value,
        "low": None,
        "high": None,
        "unit": "share",
        "n": 0,
        "n_events": 0,
        "n_censored": 0,
        "coverage_share": 0.62 if family in world.broken else 1.0,
        "as_of_at": world.as_of_at,
        "method_version": 1,
        "state": "measured",
        "note": None,
    }
    if value is not None:
        row |= {"low": value * (1 - spread), "high": value * (1 + spread), "n": 400, "n_events": 300, "n_censored": 100}
    return row | cells


def share_by(hours: float, typical: float) -> float:
    """A plausible share answered within so many hours."""
    return 0.93 * (1 - math.exp(-math.pow(hours / typical, 0.55) * 0.69))


def _threads(world: World, family: str) -> Iterator[tuple[str, str, str, int]]:
    for window, days in WINDOWS.items():
        for role in ROLES:
            for answerer in ANSWERERS:
                yield (
                    window,
                    role,
                    answerer,
                    int(QUESTIONS.get(family, 240) * math.sqrt(days / 30) / (1 if role == "all" else 2)),
                )


def _absent(world: World, family: str, **cells: Any) -> Row:
    state, why = UNTRACKED[family]
    return metric(world, family, None, state=state, note=why, n=12 if state == "not enough data" else 0, **cells)


def first_responses(world: World) -> Iterator[Row]:
    """Waiting times, with a median that is not reached for those who are rarely the answerers."""
    for family in FAMILIES:
        for window, role, answerer, n in _threads(world, family):
            for statistic, factor in (("median", 1.0), ("p80", 5.0), ("rmst_7d", 1.6), ("answered_only_median", 0.25)):
                cells = {
                    "channel_role": role,
                    "segment": answerer,
                    "statistic": statistic,
                    "window": window,
                    "unit": "hours",
                }
                if family in UNTRACKED:
                    yield _absent(world, family, **cells)
                    continue
                reached = answerer == "anyone" or statistic in ("rmst_7d", "answered_only_median")
                value = TYPICAL_HOURS[family] * factor * (1.3 if role == "sdk" else 1)
                row = metric(
                    world,
                    family,
                    value,
                    1.6 / math.sqrt(n / 10),
                    n=n,
                    n_events=int(n * 0.7),
                    n_censored=n - int(n * 0.7),
                    **cells,
                )
                yield (
                    row
                    if reached
                    else row | {"value": None, "high": None, "note": "not reached: fewer than half were answered"}
                )


def answered_shares(world: World) -> Iterator[Row]:
    """Shares answered within a day, a week and a month, by who answered."""
    for family in FAMILIES:
        for window, role, answerer, n in _threads(world, family):
            for statistic, hours in (("within_24h", 24), ("within_7d", 168), ("within_30d", 720)):
                cells = {
                    "channel_role": role,
                    "segment": answerer,
                    "statistic": statistic,
                    "window": window,
                    "unit": "share",
                }
                if family in UNTRACKED:
                    yield _absent(world, family, **cells)
                    continue
                value = share_by(hours, TYPICAL_HOURS[family]) * ANSWERERS[answerer]
                yield metric(
                    world,
                    family,
                    value,
                    0.9 / math.sqrt(n),
                    n=n,
                    n_events=int(n * value),
                    n_censored=n - int(n * value),
                    **cells,
                )


def status_pages(world: World, unit: str, **cells: Any) -> Iterator[tuple[str, str, float | None, Row]]:
    """Per family and window: the rate of a status page, or the row that says why there is none."""
    for family in FAMILIES:
        for window in WINDOWS:
            given = {"channel_kind": "status", "segment": "api", "window": window, "unit": unit, **cells}
            if family in STATUS_PAGES:
                yield family, window, STATUS_PAGES[family], given
            else:
                is_open = FAMILIES[family][1] == "open"
                state = "not observable" if is_open else "not collected"
                why = (
                    "People run it themselves: there is no service whose outages could be seen."
                    if is_open
                    else "Its status page is not read yet."
                )
                yield family, window, None, metric(world, family, None, state=state, note=why, **given)


def incident_rates(world: World) -> Iterator[Row]:
    """Incidents per 30 days with exact intervals; none at all is 0 with an upper end."""
    for family, window, rate, row in status_pages(world, "per 30 days", statistic="per_30d"):
        if rate is None:
            yield row
            continue
        count = round(rate * WINDOWS[window] / 30)
        spread = {"low": max(0.0, rate - 1.6 * math.sqrt(rate)), "high": rate + 1.6 * math.sqrt(rate + 0.6)}
        yield metric(world, family, rate, **row) | spread | {"n": count, "n_events": count, "n_censored": 0}


def recoveries(world: World) -> Iterator[Row]:
    """Hours until an incident is over; not enough of them for some."""
    for statistic, factor in (("median", 1.0), ("p90", 6.0)):
        for family, _, rate, row in status_pages(world, "hours", statistic=statistic):
            if rate is None:
                yield row
            elif rate < 2:
                yield metric(world, family, None, **row) | {
                    "state": "not enough data",
                    "n": 3,
                    "note": "Fewer than 5 incidents.",
                }
            else:
                yield metric(world, family, factor * (0.6 + rate / 10), 0.3, **row) | {"n": 60}


def uptimes(world: World) -> Iterator[Row]:
    """Uptime under four weights of the same incidents, and the suspension apart."""
    statistics = ("weighted", "any_severity", "partial_or_worse", "statuspage_formula", "suspension")
    for statistic, lost in zip(statistics, (0.9, 2.4, 0.5, 0.3, 0.2), strict=True):
        for family, _, rate, row in status_pages(world, "share", statistic=statistic):
            value = None if rate is None else 1 - rate * lost / 1000
            yield (
                row
                if value is None
                else metric(world, family, value, **row) | {"low": None, "high": None, "n": round((rate or 0) * 12)}
            )


def _models(world: World, **cells: Any) -> Iterator[tuple[str, Row]]:
    for family, (_, side) in FAMILIES.items():
        given = {"channel_kind": "hub", "window": "30d", "unit": "downloads"} | cells
        if side == "open":
            yield family, given
        else:
            yield (
                "",
                metric(
                    world,
                    family,
                    None,
                    state="not applicable",
                    note="Its weights are not given out, so nobody can download them.",
                    **given,
                ),
            )


def downloads(world: World) -> Iterator[Row]:
    """Downloads of the last 30 days and the daily difference; counts of a source, without an interval."""
    for statistic in ("rolling_30d", "daily_difference"):
        for place, (family, row) in enumerate(_models(world, statistic=statistic, segment="all")):
            if not family:
                yield row
                continue
            value = 40_000_000.0 / (place + 1) ** 1.4 / (30 if statistic == "daily_difference" else 1)
            yield metric(world, family, value, **row) | {"low": value, "high": value, "n": 12 + place}


def derivatives(world: World) -> Iterator[Row]:
    """Models made from a family's models, by how they were made."""
    for relation, factor in (("finetune", 1.0), ("adapter", 1.7), ("quantized", 2.6), ("merge", 0.3)):
        for place, (family, row) in enumerate(
            _models(world, statistic="total", segment=relation, unit="models", window="all")
        ):
            value = round(9_000 * factor / (place + 1) ** 1.2)
            yield (
                metric(world, family, value, **row) | {"low": value, "high": value, "n": 12 + place} if family else row
            )


def _define(connection: duckdb.DuckDBPyConnection) -> None:
    """Gives each metric its question and its caveats, and its titles as the build does from the headers."""
    rows = connection.execute("select table_name from duckdb_tables() where schema_name = 'metrics'").fetchall()
    for (name,) in rows:
        question = f"What does {name.replace('_', ' ')} say?"
        caveats = "Only public channels are seen. Unanswered questions count as waiting, never as absent."
        header = read_metric_header(name) if name in list_metrics() else None
        titles = header.titles if header else {}
        connection.execute(
            "insert into ledger.definitions"
            " values (?, 'metrics', ?, 'family_id, window', 'share', 'none', ?, 1, true, 'test_x.py::test_it_holds', "
            "'', '', '', true,"
            " ?, map(?::varchar[], ?::varchar[]), ?)",
            [
                name,
                question,
                caveats,
                header and header.title,
                list(titles),
                list(titles.values()),
                header and header.better,
            ],
        )
