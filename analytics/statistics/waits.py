"""Estimates of waits: what a table of waits says of each family, kind and role of channels, segment and window. A
stratum whose window is empty has rows, too, so that figures can say so."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.statistics import survival
from analytics.statistics.competing import trace_incidence
from analytics.statistics.survival import Curve, Figures, Flags, Waits, Whole, divide

KEYS = ("family_id", "channel_kind", "channel_role", "segment")
SEEN = """
select
    w.* replace (coalesce(r.all_roles, w.channel_role) as channel_role),
    hash(w.family_id, w.channel_kind, coalesce(r.all_roles, w.channel_role), w.segment) as stratum_id
from {table} as w
join (values ('all'), (null)) as r (all_roles) on if(r.all_roles = 'all', w.is_pooled, w.is_apart)
where (not w.is_excluded or w.is_unseen) and list_contains(?, w.family_id)
qualify bool_or(not w.is_excluded or w.is_event) over (partition by stratum_id)
"""
"""Waits that count, of all roles together and of each; one that was not seen counts beside those that were, and among
them once it surely has ended."""
BATCHES = """
select list(family_id order by family_id)
from (
    select family_id, sum(count(*)) over (order by family_id) // ? as batch
    from {table}
    group by family_id
)
group by batch
order by batch
"""
BATCH = 200_000
"""About as many waits are read at once, and never less than those of a family."""
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in (*KEYS, "window", "cause", "statistic")),
        *((name, pa.float64()) for name in ("hours", "value", "low", "high")),
        *((name, pa.int64()) for name in ("n", "n_events", "n_censored", "n_unseen", "n_at_risk")),
        *((name, pa.bool_()) for name in ("is_hidden", "is_unreached")),
    ]
)
READ_HOURS = (24.0, 168.0, 720.0)
"""Hours at which shares of answers are read, also if nothing was asked."""
DRAWN_HOURS = (
    0, 0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 30, 36, 42, 48, 60, 72, 84, 96, 120, 144, 192, 240, 288,
    336, 408, 480, 600,
)  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """The constants of `metrics.rules` that estimates need."""

    min_items_count: int
    min_events_count: int
    most_unseen_share: float


@dataclass(frozen=True)
class Part:
    """The waits of one window, of roles together or apart."""

    names: pa.Table
    """The names of each stratum."""
    window: str
    rows: Mapping[str, Any]
    """Columns of `Waits`, also of what was not seen."""
    is_unseen: Flags
    rules: Rules

    @cached_property
    def waits(self) -> Waits:
        """Keeps what was seen."""
        unseen = np.bincount(self.rows["stratum"][self.is_unseen], minlength=len(self.names))
        seen = {name: column[~self.is_unseen] for name, column in self.rows.items()}
        return Waits(**seen, unseen=unseen)

    @cached_property
    def is_hidden(self) -> Flags:
        """Returns where too many items were not seen for a value."""
        is_hidden: Flags = self.waits.unseen > self.rules.most_unseen_share * (self.waits.counts + self.waits.unseen)
        return is_hidden

    def see_by(self, hours: float) -> "Part":
        """Returns the part with those seen, too, that surely have ended by an hour, although not in view."""
        has_ended = self.is_unseen & self.rows["is_event"] & (self.rows["hours"] <= hours)
        return replace(self, is_unseen=self.is_unseen & ~has_ended) if has_ended.any() else self

    def read_share(self, curve: Curve, hours: float) -> Figures:
        """Reads the share that has ended by an hour; where too many were not seen, the ends are what is possible."""
        seen = survival.read_share(self.waits, curve, hours)
        share = divide(self.waits.counts, self.waits.counts + self.waits.unseen)
        low, high = (np.where(self.is_hidden, seen.value, end) for end in (seen.low, seen.high))
        return Figures(np.where(self.is_hidden, np.nan, seen.value), low * share, high * share + 1 - share)

    def make_rows(self, statistic: str, figures: Figures, chosen: Flags | None = None, **own: Any) -> pa.Table:
        """Makes a row for each stratum, or each that is chosen; `own` are columns that differ from the usual."""
        waits, rules, events = self.waits, self.rules, self.waits.curve.ended
        columns = {
            "window": self.window, "cause": None, "statistic": statistic, "hours": None, "value": figures.value,
            "low": figures.low, "high": figures.high, "n": waits.counts,
            "n_events": events, "n_censored": waits.counts - events, "n_unseen": waits.unseen, "n_at_risk": None,
            "is_hidden": self.is_hidden,
        } | own  # fmt: skip
        columns["is_unreached"] = (
            np.isnan(figures.value) & ~self.is_hidden & (waits.counts >= rules.min_items_count)
            & (columns["n_events"] >= rules.min_events_count)
        )  # fmt: skip
        rows = self.names
        for name, column in columns.items():
            each = column if isinstance(column, np.ndarray) else [column] * len(rows)
            rows = rows.append_column(name, pa.array(each, SCHEMA.field(name).type, from_pandas=True))
        return rows if chosen is None else rows.filter(chosen)


def estimate_answers(connection: duckdb.DuckDBPyConnection, table: str) -> pa.Table:
    """Estimates the shares answered, the median wait, and the curves that pages draw."""
    rows = (rows for part in read_parts(connection, table) for rows in _estimate_answers(part))
    return pa.concat_tables([SCHEMA.empty_table(), *rows])


def _estimate_answers(part: Part) -> Iterator[pa.Table]:
    segments = part.names["segment"].to_pylist()
    is_drawn = np.array([segment == "anyone" or ":" in segment for segment in segments], dtype=bool)
    is_drawn &= part.waits.counts >= part.rules.min_items_count
    for hours in (*DRAWN_HOURS, *READ_HOURS):
        by = part.see_by(hours)
        chosen = None if hours in READ_HOURS else is_drawn
        figures, at_risk = by.read_share(by.waits.curve, hours), by.waits.count_at_risk(hours)
        yield by.make_rows("share", figures, chosen, hours=hours, n_at_risk=at_risk)
    yield from _estimate_quantiles(part, {"median": 0.5}, part.waits.curve)
    yield part.make_rows("answered_only_median", survival.read_ended_median(part.waits))


def estimate_ends(
    connection: duckdb.DuckDBPyConnection, table: str, *, levels: Mapping[str, float] = {},
    causes: Sequence[str] = (), hours: Sequence[float] = (),
) -> pa.Table:  # fmt: skip
    """Estimates after how many hours these shares have ended, at all or in each way, and what has ended in each way, or
    waits still, by these hours."""
    parts = read_parts(connection, table, causes)
    rows = (rows for part in parts for rows in _estimate_ends(part, levels, causes, hours))
    return pa.concat_tables([SCHEMA.empty_table(), *rows])


def _estimate_ends(
    part: Part, levels: Mapping[str, float], causes: Sequence[str], hours: Sequence[float]
) -> Iterator[pa.Table]:
    if not causes:
        yield from _estimate_quantiles(part, levels, part.waits.curve)
    for number, cause in enumerate(causes):
        curve = trace_incidence(part.waits, number)
        for hour in hours:
            figures = part.read_share(curve, hour)
            yield part.make_rows("share", figures, hours=hour, cause=cause, n_events=curve.ended)
        yield from _estimate_quantiles(part, levels, curve, cause=cause, n_events=curve.ended)
    for hour in hours:
        ended = part.read_share(part.waits.curve, hour)
        waiting = Figures(1 - ended.value, 1 - ended.high, 1 - ended.low)
        yield part.make_rows("share", waiting, hours=hour, cause="waiting")


def _estimate_quantiles(part: Part, levels: Mapping[str, float], curve: Curve, **own: Any) -> Iterator[pa.Table]:
    for statistic, level in levels.items():
        figures = survival.read_quantile(part.waits, curve, level).keep(~part.is_hidden)
        yield part.make_rows(statistic, figures, **own)


def read_parts(connection: duckdb.DuckDBPyConnection, table: str, causes: Sequence[str] = ()) -> Iterator[Part]:
    """Reads the waits of some families after others, and yields those of each window: no figure rests on two families,
    and not all may fit in memory."""
    names = ", ".join(item.name for item in fields(Rules))
    rules = Rules(*connection.sql(f"select {names} from metrics.rules").fetchall()[0])
    windows = connection.sql('select distinct "window", window_days from metrics.scopes order by 2').fetchall()
    for (families,) in connection.sql(BATCHES.format(table=table), params=[BATCH]).fetchall():
        rows = connection.sql(SEEN.format(table=table), params=[families]).to_arrow_table()
        yield from _split_windows(rows, windows, causes, rules)


def _split_windows(
    rows: pa.Table, windows: Sequence[tuple[str, float]], causes: Sequence[str], rules: Rules
) -> Iterator[Part]:
    """Sorts rows by stratum and hours, and yields the part of each window."""
    _, where, stratum = np.unique(rows["stratum_id"].to_numpy(), return_index=True, return_inverse=True)
    hours, ages = rows["duration_hours"].to_numpy(), rows["age_days"].to_numpy().astype(float)
    has_week = rows["cluster_key"].is_valid().to_numpy()
    is_unseen, order = rows["is_unseen"].to_numpy(), np.lexsort((hours, stratum))
    columns: dict[str, Any] = {
        "stratum": stratum, "hours": hours, "is_event": rows["is_event"].to_numpy(),
        "watched": rows["watched_hours"].to_numpy(), "week": np.where(has_week, ages // 7, -1).astype(np.int64),
        "person": _number(rows, "person_key"), "cause": _number(rows, "cause", causes),
    }  # fmt: skip
    for window, days in windows:
        own = order[ages[order] <= days]
        own_rows = {name: column[own] for name, column in columns.items()}
        yield Part(rows.select(KEYS).take(where), window, own_rows, is_unseen[own], rules)


def _number(rows: pa.Table, name: str, words: Sequence[str] = ()) -> Whole:
    """Numbers what a column holds, by these words if there are any; -1 where it is empty."""
    if name not in rows.column_names:
        return np.full(len(rows), -1)
    column = rows[name].combine_chunks()
    places = pc.index_in(column, pa.array(words)) if words else column.dictionary_encode().indices
    numbers: Whole = places.fill_null(-1).to_numpy().astype(np.int64)
    return numbers
