"""Reads the published snapshot, cached by its version; no figure is computed here."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Condition
from time import monotonic
from typing import Any, ParamSpec, TypeVar, cast

from cachetools import LRUCache, cached

from dashboards.metric_row import DictRow, MetricRow
from warehouse import freshness
from warehouse.attempts.health import Health
from warehouse.attempts.reader import read_health
from warehouse.database import WarehouseError
from warehouse.findings import Finding, find_problems
from warehouse.freshness import find_present
from warehouse.logs.log import open_log
from warehouse.news import items
from warehouse.progress import CollectionProgress, read_progress
from warehouse.settings import Settings, read_settings
from warehouse.sharing.followed import read_shown
from warehouse.snapshot import Snapshot, query
from warehouse.snapshot import has_table as has_table

Asked = ParamSpec("Asked")
Loaded = TypeVar("Loaded")
TABLES = re.compile(r"\b(?:metrics|staging|meta)\.\w+")
LOOK_SECONDS = 5
"""How often an open page looks for a newer snapshot."""
MOST_ROWS = 20_000
"""Row limit of every query, whatever the filters select."""
USUAL_KIND = "tracker"
"""The kind of channel that most families have."""
INSTEAD = ("all", "365d", "90d", "30d")
"""Fallbacks, in this order, if a metric lacks the chosen window, role or segment."""
CHOICES = ("channel_kind", "statistic", "window", "channel_role", "segment")
"""The choices within a metric, in the order in which they are resolved."""
ASKED = (
    "select family_id from metrics.answered_share where statistic = 'within_7d' and segment = 'anyone' and channel_role"
    " = 'all' and \"window\" = '365d' and channel_kind = ? order by state <> 'measured', n desc, family_id"
)
MOST_SHARED = 100_000
"""Rows of one version that are kept for all readers: the sample world, all pages under all windows."""


def read_environment() -> Settings:
    """Returns the settings of this process, without those of `.env`."""
    return _read_settings(tuple(os.environ.items()), os.getcwd())


# Asked for several times by each run of each page, and reading them took a seventh of it.
@lru_cache(maxsize=1)
def _read_settings(_environment: tuple[tuple[str, str], ...], _folder: str) -> Settings:
    # Tokens may lie in `.env`: the process that faces readers never opens it.
    return read_settings(env_file=None)


@lru_cache(maxsize=1)
def open_own_log(home: Path) -> None:
    """Lets this process write to the log of its home."""
    open_log(home, read_environment().list_secrets())


def current_time(snapshot: Snapshot) -> datetime:
    """Returns the present minute (UTC), or the frozen one of the settings; a sample world stands still at its own."""
    return find_present(snapshot, read_environment().clock()).replace(second=0, microsecond=0)


def load_progress() -> CollectionProgress | None:
    """Loads how far the first collection of this home is, or that it failed; None where neither is so."""
    settings = read_environment()
    return None if settings.snapshot else read_progress(settings.home, datetime.now(UTC))


def keep_for(seconds: int) -> Callable[[Callable[Asked, Loaded]], Callable[Asked, Loaded]]:
    """Keeps what a function loads for some seconds, for all readers: every click asks for it, and no filter changes
    it."""

    def keep(load: Callable[Asked, Loaded]) -> Callable[Asked, Loaded]:
        @lru_cache(maxsize=4)
        def load_once(_settings: str, _time: int, *asked: Any) -> Any:
            return cast("Callable[..., Any]", load)(*asked)

        def load_kept(*asked: Any) -> Any:
            named = read_environment().model_dump_json(include={"home", "landing", "snapshot", "now", "freshness"})
            # The clock of the settings may be frozen.
            return load_once(named, int(monotonic() / seconds), *asked)

        return cast("Callable[Asked, Loaded]", load_kept)

    return keep


@keep_for(LOOK_SECONDS)
def look_around() -> tuple[Snapshot | str | None, CollectionProgress | None]:
    """Finds the snapshot that readers should see, None before the first and a fault if none can be read; and how far a
    first collection is."""
    try:
        return newest_snapshot(), load_progress()
    except WarehouseError as error:
        return str(error), load_progress()


@keep_for(60)
def load_collections(snapshot: Snapshot, now: datetime) -> list[DictRow]:
    """Loads every collection, judged by the limits of the settings. Never change the rows in place."""
    return freshness.load_collections(snapshot, now, freshness.read_limits(read_environment()))


@keep_for(60)
def load_health(snapshot: Snapshot | None) -> Health:
    """Loads what the home of a snapshot tried last, and who never answered."""
    settings = read_environment()
    return Health() if settings.snapshot else read_health(settings.home, snapshot, settings.clock())


@keep_for(60)
def load_problems(snapshot: Snapshot | None) -> list[Finding]:
    """Loads what is wrong, the worst first; what a page looks at is not always the newest snapshot."""
    return find_problems(read_environment(), snapshot)


def newest_snapshot() -> Snapshot | None:
    """Returns the snapshot that readers should see now, a followed one or the home's own; None before the first."""
    return read_shown(read_environment())


