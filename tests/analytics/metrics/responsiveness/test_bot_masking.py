"""The wait hidden by bots: two medians of the same threads, which err together."""

import math
from typing import Any

import pytest

from tests.worlds.rows import Rows, measure, one

TRACKER = {"channel_kind": "tracker", "channel_role": "all", "window": "all"}
BOTH = ("anyone", "anything")
"""Who stops the clock: people, or bots as well."""


def _expect_ends(connection: Any, masked: float, correlation: float) -> tuple[Any, Any]:
    """The ends by Zou and Donner, from those of the two medians."""
    person, anything = (
        one(connection, "survival_summary", subject="response", segment=segment, statistic="median", **TRACKER)
        for segment in BOTH
    )
    below, above = person["value"] - person["low"], person["high"] - person["value"]
    any_below, any_above = anything["value"] - anything["low"], anything["high"] - anything["value"]
    low = masked - math.sqrt(below**2 + any_above**2 - 2 * correlation * below * any_above)
    high = masked + math.sqrt(above**2 + any_below**2 - 2 * correlation * above * any_below)
    return pytest.approx(max(0, low)), pytest.approx(high)


def test_medians_err_together_as_far_as_weeks_do() -> None:
    """Twenty weeks of two threads, each week slower by ten hours; a bot answers the second thread of the first six and
    of the last six."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for week in range(1, 21):
        for place in (0, 1):
            bot = [(0.5, "bot")] if place and not 6 < week < 15 else []
            rows.thread(channel, [*bot, (10 * week + place, "staff")], age_hours=24 * (40 + 7 * week))
    row = one(connection := measure(rows), "bot_masking_hours", **TRACKER)
    # Ten weeks are below the median for a person. Below the other are seven, and half of the last six: of 40 threads 14
    # are below both; seven weeks are below both, three below the first alone, and four above both.
    threads, weeks = 4 * 14 / 40 - 1, (7 - 3 + 4) / math.sqrt(20 * 14)

    assert row["value"] == 101 - 71
    assert (row["low"], row["high"]) == _expect_ends(connection, 30, (19 * weeks + 4 * threads) / (19 + 4))


def test_threads_that_depend_on_no_other_err_together_by_themselves() -> None:
    """24 threads in weeks of their own: twelve are below either median, and eight below both."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for place in range(24):
        bot = [(0.5, "bot")] if place % 3 == 2 else []
        rows.thread(channel, [*bot, (10 + place, "staff")], age_hours=24 * (40 + 7 * place))
    row = one(connection := measure(rows), "bot_masking_hours", **TRACKER)

    assert row["value"] == 21 - 14
    assert (row["low"], row["high"]) == _expect_ends(connection, 7, 4 * 8 / 24 - 1)
