"""Families compared like with like: one value and one variance each, read from the tables of a build."""

import math
from dataclasses import replace
from statistics import NormalDist

import duckdb
import numpy as np

from analytics.claims.like_items import Compared, compare_items, read_items
from analytics.claims.reader import MetricStatistic, Scale
from analytics.engine.items import read_metric_header, read_share_items
from analytics.statistics.item_counts import Flags, Floats

FIGURES = """
select family_id, side, channel_kind || '/' || channel_role, coalesce(value, 'infinity'), low, high, n
from metrics.{metric}
where segment = ? and statistic = ? and "window" = ? and (channel_role = 'all') = ?
    and side in ('open', 'proprietary') and state = 'measured'
    and family_id not in (select family_id from staging.families where ended_on is not null)
order by all
"""
PLACES = """
select channel_kind, channel_role from metrics.{metric}
where segment = ? and statistic = ? and "window" = ? and channel_role <> 'all' and n > 0
    and side in ('open', 'proprietary')
group by all having count(distinct side) = 2
"""
FigureRow = tuple[str, str, str, float, float | None, float | None, int]
"""Family, side, place, value, low, high, n; the value is infinite if it was measured and never reached."""
Z = NormalDist().inv_cdf(0.975)
STRAYS = np.array([NormalDist().inv_cdf((place + 0.5) / 999) for place in range(999)])
"""Equally likely errors of a figure, in standard errors."""


def compare_families(
    connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, window: str, scale: Scale = "difference"
) -> Compared:
    """Compares like items for differences of a share of items, and figures of like channels for the rest."""
    if scale == "difference" and read_share_items(figure.metric):
        return compare_items(read_items(connection, figure, window))
    is_together = read_metric_header(figure.metric).roles == "together"
    compared = _compare_figures(_read_figures(connection, figure, window, scale, is_together), scale)
    # Places with too few items for figures are alike all the same.
    is_unlike = compared.is_unlike and not (is_together or _has_common_place(connection, figure, window))
    return replace(compared, is_unlike=is_unlike)


def read_family_figures(
    connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, window: str
) -> dict[str, tuple[float, float, float]]:
    """Reads each open family's mean figure over its kinds of channels, its variance, and the number of items."""
    rows: dict[str, list[tuple[float, float, float]]] = {}
    for family, side, _, value, low, high, n in _read_figures(connection, figure, window):
        if side == "open":
            rows.setdefault(family, []).append((value, (_measure_width(low, high) / 2 / Z) ** 2, n))
    means = {family: np.array(figures).mean(0) for family, figures in rows.items()}
    return {
        family: (mean[0], mean[1] / len(rows[family]), mean[2] * len(rows[family])) for family, mean in means.items()
    }


def find_families_at_nothing(
    connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, window: str, scale: Scale
) -> dict[str, bool]:
    """Finds the families, and whether they are open, with a figure that a ratio cannot hold, because it or the lower
    end of its interval is 0, in a place where the other side has figures; none on other scales."""
    if scale != "ratio":
        return {}
    is_together = read_metric_header(figure.metric).roles == "together"
    rows = _read_figures(connection, figure, window, "difference", is_together)
    sides = {(row[2], row[1]) for row in rows}
    lost = [row for row in rows if not _has_error(row, scale)]
    return {
        family: side == "open"
        for family, side, place, *_ in lost
        if (place, "proprietary" if side == "open" else "open") in sides
    }


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
    """Counts how many of the other side each family exceeds, minus those that exceed it, from the middle of the sides.

    The means of these counts are each other's opposite, so that half of the first is taken from either side: what is
    left differs by that mean, and strays as its error has it (DeLong, DeLong and Clarke-Pearson 1988). The variance is
    what the family's own error makes of its count.
    """
    leads, variances, is_known = np.full(values.shape, np.nan), np.full(values.shape, np.nan), ~np.isnan(values)
    for place in range(len(values)):
        for side in (is_open, ~is_open):
            families, others = np.nonzero(is_known[place] & side)[0], np.sort(values[place, is_known[place] & ~side])
            if len(families) and len(others):
                own, widths = values[place, families], errors[place, families, None]
                counts = _compare_order(own, others)
                leads[place, families] = counts - counts.mean() / 2
                variances[place, families] = _compare_order(own[:, None] + STRAYS * widths, others).var(1)
    return _average_known(leads), _average_known(variances) / np.maximum((~np.isnan(values)).sum(0), 1)


def _compare_order(figures: Floats, others: Floats) -> Floats:
    """Returns the share of the others, which are sorted, that each figure exceeds, minus those that exceed it."""
    count = len(others)
    below, above = np.searchsorted(others, figures), count - np.searchsorted(others, figures, side="right")
    leads: Floats = np.where(np.isnan(figures), 0.0, below / count - above / count)
    return leads


def _average_known(values: Floats) -> Floats:
    """Averages each column over its known values; nan if none is known."""
    count = (~np.isnan(values)).sum(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Floats = np.nansum(values, axis=0) / count
    return means


def _measure_width(low: float | None, high: float | None, scale: Scale = "difference") -> float:
    """Returns the width of the interval on the scale; 0 of a median that was not reached, which stays above all."""
    if low is None or high is None:
        return 0.0
    return math.log(high / low) if scale == "ratio" else high - low


def _read_figures(
    connection: duckdb.DuckDBPyConnection,
    figure: MetricStatistic,
    window: str,
    scale: Scale = "difference",
    is_together: bool = True,
) -> list[FigureRow]:
    """Reads figures of all roles together, or of each role."""
    cursor = connection.execute(
        FIGURES.format(metric=figure.metric), [figure.segment, figure.statistic, window, is_together]
    )
    rows: list[FigureRow] = cursor.fetchall()
    return [row for row in rows if _has_error(row, scale)]


def _has_error(row: FigureRow, scale: Scale) -> bool:
    """Returns whether the figure and its error are known on the scale; one without an end could be anything.

    A median that was not reached exceeds any figure: it can be ordered, but not subtracted or divided.
    """
    *_, value, low, high, _ = row
    if math.isinf(value):
        return scale == "order"
    return low is not None and high is not None and (scale != "ratio" or min(value, low) > 0)


def _has_common_place(connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, window: str) -> bool:
    """Returns whether both sides have items in channels of one kind and role, however few."""
    query = PLACES.format(metric=figure.metric)
    return bool(connection.execute(query, [figure.segment, figure.statistic, window]).fetchall())
