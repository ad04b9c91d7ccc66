"""Random sequences of visits, builds, publishes, reads, kills, power cuts, full disks and damage, against an oracle.

After each sequence a run that nothing disturbs must hold exactly what the upstream has, and the warehouse must equal
one that a clean home makes of the landed files; in between readers see whole versions, each newer than the last.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from unittest import mock

import duckdb
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from streamlit.testing.v1 import AppTest

from pipelines import publishing, sources, steps
from pipelines.collecting.run import Plan, collect_channel, open_run
from tests.faults.disk import Disk
from tests.faults.injection import FAULTS, Ended, meet_fault
from tests.faults.oracle import MODELS, Rows, fetch_published, read_rows
from tests.faults.places import (
    BUILDING,
    COLLECTING,
    ENDING,
    ERRORS,
    OF_FILES,
    OF_SYSTEM,
    PUBLISHING,
)
from tests.faults.toy import CHANNELS, DAYS, ENDS, PACKAGES, POISON, START, Toy, make_catalog
from tests.paths import ROOT
from warehouse.attempts.reader import read_attempts
from warehouse.database import WarehouseError, open_warehouse, warehouse_path
from warehouse.faults import LandingError
from warehouse.landing import list_landed, open_zone
from warehouse.publish import publish_snapshot
from warehouse.settings import Settings
from warehouse.snapshot import POINTER, Snapshot, list_versions, published_folder, read_current

NOT_BUILT = "holds no build yet; run `heartbeat build` first"
EMPTY = "The data give no answer to whether open or proprietary families answer sooner"
"""The title of Overview in a world of downloads alone."""
NUMBERS = st.integers(0, 200)
ENDINGS = st.dictionaries(st.sampled_from(PACKAGES), st.tuples(st.integers(0, 3), st.sampled_from(sorted(ENDS))))
"""Which visits end early: after how many pages, and how."""


def any_fault(kinds: tuple[str, ...]) -> st.SearchStrategy[tuple[str, int, int] | None]:
    """Draws which fault waits, at which step, and at which call of it; or none."""
    return st.none() | st.tuples(st.sampled_from(kinds), st.integers(0, 99), st.integers(1, 4))


class Home(RuleBasedStateMachine):
    """One installation, and the upstream that it watches."""

    def __init__(self) -> None:
        super().__init__()
        self.root, self.count, self.seconds = Path(mkdtemp(prefix="heartbeat-faults-")), 0, 0
        self.toy, self.catalog = Toy(), make_catalog()
        # Nothing is built before the first row.
        self.toy.change(PACKAGES[0], 0, 1)
        self.versions: list[Rows] = []
        self.calls: list[int] = []
        self.seen, self.is_published, self.damage = 0, False, ""
        self._settle(self.root / "home-0")
        with ExitStack() as stack:
            for patched in (
                mock.patch.object(sources, "load_source", return_value=self.toy.as_source()),
                mock.patch.object(steps, "read_models", return_value=list(MODELS)),
                mock.patch.object(publishing, "publish_snapshot", self._note_version),
            ):
                stack.enter_context(patched)
            self.stack = stack.pop_all()

    def _settle(self, home: Path) -> None:
        home.mkdir(exist_ok=True)
        self.home, self.disk = home, Disk(home)

    @property
    def settings(self) -> Settings:
        """A second passes between any two steps."""
        self.seconds += 1
        return Settings(
            HEARTBEAT_HOME=self.home, HEARTBEAT_NOW=START + timedelta(seconds=self.seconds),
            HEARTBEAT_PEOPLE_KEY="a key of thirty-two bytes for tests", _env_file=None,
        )  # fmt: skip

    def _note_version(self, connection: duckdb.DuckDBPyConnection, *values: Any) -> Snapshot | None:
        self.versions.append(read_rows(lambda sql: connection.execute(sql).fetchall()))
        snapshot = _publish(connection, *values)
        self.is_published, self.damage = True, ""
        return snapshot

    def _end(self, how: str) -> Callable[[], None]:
        """The process ends at once, and what is left of its home is the home of the next."""

        def act() -> None:
            self.count += 1
            left = self.root / f"home-{self.count}"
            if how == "kill":
                shutil.copytree(self.home, left)
            else:
                self.disk.leave(left, keeps_names=how == "power, new names")
            raise Ended

        return act

    def _work(self, work: Callable[[], object], places: tuple[str, ...], fault: tuple[str, int, int] | None) -> None:
        """Works while a fault waits at a step."""
        kind, number = (fault[0], fault[2]) if fault else ("kill", 10**9)
        place = places[fault[1] % len(places) if fault else 0]
        if place.startswith(OF_SYSTEM) and kind not in ENDING:
            kind = OF_FILES[0]  # these steps are the system's, not the engine's
        act = self._end(kind) if kind in ENDING else FAULTS[kind]
        try:
            with self.disk.watch(), meet_fault(place, number, act) as self.calls:
                work()
        except Ended:
            self._settle(self.root / f"home-{self.count}")
        except (LandingError, WarehouseError, OSError) as error:
            if not (fault and kind in ERRORS) and NOT_BUILT not in str(error):
                raise

    def meet(self, places: tuple[str, ...], fault: tuple[str, int, int]) -> bool:
        """Collects, builds and publishes while a fault waits at a step; returns whether it befell the run."""

        def run_all() -> None:
            self._collect(list(CHANNELS))
            self._refresh(full=True, publishes=False)
            publishing.publish_build(self.settings)

        self._work(run_all, places, fault)
        return len(self.calls) >= fault[2]

    @rule(
        package=st.sampled_from(PACKAGES), day=st.integers(0, DAYS - 1), value=NUMBERS | st.sampled_from(sorted(POISON))
    )
    def move_upstream(self, package: str, day: int, value: int | str) -> None:
        """A figure appears or is put right, or is none at all."""
        self.toy.change(package, day, value)

    @rule(fault=any_fault(ENDING + OF_FILES), channels=st.sets(st.sampled_from(CHANNELS), min_size=1), ends=ENDINGS)
    def collect(self, fault: Any, channels: set[Any], ends: dict[str, tuple[int, str]]) -> None:
        """A run visits some channels, and some visits end early."""
        self.toy.ends = ends
        self._work(lambda: self._collect(sorted(channels, key=lambda one: str(one.id))), COLLECTING, fault)
        self.toy.ends = {}

    def _collect(self, channels: list[Any]) -> None:
        settings, plan = self.settings, Plan(tuple(channels), START, 100)
        run = open_run(plan, settings)
        for channel in channels:
            outcome = collect_channel(channel, run).outcomes["downloads"]
            assert outcome.state in ("complete", "unchanged", "partial", "failed"), "every channel has an outcome"

    @rule(fault=any_fault(ENDING + ERRORS), full=st.booleans(), publishes=st.booleans())
    def build(self, fault: Any, full: bool, publishes: bool) -> None:
        """Loads and builds, and perhaps publishes."""
        places = BUILDING + (PUBLISHING if publishes else ())
        self._work(lambda: self._refresh(full, publishes), places, fault)

    def _refresh(self, full: bool, publishes: bool) -> None:
        result = steps.refresh_warehouse(self.settings, self.catalog, full, publishes)
        assert result.loaded.refused == []

    @rule(fault=any_fault(ENDING + ERRORS))
    def publish(self, fault: Any) -> None:
        """Publishes the last build."""
        self._work(lambda: publishing.publish_build(self.settings), PUBLISHING, fault)

    @rule(place=st.integers(0, 10**6), bit=st.integers(0, 7))
    def flip_a_landed_bit(self, place: int, bit: int) -> None:
        """While a landed file is damaged it is refused by name or says what it said; then it is put back."""
        zone = open_zone(self.settings.landing_url)
        if paths := list_landed(zone):
            path = Path(zone.label, paths[place % len(paths)])
            whole = path.read_bytes()
            damaged = bytearray(whole)
            damaged[place % len(whole)] ^= 1 << bit
            path.write_bytes(damaged)
            with self.disk.watch():
                refused = steps.refresh_warehouse(self.settings, self.catalog, publishes=False).loaded.refused
            assert all(words.startswith(str(path.relative_to(zone.label))) for words in refused)
            path.write_bytes(whole)
            self.disk = Disk(self.home)

    @rule(
        what=st.sampled_from(["pointer", "pointer gone", "snapshot", "snapshot gone", "all gone"]), left=st.floats(0, 1)
    )
    def damage_what_is_published(self, what: str, left: float) -> None:
        """Readers fall back to what is whole, until the next publish makes it good."""
        folder = published_folder(self.home)
        if self.is_published and not self.damage:
            path = folder / POINTER if "pointer" in what else list_versions(folder)[0]
            if what.endswith("gone"):
                for one in list(folder.iterdir()) if what == "all gone" else [path]:
                    one.unlink()
            else:
                path.write_bytes(path.read_bytes()[: int(path.stat().st_size * left)])
            self.damage = what
            # Versions begin again with the folder; the names of their files tell their content.
            self.seen = 0 if what == "all gone" else self.seen
            self.disk = Disk(self.home)

    @rule(left=st.floats(0, 1))
    def lose_the_warehouse(self, left: float) -> None:
        """It is rebuilt from what was landed; of its log, some of the end may be missing."""
        log = warehouse_path(self.home).with_suffix(".duckdb.wal")
        if log.exists():
            log.write_bytes(log.read_bytes()[: int(log.stat().st_size * left)])
        else:
            warehouse_path(self.home).unlink(missing_ok=True)
        self.disk = Disk(self.home)

    @invariant()
    def no_attempt_seems_to_go_on(self) -> None:
        """What was killed died, and what the power cut left of the ledger can be read."""
        assert not any(attempt.is_running for attempt in read_attempts(self.home))

    @invariant()
    def readers_see_one_whole_version(self) -> None:
        """Each is one that was published, and none is older than the last."""
        if self.damage:
            return
        snapshot = read_current(self.home)
        assert snapshot is not None or not self.is_published
        if snapshot is not None:
            # Readers get a warning of a first publish that was killed before its pointer.
            assert not (snapshot.trouble and self.is_published) and snapshot.version >= self.seen
            self.seen = snapshot.version
            assert read_rows(lambda sql: fetch_published(snapshot, sql)) in self.versions

    @rule()
    def run_undisturbed(self) -> None:
        """What is held is what the upstream has, and what readers see is that."""
        with self.disk.watch():
            self._collect(list(CHANNELS))
            self._refresh(full=False, publishes=True)
        connection = open_warehouse(self.home)
        rows = read_rows(lambda sql: connection.execute(sql).fetchall())
        held = connection.execute("select package_name, downloaded_on::varchar, downloads_count from"
                                  " staging.packages_daily").fetchall()  # fmt: skip
        connection.close()
        odd = self.toy.list_odd()
        assert {row for row in held if row[:2] not in odd} == self.toy.list_known()
        assert len(held) == len({row[:2] for row in held})
        assert not list(published_folder(self.home).glob("*.tmp"))
        assert len(rows["staging.collections"]) == len(CHANNELS)
        if self.is_published:
            assert rows == self.versions[-1]

    def teardown(self) -> None:
        """A clean home makes the same of what was landed, and its first page opens."""
        try:
            self.run_undisturbed()
            self.readers_see_one_whole_version()
            ours = self._read_warehouse()
            clean = self.root / "clean"
            shutil.copytree(self.home / "landing", clean / "landing")
            self._settle(clean)
            self._refresh(full=True, publishes=False)
            assert self._read_warehouse() == ours
            self._open_overview()
        finally:
            self.stack.close()
            shutil.rmtree(self.root)

    def _open_overview(self) -> None:
        """Builds all tables, not only those that are compared, and publishes what is built."""
        self.stack.close()
        self._refresh(full=True, publishes=True)
        app = AppTest.from_file(str(ROOT / "dashboards" / "script.py"), default_timeout=60)
        with mock.patch.dict(
            os.environ, HEARTBEAT_HOME=str(self.home), HEARTBEAT_NOW=self.settings.clock().isoformat()
        ):
            app.run()
        assert not app.exception and [title.value for title in app.title] == [EMPTY]

    def _read_warehouse(self) -> Rows:
        connection = open_warehouse(self.home)
        try:
            return read_rows(lambda sql: connection.execute(sql).fetchall())
        finally:
            connection.close()


_publish = publish_snapshot
