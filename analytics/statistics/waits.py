"""Estimates of waits: what a table of waits says of each family, kind and role of channels, segment and window. A
stratum whose window is empty has rows, too, so that figures can say so, but no drawn curve."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.statistics.competing import read_incidence, read_incidence_quantile, trace_incidence
from analytics.statistics.survival import (
    Curve,
    Designs,
    Ends,
    Figures,
    Flags,
    Floats,
    Rules,
    Waits,
    Whole,
    count_at_risk,
    divide,
    find_ends,
    measure_designs,
    read_ended_median,
    read_means,
    read_quantile,
    read_share,
    trace_curve,
)

KEYS = ("family_id", "channel_kind", "channel_role", "segment")
SEEN = f"""
select *
from {{table}}
where not is_excluded or is_unseen
qualify bool_or(not is_excluded) over (partition by {", ".join(KEYS)})
"""
"""Waits that count; one that was not seen counts beside those that were."""
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in (*KEYS, "window", "cause", "statistic")),
        *((name, pa.float64()) for name in ("hours", "value", "low", "high", "n_effective")),
        *((name, pa.int64()) for name in ("n", "n_events", "n_censored", "n_unseen", "n_at_risk")),
        ("is_hidden", pa.bool_()), ("is_unreached", pa.bool_()),
    ]
)  # fmt: skip
READ_HOURS = (24.0, 168.0, 720.0)
"""Hours at which shares of answers are read, also if nothing was asked; also the last hours of design effects."""
DRAWN_HOURS = (
    0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 30, 36, 42, 48, 60, 72, 84, 96, 120, 144, 192, 240, 288, 336,
    408, 480, 600,
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """The waits of one window, of roles together or apart, and what their curves show."""

    names: pa.Table
    """The names of each stratum."""
    is_crowded: Flags
    """Whether a stratum has enough items in all windows together."""
    window: str
    waits: Waits
    is_old: Flags
    rules: Rules

    @cached_property
    def designs(self) -> Designs:
        """Measures how alike items of one cluster are."""
        return measure_designs(self.waits, self.waits.cluster, self.rules)

    @cached_property
    def curve(self) -> Curve:
        """Traces the curves of those still waiting."""
        return trace_curve(self.waits, self.designs)

    @cached_property
    def ends(self) -> Ends:
        """Finds what may still wait where curves come to none."""
        return find_ends(self.waits, self.curve, self.designs, self.rules)

    @cached_property
    def n_events(self) -> Whole:
        """Counts what ended, by stratum."""
        return np.bincount(self.waits.stratum, self.waits.is_event, len(self.waits.unseen)).astype(int)

    @cached_property
    def n_effective(self) -> Floats:
        """Counts the independent items that those of each stratum are worth."""
        worth: Floats = self.waits.counts / self.designs.effect.max(axis=1)
        return worth

    @cached_property
    def is_hidden(self) -> Flags:
        """Returns where too many items were not seen for a value."""
        unseen = self.waits.unseen
        is_hidden: Flags = unseen > self.rules.most_unseen_share * (self.waits.counts + unseen)
        return is_hidden

    def read_share(self, hours: float) -> Figures:
        """Reads the share that has ended by an hour; where too many were not seen, the ends are what is possible."""
        seen = read_share(self.waits, self.curve, self.designs, self.ends, hours, self.rules)
        share = self.waits.seen_share
        return Figures(
            np.where(self.is_hidden, np.nan, seen.value),
            np.where(self.is_hidden, seen.value, seen.low) * share,
            np.where(self.is_hidden, seen.value, seen.high) * share + 1 - share,
        )

    def widen_by_person(self, share: Figures, hours: float) -> tuple[Figures, Floats]:
        """Widens an interval if requests of one person are more alike than those of one week are, and returns what the
        requests are worth then; what was not seen is not widened."""
        persons, bound = measure_designs(self.waits, self.waits.person, self.rules), READ_HOURS.index(hours)
        effect, reach = (part[:, bound] for part in (self.designs.effect, self.designs.reach))
        swell = np.sqrt(persons.effect[:, bound] / effect) * persons.reach[:, bound] / reach
        swell = np.where(np.isnan(persons.freedom), 1, np.maximum(1, swell))
        seen, value = self.waits.seen_share, share.value
        low = np.maximum(0, value - swell * (value - divide(share.low, seen))) * seen
        high = np.minimum(1, value + swell * (divide(share.high - 1 + seen, seen) - value)) * seen + 1 - seen
        has_grown = (swell > 1) & ~self.is_hidden
        worth = np.minimum(self.n_effective, self.waits.counts / persons.effect[:, bound])
        return Figures(value, np.where(has_grown, low, share.low), np.where(has_grown, high, share.high)), worth

    def hide(self, figures: Figures) -> Figures:
        """Takes away values and intervals where too many were not seen."""
        return Figures(*(np.where(self.is_hidden, np.nan, getattr(figures, part.name)) for part in fields(Figures)))

    def make_rows(
        self, statistic: str, figures: Figures, *, hours: float | None = None, cause: str | None = None,
        n_effective: Floats | None = None, n_events: Whole | None = None, n_at_risk: Floats | None = None,
        chosen: Flags | None = None,
    ) -> pa.Table:  # fmt: skip
        """Makes a row for each stratum, or each that is chosen."""
        counts, rules = self.waits.counts, self.rules
        worth = self.n_effective if n_effective is None else n_effective
        events = self.n_events if n_events is None else n_events
        is_unreached = (
            np.isnan(figures.value) & ~self.is_hidden & (counts >= rules.min_items_count)
            & (events >= rules.min_events_count) & (worth >= rules.min_effective_count)
        )  # fmt: skip
        rows = self.names
        for name, column in {
            "window": self.window, "cause": cause, "statistic": statistic, "hours": hours, "value": figures.value,
            "low": figures.low, "high": figures.high, "n_effective": worth, "n": counts, "n_events": events,
            "n_censored": counts - self.n_events, "n_unseen": self.waits.unseen, "n_at_risk": n_at_risk,
            "is_hidden": self.is_hidden, "is_unreached": is_unreached,
        }.items():  # fmt: skip
            kind = SCHEMA.field(name).type
            each = column if isinstance(column, np.ndarray) else [column] * len(counts)
            rows = rows.append_column(name, pa.array(each, kind, from_pandas=True))
        return rows if chosen is None else rows.filter(chosen)


def estimate_answers(connection: duckdb.DuckDBPyConnection, table: str) -> pa.Table:
    """Estimates shares answered, medians and means, and the curves of crowded strata."""
    return _join(row for part in read_parts(connection, table) for row in _estimate_answers(part))


def _estimate_answers(part: Part) -> Iterator[pa.Table]:
    is_filled = part.waits.counts > 0
    segments = np.array(part.names["segment"].to_pylist(), dtype=object)
    is_whose = np.isin(segments, ("newcomer", "known"))
    is_drawn = part.is_crowded & is_filled & ~is_whose & (segments != "with_me_too")
    for hours in (0.0, *DRAWN_HOURS, *READ_HOURS):
        share, n_at_risk = part.read_share(hours), count_at_risk(part.waits, hours)
        chosen = ~is_whose if hours in READ_HOURS else is_drawn if hours else is_filled
        yield part.make_rows("share", share, hours=hours, n_at_risk=n_at_risk, chosen=chosen)
        if hours in READ_HOURS:
            wide, worth = part.widen_by_person(share, hours)
            yield part.make_rows("share", wide, hours=hours, n_effective=worth, n_at_risk=n_at_risk, chosen=is_whose)
    yield from _estimate_quantiles(part, {"median": 0.5, "p80": 0.8})
    mean = read_means(part.waits, part.curve, part.designs, part.ends, part.rules)
    yield part.make_rows("rmst_7d", part.hide(mean))
    yield part.make_rows("answered_only_median", read_ended_median(part.waits, part.curve, part.designs))


def estimate_quantiles(connection: duckdb.DuckDBPyConnection, table: str, levels: Mapping[str, float]) -> pa.Table:
    """Estimates after how many hours these shares have ended."""
    return _join(row for part in read_parts(connection, table) for row in _estimate_quantiles(part, levels))


def _estimate_quantiles(part: Part, levels: Mapping[str, float]) -> Iterator[pa.Table]:
    for statistic, level in levels.items():
        yield part.make_rows(statistic, part.hide(read_quantile(part.waits, part.curve, part.ends, level)))


def estimate_causes(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    causes: Sequence[str],
    hours: Sequence[float],
    levels: Mapping[str, float] | None = None,
) -> pa.Table:
    """Estimates the shares that have ended in each way, and wait still, by these hours, and after how many hours these
    shares have ended in each way."""
    return _join(
        row
        for part in read_parts(connection, table, causes)
        for row in _estimate_causes(part, causes, hours, levels or {})
    )


def _estimate_causes(
    part: Part, causes: Sequence[str], hours: Sequence[float], levels: Mapping[str, float]
) -> Iterator[pa.Table]:
    counts, seen = part.waits.counts, part.waits.seen_share
    for number, cause in enumerate(causes):
        found = trace_incidence(part.waits, part.curve, number, part.is_old, part.rules)
        own: dict[str, Any] = {"cause": cause, "n_effective": counts / found.effect, "n_events": found.ended}
        for hour in hours:
            share = part.hide(read_incidence(part.waits, found, part.ends, hour, part.rules))
            high = divide(share.high * counts + part.waits.unseen, counts + part.waits.unseen)
            yield part.make_rows("share", Figures(share.value, share.low * seen, high), hours=hour, **own)
        for statistic, level in levels.items():
            quantile = read_incidence_quantile(part.waits, found, part.ends, level)
            yield part.make_rows(statistic, quantile, **own)
    for hour in hours:
        share = part.hide(part.read_share(hour))
        waiting = Figures(1 - share.value, 1 - share.high, 1 - share.low)
        yield part.make_rows("share", waiting, cause="waiting", hours=hour)


def read_parts(connection: duckdb.DuckDBPyConnection, table: str, causes: Sequence[str] = ()) -> Iterator[Part]:
    """Reads the waits, and yields those of each window, with roles together and apart."""
    names = ", ".join(item.name for item in fields(Rules))
    rules = Rules(*connection.sql(f"select {names} from metrics.rules").fetchall()[0])
    windows = connection.sql('select distinct "window", window_days from metrics.scopes order by 2').fetchall()
    rows = connection.sql(SEEN.format(table=table)).to_arrow_table()
    for pools_roles in (True, False):
        group = rows.filter(rows["is_pooled" if pools_roles else "is_apart"])
        if pools_roles:
            group = group.set_column(
                group.column_names.index("channel_role"), "channel_role", pa.array(["all"] * len(group), pa.string())
            )
        yield from _split_windows(group, windows, causes, rules)


def _split_windows(
    rows: pa.Table, windows: Sequence[tuple[str, float]], causes: Sequence[str], rules: Rules
) -> Iterator[Part]:
    """Sorts rows by stratum and hours, and yields the part of each window."""
    strata, stratum = _number_strata(rows)
    size = len(strata)
    is_unseen = rows["is_unseen"].to_numpy()
    hours = rows["duration_hours"].to_numpy()
    order = np.lexsort((hours, stratum))
    order, unseen = order[~is_unseen[order]], stratum[is_unseen]
    ages = rows["age_days"].to_numpy().astype(float)
    columns = {
        "hours": hours, "is_event": rows["is_event"].to_numpy(), "watched": rows["watched_hours"].to_numpy(),
        "cluster": _number(rows, "cluster_key"), "person": _number(rows, "person_key"),
        "cause": _number(rows, "cause", causes),
    }  # fmt: skip
    is_crowded = np.bincount(stratum[order], minlength=size) >= rules.min_items_count
    for window, days in windows:
        own = order[ages[order] <= days]
        waits = Waits(
            stratum[own], **{name: column[own] for name, column in columns.items()},
            unseen=np.bincount(unseen[ages[is_unseen] <= days], minlength=size),
        )  # fmt: skip
        yield Part(strata, is_crowded, window, waits, (ages[own] >= 30) | (window == "30d"), rules)


def _number_strata(rows: pa.Table) -> tuple[pa.Table, Whole]:
    """Numbers the strata, and returns their names and the number of each row."""
    code = np.zeros(len(rows), dtype=np.int64)
    for name in KEYS:
        column = rows[name].combine_chunks().dictionary_encode()
        code = code * (len(column.dictionary) + 1) + column.indices.to_numpy()
    _, where, stratum = np.unique(code, return_index=True, return_inverse=True)
    return rows.select(KEYS).take(where), stratum


def _number(rows: pa.Table, name: str, words: Sequence[str] = ()) -> Whole:
    """Numbers what a column holds, by these words if there are any; -1 where it is empty."""
    if name not in rows.column_names:
        return np.full(len(rows), -1)
    column = rows[name].combine_chunks()
    places = pc.index_in(column, pa.array(words)) if words else column.dictionary_encode().indices
    numbers: Whole = places.fill_null(-1).to_numpy().astype(np.int64)
    return numbers


def _join(tables: Iterable[pa.Table]) -> pa.Table:
    """Joins the rows; a table without waits has none."""
    return pa.concat_tables([SCHEMA.empty_table(), *tables])
