"""What is kept comes back, and what is forgotten does not: `python -m tests.year.keeping` prints two tables.

The first is of a backup that was made while a collect and a build went on and restored elsewhere: rows of each table as
made of the same files of the original and by the restored home. The second is of a person who is forgotten: files and
bytes searched in each place, and how often login, pseudonym and link were found before and after.
"""

import itertools
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from rich.console import Console
from rich.table import Table

from tests.faults.processes import Installation
from tests.faults.tables import count_differences, read_tables
from tests.pipelines.commands.conftest import CHANNELS, NOW
from tests.pipelines.commands.forgetting.marks import Searched, count_marks, make_marks
from tests.pipelines.commands.forgetting.planted_person import LOGIN, plant_person
from tests.upstream.emulator import Upstream
from warehouse.backups import LANDING, read_backups
from warehouse.database import open_warehouse
from warehouse.load import read_loaded

MARKS = ("name", "pseudonym", "link")
COUNTED = Table | str
WIDTH, PATIENCE = 118, 3_600


def prove_backup(ours: Installation, place: Path) -> Iterator[COUNTED]:
    """Backs a home up while it is collected and built, and compares what is restored with the original's own files."""
    assert ours.run("collect").returncode == 0, ours.said[-1]
    ours.world.world.advance(24)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(ours.run, command) for command in ("collect", "build")]
        assert ours.run("backup", str(place)).returncode == 0, ours.said[-1]
        under_way = sum(not run.done() for run in runs)
        codes = [run.result().returncode for run in runs]
    restored = ours.restore(place, ours.home.with_name("restored"))
    (manifest,) = read_backups(place).values()
    with open_warehouse(restored.home) as connection:
        loaded = {f"{LANDING}/{path}" for path in read_loaded(connection)}
    names = loaded | {name for name in manifest["files"] if name.endswith(".parquet")}
    landed = sum(1 for _ in ours.home.glob(f"{LANDING}/*/*/*.parquet"))
    yield f"collect and build ended with {codes}; {under_way} of 2 went on when the backup was whole,"
    yield f"which holds the rows of {len(names)} of the {landed} files that were landed in the end"
    same = replace(ours, home=ours.home.with_name("same"), said=[])
    for name in names:
        (same.home / name).parent.mkdir(parents=True, exist_ok=True)
        (same.home / name).write_bytes((ours.home / name).read_bytes())
    for home in (same, restored):
        for words in (("build", "--full"), ("publish",)):
            assert home.run(*words).returncode == 0, home.said[-1]
    yield _compare(same.home, restored.home)


def _compare(original: Path, restored: Path) -> Table:
    one, other = read_tables(original), read_tables(restored)
    table = Table("table", "original", "restored", "differing", title="A backup during writes, restored elsewhere")
    differing = count_differences(one, other)
    for name, count in differing.items():
        table.add_row(name, f"{len(one.get(name, ())):,}", f"{len(other.get(name, ())):,}", f"{count:,}")
    sums = [sum(map(len, tables.values())) for tables in (one, other)]
    table.add_row(f"{len(differing)} tables", *(f"{number:,}" for number in (*sums, sum(differing.values()))))
    return table


def prove_forgetting(ours: Installation, planted: dict[str, str]) -> Iterator[COUNTED]:
    """Forgets a person and a link, and searches every byte of all places before and after."""
    marks = make_marks(**{name: planted[name] for name in MARKS})
    places = {name: ours.home.with_name(name) for name in ("home", "copy", "export", "kept")}
    steps = [("collect",), ("build",), ("publish",), ("copy",), ("backup", str(places["kept"]))]
    for words in [*steps, ("export", "answered_share", "--out", str(places["export"]))]:
        assert ours.run(*words).returncode == 0, ours.said[-1]
    before = {name: count_marks(marks, place) for name, place in places.items()}
    assert ours.run("forget", f"github:{LOGIN}", f"https://{planted['link']}").returncode == 0, ours.said[-1]
    yield ours.said[-1].strip()
    yield _tabulate(before, {name: count_marks(marks, place) for name, place in places.items()})


def _tabulate(before: dict[str, Searched], after: dict[str, Searched]) -> Table:
    table = Table("place", "files", "bytes", *MARKS, title="A person forgotten: found before → after")
    for name, former in before.items():
        now = after[name]
        found = [f"{former.hits[mark]:,} → {now.hits[mark]:,}" for mark in MARKS]
        files, size = f"{len(former.files):,} → {len(now.files):,}", f"{former.bytes:,} → {now.bytes:,}"
        table.add_row(name, files, size, *found)
    return table


def main() -> int:
    """Prints both tables."""
    console = Console(width=WIDTH)
    with (
        TemporaryDirectory(prefix="heartbeat-") as folder,
        pytest.MonkeyPatch.context() as patch,
        Upstream(CHANNELS, seed=4, threads=40, now=NOW) as world,
    ):
        ours = Installation(Path(folder, "home"), world.catalog(Path(folder, "catalog")), world, patience=PATIENCE)
        planted = plant_person(world, patch, ours.key.encode())
        for said in itertools.chain(prove_backup(ours, Path(folder, "first")), prove_forgetting(ours, planted)):
            console.print(said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
