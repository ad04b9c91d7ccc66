"""The hours by which a quarter and half have ended in one way, read off the curve of that way, whose errors statsmodels
agrees with."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.statistics.survival import read_quantile, read_shares
from tests.tools.reckonings import or_none, share_at_none
from tests.worlds.rows import Row, cut, find_part, find_stratum, found, list_rows, one, time_durations

CAUSES = ("resolved", "duplicate")
ENDINGS = st.lists(
    st.tuples(st.integers(0, 12).map(float), st.sampled_from((*CAUSES, "resolved", None))), min_size=1, max_size=60
)
EVERY = {"channel_role": "all", "window": "all"}
NORMAL = 1.959963984540054


def _quantile(
    curve: list[Row], level: float, sample: list[tuple[float, str | None]]
) -> tuple[float | None, float | None, float | None]:
    """The first hour at which the share is reached; the first at which its band does not rule out that it is; and the
    one after the last at which it does not rule out that it is not."""
    value = next((row["hours"] for row in curve if row["share"] >= level - 1e-12), None)
    bands = [_band(row, sample) for row in curve]
    low = next((row["hours"] for row, band in zip(curve, bands, strict=True) if band[1] >= level), None)
    past = [band[0] > level for band in bands]
    sure = next((place for place in range(len(curve)) if all(past[place:])), None)
    return value, low, None if sure is None else curve[sure]["hours"]


def _band(row: Row, sample: list[tuple[float, str | None]]) -> tuple[float, float]:
    """The log-log band of those for whom it has not come; of all, what may still wait is the exact limit."""
    share, error = float(row["share"]), float(row["error"])
    if share == 1:
        return 1 - share_at_none([(hours, way is not None) for hours, way in sample]), 1.0
    if share == 0:
        return 0.0, 0.0
    waiting = 1 - share
    spread = NORMAL * error / (waiting * log(waiting))
    high, low = (1 - exp(-exp(log(-log(waiting)) + side * spread)) for side in (-1, 1))
    return low, high


@pytest.mark.slow
@settings(max_examples=15)
@given(ENDINGS)
def test_quantiles_of_one_way_of_ending_are_read_off_its_curve(sample: list[tuple[float, str | None]]) -> None:
    """What never gets so far has no hour, and what may never get so far no upper end."""
    connection = time_durations({"family": sample}, "resolution", "all")
    part = find_part(connection, "thread_ends")
    resolved = part.trace("resolved")
    curve = list_rows(part, "family", resolved)
    for level in (0.25, 0.5):
        figures = read_quantile(resolved, level, part.unseen)
        ours = tuple(or_none(end[find_stratum(part)]) for end in figures)
        assert ours == _quantile(curve, level, sample)
    (row,) = found(connection, "wait_estimates", wait="resolution", cause="resolved", statistic="median", **EVERY)
    assert cut(row, "n", "n_events") == (len(sample), sum(end == "resolved" for _, end in sample))


def test_where_all_have_ended_alike_there_is_no_band_of_errors() -> None:
    """A share of one, or of none, has no error that a band could be made of: of one there is the exact limit."""
    connection = time_durations({"family": [(1.0, "resolved"), (2.0, "resolved")]}, "resolution", "all")
    part = find_part(connection, "thread_ends")
    resolved = part.trace("resolved")
    shares = read_shares(resolved, (0.0, 1.0, 2.0), np.tile(resolved.design, (3, 1)))
    bands = [tuple(end[place, find_stratum(part)] for end in shares) for place in range(3)]

    assert bands[0] == (0, 0, pytest.approx(1 - 0.025 ** (1 / 2)))
    assert bands[2] == (1, pytest.approx(1 - share_at_none([(1.0, True), (2.0, True)])), 1)
    assert 0 < bands[1][1] < bands[1][0] == 0.5 < bands[1][2] < 1


def test_half_by_hand() -> None:
    """Of forty ten are resolved at 1, ten at 2, ten are duplicates at 3 and ten still open: half after two hours."""
    sample = [
        (float(number // 10 + 1), ("resolved", "resolved", "duplicate", None)[number // 10]) for number in range(40)
    ]
    connection = time_durations({"family": sample}, "resolution", "all")
    half = one(connection, "wait_estimates", wait="resolution", cause="resolved", statistic="median", **EVERY)

    assert half["value"] == 2


def test_a_half_that_only_the_last_one_makes_has_no_upper_end() -> None:
    """Nine in twenty are resolved; that the last one of all is, is no proof that half are."""
    ends: list[tuple[float, str | None]] = [(1 + number, "resolved") for number in range(45)]
    sample = [*ends, *((100.0, None) for _ in range(54)), (3000.0, "resolved")]
    rows = found(
        time_durations({"family": sample}, "resolution", "all"),
        "wait_estimates",
        wait="resolution",
        cause="resolved",
        **EVERY,
    )
    (half,) = [row for row in rows if row["statistic"] == "median"]

    assert cut(half, "value", "high") == (3000, None)
