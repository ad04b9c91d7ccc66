"""Families compared by items like each other: one value and one variance each, and what else leaves them open."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from analytics.claims.item_readings import Readings, read_readings
from analytics.claims.reader import MetricStatistic, read_claims, read_headlines
from analytics.engine.items import read_metric_header, read_share_items
from analytics.statistics.effects import Doubt
from analytics.statistics.family_effects import FamilyEffects, bound_families, fit_families, keep_shared_strata
from analytics.statistics.item_counts import Flags, Floats, ItemCounts, Whole
from analytics.statistics.meta_analysis import weigh_sides

CELLS = """
from (
    select
        family_id, side, channel_kind || '/' || channel_role as place,
        concat_ws('/', channel_kind, channel_role, {likeness}) as stratum, group_key, week,
        person_key, items_count, yes_count, unseen_count
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
GROUPS = f"select distinct family_id, side, place, stratum, hash(family_id), group_key {CELLS} order by all"
COUNTS = f"""
select
    hash(family_id), group_key, week, coalesce(person_key, 0),
    cast(items_count as double), cast(yes_count as double), cast(unseen_count as double)
{CELLS}
"""
"""By numbers instead of words, of which each would be an object of Python."""
RULES = "select min_items_count, most_unseen_share from metrics.rules"
NONE = Doubt()
AGES = {"30d": ["30d"], "90d": ["30d", "90d"], "365d": ["30d", "90d", "365d"], "all": ["30d", "90d", "365d", "all"]}


@dataclass(frozen=True, slots=True)
class FamilyItems:
    """Items of families, which are in alphabetical order, by stratum, week and person;
    `places` has the kind and role of each stratum."""

    families: tuple[str, ...]
    is_open: Flags
    counts: ItemCounts
    places: tuple[str, ...]
    readings: Readings
    most_unseen: float
    """Share of items not seen above which there is no value."""

    def keep_families(self, kept: tuple[str, ...]) -> "FamilyItems":
        """Keeps some of the families."""
        numbers = np.array([kept.index(family) if family in kept else -1 for family in self.families], dtype=np.int64)
        counts = self.counts.renumber(families=numbers)
        return replace(self, families=kept, is_open=self.is_open[numbers >= 0], counts=counts)


@dataclass(frozen=True, slots=True)
class Compared:
    """Families in alphabetical order, with the value and variance of each for like cases, nan if it has none like
    those of the other side, and the same for all its cases (`plain`); `items` counts what each rests on."""

    families: tuple[str, ...]
    is_open: Flags
    values: Floats
    variances: Floats
    freedoms: Floats
    plain_values: Floats
    plain_variances: Floats
    items: Floats
    is_share: bool
    """True if no difference can exceed 1."""
    is_unlike: bool
    """True if the sides have no place in common: no kind of channel with the same role."""
    compare_again: Callable[[tuple[str, ...]], "Compared"]
    """Compares some of the families only."""
    doubt: Doubt = NONE
    plain_doubt: Doubt = NONE
    """What else than chance leaves the difference of the sides open."""

    def drop_family(self, family: str) -> "Compared":
        """Returns the same without one family; itself if it has none of that name."""
        if family not in self.families:
            return self
        return self.compare_again(tuple(name for name in self.families if name != family))

    def keep_comparable(self, least: int = 1) -> "Compared | None":
        """Keeps families that have like cases on the other side; None if a side has fewer than `least`."""
        comparable = self
        while np.isnan(comparable.values).any():
            kept = zip(comparable.families, comparable.values, strict=True)
            comparable = comparable.compare_again(tuple(family for family, value in kept if not math.isnan(value)))
        return comparable if min(comparable.is_open.sum(), (~comparable.is_open).sum()) >= least else None


@dataclass(frozen=True, slots=True)
class FittedItems:
    """Families fitted to their items as seen, the values put right by labels; and what this leaves open."""

    effects: FamilyEffects
    values: Floats
    reading_variances: Floats
    unseen_shares: Floats
    """Share of each family's items that could not be seen."""
    most_unseen: float
    bounds: tuple[Floats, Floats] | None
    """Values if no unseen item had the property, and by how much they rise with those of each family; None if all
    was seen."""

    def find_doubt(self, weights: Floats) -> Doubt:
        """Finds what leaves a weighted difference of the families open; the weights sum to 0 within each place."""
        return self.find_doubts(weights[None, :])[0]

    def find_doubts(self, weights: Floats) -> list[Doubt]:
        """Finds the same of several weighted differences, one a row of weights."""
        variances = (weights @ self.effects.reading_loads) ** 2 @ self.reading_variances
        if self.bounds is None:
            return [Doubt(variance) for variance in variances.tolist()]
        # A side is hidden if too much is on average of its families, since each counts once.
        shares = [np.maximum(0.0, sign * weights) @ self.unseen_shares for sign in (1, -1)]
        is_hidden = np.maximum(*shares) > self.most_unseen
        values, none = (weights @ np.nan_to_num(family) for family in (self.effects.values, self.bounds[0]))
        gains = weights @ self.bounds[1]
        below = np.maximum(0.0, values - none - np.minimum(0.0, gains).sum(1))
        above = np.maximum(0.0, none + np.maximum(0.0, gains).sum(1) - values)
        found = zip(*(column.tolist() for column in (variances, below, above, is_hidden)), strict=True)
        return [Doubt(*columns) for columns in found]


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Numbers of families and strata by their keys; several groups may be of one stratum."""

    families: Mapping[int, int]
    strata: Mapping[int, int]


def list_item_figures() -> list[MetricStatistic]:
    """Lists the shares of items that a headline or a claim names, each once."""
    named = [*read_headlines(), *(test for claim in read_claims() for test in claim.tests)]
    figures = {figure.key: figure for figure in named if read_share_items(figure.metric)}
    return [figures[key] for key in sorted(figures)]


def read_items(
    connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, window: str, kinds: Iterable[str] = ()
) -> FamilyItems:
    """Reads the items of families that have enough of them, without those of suspect channels."""
    named = {
        "likeness": ", ".join(figure.matched_by) or "'all'",
        "covers": read_metric_header(figure.metric).covers,
    }
    chosen = [*figure.key, AGES[window], list(kinds), list(kinds)]
    groups = connection.execute(GROUPS.format(**named), chosen).fetchall()
    ((least, most_unseen),) = connection.execute(RULES).fetchall()
    families = sorted({(name, side) for name, side, *_ in groups})
    strata = sorted({(name, place) for _, _, place, name, _, _ in groups})
    places, sides = (tuple(word for _, word in words) for words in (strata, families))
    numbers = _Numbers(
        {key: families.index((name, side)) for name, side, _, _, key, _ in groups},
        {key: strata.index((name, place)) for _, _, place, name, _, key in groups},
    )
    readings = read_readings(connection, figure)
    counted = _read_counts(connection, COUNTS.format(**named), chosen, numbers)
    reading = readings.number_items(places, sides)[counted.stratum, counted.family]
    counted = replace(counted, reading=reading)
    is_open = np.array([side == "open" for side in sides], dtype=bool)
    names = tuple(name for name, _ in families)
    read = FamilyItems(names, is_open, counted, places, readings, float(most_unseen))
    enough = counted.sum_items(len(names)) >= least
    return read.keep_families(tuple(name for name, is_enough in zip(names, enough, strict=True) if is_enough))


def _read_counts(
    connection: duckdb.DuckDBPyConnection, query: str, chosen: Sequence[Any], numbers: _Numbers
) -> ItemCounts:
    """Reads the counts, with no labels yet that put them right."""
    columns = map(np.asarray, connection.execute(query, chosen).fetchnumpy().values())
    family_keys, group_keys, *others = columns
    family, stratum = _number_keys(family_keys, numbers.families), _number_keys(group_keys, numbers.strata)
    # In one order, whatever people are called, as the last digits of sums depend on it.
    order = np.lexsort([*others[2:], others[0], stratum, family])
    week, people, items, yes, unseen = (column[order] for column in others)
    person, reading = np.where(people > 0, _number_by_appearance(people), -1), np.full(len(order), -1)
    return ItemCounts(family[order], stratum[order], week, person, items, yes, unseen, reading)


def _number_keys(keys: npt.NDArray[np.uint64], numbers: Mapping[int, int]) -> Whole:
    """Numbers each key; -1 if it has no number."""
    known = np.array(sorted(numbers), dtype=np.uint64)
    given = np.array([*(numbers[key] for key in known.tolist()), -1], dtype=np.int64)
    found = np.searchsorted(known, keys)
    numbered: Whole = given[np.where(np.append(known, 0)[found] == keys, found, len(known))]
    return numbered


def _number_by_appearance(keys: npt.NDArray[np.uint64]) -> Whole:
    """Numbers different keys in the order in which they first appear."""
    _, first, places = np.unique(keys, return_index=True, return_inverse=True)
    numbers: Whole = np.argsort(np.argsort(first))[places]
    return numbers


def compare_items(items: FamilyItems) -> Compared:
    """Compares items of the strata that both sides have."""
    counts, is_open = items.counts, items.is_open
    like = keep_shared_strata(counts, is_open)
    fitted, plain = fit_items(items, like), fit_items(items, join_strata(counts))
    places, weights = fitted.effects.places, weigh_sides(is_open)
    sides = [
        {items.places[stratum] for stratum in set(counts.stratum[is_open[counts.family] == side].tolist())}
        for side in (True, False)
    ]
    return Compared(
        items.families, is_open, _centre_places(fitted.values, places, is_open), fitted.effects.variances,
        fitted.effects.freedoms, plain.values, plain.effects.variances, like.sum_items(len(items.families)), True,
        not sides[0] & sides[1], lambda kept: compare_items(items.keep_families(kept)),
        fitted.find_doubt(_centre_weights(weights, places, is_open)), plain.find_doubt(weights),
    )  # fmt: skip


def join_strata(counts: ItemCounts) -> ItemCounts:
    """Returns the same items in one stratum."""
    return counts.renumber(strata=np.zeros(int(counts.stratum.max(initial=-1)) + 1, dtype=np.int64))


def fit_items(items: FamilyItems, counts: ItemCounts) -> FittedItems:
    """Fits the families to some of their items."""
    size, has_unseen = len(items.families), bool(counts.unseen.any())
    effects = fit_families(counts, size)
    numbers = effects.reading_loads.shape[1]
    unseen = np.bincount(counts.family, counts.unseen, size)
    return FittedItems(
        effects,
        effects.values + effects.reading_loads @ items.readings.shifts[:numbers],
        items.readings.variances[:numbers],
        unseen / np.maximum(1, unseen + counts.sum_items(size)),
        items.most_unseen,
        bound_families(counts, size) if has_unseen else None,
    )


def _centre_places(values: Floats, places: Whole, is_open: Flags) -> Floats:
    """Centres each place on the middle of its two sides, so that means over places can be taken."""
    centred = values.copy()
    for place in set(places[places >= 0].tolist()):
        mine = places == place
        centred[mine] -= (values[mine & is_open].mean() + values[mine & ~is_open].mean()) / 2
    return centred


def _centre_weights(weights: Floats, places: Whole, is_open: Flags) -> Floats:
    """Returns the weights that do to values what the given ones do to values centred by place."""
    centred = weights.copy()
    for place in set(places[places >= 0].tolist()):
        for side in (is_open, ~is_open):
            mine = (places == place) & side
            centred[mine] -= weights[places == place].sum() / 2 / mine.sum()
    return np.where(places < 0, 0.0, centred)
