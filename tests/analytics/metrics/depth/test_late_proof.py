"""What proves an answer right counts within the thirty days in which answers count, so that age makes none deeper."""

from datetime import timedelta
from typing import Any

import pytest

from tests.worlds.rows import NOW, Rows, cut, found, measure, one
from tests.worlds.thread_cells import CODE, SOLVED

AGE = 24 * 300
EVERY = {"channel_role": "all", "window": "all", "segment": "all", "channel_kind": "tracker"}
NEARLY_DEEP = CODE | {"has_version": True}


def _ask(replies: list[Any], **cells: Any) -> Any:
    """The metrics of a family whose channel was asked twenty times, 300 days ago."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for _ in range(20):
        rows.thread(channel, replies, age_hours=AGE, **cells)
    return measure(rows)


@pytest.mark.parametrize(("hours", "share"), [(720, 1), (721, 0), (5000, 0)])
def test_the_askers_word_counts_for_thirty_days(hours: float, share: float) -> None:
    """An old thread has had more time to be said to work than one of thirty days."""
    con = _ask([(1, "staff", NEARLY_DEEP), (hours, "asker", SOLVED)])

    assert one(con, "deep_answer_share", statistic="at_least_3", **EVERY)["value"] == share
    assert one(con, "asked_depth_share", statistic="deep", **EVERY)["value"] == share
    assert one(con, "answer_depth_points", **EVERY)["value"] == 2 + share


@pytest.mark.parametrize(("hours", "share"), [(720, 1), (721, 0), (None, 1)])
def test_an_acceptance_counts_for_thirty_days(hours: float | None, share: float) -> None:
    """One of which nobody says when it was counts at the time of the answer, as for who was helped."""
    dated = {} if hours is None else {"accepted_at": NOW - timedelta(hours=AGE - hours)}
    con = _ask([(1, "staff", NEARLY_DEEP | {"is_accepted": True})], has_accepted=True, **dated)

    assert one(con, "deep_answer_share", statistic="at_least_3", **EVERY)["value"] == share
    assert one(con, "helped_share", statistic="accepted", **EVERY)["value"] == share


def test_the_first_proof_decides() -> None:
    """The asker's word of the second hour counts, although the mark came after a year; a late answer has none."""
    late = NOW - timedelta(hours=1)
    con = _ask(
        [(1, "staff", {"is_accepted": True}), (2, "asker", SOLVED), (800, "outsider"), (801, "asker", SOLVED)],
        has_accepted=True,
        accepted_at=late,
    )

    assert {cut(row, "wait_hours", "is_verified") for row in found(con, "answer_depth")} == {(1, True), (800, False)}
