"""Our survival estimates against statsmodels, scipy and numpy, on data with ties and much censoring."""

from collections.abc import Iterable
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.sandwich_covariance import S_hac_simple, group_sums

from analytics.estimates.waits.wait_estimates import KINDS
from analytics.statistics import waits
from analytics.statistics.survival import Waits, find_residuals, read_quantile
from analytics.statistics.waits import SCHEMA, WaitKind, estimate_waits
from analytics.statistics.worth import measure_designs
from tests.tools import reckonings as others
from tests.tools.reckonings import Ends, Sample, kaplan_meier, or_none
from tests.worlds.rows import (
    AGE_DAYS,
    Rows,
    cut,
    find_part,
    find_stratum,
    found,
    list_rows,
    measure,
    one,
    time_durations,
)

NEAR: dict[str, Any] = {"rel": 1e-9, "abs": 1e-9}
TIED = st.integers(0, 12).map(float)
SPREAD = st.floats(0, 2000, allow_nan=False).map(lambda hours: round(hours, 3))
OFTEN = st.booleans()
SELDOM = st.integers(0, 9).map(lambda number: number == 0)
SAMPLES = st.one_of(
    *(
        st.lists(st.tuples(times, events), min_size=1, max_size=60)
        for times in (TIED, SPREAD)
        for events in (OFTEN, SELDOM)
    )
)
# statsmodels takes the logarithm of a share of 0 and throws the result away.
pytestmark = pytest.mark.filterwarnings("ignore:(divide by zero|invalid value) encountered:RuntimeWarning")
RANDOM = settings(max_examples=20)
CAUSES = ("resolved", "duplicate", "bot_closed")
ENDINGS = st.one_of(
    *(st.lists(st.tuples(times, st.sampled_from((*CAUSES, None))), min_size=1, max_size=60) for times in (TIED, SPREAD))
)
WAYS = next(kind.causes for kind in KINDS if kind.name == "resolution")
BANDS = ("value", "low", "high")
FAMILY = {"family_id": "family", "channel_role": "all", "window": "all"}


