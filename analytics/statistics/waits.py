"""Estimates of waits: what a table of waits says of each family, kind and role of channels, segment and window. A
stratum whose window is empty has rows, too, so that figures can say so, but no drawn curve."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.statistics import survival
from analytics.statistics.competing import read_incidence, read_incidence_quantile, trace_incidence
from analytics.statistics.survival import Figures, Flags, Rules, Waits, Whole, divide

KEYS = ("family_id", "channel_kind", "channel_role", "segment")
SEEN = f"""
select *
from {{table}}
where (not is_excluded or is_unseen) and list_contains(?, family_id)
qualify bool_or(not is_excluded or is_event) over (partition by {", ".join(KEYS)})
"""
"""Waits that count; one that was not seen counts beside those that were, and among them once it surely has ended."""
BATCH = 200_000
"""Waits that are read at once, of as many families; more if one family has more."""
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
    0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 30, 36, 42, 48, 60, 72, 84, 96, 120, 144, 192, 240, 288, 336,
    408, 480, 600,
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """The waits of one window, of roles together or apart."""

    names: pa.Table
    """The names of each stratum."""
    is_crowded: Flags
    """Whether a stratum has enough items in all windows together."""
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
        return Waits(**seen, unseen=unseen, rules=self.rules)

    def see_by(self, hours: float) -> "Part":
        """Returns the part with those seen, too, that surely have ended by an hour, although not in view."""
        has_ended = self.is_unseen & self.rows["is_event"] & (self.rows["hours"] <= hours)
        return replace(self, is_unseen=self.is_unseen & ~has_ended) if has_ended.any() else self

    def read_share(self, hours: float) -> Figures:
        """Reads the share that has ended by an hour; where too many were not seen, the ends are what is possible."""
        seen, share, is_hidden = survival.read_share(self.waits, hours), self.waits.seen_share, self.waits.is_hidden
        low, high = (np.where(is_hidden, seen.value, end) for end in (seen.low, seen.high))
        return Figures(np.where(is_hidden, np.nan, seen.value), low * share, high * share + 1 - share)

    def make_rows(self, statistic: str, figures: Figures, chosen: Flags | None = None, **own: Any) -> pa.Table:
        """Makes a row for each stratum, or each that is chosen; `own` are columns that differ from the usual."""
        waits, rules = self.waits, self.waits.rules
        events = waits.count(waits.is_event)
        columns = {
            "window": self.window, "cause": None, "statistic": statistic, "hours": None, "value": figures.value,
            "low": figures.low, "high": figures.high, "n": waits.counts,
            "n_events": events, "n_censored": waits.counts - events, "n_unseen": waits.unseen, "n_at_risk": None,
            "is_hidden": waits.is_hidden,
        } | own  # fmt: skip
        columns["is_unreached"] = (
            np.isnan(figures.value) & ~waits.is_hidden & (waits.counts >= rules.min_items_count)
            & (columns["n_events"] >= rules.min_events_count)
        )  # fmt: skip
        rows = self.names
        for name, column in columns.items():
            each = column if isinstance(column, np.ndarray) else [column] * len(rows)
            rows = rows.append_column(name, pa.array(each, SCHEMA.field(name).type, from_pandas=True))
        return rows if chosen is None else rows.filter(chosen)


def estimate_answers(connection: duckdb.DuckDBPyConnection, table: str) -> pa.Table:
    """Estimates shares answered, quantiles, and the curves of crowded strata."""
    parts = read_parts(connection, table)
    return pa.concat_tables([SCHEMA.empty_table(), *(row for part in parts for row in _estimate_answers(part))])


def _estimate_answers(part: Part) -> Iterator[pa.Table]:
    is_filled = part.waits.counts > 0
    segments = np.array(part.names["segment"].to_pylist(), dtype=object)
    is_drawn = part.is_crowded & is_filled & ~np.isin(segments, ("newcomer", "known", "with_me_too"))
    for hours in (0.0, *DRAWN_HOURS, *READ_HOURS):
        by = part.see_by(hours)
        chosen = is_drawn if hours in DRAWN_HOURS else None if hours else is_filled
        yield by.make_rows("share", by.read_share(hours), chosen, hours=hours, n_at_risk=by.waits.count_at_risk(hours))
    yield from _estimate_quantiles(part, {"median": 0.5, "p80": 0.8})
    yield part.make_rows("answered_only_median", survival.read_ended_median(part.waits))


def estimate_quantiles(connection: duckdb.DuckDBPyConnection, table: str, levels: Mapping[str, float]) -> pa.Table:
    """Estimates after how many hours these shares have ended."""
    parts = read_parts(connection, table)
    return pa.concat_tables(
        [SCHEMA.empty_table(), *(row for part in parts for row in _estimate_quantiles(part, levels))]
    )


def _estimate_quantiles(part: Part, levels: Mapping[str, float]) -> Iterator[pa.Table]:
    for statistic, level in levels.items():
        yield part.make_rows(statistic, survival.read_quantile(part.waits, level).keep(~part.waits.is_hidden))


def estimate_causes(
    connection: duckdb.DuckDBPyConnection, table: str, causes: Sequence[str], hours: Sequence[float],
    levels: Mapping[str, float] = {},
) -> pa.Table:  # fmt: skip
    """Estimates the shares that have ended in each way, and wait still, by these hours, and after how many hours these
    shares have ended in each way."""
    parts = read_parts(connection, table, causes)
    rows = (row for part in parts for row in _estimate_causes(part, causes, hours, levels))
    return pa.concat_tables([SCHEMA.empty_table(), *rows])


def _estimate_causes(
    part: Part, causes: Sequence[str], hours: Sequence[float], levels: Mapping[str, float]
) -> Iterator[pa.Table]:
    waits, kept = part.waits, ~part.waits.is_hidden
    for number, cause in enumerate(causes):
        found = trace_incidence(waits, number)
        own: dict[str, Any] = {"cause": cause, "n_events": found.ended}
        for hour in hours:
            share = read_incidence(waits, found, hour).keep(kept)
            high = divide(share.high * waits.counts + waits.unseen, waits.counts + waits.unseen)
            yield part.make_rows("share", Figures(share.value, share.low * waits.seen_share, high), hours=hour, **own)
        for statistic, level in levels.items():
            yield part.make_rows(statistic, read_incidence_quantile(waits, found, level), **own)
    for hour in hours:
        share = part.read_share(hour).keep(kept)
        waiting = Figures(1 - share.value, 1 - share.high, 1 - share.low)
        yield part.make_rows("share", waiting, hours=hour, cause="waiting")


def read_parts(connection: duckdb.DuckDBPyConnection, table: str, causes: Sequence[str] = ()) -> Iterator[Part]:
    """Reads the waits of some families after others, and yields those of each window, with roles together and apart."""
    names = ", ".join(item.name for item in fields(Rules))
    rules = Rules(*connection.sql(f"select {names} from metrics.rules").fetchall()[0])
    windows = connection.sql('select distinct "window", window_days from metrics.scopes order by 2').fetchall()
    for families in _list_batches(connection, table):
        rows = connection.sql(SEEN.format(table=table), params=[families]).to_arrow_table()
        together = rows.filter(rows["is_pooled"])
        place = together.column_names.index("channel_role")
        together = together.set_column(place, "channel_role", pa.repeat("all", len(together)))
        for group in (together, rows.filter(rows["is_apart"])):
            yield from _split_windows(group, windows, causes, rules)


def _list_batches(connection: duckdb.DuckDBPyConnection, table: str) -> list[list[str]]:
    """Lists the families that are read at once: no figure rests on two of them, and not all may fit in memory."""
    batches, size = [list[str]()], 0
    counts = connection.sql(f"select family_id, count(*) from {table} group by family_id order by family_id").fetchall()
    for family, count in counts:
        if size + count > BATCH and batches[-1]:
            batches.append([])
            size = 0
        batches[-1].append(family)
        size += count
    return batches


def _split_windows(
    rows: pa.Table, windows: Sequence[tuple[str, float]], causes: Sequence[str], rules: Rules
) -> Iterator[Part]:
    """Sorts rows by stratum and hours, and yields the part of each window."""
    strata, stratum = _number_strata(rows)
    hours, ages = rows["duration_hours"].to_numpy(), rows["age_days"].to_numpy().astype(float)
    has_week = rows["cluster_key"].is_valid().to_numpy()
    is_unseen, order = rows["is_unseen"].to_numpy(), np.lexsort((hours, stratum))
    is_crowded = np.bincount(stratum[~is_unseen], minlength=len(strata)) >= rules.min_items_count
    columns: dict[str, Any] = {
        "stratum": stratum, "hours": hours, "is_event": rows["is_event"].to_numpy(),
        "watched": rows["watched_hours"].to_numpy(), "week": np.where(has_week, ages // 7, -1).astype(np.int64),
        "person": _number(rows, "person_key"), "cause": _number(rows, "cause", causes),
    }  # fmt: skip
    for window, days in windows:
        own = order[ages[order] <= days]
        own_rows = {name: column[own] for name, column in columns.items()}
        yield Part(strata, is_crowded, window, own_rows, is_unseen[own], rules)


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
