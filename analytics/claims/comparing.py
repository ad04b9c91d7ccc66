"""Compares families like with like, from the tables of a build."""

import math
from statistics import NormalDist

import duckdb
import numpy as np

from analytics.claims.like_items import Compared, compare_items, read_items
from analytics.claims.reader import MetricStatistic, Test
from analytics.engine.items import read_metric_header, read_share_items
from analytics.statistics.effects import Estimates
from analytics.statistics.item_counts import Flags, Floats

FIGURES = """
select family_id, side = 'open', channel_kind || '/' || channel_role, value, low, high, n
from metrics.{metric}
where segment = ? and statistic = ? and "window" = ? and (channel_role = 'all') = ?
    and side in ('open', 'proprietary') and state = 'measured'
    and value is not null and low is not null and high is not null
    and family_id not in (select family_id from staging.families where ended_on is not null)
order by all
"""
"""Without a figure that has no end of its interval, because its error is unknown and not 0."""
FigureRow = tuple[str, bool, str, float, float, float, int]
"""Family, whether it is open, place, value, low, high, n."""
Z = NormalDist().inv_cdf(0.975)


def compare_test(connection: duckdb.DuckDBPyConnection, test: Test) -> Compared:
    """Compares what a test is about: two sides, or the open families with a level."""
    if not test.has_level:
        return compare_families(connection, test, test.window, test.scale == "ratio")
    rows = [row for row in _read_figures(connection, test, test.window, True) if row[1]]
    return _compare_figures(rows, test.level)


def compare_families(
    connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, window: str, is_ratio: bool = False
) -> Compared:
    """Compares like items for a share of items, and figures of like channels for the rest."""
    if read_share_items(figure.metric):
        return compare_items(read_items(connection, figure, window))
    is_together = read_metric_header(figure.metric).roles == "together"
    rows = _read_figures(connection, figure, window, is_together)
    if is_ratio:
        # A figure of 0 has no logarithm: it is refused, and not left out because of its outcome.
        rows = [(*row[:3], math.log(row[3]), math.log(row[4]), math.log(row[5]), row[6]) for row in rows]
    return _compare_figures(rows)


def _read_figures(
    connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, window: str, is_together: bool
) -> list[FigureRow]:
    """Reads figures of all roles together, or of each role."""
    given = [figure.segment, figure.statistic, window, is_together]
    rows: list[FigureRow] = connection.execute(FIGURES.format(metric=figure.metric), given).fetchall()
    return rows


def _compare_figures(rows: list[FigureRow], level: float | None = None) -> Compared:
    """Averages each family over its places, from a level or from the middle of the two sides of a place."""
    families, is_open, values, variances, items = _spread_out(rows)
    middles = (_average_known(values[:, is_open].T) + _average_known(values[:, ~is_open].T)) / 2
    values = values - (middles[:, None] if level is None else level)
    is_like = ~np.isnan(values)
    spread = _average_known(np.where(is_like, variances, np.nan)) / np.maximum(is_like.sum(0), 1)
    return Compared(
        families,
        is_open,
        Estimates(_average_known(values), np.diag(spread)[None], np.full(len(families), math.inf)),
        np.where(is_like, items, 0).sum(0),
        lambda kept: _compare_figures([row for row in rows if row[0] in kept], level),
        has_level=level is not None,
    )


def _spread_out(rows: list[FigureRow]) -> tuple[tuple[str, ...], Flags, Floats, Floats, Floats]:
    """Returns the families, which are open, and their values, variances and items, places × families."""
    sides = dict(sorted((row[0], row[1]) for row in rows))
    families, places = tuple(sides), sorted({row[2] for row in rows})
    values, variances, items = (np.full((len(places), len(families)), np.nan) for _ in range(3))
    for family, _, place, value, low, high, n in rows:
        cell = places.index(place), families.index(family)
        values[cell], variances[cell], items[cell] = value, ((high - low) / 2 / Z) ** 2, n
    return families, np.array(list(sides.values()), dtype=bool), values, variances, items


def _average_known(values: Floats) -> Floats:
    """Averages each column over its known values; nan if none is known."""
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Floats = np.nansum(values, axis=0) / (~np.isnan(values)).sum(0)
    return means
