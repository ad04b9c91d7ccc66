"""Real commands that find the disk full, or run all at once: what comes out is what one undisturbed run gives."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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
AT_ONCE = (("collect",),) * 4 + (("build",),) * 2
"""Commands that start at the same time."""
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


@pytest.fixture(scope="module")
def undisturbed(world: Upstream, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The exports of a home in which one command ran after another."""
    folder = tmp_path_factory.mktemp("undisturbed")
    return Installation(folder / "home", world.catalog(folder / "catalog"), world).finish()


def test_a_home_in_which_one_command_after_another_failed_has_the_exports_of_an_undisturbed_one(
    world: Upstream, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    """The disk is full for good from the moment on at which it is: the system itself refuses each further write."""
    ours = Installation(tmp_path / "ours", world.catalog(tmp_path / "catalog"), world)
    for command, *disturbance in DISTURBANCES:
        if command == "publish":
            ours.run("build")
        ours.disturb(command, *disturbance)  # type: ignore[arg-type]

    assert ours.finish() == undisturbed


def test_four_collectors_and_two_builds_at_once_give_what_one_of_each_gives(
    world: Upstream, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    """They share a home that was never used: its key, its folders and its warehouse are made by whoever comes first."""
    ours = Installation(tmp_path / "ours", world.catalog(tmp_path / "catalog"), world)
    with ThreadPoolExecutor(len(AT_ONCE)) as pool:
        codes = [done.returncode for done in pool.map(lambda words: ours.run(*words), AT_ONCE)]

    assert codes == [0] * len(AT_ONCE), "\n".join(ours.said)
    assert ours.finish() == undisturbed
