"""Real commands that are killed, find the disk full, or run all at once: what comes out is what one undisturbed run
gives."""

import random
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pytest

from tests.faults.processes import Installation, small_catalog
from tests.faults.tables import count_differences, read_tables
from tests.faults.volume import mount_volume
from tests.upstream.emulator import Upstream
from warehouse.snapshot import read_current

DISTURBANCES = (
    ("collect", "full", "warehouse.landing:Writer.add_rows", 3),
    ("build", "full", "warehouse.load:_write_ledger", 1),
    ("publish", "full", "warehouse.publish:write_comments", 1),
)
"""In the order in which a run comes to them; kills are in `test_killing.py`, and others in `make stress`."""
AT_ONCE = (("collect",),) * 4 + (("build",),) * 2
"""Commands that start at the same time."""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world() -> Iterator[Upstream]:
    """A small world that stands still."""
    with Upstream(small_catalog(), seed=5, threads=40) as up:
        yield up


@pytest.fixture(scope="module")
def other(world: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A home in which one command ran after another."""
    folder = tmp_path_factory.mktemp("undisturbed")
    installation = Installation(folder / "home", world.catalog(folder / "catalog"), world)
    installation.finish()
    return installation


@pytest.fixture(scope="module")
def undisturbed(other: Installation) -> dict[str, bytes]:
    """The exports of that home."""
    return other.export()


def test_commands_that_are_killed_or_find_the_disk_full_leave_a_home_with_the_exports_of_an_undisturbed_one(
    world: Upstream, other: Installation, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    """First at moments that are drawn, where one may be mounted on a disk of its own that takes no byte more; then at
    named steps, from which on the system refuses each further write."""
    with mount_volume(tmp_path / "disk") as volume:
        catalog, chance, met = world.catalog(tmp_path / "catalog"), random.Random(7), Counter[str]()
        ours = Installation(tmp_path / "disk" / "home", catalog, world, took=other.took)
        for command, disk in product(("collect", "collect", "collect", "build"), (None, volume)):
            met += ours.strike(command, chance, disk)
        for command, *disturbance in DISTURBANCES:
            if command == "publish":
                ours.run("build")
            ours.disturb(command, *disturbance)  # type: ignore[arg-type]

        assert met["kill at any moment"] and (volume is None or met["disk of its own full"]), "\n".join(ours.said)
        assert ours.finish() == undisturbed


def test_on_a_disk_that_became_read_only_each_command_says_so_and_readers_go_on(
    world: Upstream, other: Installation, tmp_path: Path
) -> None:
    """Real commands on a real disk: root may write wherever modes alone forbid it."""
    with mount_volume(tmp_path / "disk") as volume:
        if volume is None:
            pytest.skip("only root may mount a disk of its own, and not everywhere")
        shutil.copytree(other.home, tmp_path / "disk" / "home")
        ours = Installation(tmp_path / "disk" / "home", other.catalog, world)
        volume.forbid_writes()
        for command in ("collect", "build", "publish"):
            done = ours.run(command)
            assert done.returncode == (4 if command == "collect" else 2), ours.said[-1]
            assert "Read-only file system" in done.stdout + done.stderr and "Traceback" not in done.stderr
            assert re.search("make .*writable", done.stdout + done.stderr), ours.said[-1]
        assert ours.run("status", "--json").returncode in (0, 1), ours.said[-1]
        assert read_current(ours.home) is not None


def test_four_collectors_two_builds_and_backups_at_once_give_what_one_of_each_gives_also_where_it_is_restored(
    world: Upstream, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    """They share a home that was never used: its key, its folders and its warehouse are made by whoever comes first.
    A backup made meanwhile is whole; the last one gives every table of the original, with its comments and history."""
    ours, place = Installation(tmp_path / "ours", world.catalog(tmp_path / "catalog"), world), tmp_path / "kept"
    with ThreadPoolExecutor(len(AT_ONCE)) as pool:
        runs = [pool.submit(ours.run, *words) for words in AT_ONCE]
        while ours.run("backup", str(place)).returncode:
            assert "nothing was landed yet" in ours.said[-1]
        assert not all(run.done() for run in runs), "\n".join(ours.said)
        early = ours.restore(place, tmp_path / "early")
        codes = [run.result().returncode for run in runs]
    assert codes == [0] * len(AT_ONCE), "\n".join(ours.said)
    assert ours.finish() == undisturbed
    assert ours.run("backup", str(place)).returncode == 0, ours.said[-1]
    restored = ours.restore(place, tmp_path / "restored")
    for command in ("build", "publish"):
        assert restored.run(command).returncode == 0, restored.said[-1]

    assert restored.export() == undisturbed
    assert +Counter(count_differences(read_tables(restored.home), read_tables(ours.home))) == Counter()
    landed = {path.relative_to(ours.home): path.read_bytes() for path in ours.home.rglob("landing/*/*/*.parquet")}
    assert {path.relative_to(early.home): path.read_bytes() for path in early.home.rglob("*.parquet")}.items() <= (
        landed.items()
    )
