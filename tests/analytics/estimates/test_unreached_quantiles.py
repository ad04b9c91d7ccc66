"""Where too many still wait, a median has no number, and that is an answer: from twenty of them and five that are over
on."""

from datetime import timedelta

import pytest

from tests.worlds.rows import NOW, Rows, cut, measure, one
from tests.worlds.thread_cells import OLD, SOLVED, closed

WHOLE = {"channel_role": "all", "window": "all", "statistic": "median"}
TRACKER = WHOLE | {"channel_kind": "tracker"}
CASES = [(5, 20, "measured"), (4, 20, "not enough data"), (5, 19, "not enough data")]


@pytest.mark.parametrize(("over", "all_", "state"), CASES)
def test_a_median_of_waits_that_is_not_reached_is_an_answer(over: int, all_: int, state: str) -> None:
    """Of reports few are answered, helped and resolved after some hours, all others wait."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(all_):
        if number < over:
            rows.thread(channel, [(1, "staff"), (2, "asker", SOLVED)], age_hours=OLD, **closed(9))
        else:
            rows.thread(channel, [], age_hours=OLD)
    con = measure(rows)
    for metric, segment in {"first_response_hours": "anyone", "resolution_hours": "resolved"}.items():
        row = one(con, metric, segment=segment, **TRACKER)
        assert cut(row, "value", "n", "n_events", "state") == (None, all_, over, state), metric
        assert ("Not reached in the window" in row["note"]) == (state == "measured"), metric


@pytest.mark.parametrize(("over", "all_", "state"), CASES)
def test_a_median_of_gaps_and_recoveries_that_is_not_reached_is_an_answer(over: int, all_: int, state: str) -> None:
    """Most lines have one release only, and most incidents go on."""
    rows = Rows()
    family = rows.family("family")
    page = rows.page(family)
    for number in range(all_):
        still = {} if number < over else {"end_state": "open"}
        rows.incident(page, NOW - timedelta(days=2), 1 if number < over else None, 3, **still)
    for number in range(all_):
        channel = rows.channel(family)
        if number == 0:
            for age in range(over):
                _release(rows, channel, age + 11)
        if number < all_ - over:
            _release(rows, channel, 10)
    con = measure(rows)
    gap = one(con, "release_gap_days", segment="stable", **WHOLE | {"channel_role": "sdk"})
    recovery = one(con, "recovery_hours", segment="all", **WHOLE)

    for row in (gap, recovery):
        assert cut(row, "value", "n", "n_events", "state") == (None, all_, over, state), row["unit"]
        assert ("Not reached in the window" in row["note"]) == (state == "measured"), row["unit"]


def _release(rows: Rows, channel: str, age_days: int) -> None:
    rows.add(
        "releases", release_id=f"{channel}#{age_days}", channel_id=channel, family_id=channel.split(".")[0],
        channel_role="sdk",
        released_at=NOW - timedelta(days=age_days), is_prerelease=False,
    )  # fmt: skip
