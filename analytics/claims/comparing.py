"""Pairs of families and their figures, read from the tables of a build."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import numpy as np

from analytics.claims.reader import MetricStatistic, Scale
from analytics.engine.items import read_share_items
from analytics.statistics.matching import Flags, Floats, Pairs, Z, compute_design_effect, match_families

STRATA = """
select
    family_id, side, concat_ws('/', channel_kind, {likeness}) as stratum,
    cast(yes_count as double), cast(items_count as double), yes_squared, items_by_yes, items_squared
from metrics.matched_strata
where metric = ? and segment = ? and statistic = ? and side in ('open', 'proprietary')
    and family_id not in (select family_id from staging.families where ended_on is not null)
    and (list_contains(?, age_group)) and (len(?) = 0 or list_contains(?, channel_kind))
order by all
"""
FIGURES = """
select family_id, side, channel_kind, coalesce(value, 'infinity'), low, high, n
from metrics.{metric}
where segment = ? and statistic = ? and "window" = ? and channel_role = 'all'
    and side in ('open', 'proprietary') and state = 'measured'
    and family_id not in (select family_id from staging.families where ended_on is not null)
    and (len(?) = 0 or list_contains(?, channel_kind))
order by all
"""
FigureRow = tuple[str, str, str, float, float | None, float | None, int]
"""Family, side, kind of channel, value, low, high, n; the value is infinite where it was measured and never reached."""
AGES = {"30d": ["30d"], "90d": ["30d", "90d"], "365d": ["30d", "90d", "365d"], "all": ["30d", "90d", "365d", "all"]}


@dataclass(frozen=True, slots=True)
class Compared:
    """Families in alphabetical order, with matched and unmatched pairs; `items` counts what each family rests on."""

    families: tuple[str, ...]
    is_open: Flags
    matched: Pairs
    unmatched: Pairs
    items: Floats

    def drop_family(self, family: str) -> "Compared":
        """Returns the same without one family."""
        is_other = np.array([name != family for name in self.families], dtype=bool)
        cut = np.ix_(is_other, is_other)
        matched, unmatched = (
            Pairs(pairs.differences[cut], pairs.variances[cut]) for pairs in (self.matched, self.unmatched)
        )
        return Compared(
            tuple(name for name in self.families if name != family),
            self.is_open[is_other],
            matched,
            unmatched,
            self.items[is_other],
        )

    def keep_comparable(self, least: int = 1) -> "Compared | None":
        """Keeps families that share groups with one of the other side; None if a side has fewer than `least`."""
        across = ~np.isnan(self.matched.differences) & (self.is_open[:, None] != self.is_open[None, :])
        comparable = self
        for family in (name for name, is_shared in zip(self.families, across.any(1), strict=True) if not is_shared):
            comparable = comparable.drop_family(family)
        return comparable if min(comparable.is_open.sum(), (~comparable.is_open).sum()) >= least else None


def compare_families(
    connection: duckdb.DuckDBPyConnection,
    figure: MetricStatistic,
    window: str,
    kinds: Iterable[str] = (),
    scale: Scale = "difference",
) -> Compared:
    """Compares like items for differences of a share of items, and figures of like channels for the rest."""
    if scale == "difference" and read_share_items(figure.metric):
        return _match_items(connection, figure, window, list(kinds))
    return _match_figures(connection, figure, window, list(kinds), scale)


def read_family_figures(
    connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, window: str, kinds: Iterable[str], side: str
) -> dict[str, tuple[float, float, float]]:
    """Reads each family's mean figure over its kinds of channels, its variance, and the number of items."""
    rows: dict[str, list[tuple[float, float, float]]] = {}
    for family, family_side, _, value, low, high, n in _read_figures(connection, figure, window, list(kinds)):
        if family_side == side and math.isfinite(value):
            rows.setdefault(family, []).append((value, (_measure_width(low, high) / 2 / Z) ** 2, n))
    means = {family: np.array(figures).mean(0) for family, figures in rows.items()}
    return {
        family: (mean[0], mean[1] / len(rows[family]), mean[2] * len(rows[family])) for family, mean in means.items()
    }


