"""Compares families like with like: by like items, with the covariances of their values and how far unseen items could
move them, or by their figures."""

import math
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from analytics.claims.reader import MetricStatistic, Test
from analytics.engine.items import read_metric_header, read_share_items
from analytics.statistics.effects import Effect, Estimates
from analytics.statistics.family_effects import ItemCounts, fit_families, keep_shared_strata
from analytics.statistics.survival import NORMAL, Flags, Floats
from warehouse.faults import WarehouseError

ITEMS = """
select
    family_id, side = 'open' as is_open, dense_rank() over (order by place) - 1 as stratum, week, person_key,
    cast(items_count as double) as items, cast(yes_count as double) as yes, cast(unseen_count as double) as unseen
from (select *, concat_ws('/', channel_kind, channel_role, {likeness}) as place from metrics.item_cells)
where metric = ? and segment = ? and statistic = ? and list_contains(?, age_group)
    and channel_kind = coalesce(?, channel_kind) and list_contains(coalesce(?, [family_id]), family_id)
    and side in ('open', 'proprietary')
    and family_id not in (select family_id from staging.families where ended_on is not null)
    and (family_id, channel_kind, channel_role) not in (
        select (family_id, channel_kind, channel_role)
        from metrics.channel_states
        where subject = '{covers}' and coverage_state <> 'measured'
    )
qualify sum(items_count) over (partition by family_id) >= ?
order by family_id, stratum, week, items, yes, unseen
"""
"""In one order, whatever people are called, because the last digits of sums depend on it."""
AGES = {"30d": ["30d"], "90d": ["30d", "90d"], "365d": ["30d", "90d", "365d"], "all": ["30d", "90d", "365d", "all"]}
FIGURES = """
select
    family_id, any_value(side) = 'open', avg({scale}(value)) - ?,
    sum(pow(({scale}(high) - {scale}(low)) / 2 / ?, 2)) / pow(count(*), 2), cast(sum(n) as double)
from metrics.{metric}
where segment = ? and statistic = ? and "window" = ? and channel_role = 'all' and state = 'measured'
    and value is not null and low is not null and high is not null
    and (side = 'open' or (side = 'proprietary' and not ?))
    and family_id not in (select family_id from staging.families where ended_on is not null)
group by family_id
order by family_id
"""
"""A family's mean over its kinds of channel. Without a figure that has no end of its interval, because its error is
unknown and not 0."""
RULES = "select cast(min_items_count as double), min_families_count, most_unseen_share from metrics.rules"
NOBODY = "none"
"""Value of `left_out` when no family is excluded."""


class Rules(NamedTuple):
    """What a comparison needs: items of a family, families of a side, and no larger share of a side unseen."""

    least_items: float
    least_families: int
    most_unseen: float


class FamilyItems(NamedTuple):
    """Items of families, which are in alphabetical order, by stratum, week and person."""

    families: list[str]
    is_open: Flags
    counts: ItemCounts
    rules: Rules


@dataclass(frozen=True, slots=True)
class Compared:
    """A value of each family, nan if too few of its cases are like those of the others; `items` counts what each rests
    on."""

    families: list[str]
    is_open: Flags
    estimates: Estimates
    items: Floats
    below: Floats
    above: Floats
    """How far a value could be lower or higher if all items had been seen: the worst cases of Manski (1990), which
    together are the share unseen."""
    rules: Rules
    limit: float = math.inf
    """How far two values can be apart."""
    has_level: bool = False
    """True if the values are distances of the open families from a level, and there is no other side."""

    def weigh_sides(self, left_out: str = NOBODY) -> Floats:
        """Weighs the open families against the others, each counted once, perhaps without one of them."""
        is_left_out = np.array([family == left_out for family in self.families], dtype=bool)
        is_used = ~is_left_out & ~np.isnan(self.estimates.values)
        first, second = is_used & self.is_open, is_used & ~self.is_open
        weights: Floats = first / max(1, first.sum()) - second / max(1, second.sum())
        return weights

    def has_enough(self, weights: Floats) -> bool:
        """Returns whether each side that is compared has enough families."""
        return min(count_sides(weights)[: 1 if self.has_level else 2]) >= self.rules.least_families

    def is_hidden(self, weights: Floats) -> bool:
        """Returns whether too much of either side is unseen, on average of its families."""
        shares = [np.maximum(0, sign * weights) @ (self.below + self.above) for sign in (1, -1)]
        return bool(max(shares) > self.rules.most_unseen)

    def compare(self, weights: Floats) -> Effect:
        """Compares families by a weighted sum, which unseen items could move."""
        more, less = np.maximum(0, weights), np.maximum(0, -weights)
        below, above = more @ self.below + less @ self.above, more @ self.above + less @ self.below
        return replace(self.estimates.compare(weights, self.limit), below=float(below), above=float(above))


