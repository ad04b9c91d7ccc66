"""Estimates of waits: what a table of waits says of each family, kind and role of channels, segment and window. A
stratum without waits has rows, too, so that figures can say so."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.statistics import survival
from analytics.statistics.survival import NEARLY, Curve, Figures, Flags, Floats, Waits, Whole, count_until, divide
from analytics.statistics.worth import STRAYS, measure_designs

KEYS = ("family_id", "channel_kind", "channel_role", "segment")
COUNTED = """
select
    w.family_id, w.channel_kind, w.segment, w.duration_hours, w.is_event, w.watched_hours, w.cause, w.is_unseen,
    cast(w.age_days as double) as age_days, coalesce(s.all_roles, w.channel_role) as channel_role,
    hash(w.family_id, w.channel_kind, coalesce(s.all_roles, w.channel_role), w.segment) as stratum_id,
    {week} as week, {person} as person_key, hash(stratum_id, week, person_key) as cluster_id,
    not w.is_excluded or w.is_event as is_sure
from {table} as w
cross join metrics.rules as r
join (select unnest(?) as all_roles) as s on if(s.all_roles = 'all', w.is_pooled, w.is_apart)
where (not w.is_excluded or w.is_unseen) and list_contains(?, w.family_id)
    and hash(w.family_id, w.channel_kind, w.segment) in (select unnest(?))
