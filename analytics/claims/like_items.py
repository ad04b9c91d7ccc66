"""Compares families by like items, with the covariances of their values, and how far unseen items could move it."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import duckdb
import numpy as np
import pyarrow as pa

from analytics.claims.reader import MetricStatistic, read_claims, read_headlines
from analytics.engine.items import read_metric_header, read_share_items
from analytics.statistics.effects import Effect, Estimates, weigh_sides
from analytics.statistics.family_effects import fit_families, keep_shared_strata
from analytics.statistics.item_counts import Flags, Floats, ItemCounts

CELLS = """
from (
    select
        family_id, side, concat_ws('/', channel_kind, channel_role, {likeness}) as stratum, week, person_key,
        items_count, yes_count, unseen_count
    from metrics.item_cells
    where metric = ? and segment = ? and statistic = ? and side in ('open', 'proprietary')
        and family_id not in (select family_id from staging.families where ended_on is not null)
        and list_contains(?, age_group) and (len(?) = 0 or list_contains(?, channel_kind))
        and (family_id, channel_kind, channel_role) not in (
            select (family_id, channel_kind, channel_role)
            from metrics.channel_coverage
            where subject = '{covers}' and coverage_state <> 'measured'
        )
)
"""
FAMILIES = f"select family_id, any_value(side) = 'open' {CELLS} group by family_id order by family_id"
COUNTS = f"""
select
    dense_rank() over (order by family_id) - 1 as family, dense_rank() over (order by stratum) - 1 as stratum,
    week, coalesce(person_key, 0) as person,
    cast(items_count as double) as items, cast(yes_count as double) as yes, cast(unseen_count as double) as unseen
{CELLS}
order by family, stratum, week, items, yes, unseen
"""
"""In one order, whatever people are called, because the last digits of sums depend on it."""
RULES = "select min_items_count, most_unseen_share from metrics.rules"
AGES = {"30d": ["30d"], "90d": ["30d", "90d"], "365d": ["30d", "90d", "365d"], "all": ["30d", "90d", "365d", "all"]}


@dataclass(frozen=True, slots=True)
class Unseen:
    """Share of each family's items that could not be seen, and how far its figure could be lower or higher if they had
    been: the worst cases of Manski (1990)."""

    shares: Floats
    below: Floats
    above: Floats
    most_share: float
    """Share of a side's items above which there is no value."""

    def widen(self, effect: Effect, weights: Floats) -> Effect:
        """Widens a weighted difference of the families."""
        more, less = np.maximum(0, weights), np.maximum(0, -weights)
        below, above = more @ self.below + less @ self.above, more @ self.above + less @ self.below
        return replace(effect, below=float(below), above=float(above))

    def hides(self, weights: Floats) -> bool:
        """Returns whether too much of either side is unseen, on average of its families."""
        return bool(max(np.maximum(0, sign * weights) @ self.shares for sign in (1, -1)) > self.most_share)


@dataclass(frozen=True, slots=True)
class FamilyItems:
    """Items of families, which are in alphabetical order, by stratum, week and person."""

    families: tuple[str, ...]
    is_open: Flags
    counts: ItemCounts
    least_items: int
    """Items below which a family has no value."""
    most_unseen: float

    def keep_families(self, kept: tuple[str, ...]) -> "FamilyItems":
        """Keeps some of the families."""
        numbers = np.array([kept.index(family) if family in kept else -1 for family in self.families], dtype=np.int64)
        counts = self.counts.renumber(families=numbers)
        return replace(self, families=kept, is_open=self.is_open[numbers >= 0], counts=counts)

    def measure_unseen(self, counts: ItemCounts) -> Unseen:
        """Measures what could not be seen of some of the items."""
        size = len(self.families)
        seen, yes, unseen = (np.bincount(counts.family, one, size) for one in (counts.items, counts.yes, counts.unseen))
        shares, risen = unseen / np.maximum(1, seen + unseen), yes / np.maximum(1, seen)
        return Unseen(shares, risen * shares, (1 - risen) * shares, self.most_unseen)


