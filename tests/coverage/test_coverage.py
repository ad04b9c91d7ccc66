"""A small part of the simulation with fixed seeds, and what the committed table must say."""

import csv

import pytest

from tests.coverage.cases import list_cases
from tests.coverage.table import COLUMNS, FILE, LEAST, run_case

CASES = {(case.interval, case.world): case for case in list_cases()}
TRIED = (
    ("share", "20 weeks of 8, likeness 0.1, 10% yes", 240),
    ("median wait", "12 weeks of 20, likeness 0.05, 25% never", 240),
    ("share ended in one way in a month", "12 weeks of 20, likeness 0.05", 240),
    ("rate of incidents", "12 months, 2 a month, in runs of 2.5", 240),
)
"""Worlds in which the intervals for independent items held the truth in 66 to 88 of 100."""
NARROW = 0.9
"""Of 60 to 120 intervals that hold the truth in 95 of 100, fewer than this do so once in fifty times at most."""


@pytest.mark.slow
@pytest.mark.parametrize(("interval", "world", "worlds"), TRIED)
def test_intervals_hold_the_truth_where_items_are_alike(interval: str, world: str, worlds: int) -> None:
    """The product itself runs on the drawn worlds; an interval for independent items fails."""
    result = run_case(CASES[interval, world], worlds)

    assert result.shown == result.worlds and result.coverage is not None
    assert result.coverage >= NARROW


@pytest.mark.slow
def test_a_few_announcements_give_no_interval() -> None:
    """24 models in six announcements are no 24 cases."""
    assert run_case(CASES["median notice", "24 models in 6 announcements"], 50).shown == 0


def test_the_committed_table_has_every_case_and_none_too_narrow() -> None:
    """Whoever changes the worlds runs them again, and whoever publishes an interval that is too narrow says so here."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert tuple(rows[0]) == COLUMNS
    assert [(row["interval"], row["world"]) for row in rows] == list(CASES)
    narrow = [
        (row["interval"], row["world"])
        for row in rows
        if row["held_share"] and float(row["held_share"]) + 2 * float(row["simulation_error"]) < LEAST
    ]
    assert narrow == []
