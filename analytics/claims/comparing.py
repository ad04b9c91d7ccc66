"""Families compared like with like: one value and one variance each, read from the tables of a build."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import NormalDist

import duckdb
import numpy as np

from analytics.claims.reader import MetricStatistic, Scale, read_claims, read_headlines
from analytics.engine.items import read_metric_header, read_share_items
from analytics.statistics.family_effects import (
    FamilyEffects,
    Flags,
    Floats,
    ItemCounts,
    fit_families,
    keep_shared_strata,
)

CELLS = """
select
    family_id, side, channel_kind || '/' || channel_role as place,
    concat_ws('/', channel_kind, channel_role, {likeness}) as stratum, cluster_id,
    cast(items_count as double), cast(yes_count as double)
from metrics.item_cells
where metric = ? and segment = ? and statistic = ? and side in ('open', 'proprietary')
    and family_id not in (select family_id from staging.families where ended_on is not null)
    and list_contains(?, age_group) and (len(?) = 0 or list_contains(?, channel_kind))
order by all
"""
FIGURES = """
select family_id, side, channel_kind || '/' || channel_role, coalesce(value, 'infinity'), low, high, n
from metrics.{metric}
where segment = ? and statistic = ? and "window" = ? and (channel_role = 'all') = ?
    and side in ('open', 'proprietary') and state = 'measured'
    and family_id not in (select family_id from staging.families where ended_on is not null)
    and (len(?) = 0 or list_contains(?, channel_kind))
order by all
"""
PLACES = """
select channel_kind, channel_role from metrics.{metric}
where segment = ? and statistic = ? and "window" = ? and channel_role <> 'all' and n > 0
    and side in ('open', 'proprietary') and (len(?) = 0 or list_contains(?, channel_kind))
group by all having count(distinct side) = 2
"""
FigureRow = tuple[str, str, str, float, float | None, float | None, int]
"""Family, side, place, value, low, high, n; the value is infinite where it was measured and never reached."""
AGES = {"30d": ["30d"], "90d": ["30d", "90d"], "365d": ["30d", "90d", "365d"], "all": ["30d", "90d", "365d", "all"]}
Z = NormalDist().inv_cdf(0.975)
STRAYS = np.array([NormalDist().inv_cdf((place + 0.5) / 999) for place in range(999)])
"""Equally likely errors of a figure, in standard errors."""


@dataclass(frozen=True, slots=True)
class FamilyItems:
    """Items of families, which stand in alphabetical order, by stratum and cluster;
    `places` has the kind and role of each stratum."""

    families: tuple[str, ...]
    is_open: Flags
    counts: ItemCounts
    places: tuple[str, ...]

    def keep_families(self, kept: tuple[str, ...]) -> "FamilyItems":
        """Keeps some of the families."""
        numbers = np.array([kept.index(family) if family in kept else -1 for family in self.families], dtype=np.int64)
        counts = self.counts.keep(numbers[self.counts.family] >= 0)
        counts = ItemCounts(numbers[counts.family], counts.stratum, counts.cluster, counts.items, counts.yes)
        return FamilyItems(kept, self.is_open[numbers >= 0], counts, self.places)


@dataclass(frozen=True, slots=True)
class Compared:
    """Families in alphabetical order, with the value and variance of each for like cases, nan where it has none like
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


def list_item_figures() -> list[MetricStatistic]:
    """Lists the shares of items that a headline or a claim names, each once."""
    named = [*read_headlines(), *(test for claim in read_claims() for test in claim.tests)]
    figures = {figure.key: figure for figure in named if read_share_items(figure.metric)}
    return [figures[key] for key in sorted(figures)]


def compare_families(
    connection: duckdb.DuckDBPyConnection,
    figure: MetricStatistic,
    window: str,
    kinds: Iterable[str] = (),
    scale: Scale = "difference",
) -> Compared:
    """Compares like items for differences of a share of items, and figures of like channels for the rest."""
    if scale == "difference" and read_share_items(figure.metric):
        return compare_items(read_items(connection, figure, window, kinds))
    is_together = read_metric_header(figure.metric).roles == "together"
    compared = _compare_figures(_read_figures(connection, figure, window, list(kinds), scale, is_together), scale)
    ((least,),) = connection.execute("select min_families_count from metrics.rules").fetchall()
    if is_together or compared.keep_comparable(least) or not _has_common_place(connection, figure, window, list(kinds)):
        return compared
    # Items of one role are often too few for a figure of their own: then the roles of a kind stand together.
    return _compare_figures(_read_figures(connection, figure, window, list(kinds), scale, True), scale)


