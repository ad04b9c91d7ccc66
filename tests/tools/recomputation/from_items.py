"""Figures recomputed from the items of a built warehouse: all metrics of a shape, waits, and rates."""

from collections.abc import Callable, Iterator

import duckdb
import pandas as pd

from tests.tools.reckonings import poisson_limits
from tests.tools.recomputation.estimators import Limits, Line, fit_curve, median, read_off, select, share
from tests.worlds.warehouse_rows import MODELS


def compare_items(con: duckdb.DuckDBPyConnection, shape: str) -> Iterator[Line]:
    """Compares all metrics of a shape, from the items of their own queries."""
    compute: Callable[[pd.DataFrame, list[str]], Limits] = share if shape == "share" else median
    clusters = "left join metrics.item_clusters as c on c.item_id = i.item_id"
    for model in (one for one in MODELS if one.header.shape == shape and not one.header.readings):
        line, name = Line(model.path.stem), model.path.stem
        unseen = "not coalesce(i.is_unseen, false)" if "is_unseen" in model.query else "true"
        items = con.sql(
            f"select i.*, coalesce(c.cluster_id, i.item_id) as cluster, coalesce(c.answerer_id, i.item_id) as answerer"
            f" from ({model.query}) as i {clusters} where i.exclusion_reason is null and {unseen}"
        ).df()
        names = ["cluster", "answerer"] if model.header.cluster == "answerer" else ["cluster"]
        groups = dict(tuple(items.groupby(["family_id", "channel_kind", "segment", "statistic"])))
        # Where some were not seen the limits have bounds in them, which are checked by the tests of the shape.
        for row in (
            con.sql(
                f"select * from metrics.{name} where state = 'measured' and coalesce(note, '') not like '%Not seen%'"
            )
            .df()
            .itertuples()
        ):
            line.take(
                row, compute(select(groups[row.family_id, row.channel_kind, row.segment, row.statistic], row), names)
            )
        yield line


def compare_waits(con: duckdb.DuckDBPyConnection) -> Iterator[Line]:
    """Compares shares answered in time, quantiles and means of waits."""
    waits = con.sql(
        "select d.*, coalesce(c.cluster_id, d.item_id) as cluster from metrics.survival_durations as d"
        " left join metrics.item_clusters as c on c.item_id = d.item_id"
        " where not d.is_excluded and d.subject = 'response'"
    ).df()
    groups = dict(tuple(waits.groupby(["family_id", "channel_kind", "segment"])))
    for name, where in (("answered_share", "true"), ("first_response_hours", "statistic <> 'answered_only_median'")):
        rows = con.sql(
            f"select * from metrics.{name} where state = 'measured' and {where}"
            " and segment in ('anyone', 'staff', 'outsider') and coalesce(note, '') not like '%Not seen%'"
        ).df()
        for statistic, chosen in rows.groupby("statistic"):
            line = Line(f"{name} {statistic}")
            for row in chosen.itertuples():
                curve = fit_curve(select(groups[row.family_id, row.channel_kind, row.segment], row))
                line.take(row, read_off(curve, str(statistic)))
            yield line


def compare_rates(con: duckdb.DuckDBPyConnection) -> Iterator[Line]:
    """Compares rates of incidents, from their number and dispersion, by scipy's gamma distributions."""
    line = Line("incident_rate (limits for the dispersion of event_counts)")
    for row in con.sql(
        'select m.value, m.low, m.high, e.events_count as n, e.dispersion as scale, e.comes_in_runs,'
        ' n.observed_days / 30 as months'
        ' from metrics.incident_rate as m join metrics.event_counts as e on e.rate = \'incidents\''
        ' and e.family_id = m.family_id and e.segment = m.segment and e."window" = m."window"'
        ' join metrics.incident_counts as n on n.family_id = m.family_id and n.segment = m.segment'
        ' and n."window" = m."window" where m.state = \'measured\' and m.value is not null and m.segment <> \'api\''
    ).df().itertuples():  # fmt: skip
        part = 1.0 if row.comes_in_runs else 0.5
        low, high = (limit * row.scale / row.months for limit in poisson_limits(row.n / row.scale, part))
        line.take(row, (row.n / row.months, low, high))
    yield line
