"""Random sequences of everything that can happen to an installation, and each fault at each of its steps."""

import os
import random

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from pipelines import publishing
from tests.faults.machine import NOT_BUILT, Home
from tests.faults.places import (
    BUILDING,
    COLLECTING,
    ENDING,
    ERRORS,
    OF_FILES,
    PUBLISHING,
)
from warehouse.database import WarehouseError, warehouse_path

pytestmark = pytest.mark.slow
SEQUENCES, STEPS = 8, 10
SEED = int(os.environ.get("HEARTBEAT_FAULT_SEED") or random.randrange(2**32))
"""Another one in each run; the variable repeats the sequences of a run that failed."""


def test_whatever_happens_in_whatever_order_an_undisturbed_run_makes_it_good() -> None:
    """Readers see whole versions meanwhile, and a clean home makes the same of what was landed."""
    print(f"to repeat it: HEARTBEAT_FAULT_SEED={SEED}")
    run_state_machine_as_test(
        seed(SEED)(Home),
        settings=settings(
            max_examples=SEQUENCES, stateful_step_count=STEPS, database=None, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["the process ends", "an error is raised"])
def test_each_step_of_collecting_building_and_publishing_may_meet_a_fault(kind: str) -> None:
    """One after another in one home, with another fault each time; further calls are in the random sequences."""
    home, is_ending = Home(), kind == "the process ends"
    try:
        for number, place in enumerate(COLLECTING + BUILDING + PUBLISHING):
            faults = ENDING if is_ending else OF_FILES if place in COLLECTING else ERRORS
            home.move_upstream("one", number % 8, number)
            home.move_upstream("two", 1, number)
            assert home.meet((place,), (faults[number % len(faults)], 0, 1)), f"{place} is no step of a run"
            home.readers_see_one_whole_version()
    finally:
        home.teardown()


def test_a_warehouse_that_was_loaded_anew_and_not_built_hides_no_good_snapshot() -> None:
    """Its build was killed, and publishing put a snapshot without any table before the readers."""
    home = Home()
    try:
        home.move_upstream("one", 1, 7)
        home.run_undisturbed()
        warehouse_path(home.home).unlink()
        home.build(("kill", BUILDING.index("analytics.engine.build:make_table"), 1), full=False, publishes=False)
        with pytest.raises(WarehouseError, match=NOT_BUILT):
            publishing.publish_build(home.settings)
        home.readers_see_one_whole_version()
    finally:
        home.teardown()