"""
"""Waits that count, of all roles together and of each; one that was not seen counts beside those that were, and among
them once it surely has ended."""
MANY = 500_000
"""So many waits are read at once. Of more, on which one figure rests, only one window, and those of all roles or of
each, are held."""
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

    @property
    def grid(self) -> list[float]:
        """Returns the hours at which shares are read, or drawn."""
        drawn = (hours for hours in DRAWN_HOURS if self.is_drawn and hours < self.hours[-1])
        return sorted({*self.hours, *drawn})


@dataclass(frozen=True)
class Part:
    """The waits of some strata, as not all may fit in memory."""

    connection: duckdb.DuckDBPyConnection
    rules: Mapping[str, Any]
    """The constants of `metrics.rules`."""
    names: pa.Table
    """The names of each stratum."""
    waits: Waits
    """What was seen."""
    way: Whole
    """In which of the `ways` each of these has ended."""
    ways: Mapping[str | None, int]
    cluster: Whole
    """The row of each of these in `clusters`."""
    clusters: pa.Table
    """Stratum, week and person of waits that are alike."""
    unseen: Whole
    """How many were not seen, by stratum."""
    known: Waits
    """What was not seen and surely has ended."""

    def choose(self, cause: str | None) -> Flags:
        """Chooses what has ended in one way, or at all; WAITING is what is left of all."""
        is_way = cause in (None, WAITING) or self.way == self.ways.get(cause, len(self.ways))
        return np.logical_and(self.waits.is_event, is_way)

    def keep(self, kept: Flags) -> "Part":
        """Keeps some of what was seen."""
        return replace(self, waits=self.waits.keep(kept), way=self.way[kept], cluster=self.cluster[kept])

    def trace(self, cause: str | None) -> Curve:
        """Traces the share that has ended in one way, or at all."""
        ((design,),) = self.measure_designs([cause], [np.inf])
        return survival.trace_curve(self.waits, self.choose(cause), design)

    def measure_designs(self, causes: Sequence[str | None], stops: Sequence[float]) -> Iterator[Floats]:
        """Measures how alike waits are in each way of ending, stops × strata, as if nobody had looked after a stop:
        what came later says nothing of the share by then. As many ways as fit in memory take one statement."""
        most, size = max(1, MANY // (1 + len(self.clusters) * len(stops))), self.waits.size
        for start in range(0, len(causes), most):
            chosen = map(self.choose, causes[start : start + most])
            residuals = chain.from_iterable(survival.find_residuals(self.waits, ended, stops) for ended in chosen)
            strays = [self._sum_strays(each, number * size) for number, each in enumerate(residuals)]
            designs = measure_designs(self.connection, pa.concat_tables(strays), len(strays) * size)
            yield from designs.reshape(len(strays) // len(stops), len(stops), size)

    def _sum_strays(self, stray: Floats, first: int) -> pa.Table:
        """Sums up how far the waits of each cluster stray, with strata numbered from so many on."""
        n, sums, squares = (np.bincount(self.cluster, each, len(self.clusters)) for each in (None, stray, stray**2))
        number, week, person = self.clusters.columns
        strays = pa.table([pc.add(number, first), week, person, n.astype(float), sums, squares], schema=STRAYS)
        return strays.filter(n > 0)

    def estimate_shares(self, curve: Curve, cause: str | None, kind: WaitKind, designs: Floats) -> pa.Table:
        """Estimates the share that has ended by each hour (hours × strata), from where none of what was not seen has to
        where all has, but for the ends that are known (Manski 1989). The value takes these as like the seen; if they
        are too many, there is none, and the ends are those of what is possible."""
        counts, total, hours = self.waits.counts, self.waits.counts + self.unseen, kind.grid
        # Each hour is read off the curve that stops there or soon after.
        read = survival.read_shares(curve, hours, designs[np.searchsorted(kind.hours, hours)])
        # In which way a known end came is not known.
        known = count_until(self.known, hours) * (cause is None)
        seen, sure, is_hidden = divide(counts, total), divide(known, total), self.is_hidden(known)
        value, low, high = np.where(counts > 0, read, 0) * seen
        low, high = np.where(is_hidden, value, (low, high))
        value = np.where(is_hidden, np.nan, divide(value + sure, seen + sure))
        figures = Figures(value, low + sure, high + 1 - seen)
        if cause == WAITING:
            figures = Figures(1 - figures.value, 1 - figures.high, 1 - figures.low)
        is_shown = np.isin(hours, kind.hours)[:, None] | self.is_drawn
        own = {"hours": np.array(hours)[:, None], "n_at_risk": counts - count_until(self.waits, hours, "right")}
        return self.make_rows(curve, "share", figures, known, is_shown, cause=cause, **own)

    def estimate_quantile(self, curve: Curve, statistic: str, level: float, cause: str | None) -> pa.Table:
        """Estimates the hours after which a share has ended."""
        figures = np.where(self.is_hidden(), np.nan, survival.read_quantile(curve, level, self.unseen))
        return self.make_rows(curve, statistic, Figures(*figures), cause=cause)

    def estimate_ended(self, curve: Curve) -> pa.Table:
        """Estimates the median of what has ended; of an even number it is the mean of the two in the middle."""
        # What was seen to end, as if nobody else waited.
        ended = self.keep(self.waits.is_event).trace(None)
        none, halves = np.zeros_like(self.unseen), (0.5, 0.5 + 2 * NEARLY)
        lower, upper = (survival.read_quantile(ended, half, none) for half in halves)
        middle = (lower.value + upper.value) / 2, lower.low, upper.high
        figures = Figures(*np.where(self.is_hidden(), np.nan, middle))
        return self.make_rows(curve, "answered_only_median", figures, n=curve.ended)

    def is_hidden(self, known: Whole | int = 0) -> Flags:
        """Returns where too many were not seen for a value."""
        is_hidden: Flags = self.unseen - known > self.rules["most_unseen_share"] * (self.waits.counts + self.unseen)
        return is_hidden

    @cached_property
    def is_drawn(self) -> Flags:
        """Returns of which strata pages draw the curves."""
        is_named = pc.match_substring_regex(self.names["segment"], "^anyone$|:").to_numpy()
        is_drawn: Flags = is_named & (self.waits.counts >= self.rules["min_items_count"])
        return is_drawn

    def make_rows(
        self,
        curve: Curve,
        statistic: str,
        figures: Figures,
        known: Whole | int = 0,
        is_shown: Flags | bool = True,
        **own: Any,
    ) -> pa.Table:
        """Makes a row for each figure that is shown; `own` are columns that not all statistics have, or have like
        others."""
        n, events, is_hidden, rules = self.waits.counts + known, curve.ended + known, self.is_hidden(known), self.rules
        censored = self.waits.counts - self.waits.count(self.waits.is_event)
        is_enough = (n >= rules["min_items_count"]) & (events >= rules["min_events_count"])
        cells: dict[str, Any] = figures._asdict() | {
            "statistic": statistic, "n": n, "n_events": events, "n_censored": censored,
            "n_unseen": self.unseen - known, "is_hidden": is_hidden,
            "is_unreached": np.isnan(figures.value) & ~is_hidden & is_enough,
        } | own  # fmt: skip
        places = np.flatnonzero(np.broadcast_to(is_shown, figures.value.shape))
        rows = self.names.take(places % self.waits.size)
        for field in list(SCHEMA)[len(rows.column_names) :]:
            each = np.broadcast_to(cells.get(field.name, np.nan), figures.value.shape).ravel()[places]
            rows = rows.append_column(field, pa.array(each, field.type, from_pandas=True))
        return rows


def estimate_waits(connection: duckdb.DuckDBPyConnection, kind: WaitKind) -> pa.Table:
    """Estimates which shares have ended by some hours, at all or in each way, and after how many hours a share has."""
    parts = read_parts(connection, kind.table, kind.has_weeks)
    rows = pa.concat_tables([SCHEMA.empty_table(), *(rows for part in parts for rows in _estimate_part(part, kind))])
    return rows.append_column("wait", pa.repeat(pa.scalar(kind.name, pa.string()), len(rows)))


def _estimate_part(part: Part, kind: WaitKind) -> Iterator[pa.Table]:
    # Shares are read off curves that stop; quantiles are not.
    stops = (*kind.hours, *([np.inf] if kind.levels else []))
    for cause, designs in zip(kind.causes, part.measure_designs(kind.causes, stops), strict=True):
        curve = survival.trace_curve(part.waits, part.choose(cause), designs[-1])
        if kind.hours:
            yield part.estimate_shares(curve, cause, kind, designs)
        if cause != WAITING:
            for statistic, level in kind.levels.items():
                yield part.estimate_quantile(curve, statistic, level, cause)
        if kind.is_drawn:
            yield part.estimate_ended(curve)


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
                yield Part(connection, rules, **_lay_out(rows, own))


def _drop_unsure(rows: pa.Table) -> pa.Table:
    """Drops strata of which nothing is sure: no wait counts, and none is known to have ended."""
    sure = pc.unique(rows.filter(rows["is_sure"])["stratum_id"])
    return rows.filter(pc.is_in(rows["stratum_id"], sure))


def _lay_out(rows: pa.Table, windows: Sequence[tuple[str, float]]) -> dict[str, Any]:
    """Lays out the waits of each window as a part holds them."""
    stratum, first = _number(rows["stratum_id"])
    cluster, alike = _number(rows["cluster_id"])
    order = np.argsort(rows["duration_hours"].to_numpy())
    # Small numbers are sorted by their digits, in half the time.
    order = order[np.argsort(stratum[order].astype(np.min_scalar_type(len(first))), kind="stable")]
    own = [order[rows["age_days"].to_numpy()[order] <= days] for _, days in windows]
    place, window = np.concatenate(own), np.repeat(np.arange(len(windows)), [len(each) for each in own])
    columns = (rows[name].to_numpy()[place] for name in ("duration_hours", "is_event", "watched_hours"))
    waits = Waits(len(first) * len(windows), stratum[place] + window * len(first), *columns)
    is_unseen, causes = rows["is_unseen"].to_numpy()[place], pc.dictionary_encode(rows["cause"].combine_chunks())
    names = rows.select(KEYS).take(np.tile(first, len(windows)))
    starts = np.repeat(np.arange(len(windows)), len(alike)) * len(first)
    clusters = rows.select(["week", "person_key"]).take(np.tile(alike, len(windows)))
    return {
        "names": names.append_column("window", [np.repeat([name for name, _ in windows], len(first))]),
        "waits": waits.keep(~is_unseen),
        "way": causes.indices.fill_null(-1).to_numpy()[place[~is_unseen]],
        "ways": {name: code for code, name in enumerate(causes.dictionary.to_pylist())},
        "cluster": (cluster[place] + window * len(alike))[~is_unseen],
        "clusters": clusters.add_column(0, "figure_id", [np.tile(stratum[alike], len(windows)) + starts]),
        "unseen": np.bincount(waits.stratum[is_unseen], minlength=waits.size),
        "known": waits.keep(is_unseen & waits.is_event),
    }


def _number(keys: pa.ChunkedArray) -> tuple[Whole, Whole]:
    """Numbers the keys, and finds the first row of each."""
    codes = pc.dictionary_encode(keys.combine_chunks()).indices.to_numpy().astype(np.int64)
    first = np.empty(codes.max(initial=-1) + 1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return codes, first
