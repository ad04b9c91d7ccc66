"""Where the last that was watched has ended, a curve comes to 100 %, although others, lost sight of, may still wait:
what is said of it then rests on those who were left."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.statistics.survival import read_quantile
from tests.tools.reckonings import kaplan_meier, log_log_band
from tests.worlds.rows import Row, Rows, cut, find_part, find_stratum, found, measure, one, set_apart, time_durations

DAY = 24.0
EVERY = {"channel_role": "all", "window": "all"}
ENDS = ("value", "low", "high")
QUICK = [(1 + number / 4, True) for number in range(80)]
YOUNG = [(DAY * (2 + number / 5), False) for number in range(19)]
LATE = 27 * DAY
"""Eighty are answered within 21 hours, nineteen still wait after two to six days, and one is answered after 27 days."""


def _answered(sample: list[tuple[float, bool]], hours: float) -> Row:
    return one(
        time_durations({"family": sample}), "wait_estimates", wait="answer", statistic="share", hours=hours, **EVERY
    )


def _ask(rows: Rows, family: str, days: float, hours: float | None) -> None:
    """A thread in a channel of its own."""
    rows.thread(rows.channel(family), [] if hours is None else [(hours, "staff")], age_hours=DAY * days)


def test_nobody_who_was_watched_for_a_month_tells_nothing_of_a_month() -> None:
    """One answer after 27 days made 100 % (95.5 to 100) of what 80 % of the same threads were at 25 days."""
    rows = Rows()
    family = rows.family("family")
    for hours, is_event in (*QUICK, (LATE, True), *YOUNG):
        _ask(rows, family, 29 if hours == LATE else 20 if is_event else hours / DAY, hours if is_event else None)
    con = measure(rows)
    cells = {"channel_kind": "tracker", "channel_role": "all", "window": "30d", "segment": "anyone"}
    figure = one(con, "answered_share", statistic="within_30d", **cells)
    shares = {
        row["hours"]: row["value"] for row in found(con, "wait_estimates", wait="answer", statistic="share", **cells)
    }

    assert cut(figure, *ENDS, "n", "state") == (None, None, None, 100, "not enough data")
    assert figure["note"].endswith("No thread was observed for that long.")
    assert (shares[600.0], shares[720.0]) == (pytest.approx(0.8), None)


def test_where_others_were_watched_for_a_month_the_last_one_is_worth_one() -> None:
    """Of the fifth that was left at its end the last one tells nothing but that it was answered."""
    at_last, before = _answered([*QUICK, *YOUNG, (LATE, True)], 720), _answered([*QUICK, *YOUNG, (LATE, True)], 600)

    assert cut(before, "value", "n_at_risk") == (pytest.approx(0.8), 1)
    assert cut(at_last, "value", "high", "n_at_risk") == (1, 1, 0)
    assert 1 - at_last["low"] == pytest.approx((1 - before["low"]) * (1 - 0.025))
    assert 0.72 < at_last["low"] < 0.73


def test_who_is_answered_at_once_keeps_a_share_although_somebody_asked_yesterday() -> None:
    """A value only where somebody still waits would leave out families that leave nobody waiting, and hardly any other:
    threads of two months ago were watched for a month, whenever they were answered."""
    rows = Rows()
    family = rows.family("family")
    for number in range(60):
        _ask(rows, family, 60 - number / 10, 1 + number)
    _ask(rows, family, 1, None)
    figure = one(
        set_apart(measure(rows)), "answered_share", channel_kind="tracker", segment="anyone", statistic="within_30d",
        **EVERY,
    )  # fmt: skip

    assert cut(figure, "value", "high", "n", "n_censored") == (1, 1, 61, 1)
    assert 0.85 < figure["low"] < 0.95


LEFT = st.lists(st.tuples(st.floats(1, 500).map(lambda hours: round(hours, 2)), st.booleans()), min_size=1, max_size=40)


@pytest.mark.slow
@settings(max_examples=20)
@given(LEFT)
def test_one_late_answer_moves_the_limit_by_a_fortieth_of_what_is_left_at_most(
    sample: list[tuple[float, bool]],
) -> None:
    """Whatever came before: all others end before 500 hours, the last of them unanswered, and one is answered later."""
    sample = [*sample, (500.5, False), (LATE, True)]
    theirs = kaplan_meier(sample)
    left, error = float(theirs.surv_prob[-2]) if len(theirs.surv_prob) > 1 else 1.0, theirs.surv_prob_se
    most = (log_log_band(left, float(error[-2]))[1] if len(error) > 1 else None) or 1.0
    figure = _answered(sample, 720)

    assert figure["value"] == 1
    assert 1 - figure["low"] == pytest.approx(most * 0.975)


def test_the_last_end_closes_no_quantile() -> None:
    """The slowest fifth has no upper end where a fifth was lost sight of, nor have nine in ten of twenty recoveries:
    twenty of 89 in a hundred all lie below once in ten times."""
    statistic = {"family_id": "family", **EVERY}
    late = time_durations({"family": [*QUICK, *YOUNG, (LATE, True)]})
    part = find_part(late, "answer_waits")
    slowest = read_quantile(part.trace(None), 0.8, part.unseen)
    median = one(late, "wait_estimates", wait="answer", statistic="median", **statistic)
    highs = [
        one(time_durations({"family": [(1.0 + number, True) for number in range(count)]}, "recovery", "api"),
            "event_estimates", wait="recovery", statistic="p90", **statistic)["high"] for count in (20, 60)
    ]  # fmt: skip

    value, low, high = (end[find_stratum(part)] for end in slowest)

    assert (value, low, np.isnan(high)) == (20.75, 18.75, True)
    assert median["high"] == 15.75
    assert highs == [None, 59]


def _resolved(sample: list[tuple[float, str | None]], cause: str = "resolved") -> Row:
    con = time_durations({"family": sample}, "resolution", "all")
    return one(con, "wait_estimates", wait="resolution", statistic="share", cause=cause, hours=720.0, **EVERY)


def test_one_way_of_ending_alone_rests_on_those_who_were_left_too() -> None:
    """What ended in no other way is what is said of the waits themselves."""
    ends: list[tuple[float, str | None]] = [
        (hours, "resolved" if is_event else None) for hours, is_event in QUICK + YOUNG
    ]
    alone, waits = _resolved([*ends, (LATE, "resolved")]), _answered([*QUICK, *YOUNG, (LATE, True)], 720)

    assert cut(alone, *ENDS) == pytest.approx(cut(waits, *ENDS))


def test_what_all_ended_otherwise_has_hardly_ended_in_this_way() -> None:
    """Forty of forty were resolved at once: that none is a duplicate was 0 to 100 %, as nobody was left at a month."""
    figure = _resolved([(1.0, "resolved")] * 40, "duplicate")

    assert cut(figure, "value", "low") == (0, 0) and figure["high"] == pytest.approx(1 - 0.025 ** (1 / 40))
