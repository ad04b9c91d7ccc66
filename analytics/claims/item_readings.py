"""Labels that put right what a rule reads in items: by how much, how surely, and for which items."""

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from analytics.claims.reader import MetricStatistic
from analytics.engine.items import read_metric_header
from analytics.statistics.family_effects import Floats, Whole

ERRORS = """
select
    e.channel_kind, coalesce(o.side, 'all') as side, coalesce(o.shift, e.shift), coalesce(o.shift_variance,
        e.shift_variance)
from metrics.reading_errors as e
left join metrics.reading_errors as o
    on o.feature = e.feature and o.part = e.part and o.channel_kind = e.channel_kind and o.side <> 'all'
        and o.labelled_count < e.labelled_count
where e.feature = ? and e.part <> 'reply' and e.channel_kind <> 'all' and e.side = 'all'
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

    def number_items(self, places: npt.NDArray[Any], sides: npt.NDArray[Any]) -> Whole:
        """Numbers the labels that put items of such places and sides right; -1 where none do."""
        if not self.keys:
            return np.full(len(places), -1, dtype=np.int64)
        numbers = {key: number for number, key in enumerate(self.keys)}
        pairs = list(zip(places.tolist(), sides.tolist(), strict=True))
        found = {
            (place, side): numbers.get((kind := place.partition("/")[0], side), numbers.get((kind, EVERY), -1))
            for place, side in set(pairs)
        }
        return np.fromiter(map(found.__getitem__, pairs), np.int64, len(pairs))


NO_READINGS = Readings((), np.zeros(0), np.zeros(0))
"""Of items in which no rule reads anything."""


def number_words(words: npt.NDArray[Any]) -> tuple[list[str], Whole]:
    """Numbers words in their order, as `np.unique` does, which sorts all instead of the distinct ones."""
    listed = words.tolist()
    distinct = sorted(set(listed))
    numbers = {word: number for number, word in enumerate(distinct)}
    return distinct, np.fromiter(map(numbers.__getitem__, listed), np.int64, len(listed))


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
