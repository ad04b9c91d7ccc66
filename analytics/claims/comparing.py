"""What is set against each other: families and their figures, read from the tables of a build, as pairs."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import numpy as np

from analytics.claims.reader import Figure, Scale
from analytics.engine.items import share_items
from analytics.statistics.matching import Flags, Floats, Pairs, Z, design_effect, match

STRATA = """
select
    family_id, side, concat_ws('/', channel_kind, {likeness}) as stratum,
    cast(yes_count as double), cast(items_count as double), yes_squared, items_by_yes, items_squared
from metrics.matched_strata
where metric = ? and segment = ? and statistic = ? and side in ('open', 'proprietary')
    and (list_contains(?, age_group)) and (len(?) = 0 or list_contains(?, channel_kind))
order by all
"""
FIGURES = """
select family_id, side, channel_kind, coalesce(value, 'infinity'), low, high, n
from metrics.{metric}
where segment = ? and statistic = ? and "window" = ? and channel_role = 'all' and side in ('open', 'proprietary') and state = 'measured'
    and (len(?) = 0 or list_contains(?, channel_kind))
order by all
"""
FigureRow = tuple[str, str, str, float, float | None, float | None, int]
"""Family, side, kind of channel, value, low, high, n; the value is infinite where it was measured and never reached."""
AGES = {"30d": ["30d"], "90d": ["30d", "90d"], "365d": ["30d", "90d", "365d"], "all": ["30d", "90d", "365d", "all"]}


@dataclass(frozen=True, slots=True)
class Compared:
    """Families in the order of their names, matched and as they are; `items` are those that each rests on."""

    families: tuple[str, ...]
    is_open: Flags
    matched: Pairs
    unmatched: Pairs
    items: Floats

    def without(self, family: str) -> "Compared":
        """The same with one family left out."""
        kept = np.array([one != family for one in self.families], dtype=bool)
        cut = np.ix_(kept, kept)
        matched, unmatched = (Pairs(one.differences[cut], one.variances[cut]) for one in (self.matched, self.unmatched))
        return Compared(
            tuple(one for one in self.families if one != family),
            self.is_open[kept],
            matched,
            unmatched,
            self.items[kept],
        )

    def facing(self, least: int = 1) -> "Compared | None":
        """Only families that have something in common with one of the other side; None where a side has fewer than
        `least`."""
        across = ~np.isnan(self.matched.differences) & (self.is_open[:, None] != self.is_open[None, :])
        found = self
        for family in (one for one, faces in zip(self.families, across.any(1), strict=True) if not faces):
            found = found.without(family)
        return found if min(found.is_open.sum(), (~found.is_open).sum()) >= least else None


def compare(
    connection: duckdb.DuckDBPyConnection,
    figure: Figure,
    window: str,
    kinds: Iterable[str] = (),
    scale: Scale = "difference",
) -> Compared:
    """Like items where the metric is a share of items and differences are asked for; else figures of like channels."""
    if scale == "difference" and share_items(figure.metric):
        return _by_items(connection, figure, window, list(kinds))
    return _by_figures(connection, figure, window, list(kinds), scale)


def family_figures(
    connection: duckdb.DuckDBPyConnection, figure: Figure, window: str, kinds: Iterable[str], side: str
) -> dict[str, tuple[float, float, float]]:
    """Of each family of a side the mean figure over its kinds of channels, its variance, and the items."""
    rows: dict[str, list[tuple[float, float, float]]] = {}
    for family, its, _, value, low, high, n in _figures(connection, figure, window, list(kinds)):
        if its == side and math.isfinite(value):
            rows.setdefault(family, []).append((value, (_width(low, high) / 2 / Z) ** 2, n))
    means = {family: np.array(found).mean(0) for family, found in rows.items()}
    return {
        family: (mean[0], mean[1] / len(rows[family]), mean[2] * len(rows[family])) for family, mean in means.items()
    }


def _by_items(connection: duckdb.DuckDBPyConnection, figure: Figure, window: str, kinds: list[str]) -> Compared:
    query = STRATA.format(likeness=", ".join(figure.matched_by) or "'all'")
    rows = connection.execute(query, [*figure.key, AGES[window], kinds, kinds]).fetchall()
    ((least,),) = connection.execute("select min_items_count from metrics.rules").fetchall()
    sums: dict[str, Floats] = {}
    for family, _, _, *numbers in rows:
        sums[family] = sums.get(family, np.zeros(5)) + np.array(numbers)
    families = tuple(family for family in sorted(sums) if sums[family][1] >= least)
    sides = {family: side == "open" for family, side, *_ in rows}
    strata = {stratum: place for place, stratum in enumerate(sorted({row[2] for row in rows}))}
    yes, items = np.zeros((len(strata), len(families))), np.zeros((len(strata), len(families)))
    for family, _, stratum, y, n, *_ in rows:
        if family in families:
            yes[strata[stratum], families.index(family)] += y
            items[strata[stratum], families.index(family)] += n
    design = np.array([design_effect(*sums[family]) for family in families])
    raw = match(yes.sum(0, keepdims=True), items.sum(0, keepdims=True), design)
    return Compared(families, _flags(families, sides), match(yes, items, design), raw, items.sum(0))


def _by_figures(
    connection: duckdb.DuckDBPyConnection, figure: Figure, window: str, kinds: list[str], scale: Scale
) -> Compared:
    # A median for which too many still wait is more than any figure: an order can take it, nothing else can.
    rows = [row for row in _figures(connection, figure, window, kinds) if scale == "order" or math.isfinite(row[3])]
    rows = [row for row in rows if scale != "ratio" or row[3] > 0]
    families = tuple(sorted({row[0] for row in rows}))
    held = sorted({row[2] for row in rows})
    values, errors, items = (np.full((len(held), len(families)), np.nan) for _ in range(3))
    for family, _, kind, value, low, high, n in rows:
        place = held.index(kind), families.index(family)
        values[place], items[place] = math.log(value) if scale == "ratio" else value, n
        errors[place] = _width(low, high, scale) / 2 / Z
    is_open = _flags(families, {row[0]: row[1] == "open" for row in rows})
    raw = _pairs(_means(values)[None, :], _means(errors)[None, :], scale, is_open)
    return Compared(families, is_open, _pairs(values, errors, scale, is_open), raw, np.nan_to_num(items).sum(0))


def _width(low: float | None, high: float | None, scale: Scale = "difference") -> float:
    """That of the interval on the scale; 0 where there is none."""
    if low is None or high is None or scale == "order" or (scale == "ratio" and low <= 0):
        return 0.0
    return math.log(high / low) if scale == "ratio" else high - low


def _pairs(values: Floats, errors: Floats, scale: Scale, is_open: Flags) -> Pairs:
    """Pairs of the columns, the mean over the rows that both have."""
    with np.errstate(invalid="ignore"):
        differences = values[:, :, None] - values[:, None, :]
    variances = errors[:, :, None] ** 2 + errors[:, None, :] ** 2
    if scale == "order":
        # The order of two families has no error of its own; what one family more could change stands in for it.
        both_endless = np.isinf(values)[:, :, None] & np.isinf(values)[:, None, :]
        differences = np.where(both_endless, 0.0, np.sign(differences))
        variances = np.full_like(variances, 1 / max(1, min(is_open.sum(), (~is_open).sum())))
    mean = _means(differences)
    np.fill_diagonal(mean, np.nan)
    return Pairs(mean, _means(variances))


def _means(values: Floats) -> Floats:
    """The means of the columns, of what is known; nan where nothing is."""
    count = (~np.isnan(values)).sum(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Floats = np.nansum(values, axis=0) / count
    return means


def _figures(connection: duckdb.DuckDBPyConnection, figure: Figure, window: str, kinds: list[str]) -> list[FigureRow]:
    found = connection.execute(
        FIGURES.format(metric=figure.metric), [figure.segment, figure.statistic, window, kinds, kinds]
    )
    rows: list[FigureRow] = found.fetchall()
    return rows


def _flags(families: tuple[str, ...], is_open: dict[str, bool]) -> Flags:
    return np.array([is_open[family] for family in families], dtype=bool)
