"""Labels that put right what a rule reads in items: by how much, how surely, and for which items."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from analytics.claims.reader import MetricStatistic
from analytics.engine.items import read_metric_header
from analytics.statistics.item_counts import Floats, Whole

ERRORS = """
select
    e.channel_kind, coalesce(o.side, 'all') as side, coalesce(o.shift, e.shift), coalesce(o.shift_variance,
        e.shift_variance)
from metrics.reading_errors as e
left join metrics.reading_errors as o
    on o.feature = e.feature and o.part = e.part and o.channel_kind = e.channel_kind and o.side <> 'all'
        and o.labelled_count < e.labelled_count
where e.feature = ? and e.channel_kind <> 'all' and e.side = 'all'
order by all
"""
"""One row a kind of channel, or one a side where both have labels: those of one side alone serve both, and are one
error that both share."""
EVERY = "all"


@dataclass(frozen=True, slots=True)
class Readings:
    """Mean of label minus rule and its variance, by kind of channel and side."""

    keys: tuple[tuple[str, str], ...]
    shifts: Floats
    variances: Floats

    def number_items(self, places: Sequence[str], sides: Sequence[str]) -> Whole:
        """Numbers the labels that put items of each place and side right, places × sides; -1 if none do."""
        numbers = {key: number for number, key in enumerate(self.keys)}
        kinds = [place.partition("/")[0] for place in places]
        found = [numbers.get((kind, side), numbers.get((kind, EVERY), -1)) for kind in kinds for side in sides]
        return np.array(found, dtype=np.int64).reshape(len(places), len(sides))


NO_READINGS = Readings((), np.zeros(0), np.zeros(0))
"""Of items in which no rule reads anything."""


def read_readings(connection: duckdb.DuckDBPyConnection, figure: MetricStatistic) -> Readings:
    """Reads the labels of the feature that the figure is a share of; none if no rule reads it in each item."""
    feature = read_metric_header(figure.metric).readings.get(figure.statistic)
    if not feature:
        return NO_READINGS
    rows = connection.execute(ERRORS, [feature]).fetchall()
    return Readings(
        tuple((kind, side) for kind, side, *_ in rows),
        np.array([shift for *_, shift, _ in rows], dtype=float),
        np.array([variance for *_, variance in rows], dtype=float),
    )