@dataclass(frozen=True, slots=True)
class Compared:
    """Families in alphabetical order, with an estimate of each, nan if none of its cases are like those of the other
    side; `items` counts what each rests on."""

    families: tuple[str, ...]
    is_open: Flags
    estimates: Estimates
    items: Floats
    compare_again: Callable[[tuple[str, ...]], "Compared"]
    """Compares some of the families only."""
    unseen: Unseen | None = None
    """Of shares of items, of which no two differ by more than 1; None for other figures."""
    has_level: bool = False
    """True if the values are distances of the open families from a level, and there is no other side."""

    def drop_family(self, family: str) -> "Compared":
        """Returns the same without one family; itself if it has none of that name."""
        if family not in self.families:
            return self
        return self.compare_again(tuple(name for name in self.families if name != family))

    def keep_comparable(self, least: int = 1) -> "Compared | None":
        """Keeps families that have like cases on the other side; None if a side has fewer than `least`."""
        comparable = self
        while np.isnan(comparable.estimates.values).any():
            kept = zip(comparable.families, comparable.estimates.values, strict=True)
            comparable = comparable.compare_again(tuple(family for family, value in kept if not math.isnan(value)))
        return comparable if comparable.is_comparable(least) else None

    def is_comparable(self, least: int) -> bool:
        """Returns whether each side has so many families, and all of them like cases."""
        return self.has_families(least) and not np.isnan(self.estimates.values).any()

    def has_families(self, least: int) -> bool:
        """Returns whether each side that is compared has so many families."""
        return min(self.count_sides()[: 1 if self.has_level else 2]) >= least

    def count_sides(self) -> tuple[int, int]:
        """Counts the open families and the others."""
        return int(self.is_open.sum()), int((~self.is_open).sum())

    @property
    def is_hidden(self) -> bool:
        """Returns whether too much was not seen for a value."""
        return self.unseen is not None and self.unseen.hides(weigh_sides(self.is_open))

    def compare(self) -> Effect:
        """Compares the sides, or the one side with its level; every family has a value."""
        weights = weigh_sides(self.is_open)
        effect = self.estimates.compare(weights, math.inf if self.unseen is None else 1)
        return effect if self.unseen is None else self.unseen.widen(effect, weights)


def list_item_figures() -> list[MetricStatistic]:
    """Lists the shares of items that a headline or a claim names, each once."""
    named = [*read_headlines(), *(test for claim in read_claims() for test in claim.tests)]
    figures = {figure.key: figure for figure in named if read_share_items(figure.metric)}
    return [figures[key] for key in sorted(figures)]


def read_items(
    connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, window: str, kinds: Iterable[str] = ()
) -> FamilyItems:
    """Reads the items of families that have enough of them, without those of suspect channels."""
    likeness, covers = ", ".join(figure.matched_by) or "'all'", read_metric_header(figure.metric).covers
    chosen = [*figure.key, AGES[window], list(kinds), list(kinds)]
    families = connection.execute(FAMILIES.format(likeness=likeness, covers=covers), chosen).fetchall()
    found = connection.execute(COUNTS.format(likeness=likeness, covers=covers), chosen).fetchnumpy()
    family, stratum, week, people, seen, yes, unseen = map(np.asarray, found.values())
    person = np.where(people > 0, pa.array(people).dictionary_encode().indices.to_numpy(), -1)
    counts = ItemCounts(family, stratum, week, person, seen, yes, unseen)
    ((least, most_unseen),) = connection.execute(RULES).fetchall()
    names, is_open = tuple(name for name, _ in families), np.array([side for _, side in families], dtype=bool)
    enough = counts.sum_items(len(names)) >= least
    read = FamilyItems(names, is_open, counts, int(least), float(most_unseen))
    return read.keep_families(tuple(name for name, is_enough in zip(names, enough, strict=True) if is_enough))


def compare_items(items: FamilyItems) -> Compared:
    """Compares items of the strata that both sides have, of the families that these connect and that have enough."""
    like = keep_shared_strata(items.counts, items.is_open)
    effects = fit_families(like, len(items.families))
    counted = like.sum_items(len(items.families))
    values = np.where(counted < items.least_items, np.nan, effects.values)
    return Compared(
        items.families,
        items.is_open,
        Estimates(values, effects.covariances, effects.freedoms),
        counted,
        lambda kept: compare_items(items.keep_families(kept)),
        items.measure_unseen(like),
    )
