"""Compares families like with like, from the tables of a build."""

import math
from statistics import NormalDist

import duckdb
import numpy as np

from analytics.claims.like_items import Compared, compare_items, read_items
from analytics.claims.reader import ClaimError, Test
from analytics.engine.items import read_share_items
from analytics.statistics.effects import Estimates

FIGURES = """
with measured as (
    select family_id, side, {scale}(value) as value, ({scale}(high) - {scale}(low)) / 2 / ? as error, n
    from metrics.{metric}
    where segment = ? and statistic = ? and "window" = ? and channel_role = 'all' and state = 'measured'
        and value is not null and low is not null and high is not null
        and family_id not in (select family_id from staging.families where ended_on is not null)
)

select
    family_id, any_value(side) = 'open', avg(value) - ?, sum(error * error) / count(*) / count(*),
    cast(sum(n) as double)
from measured
where list_contains(?, side)
group by family_id
order by family_id
"""
"""A family's mean over its kinds of channel. Without a figure that has no end of its interval, because its error is
unknown and not 0."""
FigureRow = tuple[str, bool, float, float, float]
"""Family, whether it is open, value, variance, items."""
Z = NormalDist().inv_cdf(0.975)


def compare_test(connection: duckdb.DuckDBPyConnection, test: Test) -> Compared:
    """Compares what a test is about: like items of the two sides, their figures, or the open ones with a level."""
    if read_share_items(test.metric) and not test.has_level:
        return compare_items(read_items(connection, test, test.window))
    query = FIGURES.format(metric=test.metric, scale="ln" if test.scale == "ratio" else "")
    given = [Z, test.segment, test.statistic, test.window, test.level, test.sides]
    rows: list[FigureRow] = connection.execute(query, given).fetchall()
    if not all(math.isfinite(row[2] + row[3]) for row in rows):
        raise ClaimError(f"{test.metric}: figures that may be 0 have no ratio: test their difference")
    return _compare_figures(rows, test.has_level)


def _compare_figures(rows: list[FigureRow], has_level: bool) -> Compared:
    families, is_open, values, variances, items = zip(*rows, strict=True) if rows else [()] * 5
    return Compared(
        families,
        np.array(is_open, dtype=bool),
        Estimates(np.array(values), np.diag(np.array(variances, dtype=float))[None], np.full(len(families), math.inf)),
        np.array(items),
        lambda kept: _compare_figures([row for row in rows if row[0] in kept], has_level),
        has_level=has_level,
    )
