"""A small part of the simulation with fixed seeds, and what the committed table must say."""

import csv
import re
from pathlib import Path

import pytest

from tests.coverage.cases import list_cases
from tests.coverage.kinds import COUNTED, KINDS, REASONS, list_kinds
from tests.coverage.power import EFFECTS, SETTINGS
from tests.coverage.ranks import WANTED_RANGES, Line
from tests.coverage.table import (
    COLUMNS,
    FILE,
    LEAST,
    MOST,
    POWER_COLUMNS,
    POWER_FILE,
    RANKS_COLUMNS,
    RANKS_FILE,
    run_case,
)
from tests.worlds.warehouse_rows import MODELS

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


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_committed_table_has_every_case_and_none_too_narrow() -> None:
    """Whoever changes the worlds runs them again, and whoever publishes an interval that is too narrow says so here."""
    rows = _read(FILE)

    assert tuple(rows[0]) == COLUMNS
    assert [(row["interval"], row["world"]) for row in rows] == list(CASES)
    narrow = [
        (row["interval"], row["world"])
        for row in rows
        if row["held_share"] and float(row["held_share"]) + 2 * float(row["simulation_error"]) < LEAST
    ]
    assert narrow == []


def test_every_line_outside_93_to_98_says_why() -> None:
    """As far as the simulation can tell: two of its errors."""
    for row in (row for row in _read(FILE) if row["held_share"]):
        held, error = float(row["held_share"]), 2 * float(row["simulation_error"])
        assert row["deviation_reason"] or LEAST - error <= held <= MOST + error, row


def test_every_published_statistic_has_a_line_or_a_reason() -> None:
    """A new kind of interval is simulated before it is published."""
    simulated = {interval for interval, _ in CASES}
    kinds = {statistic: kind for model in MODELS if model.is_public for statistic, kind in list_kinds(model)}

    assert {statistic for statistic, kind in kinds.items() if kind not in simulated | REASONS} == set()
    assert {name.split()[0] for name in KINDS} <= {statistic.split()[0] for statistic in kinds}


def test_what_is_counted_in_full_has_no_width() -> None:
    """The reason for having no line is in the statement itself: low and high are its value."""
    counted = {statistic.split()[0] for statistic, kind in KINDS.items() if kind == COUNTED}
    drawn = {statistic.split()[0] for statistic, kind in KINDS.items() if " " in statistic and kind != COUNTED}

    for model in (model for model in MODELS if model.path.stem in counted - drawn):
        assert re.search(r"(\S.*?) as value,\s+\1 as low,\s+\1 as high", model.query, re.DOTALL) or re.search(
            r"value,\s+(?:q\.|f\.)?value as low,\s+(?:q\.|f\.)?value as high", model.query
        ), model.path.stem


def test_the_tables_of_power_and_ranks_are_those_of_their_code() -> None:
    """Every kind of world at every true difference; every statement; and a reason for whatever misses its mark."""
    power, ranks = _read(POWER_FILE), _read(RANKS_FILE)

    assert tuple(power[0]) == POWER_COLUMNS and tuple(ranks[0]) == RANKS_COLUMNS
    assert [(row["world"], float(row["true_effect"])) for row in power] == [
        (setting.name, effect) for setting in SETTINGS for effect in EFFECTS
    ]
    for row in power:
        shares = [float(row[name]) for name in ("holds_share", "mixed_share", "refuted_share", "close_share")]
        assert sum(shares) == pytest.approx(1, abs=0.003)
        if float(row["true_effect"]) == 0.1 and shares[0] < 0.6:
            assert row["deviation_reason"], row
        if float(row["true_effect"]) == 0 and row["is_realised"] == "true":
            assert shares[0] <= 0.05
    for row in ranks:
        number, wanted = float(row["found_value"]), row["wanted_range"]
        line = Line(row["statement"], row["world"], int(row["worlds_count"]), number, row["unit"], wanted)
        assert line.is_met or row["deviation_reason"], row
        assert wanted in WANTED_RANGES or not any(sign.isdigit() for sign in wanted), row