def _our_curve(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Our curve of those who wait, at the times at which something happened, with the band of those who do not."""
    part = find_part(connection, "answer_waits")
    return list_rows(part, "family", part.trace(None))


def _near(numbers: Iterable[float | None]) -> list[Any]:
    """To compare with: numbers to the ninth digit, holes as they are."""
    return [None if number is None else pytest.approx(number, **NEAR) for number in numbers]


@pytest.mark.slow
@RANDOM
@given(SAMPLES)
@example([(float(hours), hours % 3 > 0) for hours in range(40)])
@example([(7.0, True)] * 42 + [(14.0, True)] * 18)
@example([(1.0, True)] * 3 + [(2.0, True)] * 50 + [(3.0, False)] * 7)
def test_what_is_read_off_a_curve_is_what_others_read(sample: Sample) -> None:
    """Curve, quantiles, biased median and chart of one sample; the tables are computed once for all of
    them."""
    connection = time_durations({"family": sample})
    theirs = kaplan_meier(sample)
    summary = {row["statistic"]: row for row in found(connection, "wait_estimates", wait="answer", **FAMILY)}

    _check_curve(_our_curve(connection), sample, theirs)
    _check_quantiles(connection, sample, theirs)
    assert [summary["answered_only_median"]["value"]] == _near([others.median_of_ended(sample)])
    _check_chart(found(connection, "wait_estimates", wait="answer", statistic="share", **FAMILY), sample, theirs)


@pytest.mark.parametrize(
    ("weekly", "fortnightly", "open_after", "interval"),
    [(42, 18, 0, (7, 7, 7)), (60, 0, 0, (7, 7, 7)), (30, 30, 0, (7, 7, 14)), (42, 0, 18, (7, 7, 7)),
     (30, 0, 30, (7, 7, None)), (18, 42, 0, (14, 14, 14)), (6, 0, 54, (None, None, None))],
)  # fmt: skip
def test_a_curve_that_jumps_over_half_has_an_interval(
    weekly: int, fortnightly: int, open_after: int, interval: tuple[float | None, ...]
) -> None:
    """Releases follow each other after 7 or 14 days: where far more than half take 7, half do for sure."""
    sample = [(7.0, True)] * weekly + [(14.0, True)] * fortnightly + [(14.0, False)] * open_after
    connection = time_durations({"family": sample})

    assert cut(one(connection, "wait_estimates", wait="answer", statistic="median", **FAMILY), *BANDS) == interval


def _check_curve(curve: list[dict[str, Any]], sample: Sample, theirs: SurvfuncRight) -> None:
    """An estimate that we wrote ourselves, its error and its bands are believed only because others get the same."""
    assert [row["hours"] for row in curve] == list(theirs.surv_times)
    assert [row["at_risk"] for row in curve] == list(theirs.n_risk)
    assert [row["events"] for row in curve] == list(theirs.n_events)
    for row, share, error in zip(curve, theirs.surv_prob, theirs.surv_prob_se, strict=True):
        assert [1 - row["share"], row["error"]] == _near([share, or_none(error) or 0.0])
        low, high = others.log_log_band(share, error) if share > 0 else (0.0, others.share_at_none(sample))
        assert [1 - row["high"], 1 - row["low"]] == _near([low, high])


def _check_quantiles(connection: duckdb.DuckDBPyConnection, sample: Sample, theirs: SurvfuncRight) -> None:
    """Not reached stays empty, and an upper end that is not reached stays open.

    Where a share is exactly the level we take that time, as golden case 1 does; statsmodels takes the next.
    """
    part = find_part(connection, "answer_waits")
    for level in (0.5, 0.8):
        figures = read_quantile(part.trace(None), level, part.unseen)
        ours = [or_none(end[find_stratum(part)]) for end in figures]

        assert ours == _near(others.quantile(sample, level))
        if not np.any(np.isclose(theirs.surv_prob, 1 - level, rtol=0, atol=1e-9)):
            assert ours[:1] == _near([or_none(theirs.quantile(level))])


def _check_chart(rows: list[dict[str, Any]], sample: Sample, theirs: SurvfuncRight) -> None:
    """Beyond the longest watch there is nothing, unless all were seen to end."""
    is_whole = all(happened for _, happened in sample)
    longest = max(max(hours, 24 * AGE_DAYS) if happened else hours for hours, happened in sample)

    assert len(rows) == (35 if len(sample) >= 20 else 3), "of few only the hours that figures are read at"
    for row in rows:
        before = theirs.surv_prob[theirs.surv_times <= row["hours"]]
        waiting = before[-1] if len(before) else 1.0
        is_still_waited = row["hours"] <= max(hours for hours, _ in sample)
        is_known = is_still_waited or (waiting == 0 and (is_whole or row["hours"] <= longest))
        assert row["value"] == (pytest.approx(1 - waiting, **NEAR) if is_known else None)
        assert row["n_at_risk"] == sum(hours >= row["hours"] for hours, _ in sample)
        if waiting == 0 and is_known:
            assert row["low"] == pytest.approx(1 - others.share_at_none(sample), **NEAR)
        if is_known:
            assert 0 <= row["low"] <= row["value"] + 1e-12 and row["value"] <= row["high"] + 1e-12 <= 1 + 2e-12


def test_limits_at_none_and_at_all_are_the_exact_binomial_ones() -> None:
    """None of 40 answered within a day is not surely 0 %, and all of 40 not surely 100 %."""
    connection = time_durations({"none": [(100.0, False)] * 40, "all": [(1.0, True)] * 40})
    none, all_ = (
        one(connection, "wait_estimates", wait="answer", statistic="share", hours=24.0, **FAMILY | {"family_id": name})
        for name in ("none", "all")
    )

    assert (none["value"], none["low"], none["high"]) == (0, 0, pytest.approx(1 - 0.025 ** (1 / 40)))
    assert (all_["value"], all_["low"], all_["high"]) == (1, pytest.approx(0.025 ** (1 / 40)), 1)


def test_weeks_and_people_widen_an_interval_as_in_statsmodels() -> None:
    """Twelve people ask once in each of ten weeks, of two hours of waiting: the sums of martingale residuals by week,
    with the products of weeks less than five apart, by person and both ways, each with its quantile."""
    week, person = (column.ravel() for column in np.indices((10, 12)))
    is_late, rng = (week + person) % 3 == 0, np.random.default_rng(3)
    is_event = rng.random(120) < np.where(person % 2 == 0, 0.9, 0.3) - 0.3 * (week < 5)
    order = np.lexsort((person, is_late))
    hours, week, person, is_event = np.where(is_late, 2.0, 1.0)[order], week[order], person[order], is_event[order]
    early = hours == 1
    first = is_event[early].sum() / 120
    residuals = is_event - first - np.where(early, 0, is_event[~early].sum() / (~early).sum())
    by_week = S_hac_simple(group_sums(residuals[:, None], week), 4)[0, 0] * 10 / 9
    by_person = (group_sums(residuals[:, None], person) ** 2).sum() * 12 / 11
    both, alone = by_week + by_person - (residuals**2).sum(), (residuals**2).sum()
    student, weekly = stats.t.ppf(0.975, 11), stats.norm.ppf(0.975) + 2.9694 / 2 + 0.4160 / 4 - 0.5324 / 8
    parts = np.array([weekly**2 * by_week, student**2 * by_person, max(student, weekly) ** 2 * both])

    (stray,) = find_residuals(Waits(1, np.zeros(120, dtype=np.int64), hours, is_event, hours), is_event, [np.inf])
    strays = {"week": week, "n": np.ones(120), "stray": stray, "alone": stray**2, "figure_id": np.zeros(120, int)}

    def find_design(who: Any) -> Any:
        connection = measure(Rows())
        found(connection, "rules")
        return measure_designs(connection, pa.table(strays | {"person_key": who}), 1) * stats.norm.ppf(0.975) ** 2

    assert min(by_week, by_person) > 1.5 * alone and stray == pytest.approx(residuals)
    assert find_design(pa.nulls(120, pa.uint64())) == pytest.approx(parts[:1] / alone)
    assert find_design(person) == pytest.approx([parts.max() / alone], rel=2e-3)


def _our_incidences(connection: duckdb.DuckDBPyConnection, family: str = "family") -> dict[str, list[dict[str, Any]]]:
    """Our curves by cause, in the order of time."""
    part = find_part(connection, "thread_ends")
    rows = {cause: list_rows(part, family, part.trace(cause)) for cause in CAUSES}
    return {cause: [row for place, row in enumerate(its) if row["share"] > (place and its[place - 1]["share"])]
            for cause, its in rows.items()}  # fmt: skip


@pytest.mark.slow
@RANDOM
@given(ENDINGS)
def test_ways_of_ending_are_what_others_make_of_them(sample: Ends) -> None:
    """Beside the family stands one of which everything ended in one way: the tables are computed once for both."""
    alone = [(hours, "resolved" if end else None) for hours, end in sample]
    connection = time_durations({"family": sample, "alone": alone}, "resolution", "all")

    _check_incidences(_our_incidences(connection), others.incidences(sample, CAUSES))
    kind = WaitKind("resolution", "metrics.thread_ends", WAYS, hours=(0.0, 6.0, 24.0, 720.0))
    rows = estimate_waits(connection, kind).to_pylist()
    _check_that_all_make_one([row for row in rows if row.items() >= FAMILY.items()])
    part = find_part(connection, "thread_ends")
    waiting = list_rows(part, "alone", part.trace(None))
    _check_that_it_is_kaplan_and_meiers(_our_incidences(connection, "alone")["resolved"], waiting)


def _check_incidences(ours: dict[str, list[dict[str, Any]]], theirs: others.Incidences) -> None:
    """Each way of ending at each hour at which something ended in it, with its error while anything was still waiting
    afterwards."""
    for cause, row in ((cause, row) for cause, rows in ours.items() for row in rows):
        share, error = theirs[cause, row["hours"]]
        assert row["share"] == pytest.approx(share, **NEAR)
        if error is not None:
            assert row["error"] == pytest.approx(error, rel=1e-6, abs=1e-7)


def _check_that_all_make_one(rows: list[dict[str, Any]]) -> None:
    """All ways of ending and the waiting at every hour of the charts; and every band is within 0 and 1, with its share
    in it."""
    sums: dict[float, list[float]] = {}
    for row in rows:
        if row["value"] is not None:
            sums.setdefault(row["hours"], []).append(row["value"])
            assert 0 <= row["low"] <= row["value"] + 1e-12 and row["value"] - 1e-12 <= row["high"] <= 1
            assert row["low"] < row["high"]

    assert sums and all(sum(values) == pytest.approx(1, abs=1e-9) and len(values) == 8 for values in sums.values())


def _check_that_it_is_kaplan_and_meiers(incidences: list[dict[str, Any]], curve: list[dict[str, Any]]) -> None:
    """Without competition the incidence is one minus the share still waiting, and its error Greenwood's."""
    waiting = {row["hours"]: row for row in curve}
    for row in incidences:
        assert row["share"] == pytest.approx(waiting[row["hours"]]["share"], **NEAR)
        assert row["error"] == pytest.approx(waiting[row["hours"]]["error"], rel=1e-6, abs=1e-7)


def test_incidences_by_hand() -> None:
    """Five: resolved at 1, a duplicate at 2, one watched until 3, resolved at 4, one still open at 5.

    Before 4 a share of 0.6 still waits, two of which are watched: 0.2 + 0.6 / 2 are resolved. Censoring the duplicate
    would give 0.6.
    """
    sample: Ends = [(1, "resolved"), (2, "duplicate"), (3, None), (4, "resolved"), (5, None)]
    ours = _our_incidences(time_durations({"family": sample}, "resolution", "all"))
    shares = {cause: {row["hours"]: row["share"] for row in rows} for cause, rows in ours.items()}

    assert shares["resolved"] == {1: pytest.approx(0.2), 4: pytest.approx(0.5)}
    assert shares["duplicate"] == {2: pytest.approx(0.2)} and shares["bot_closed"] == {}


def test_a_group_of_which_nothing_ended_keeps_its_count() -> None:
    """Thirty who wait are thirty who wait, not an absent group."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for _ in range(30):
        rows.thread(channel)
    (row,) = found(
        measure(rows),
        "wait_estimates",
        wait="answer",
        segment="staff",
        statistic="median",
        channel_role="all",
        window="90d",
    )

    assert (row["value"], row["n"], row["n_events"], row["n_censored"]) == (None, 30, 0, 30)


def test_how_much_is_held_at_once_moves_no_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many waits, windows and copies come one after the other."""
    con = time_durations({family: [(1.0 + number, number % 3 > 0) for number in range(60)] for family in ("a", "b")})
    assert found(con, "wait_estimates", wait="answer")
    (kind,) = (kind for kind in KINDS if kind.name == "answer")
    at_once = estimate_waits(con, kind).sort_by([(name, "ascending") for name in SCHEMA.names])
    monkeypatch.setattr(waits, "MANY", 1)

    assert estimate_waits(con, kind).sort_by([(name, "ascending") for name in SCHEMA.names]).equals(at_once)