def compare_items(items: FamilyItems) -> Compared:
    """Compares items of the strata that both sides have."""
    counts, size = items.counts, len(items.families)
    like = keep_shared_strata(counts, items.is_open)
    effects, plain = fit_families(like, size), _fit_together(items)
    sides = [{items.places[stratum] for stratum in set(counts.stratum[items.is_open[counts.family] == side].tolist())}
             for side in (True, False)]  # fmt: skip
    return Compared(
        items.families, items.is_open, _centre_places(effects, items.is_open), effects.variances, effects.freedoms,
        plain.values, plain.variances, like.sum_items(size), True, not sides[0] & sides[1],
        lambda kept: compare_items(items.keep_families(kept)),
    )  # fmt: skip


def read_items(
    connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, window: str, kinds: Iterable[str] = ()
) -> FamilyItems:
    """Reads the items of families that have enough of them."""
    query = CELLS.format(likeness=", ".join(figure.matched_by) or "'all'")
    columns = connection.execute(query, [*figure.key, AGES[window], list(kinds), list(kinds)]).fetchnumpy()
    ((least,),) = connection.execute("select min_items_count from metrics.rules").fetchall()
    names, side, place, stratum, cluster, items, yes = (np.asarray(column) for column in columns.values())
    families, family = np.unique(names.astype(str), return_inverse=True)
    strata, first, numbers = np.unique(stratum.astype(str), return_index=True, return_inverse=True)
    counts = ItemCounts(
        family, numbers, np.unique(cluster.astype(str), return_inverse=True)[1], items.astype(float), yes.astype(float)
    )
    is_open = np.array([side[family == number][0] == "open" for number in range(len(families))], dtype=bool)
    read = FamilyItems(tuple(map(str, families)), is_open, counts, tuple(map(str, place[first])) if len(strata) else ())
    enough = counts.sum_items(len(families)) >= least
    return read.keep_families(tuple(str(name) for name, is_enough in zip(families, enough, strict=True) if is_enough))


def fit_pairs(items: FamilyItems) -> tuple[FamilyEffects, FamilyEffects]:
    """Fits the families by strata, and by all their items together."""
    return fit_families(items.counts, len(items.families)), _fit_together(items)


def _fit_together(items: FamilyItems) -> FamilyEffects:
    counts = items.counts
    together = ItemCounts(counts.family, np.zeros_like(counts.stratum), counts.cluster, counts.items, counts.yes)
    return fit_families(together, len(items.families))


def read_family_figures(
    connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, window: str, kinds: Iterable[str], side: str
) -> dict[str, tuple[float, float, float]]:
    """Reads each family's mean figure over its kinds of channels, its variance, and the number of items."""
    rows: dict[str, list[tuple[float, float, float]]] = {}
    for family, family_side, _, value, low, high, n in _read_figures(connection, figure, window, list(kinds)):
        if family_side == side:
            rows.setdefault(family, []).append((value, (_measure_width(low, high) / 2 / Z) ** 2, n))
    means = {family: np.array(figures).mean(0) for family, figures in rows.items()}
    return {
        family: (mean[0], mean[1] / len(rows[family]), mean[2] * len(rows[family])) for family, mean in means.items()
    }


def _centre_places(effects: FamilyEffects, is_open: Flags) -> Floats:
    """Centres each place on the middle of its two sides, so that means over places can be taken."""
    values = effects.values.copy()
    for place in set(effects.places[effects.places >= 0].tolist()):
        mine = effects.places == place
        values[mine] -= (values[mine & is_open].mean() + values[mine & ~is_open].mean()) / 2
    return values


