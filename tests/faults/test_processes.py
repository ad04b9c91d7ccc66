"""Real commands that find the disk full: they say so in one line, and the next run makes everything good."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.processes import Installation, small_catalog
from tests.upstream.emulator import Upstream

DISTURBANCES = (
    ("collect", "full", "warehouse.landing:Writer.add_rows", 3),
    ("build", "full", "warehouse.load:_write_ledger", 1),
    ("publish", "full", "warehouse.publish:write_comments", 1),
)
"""In the order in which a run comes to them; kills are in `test_killing.py`, and others in `make stress`."""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.rests_on("analytics", "pipelines", "warehouse", "tests/upstream", "tests/worlds", "tests/faults"),
    pytest.mark.rests_on("tests/paths.py"),
]


@pytest.fixture(scope="module")
def world() -> Iterator[Upstream]:
    """A small world that stands still."""
    with Upstream(small_catalog(), seed=5, threads=40) as up:
        yield up


def test_a_home_in_which_one_command_after_another_failed_has_the_exports_of_an_undisturbed_one(
    world: Upstream, tmp_path: Path
) -> None:
    """The disk is full for good from the moment on at which it is: the system itself refuses each further write."""
    catalog = world.catalog(tmp_path / "catalog")
    ours = Installation(tmp_path / "ours", catalog, world)
    for command, *disturbance in DISTURBANCES:
        if command == "publish":
            ours.run("build")
        ours.disturb(command, *disturbance)  # type: ignore[arg-type]

    assert ours.finish() == Installation(tmp_path / "undisturbed", catalog, world).finish()
