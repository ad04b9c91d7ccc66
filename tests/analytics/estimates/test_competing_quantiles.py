"""The hours by which a quarter and half have ended in one way, read off the curve of that way, whose errors statsmodels
agrees with."""

from math import log
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.rows import Row, cut, found, found_curves, time_durations

CAUSES = ("resolved", "duplicate")
ENDINGS = st.lists(
    st.tuples(st.integers(0, 12).map(float), st.sampled_from((*CAUSES, "resolved", None))), min_size=1, max_size=60
)
FAMILY = {"family_id": "family", "channel_role": "all", "window": "all"}
NORMAL = 1.959963984540054


def _quantile(curve: list[Row], level: float) -> tuple[float | None, float | None, float | None]:
    """The first hour at which the share is reached; the first at which its error does not rule out that it is; and the
    one after the last at which it does not rule out that it is not."""
    value = next((row["at_hours"] for row in curve if row["incidence_share"] >= level - 1e-12), None)
    low = next((row["at_hours"] for row in curve if row["incidence_share"] == 1 or _gap(row, level) >= -NORMAL), None)
    past = [row["incidence_share"] == 1 or _gap(row, level) > NORMAL for row in curve]
    sure = next((place for place in range(len(curve)) if all(past[place:])), None)
    return value, low, None if sure is None else curve[sure]["at_hours"]


def _gap(row: Row, level: float) -> float:
    """How many errors the share is from the level, on the scale on which its band is taken."""
    share, error = float(row["incidence_share"]), float(row["incidence_error"])
    return (log(-log(share)) - log(-log(level))) / (error / (share * log(share)))


@pytest.mark.slow
@settings(max_examples=15)
@given(ENDINGS)
def test_quantiles_of_one_way_of_ending_are_read_off_its_curve(sample: list[tuple[float, str | None]]) -> None:
    """What never gets so far has no hour, and what may never get so far no upper end."""
    connection = time_durations({"family": sample}, "resolution", "all")
    for cause in CAUSES:
        curve = [
            row
            for row in found_curves(connection, "competing_curves", **FAMILY)
            if row["n_events_here"] and row["cause"] == cause
        ]
        curve.sort(key=lambda row: row["at_hours"])
        for row in found(connection, "competing_summary", cause=cause, **FAMILY):
            quantile: tuple[Any, ...] = _quantile(curve, {"p25": 0.25, "median": 0.5}[row["statistic"]])
            assert cut(row, "value", "low", "high") == quantile
            assert cut(row, "n", "n_events") == (len(sample), sum(end == cause for _, end in sample))


def test_where_all_have_ended_alike_there_is_no_band() -> None:
    """A share of one, or of none, has no error that a band could be made of."""
    connection = time_durations({"family": [(1.0, "resolved"), (2.0, "resolved")]}, "resolution", "all")
    rows = found_curves(connection, "competing_curves", **FAMILY)
    bands = {
        row["at_hours"]: cut(row, "incidence_share", "incidence_low", "incidence_high")
        for row in rows
        if row["at_hours"] in (0, 1, 2) and row["cause"] == "resolved"
    }

    assert (bands[0], bands[2]) == ((0, None, None), (1, None, None))
    assert 0 < bands[1][1] < bands[1][0] == 0.5 < bands[1][2] < 1


def test_a_quarter_by_hand() -> None:
    """Of forty ten are resolved at 1, ten at 2, ten are duplicates at 3 and ten still open: a quarter after one hour,
    half after two."""
    sample = [
        (float(number // 10 + 1), ("resolved", "resolved", "duplicate", None)[number // 10]) for number in range(40)
    ]
    connection = time_durations({"family": sample}, "resolution", "all")
    hours = {
        row["statistic"]: row["value"] for row in found(connection, "competing_summary", cause="resolved", **FAMILY)
    }

    assert hours == {"p25": 1, "median": pytest.approx(2)}