def _compare_figures(rows: list[FigureRow], scale: Scale) -> Compared:
    families = tuple(sorted({row[0] for row in rows}))
    places = sorted({row[2] for row in rows})
    values, errors, items = (np.full((len(places), len(families)), np.nan) for _ in range(3))
    for family, _, place, value, low, high, n in rows:
        cell = places.index(place), families.index(family)
        values[cell], items[cell] = math.log(value) if scale == "ratio" else value, n
        errors[cell] = _measure_width(low, high, scale) / 2 / Z
    sides = {row[0]: row[1] == "open" for row in rows}
    is_open = np.array([sides[family] for family in families], dtype=bool)
    is_like = ~np.isnan(values[:, is_open]).all(1) & ~np.isnan(values[:, ~is_open]).all(1)
    measure = _order_sides if scale == "order" else _centre_figures
    like, plain = measure(values[is_like], errors[is_like], is_open), measure(*_join_places(values, errors), is_open)
    return Compared(
        families, is_open, *like, np.full(len(families), math.inf), *plain,
        np.nan_to_num(items[is_like]).sum(0), scale == "order", not is_like.any(),
        lambda kept: _compare_figures([row for row in rows if row[0] in kept], scale),
    )  # fmt: skip


def _join_places(values: Floats, errors: Floats) -> tuple[Floats, Floats]:
    """Averages the figures of each family over its places: one row."""
    count = np.maximum((~np.isnan(values)).sum(0), 1)
    means = _average_known(values)
    return means[None, :], np.sqrt(np.nansum(errors**2, axis=0))[None, :] / count


def _centre_figures(values: Floats, errors: Floats, is_open: Flags) -> tuple[Floats, Floats]:
    """Measures each family from the middle of the two sides of its place, on average over its places."""
    middle = (_average_known(values[:, is_open].T) + _average_known(values[:, ~is_open].T)) / 2
    return _average_known(values - middle[:, None]), _average_known(errors**2) / np.maximum(
        (~np.isnan(values)).sum(0), 1
    )


def _order_sides(values: Floats, errors: Floats, is_open: Flags) -> tuple[Floats, Floats]:
    """Counts how many of the other side each family exceeds, minus those that exceed it, halved for its own part.

    The variance is what the family's own error makes of that count.
    """
    leads, variances = np.full(values.shape, np.nan), np.full(values.shape, np.nan)
    for place, family in zip(*np.nonzero(~np.isnan(values)), strict=True):
        others = values[place, is_open != is_open[family]]
        others = others[~np.isnan(others)]
        own = values[place, family]
        if len(others):
            leads[place, family] = _compare_order(np.array([own]), others)[0] / 2
            variances[place, family] = _compare_order(own + STRAYS * errors[place, family], others).var() / 4
    return _average_known(leads), _average_known(variances) / np.maximum((~np.isnan(values)).sum(0), 1)


def _compare_order(figures: Floats, others: Floats) -> Floats:
    leads: Floats = (figures[:, None] > others).mean(1) - (figures[:, None] < others).mean(1)
    return leads


def _average_known(values: Floats) -> Floats:
    """Averages each column over its known values; nan where none is known."""
    count = (~np.isnan(values)).sum(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Floats = np.nansum(values, axis=0) / count
    return means


def _measure_width(low: float | None, high: float | None, scale: Scale = "difference") -> float:
    """Returns the width of the interval on the scale; 0 without an interval."""
    if low is None or high is None or (scale == "ratio" and low <= 0):
        return 0.0
    return math.log(high / low) if scale == "ratio" else high - low


def _read_figures(
    connection: duckdb.DuckDBPyConnection,
    figure: MetricStatistic,
    window: str,
    kinds: list[str],
    scale: Scale = "difference",
    is_together: bool = True,
) -> list[FigureRow]:
    """Reads figures of all roles together, or of each role."""
    cursor = connection.execute(
        FIGURES.format(metric=figure.metric), [figure.segment, figure.statistic, window, is_together, kinds, kinds]
    )
    rows: list[FigureRow] = cursor.fetchall()
    # A median that was not reached exceeds any figure: it can be ordered, but not subtracted or divided.
    return [row for row in rows if scale == "order" or (math.isfinite(row[3]) and (scale != "ratio" or row[3] > 0))]


def _has_common_place(
    connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, window: str, kinds: list[str]
) -> bool:
    """Tells whether both sides have items in channels of one kind and role, however few."""
    query = PLACES.format(metric=figure.metric)
    return bool(connection.execute(query, [figure.segment, figure.statistic, window, kinds, kinds]).fetchall())
