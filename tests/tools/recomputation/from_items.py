"""Figures recomputed from the items of a built warehouse: all metrics of a shape, waits, and rates."""

from collections.abc import Callable, Iterator

import duckdb
import pandas as pd

from tests.tools.reckonings import poisson_limits
from tests.tools.recomputation.estimators import (
    Limits,
    Line,
    fit_curve,
    median,
    put_right,
    read_off,
    select,
    share,
    split_unseen,
)
from tests.worlds.warehouse_rows import MODELS


def compare_items(con: duckdb.DuckDBPyConnection, shape: str, only: str = "") -> Iterator[Line]:
    """Compares all metrics of a shape, or only one, from the items of their own queries."""
    compute: Callable[[pd.DataFrame, list[str]], Limits] = share if shape == "share" else median
    errors = read_errors(con)
    for model in (one for one in MODELS if one.header.shape == shape and only in ("", one.path.stem)):
        line, name = Line(model.path.stem), model.path.stem
        person = "i.person_id" if model.header.cluster == "person" else "c.answerer_id"
        items = con.sql(
            f"select i.*, coalesce(c.cluster_id, i.item_id) as cluster, coalesce({person}, i.item_id) as person"
            f" from ({model.query}) as i left join metrics.item_clusters as c on c.item_id = i.item_id"
            " where i.exclusion_reason is null"
        ).df()
        names = ["cluster", "person"] if model.header.cluster in ("answerer", "person") else ["cluster"]
        groups = dict(tuple(items.groupby(["family_id", "channel_kind", "segment", "statistic"])))
        for row in con.sql(f"select * from metrics.{name} where state = 'measured'").df().itertuples():
            chosen = select(groups[row.family_id, row.channel_kind, row.segment, row.statistic], row)
            limits = compute(chosen, names)
            if feature := model.header.readings.get(str(row.statistic)):
                limits = put_right(limits, *errors.get((feature, row.channel_kind, row.side), (0.0, 0.0)))
            line.take(row, limits)
        yield line


def read_errors(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], tuple[float, float]]:
    """Reads how far each reading is off in a kind of channel and side, and the variance of that: by the labels of the
    side, and where it has none, by those of all."""
    rows = con.sql("select * from metrics.reading_errors where channel_kind <> 'all'").df()
    own = {(row.feature, row.channel_kind, row.side): (row.shift, row.shift_variance) for row in rows.itertuples()}
    pooled = {key[:2]: error for key, error in own.items() if key[2] == "all"}
    sides = {side for (side,) in con.sql("select distinct side from staging.families").fetchall()}
    return {(*key, side): own.get((*key, side), error) for key, error in pooled.items() for side in sides}


def compare_waits(con: duckdb.DuckDBPyConnection) -> Iterator[Line]:
    """Compares shares answered in time, quantiles and means of waits."""
    waits = con.sql(
        "select d.*, coalesce(c.cluster_id, d.item_id) as cluster from metrics.survival_durations as d"
        " left join metrics.item_clusters as c on c.item_id = d.item_id"
        " where d.subject = 'response' and (d.is_unseen or not d.is_excluded)"
    ).df()
    groups = dict(tuple(waits.groupby(["family_id", "channel_kind", "segment"])))
    for name, where in (("answered_share", "true"), ("first_response_hours", "statistic <> 'answered_only_median'")):
        rows = con.sql(
            f"select * from metrics.{name} where state = 'measured' and {where}"
            " and segment in ('anyone', 'staff', 'outsider')"
            " and (unit = 'share' or not regexp_matches(coalesce(note, ''), '(was|were) not seen|it is not known'))"
        ).df()
        for statistic, chosen in rows.groupby("statistic"):
            line = Line(f"{name} {statistic}")
            for row in chosen.itertuples():
                chosen, part = split_unseen(select(groups[row.family_id, row.channel_kind, row.segment], row))
                line.take(row, read_off(fit_curve(chosen), str(statistic), part))
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