def count_sides(weights: Floats) -> tuple[int, int]:
    """Counts the open families and the others."""
    return int((weights > 0).sum()), int((weights < 0).sum())


def compare_test(connection: duckdb.DuckDBPyConnection, test: Test) -> Compared:
    """Compares what a test is about: like items of the two sides, their figures, or the open ones with a level."""
    if read_share_items(test.metric) and not test.has_level:
        return fit_like_items(read_items(connection, test, test.window))
    return _read_figures(connection, test)


def read_items(
    connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, window: str, only: tuple[Any, Any] = (None, None)
) -> FamilyItems:
    """Reads the items of families that have enough of them, without those of suspect channels; `only` of a kind of
    channel and of a list of families."""
    rules = Rules(*connection.execute(RULES).fetchall()[0])
    covers, likeness = read_metric_header(figure.metric).covers, ", ".join(figure.matched_by) or "'all'"
    given = [*figure.key, AGES[window], *only, rules.least_items]
    rows = connection.sql(ITEMS.format(likeness=likeness, covers=covers), params=given).to_arrow_table()
    family, person = (rows[name].combine_chunks().dictionary_encode() for name in ("family_id", "person_key"))
    numbers, people = (one.indices.fill_null(-1).cast(pa.int64()).to_numpy() for one in (family, person))
    stratum, week, *counted = (rows[name].to_numpy() for name in ("stratum", "week", "items", "yes", "unseen"))
    is_open = np.zeros(len(family.dictionary), dtype=bool)
    is_open[numbers] = rows["is_open"].to_numpy()
    counts = ItemCounts(numbers, stratum, week, people, *counted)
    return FamilyItems(family.dictionary.to_pylist(), is_open, counts, rules)


def fit_items(items: FamilyItems) -> Compared:
    """Fits the families' values in like cases."""
    families, is_open, counts, rules = items
    columns = (counts.items, counts.yes, counts.unseen)
    seen, yes, unseen = (np.bincount(counts.family, column, len(families)).astype(float) for column in columns)
    shares, risen = unseen / np.maximum(1, seen + unseen), yes / np.maximum(1, seen)
    estimates = fit_families(counts, len(families))
    return Compared(families, is_open, estimates, seen, risen * shares, (1 - risen) * shares, rules, limit=1)


def fit_like_items(items: FamilyItems) -> Compared:
    """Fits the values by strata that both sides have, of the families that these connect and that have enough items
    there; the others take no part."""
    shared = keep_shared_strata(items.counts, items.is_open)
    compared = fit_items(items._replace(counts=shared))
    is_like = ~np.isnan(compared.estimates.values) & (compared.items >= items.rules.least_items)
    kept = shared.keep(is_like[shared.family])
    return compared if len(kept.family) == len(shared.family) else fit_like_items(items._replace(counts=kept))


def _read_figures(connection: duckdb.DuckDBPyConnection, test: Test) -> Compared:
    """Reads the figures of families, on the scale of the test."""
    query = FIGURES.format(metric=test.metric, scale="ln" if test.scale == "ratio" else "")
    given = [test.level, NORMAL, test.segment, test.statistic, test.window, test.has_level]
    families, is_open, *numbers = connection.execute(query, given).fetchnumpy().values()
    values, variances, items = (np.asarray(column, dtype=float) for column in numbers)
    if not np.isfinite(values + variances).all():
        raise WarehouseError(f"{test.metric}: figures that may be 0 have no ratio: test their difference")
    none, rules = np.zeros(len(values)), Rules(*connection.execute(RULES).fetchall()[0])
    estimates = Estimates(values, np.diag(variances)[None], none + math.inf)
    sides = np.asarray(is_open, dtype=bool)
    return Compared(families.tolist(), sides, estimates, items, none, none, rules, has_level=test.has_level)