# The newest two that are read: who reads the version before the last one ends soon. A published snapshot never changes,
# so what is kept never goes stale.
@lru_cache(maxsize=2)
def share_queries(snapshot: Snapshot) -> Callable[[str, tuple[Any, ...]], list[DictRow]]:
    """Returns a query that all readers of a version share: one of them runs it, and the others wait for its rows."""

    @cached(LRUCache(MOST_SHARED, lambda rows: 1 + len(rows)), condition=Condition())
    def query_once(sql: str, params: tuple[Any, ...]) -> list[DictRow]:
        if not all(has_table(snapshot, table) for table in TABLES.findall(sql)):
            return []
        return list(query(snapshot, f"from ({sql}) limit {MOST_ROWS}", list(params)).to_pylist())

    return cast("Callable[[str, tuple[Any, ...]], list[DictRow]]", query_once)


def load_rows(snapshot: Snapshot, sql: str, *params: Any) -> list[DictRow]:
    """Loads the rows of a fixed statement, none if the snapshot lacks one of its tables.

    Parameters are bound, never interpolated. All readers share the rows: never change them in place.
    """
    return list(share_queries(snapshot)(sql, params))


@lru_cache(maxsize=2)
def load_families(snapshot: Snapshot) -> list[DictRow]:
    """Loads the families compared: open, proprietary, then hosts, each by title."""
    return load_rows(
        snapshot,
        "select family_id, title, side, vendor from staging.families order by side = 'host', side, lower(title), "
        "family_id",
    )


load_news = lru_cache(maxsize=2)(items.load_news)


@lru_cache(maxsize=512)
def load_choices(snapshot: Snapshot, name: str) -> frozenset[tuple[str, ...]]:
    """Loads the combinations of kind, statistic, window, role and segment that a metric has; empty if the snapshot
    lacks it."""
    columns = ", ".join(f'"{column}"' for column in CHOICES)
    rows = load_rows(snapshot, f"select distinct {columns} from metrics.{name}")
    return frozenset(tuple(row.values()) for row in rows)


@lru_cache(maxsize=16)
def find_usual_kind(snapshot: Snapshot) -> str:
    """Finds the kind of channel that pages show first: issue trackers, or what holds most questions if none of
    theirs was read."""
    counts = load_rows(
        snapshot,
        "select channel_kind, sum(n) as questions from metrics.answered_share where \"window\" = 'all' "
        "and statistic = 'within_7d' and segment = 'anyone' and channel_role = 'all' group by channel_kind "
        "having sum(n) > 0 order by channel_kind <> ?, questions desc, channel_kind limit 1",
        USUAL_KIND,
    )
    return str(counts[0]["channel_kind"]) if counts else USUAL_KIND


@lru_cache(maxsize=2)
def find_fullest_family(snapshot: Snapshot) -> str:
    """Finds the family with most figures, which the page of one family shows first."""
    counts = load_rows(
        snapshot,
        "select family_id from metrics.figures where state = 'measured' group by family_id order by count(*) desc, "
        "family_id limit 1",
    )
    return str((counts or load_families(snapshot))[0]["family_id"])


def choose_pair(snapshot: Snapshot, chosen: Sequence[str]) -> tuple[str, ...]:
    """Returns the first two chosen families; for each that is missing, the one with most questions, of a side that is
    not there yet. One family alone is no pair, and stays alone."""
    sides = {family["family_id"]: family["side"] for family in load_families(snapshot)}
    by_data = dict.fromkeys(
        [*(row["family_id"] for row in load_rows(snapshot, ASKED, find_usual_kind(snapshot))), *sides]
    )
    pair = list(chosen[:2])
    while len(pair) < 2 and (others := [family for family in by_data if family not in pair]):
        there = ("host", *(sides[family] for family in pair))
        pair.append(next((family for family in others if sides[family] not in there), others[0]))
    return tuple(pair)


def load_metric(
    snapshot: Snapshot,
    name: str,
    kind: str,
    window: str,
    role: str,
    segment: str | None = None,
    statistics: Sequence[str] = (),
) -> list[MetricRow]:
    """Loads the rows of one metric for one kind of channel, so that like is compared with like.

    Where the metric lacks the window, role or segment asked for, the nearest one is used; the rows say which.
    """
    offered = load_choices(snapshot, name)
    wanted = (kind,), statistics, (window,), (role,), (segment,) if segment else ()
    given: dict[str, Sequence[str]] = {}
    # Each choice limits the next: a window may exist for some statistics only.
    for index, (column, words) in enumerate(zip(CHOICES, wanted, strict=True)):
        if not words:
            continue
        is_fixed = column in ("channel_kind", "statistic")
        given[column] = words if is_fixed else [_nearest_choice({one[index] for one in offered}, words[0])]
        offered = frozenset(one for one in offered if one[index] in given[column])
    if not offered:
        return []
    conditions = " and ".join(f'"{column}" in ({", ".join("?" * len(values))})' for column, values in given.items())
    sql = f"select m.* from metrics.{name} m where {conditions} order by family_id, segment, statistic"
    rows = load_rows(snapshot, sql, *(value for values in given.values() for value in values))
    return cast("list[MetricRow]", rows)


def _nearest_choice(offered: set[str], wanted: str) -> str:
    return next((choice for choice in (wanted, *INSTEAD) if choice in offered), min(offered, default=wanted))


@lru_cache(maxsize=256)
def load_definition(snapshot: Snapshot, name: str) -> Mapping[str, Any]:
    """Loads a metric's header fields; empty if the snapshot lacks them."""
    return next(iter(load_rows(snapshot, "select * from meta.metrics where name = ?", name)), {})