def _match_items(
    connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, window: str, kinds: list[str]
) -> Compared:
    query = STRATA.format(likeness=", ".join(figure.matched_by) or "'all'")
    rows = connection.execute(query, [*figure.key, AGES[window], kinds, kinds]).fetchall()
    ((least,),) = connection.execute("select min_items_count from metrics.rules").fetchall()
    sums: dict[str, Floats] = {}
    for family, _, _, *numbers in rows:
        sums[family] = sums.get(family, np.zeros(5)) + np.array(numbers)
    families = tuple(family for family in sorted(sums) if sums[family][1] >= least)
    sides = {family: side == "open" for family, side, *_ in rows}
    strata = {stratum: number for number, stratum in enumerate(sorted({row[2] for row in rows}))}
    yes, items = np.zeros((len(strata), len(families))), np.zeros((len(strata), len(families)))
    for family, _, stratum, y, n, *_ in rows:
        if family in families:
            yes[strata[stratum], families.index(family)] += y
            items[strata[stratum], families.index(family)] += n
    design = np.array([compute_design_effect(*sums[family]) for family in families])
    raw = match_families(yes.sum(0, keepdims=True), items.sum(0, keepdims=True), design)
    return Compared(families, _flag_open(families, sides), match_families(yes, items, design), raw, items.sum(0))


def _match_figures(
    connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, window: str, kinds: list[str], scale: Scale
) -> Compared:
    # A median that was not reached exceeds any figure: it can be ordered, but not subtracted or divided.
    rows = [
        row for row in _read_figures(connection, figure, window, kinds) if scale == "order" or math.isfinite(row[3])
    ]
    rows = [row for row in rows if scale != "ratio" or row[3] > 0]
    families = tuple(sorted({row[0] for row in rows}))
    kinds_held = sorted({row[2] for row in rows})
    values, errors, items = (np.full((len(kinds_held), len(families)), np.nan) for _ in range(3))
    for family, _, kind, value, low, high, n in rows:
        cell = kinds_held.index(kind), families.index(family)
        values[cell], items[cell] = math.log(value) if scale == "ratio" else value, n
        errors[cell] = _measure_width(low, high, scale) / 2 / Z
    is_open = _flag_open(families, {row[0]: row[1] == "open" for row in rows})
    raw = _pair_columns(_average_columns(values)[None, :], _average_columns(errors)[None, :], scale, is_open)
    return Compared(families, is_open, _pair_columns(values, errors, scale, is_open), raw, np.nan_to_num(items).sum(0))


def _measure_width(low: float | None, high: float | None, scale: Scale = "difference") -> float:
    """Returns the width of the interval on the scale; 0 without an interval."""
    if low is None or high is None or scale == "order" or (scale == "ratio" and low <= 0):
        return 0.0
    return math.log(high / low) if scale == "ratio" else high - low


def _pair_columns(values: Floats, errors: Floats, scale: Scale, is_open: Flags) -> Pairs:
    """Pairs the columns: the mean difference over the rows that both have."""
    with np.errstate(invalid="ignore"):
        differences = values[:, :, None] - values[:, None, :]
    variances = errors[:, :, None] ** 2 + errors[:, None, :] ** 2
    if scale == "order":
        # The order of two families has no error of its own; the effect of one more family stands in for it.
        both_endless = np.isinf(values)[:, :, None] & np.isinf(values)[:, None, :]
        differences = np.where(both_endless, 0.0, np.sign(differences))
        variances = np.full_like(variances, 1 / max(1, min(int(is_open.sum()), int((~is_open).sum()))))
    mean = _average_columns(differences)
    np.fill_diagonal(mean, np.nan)
    return Pairs(mean, _average_columns(variances))


def _average_columns(values: Floats) -> Floats:
    """Averages each column over its known values; nan where none is known."""
    count = (~np.isnan(values)).sum(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Floats = np.nansum(values, axis=0) / count
    return means


def _read_figures(
    connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, window: str, kinds: list[str]
) -> list[FigureRow]:
    cursor = connection.execute(
        FIGURES.format(metric=figure.metric), [figure.segment, figure.statistic, window, kinds, kinds]
    )
    rows: list[FigureRow] = cursor.fetchall()
    return rows


def _flag_open(families: tuple[str, ...], is_open: dict[str, bool]) -> Flags:
    return np.array([is_open[family] for family in families], dtype=bool)
