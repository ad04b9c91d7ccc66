"""Estimates of waits: what a table of waits says of each family, kind and role of channels, segment and window. A
stratum without waits has rows, too, so that figures can say so."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.statistics import survival
from analytics.statistics.survival import NEARLY, Curve, Figures, Flags, Waits, Whole, divide
from analytics.statistics.worth import STRAYS, measure_designs

KEYS = ("family_id", "channel_kind", "channel_role", "segment")
COUNTED = """
select
    w.family_id, w.channel_kind, w.segment, w.duration_hours, w.is_event, w.watched_hours, w.cause, w.is_unseen,
    cast(w.age_days as double) as age_days, coalesce(s.all_roles, w.channel_role) as channel_role,
    hash(w.family_id, w.channel_kind, coalesce(s.all_roles, w.channel_role), w.segment) as stratum_id,
    {week} as week, {person} as person_key, not w.is_excluded or w.is_event as is_sure
from {table} as w
cross join metrics.rules as r
join (select unnest(?) as all_roles) as s on if(s.all_roles = 'all', w.is_pooled, w.is_apart)
where (not w.is_excluded or w.is_unseen) and list_contains(?, w.family_id)
    and hash(w.family_id, w.channel_kind, w.segment) in (select unnest(?))
"""
"""Waits that count, of all roles together and of each; one that was not seen counts beside those that were, and among
them once it surely has ended."""
MANY = 500_000
"""So many waits are read at once. Of more, on which one figure rests, only one copy of one window, and of all roles or
of each, is held."""
BATCHES = f"""
select list(distinct family_id), list(key), sum(count) from (
    select
        family_id, hash(family_id, channel_kind, segment) as key, count(*) as count,
        sum(count(*)) over (order by family_id, key) // {MANY} as batch
    from {{table}} group by family_id, key
) group by batch order by batch
"""
"""What is read at once: about as many waits, by what no figure rests on two of."""
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in (*KEYS, "window", "cause", "statistic")),
        *((name, pa.float64()) for name in ("hours", "value", "low", "high")),
        *((name, pa.int64()) for name in ("n", "n_events", "n_censored", "n_unseen", "n_at_risk")),
        *((name, pa.bool_()) for name in ("is_hidden", "is_unreached")),
    ]
)
WAITING = "waiting"
"""What is said of those that have not ended in any way."""
DRAWN_HOURS = (
    0, 0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 30, 36, 42, 48, 60, 72, 84, 96, 120, 144, 192, 240, 288,
    336, 408, 480, 600,
)  # fmt: skip


class WaitKind(NamedTuple):
    """Waits of one kind, and what is estimated of them."""

    name: str
    table: str
    causes: Sequence[str | None] = (None,)
    """Ways of ending, or WAITING; None is any end."""
    hours: Sequence[float] = ()
    """Hours by which the share that has ended is read."""
    levels: Mapping[str, float] = {}
    """Shares, by the name of the statistic that says after how many hours so many have ended."""
    is_drawn: bool = False
    """Whether pages draw its curves, and the median of what has ended, too."""
    has_weeks: bool = True
    """Whether waits that began in one week are alike."""


@dataclass(frozen=True)
class Part:
    """The waits of some strata, as not all may fit in memory."""

    connection: duckdb.DuckDBPyConnection
    rules: Mapping[str, Any]
    """The constants of `metrics.rules`."""
    names: pa.Table
    """The names of each stratum."""
    rows: pa.Table
    """Waits with their stratum, sorted by stratum and hours."""

    @cached_property
    def seen(self) -> pa.Table:
        """Keeps what was seen."""
        return self.rows.filter(pc.invert(self.rows["is_unseen"]))

    @cached_property
    def known(self) -> pa.Table:
        """Keeps what was not seen and surely has ended."""
        return self.rows.filter(pc.field("is_unseen") & pc.field("is_event"))

    @cached_property
    def waits(self) -> Waits:
        """Gives what was seen to the estimators."""
        names = ("figure_id", "duration_hours", "is_event", "watched_hours")
        return Waits(len(self.names), *(self.seen[name].to_numpy() for name in names))

    @cached_property
    def unseen(self) -> Whole:
        """Counts by stratum what was not seen."""
        return np.bincount(self.rows["figure_id"].to_numpy(), minlength=len(self.names)) - self.waits.counts

    def choose(self, cause: str | None) -> Flags:
        """Chooses what has ended in one way, or at all; WAITING is what is left of all."""
        is_any = cause in (None, WAITING)
        is_way = is_any or pc.fill_null(pc.equal(self.seen["cause"], cause), False).to_numpy()
        return np.logical_and(self.waits.is_event, is_way)

    def list_strays(self, cause: str | None, first: int) -> pa.Table:
        """Lists how far the waits of each week and person stray, numbered from so many figures on. They are added up
        here, since those of all curves of a part would not fit in memory."""
        stray, alike = survival.find_residuals(self.waits, self.choose(cause)), STRAYS.names[:3]
        numbers = pc.add(self.seen["figure_id"], first)
        strays = [numbers, self.seen["week"], self.seen["person_key"], np.ones(len(stray)), stray, stray**2]
        sums = pa.table(strays, schema=STRAYS).group_by(alike).aggregate([(name, "sum") for name in STRAYS.names[3:]])
        return sums.rename_columns(STRAYS.names)

    def trace(self, cause: str | None) -> Curve:
        """Traces the share that has ended in one way, or at all."""
        return next(trace_curves([(self, cause)]))

    def stop(self, hours: float) -> "Part":
        """Takes waits as if nobody had looked after an hour: what came later says nothing of the share by then, nor of
        what its weeks share."""
        waited = self.rows["duration_hours"]
        is_event = pc.and_(self.rows["is_event"], pc.less_equal(waited, hours))
        rows = self.rows.drop_columns(["duration_hours", "is_event"]).append_column("is_event", is_event)
        return replace(self, rows=rows.append_column("duration_hours", pc.min_element_wise(waited, hours)))

    def count_known(self, hours: float) -> Whole:
        """Counts what surely has ended by an hour, although not in view."""
        known = self.known.filter(pc.field("duration_hours") <= hours)
        return np.bincount(known["figure_id"].to_numpy(), minlength=self.waits.size)

    def estimate_share(self, curve: Curve, stopped: Curve, hours: float, cause: str | None) -> pa.Table:
        """Estimates the share that has ended by an hour, by the curve stopped there or soon after, from where none of
        what was not seen has to where all has, but for the ends that are known (Manski 1989). The value takes these as
        like the seen; if they are too many, there is none, and the ends are those of what is possible."""
        read, counts, total = survival.read_share(stopped, hours), self.waits.counts, self.waits.counts + self.unseen
        # In which way a known end came is not known.
        known = 0 if cause else self.count_known(hours)
        seen, sure, is_hidden = divide(counts, total), divide(known, total), self.is_hidden(known)
        value, low, high = np.where(counts > 0, read, 0) * seen
        low, high = np.where(is_hidden, value, (low, high))
        value = np.where(is_hidden, np.nan, divide(value + sure, seen + sure))
        figures = Figures(value, low + sure, high + 1 - seen)
        if cause == WAITING:
            figures = Figures(1 - figures.value, 1 - figures.high, 1 - figures.low)
        at_risk = self.waits.count(self.waits.hours >= hours)
        return self.make_rows(curve, "share", figures, known, cause=cause, hours=hours, n_at_risk=at_risk)

    def estimate_quantile(self, curve: Curve, statistic: str, level: float, cause: str | None) -> pa.Table:
        """Estimates the hours after which a share has ended."""
        figures = np.where(self.is_hidden(), np.nan, survival.read_quantile(curve, level, self.unseen))
        return self.make_rows(curve, statistic, Figures(*figures), cause=cause)

    def estimate_ended(self, curve: Curve) -> pa.Table:
        """Estimates the median of what has ended; of an even number it is the mean of the two in the middle."""
        # What was seen to end, as if nobody else waited.
        ended = replace(self, rows=self.seen.filter(pc.field("is_event"))).trace(None)
        none, halves = np.zeros_like(self.unseen), (0.5, 0.5 + 2 * NEARLY)
        lower, upper = (survival.read_quantile(ended, half, none) for half in halves)
        middle = (lower.value + upper.value) / 2, lower.low, upper.high
        figures = Figures(*np.where(self.is_hidden(), np.nan, middle))
        return self.make_rows(curve, "answered_only_median", figures, n=curve.ended)

    def is_hidden(self, known: Whole | int = 0) -> Flags:
        """Returns where too many were not seen for a value."""
        is_hidden: Flags = self.unseen - known > self.rules["most_unseen_share"] * (self.waits.counts + self.unseen)
        return is_hidden

    def make_rows(self, curve: Curve, statistic: str, figures: Figures, known: Whole | int = 0, **own: Any) -> pa.Table:
        """Makes a row for each stratum; `own` are columns that not all statistics have, or have like others."""
        n, events, is_hidden, rules = self.waits.counts + known, curve.ended + known, self.is_hidden(known), self.rules
        censored = self.waits.counts - self.waits.count(self.waits.is_event)
        is_enough = (n >= rules["min_items_count"]) & (events >= rules["min_events_count"])
        columns = figures._asdict() | {
            "statistic": statistic, "n": n, "n_events": events, "n_censored": censored,
            "n_unseen": self.unseen - known, "is_hidden": is_hidden,
            "is_unreached": np.isnan(figures.value) & ~is_hidden & is_enough,
        } | own  # fmt: skip
        rows = self.names
        for field in list(SCHEMA)[len(rows.column_names) :]:
            cells = columns.get(field.name)
            each = cells if isinstance(cells, np.ndarray) else [cells] * len(rows)
            rows = rows.append_column(field, pa.array(each, field.type, from_pandas=True))
        return rows


def estimate_waits(connection: duckdb.DuckDBPyConnection, kind: WaitKind) -> pa.Table:
    """Estimates which shares have ended by some hours, at all or in each way, and after how many hours a share has."""
    parts = read_parts(connection, kind.table, kind.has_weeks)
    rows = pa.concat_tables([SCHEMA.empty_table(), *(rows for part in parts for rows in _estimate_part(part, kind))])
    return rows.append_column("wait", pa.repeat(pa.scalar(kind.name, pa.string()), len(rows)))


def _estimate_part(part: Part, kind: WaitKind) -> Iterator[pa.Table]:
    is_drawn = pc.match_substring_regex(part.names["segment"], "^anyone$|:")
    is_drawn = pc.and_(is_drawn, pa.array(part.waits.counts >= part.rules["min_items_count"]))
    curves = trace_curves((view, cause) for cause in kind.causes for view in (part, *map(part.stop, kind.hours)))
    for cause in kind.causes:
        curve = next(curves)
        for start, end in pairwise((-1.0, *kind.hours)):
            until = next(curves)
            for hours in (hours for hours in DRAWN_HOURS if kind.is_drawn and start < hours < end):
                yield part.estimate_share(curve, until, hours, cause).filter(is_drawn)
            yield part.estimate_share(curve, until, end, cause)
        if cause != WAITING:
            for statistic, level in kind.levels.items():
                yield part.estimate_quantile(curve, statistic, level, cause)
        if kind.is_drawn:
            yield part.estimate_ended(curve)


def trace_curves(traced: Iterable[tuple[Part, str | None]]) -> Iterator[Curve]:
    """Traces shares that have ended, of views of one part."""
    held = list[tuple[Part, str | None]]()
    for view, cause in traced:
        held.append((view, cause))
        if len(view.rows) * len(held) > MANY:
            yield from _trace_held(held)
            held.clear()
    yield from _trace_held(held)


def _trace_held(held: Sequence[tuple[Part, str | None]]) -> Iterator[Curve]:
    """Traces curves. How alike their waits are is measured by one statement, as that takes longer than its rows."""
    if not held:
        return
    connection, size = held[0][0].connection, held[0][0].waits.size
    strays = [view.list_strays(cause, number * size) for number, (view, cause) in enumerate(held)]
    designs = measure_designs(connection, pa.concat_tables(strays), size * len(held))
    for (view, cause), design in zip(held, np.split(designs, len(held)), strict=True):
        yield survival.trace_curve(view.waits, view.choose(cause), design)


def read_parts(connection: duckdb.DuckDBPyConnection, table: str, has_weeks: bool = True) -> Iterator[Part]:
    """Reads the waits of some strata after others, those of each window as strata of their own."""
    (rules,) = connection.sql("from metrics.rules").to_arrow_table().to_pylist()
    windows = connection.sql('select distinct "window", window_days from metrics.scopes order by 2').fetchall()
    week = f"cast({'floor(w.age_days / r.alike_days)' if has_weeks else 'null'} as bigint)"
    person = "w.person_key" if "person_key" in table else "cast(null as ubigint)"
    query = COUNTED.format(table=table, week=week, person=person)
    for families, keys, count in connection.sql(BATCHES.format(table=table)).fetchall():
        for roles in [["all", None]] if count < MANY else [["all"], [None]]:
            rows = _drop_unsure(connection.sql(query, params=[roles, families, keys]).to_arrow_table())
            for own in [windows] if len(rows) < MANY else [[window] for window in windows]:
                yield Part(connection, rules, *_split_windows(rows, own))


def _drop_unsure(rows: pa.Table) -> pa.Table:
    """Drops strata of which nothing is sure: no wait counts, and none is known to have ended."""
    sure = pc.unique(rows.filter(rows["is_sure"])["stratum_id"])
    return rows.filter(pc.is_in(rows["stratum_id"], sure)).drop_columns(["is_sure"])


def _split_windows(rows: pa.Table, windows: Sequence[tuple[str, float]]) -> tuple[pa.Table, pa.Table]:
    """Returns the names of the strata, and the rows of each window, sorted by stratum and hours."""
    _, first, stratum = np.unique(rows["stratum_id"].to_numpy(), return_index=True, return_inverse=True)
    order = np.lexsort((rows["duration_hours"].to_numpy(), stratum))
    ages = rows["age_days"].to_numpy()[order]
    own = [order[ages <= days] + len(rows) * number for number, (_, days) in enumerate(windows)]
    window, place = np.divmod(np.concatenate(own), max(1, len(rows)))
    names = rows.select(KEYS).take(np.tile(first, len(windows)))
    names = names.append_column("window", pa.array(np.repeat([name for name, _ in windows], len(first))))
    waits = rows.drop_columns([*KEYS, "stratum_id", "age_days"]).take(place)
    return names, waits.append_column("figure_id", pa.array(stratum[place] + window * len(first)))
