"""Workers of an object store ask a host in turn, no more of them at once than one run would."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from obstore.store import MemoryStore
from pyarrow import fs

from pipelines.catalog.entries import Channel
from pipelines.collecting import holding
from pipelines.collecting.holding import Holding, HostTaken
from pipelines.collecting.run import Plan, collect_channel, open_run
from warehouse.faults import Fault
from warehouse.landing import Zone, open_zone
from warehouse.objects.files import ObjectFiles
from warehouse.objects.leases import describe_store
from warehouse.objects.place import ObjectPlace
from warehouse.settings import Settings

WORKERS = 6


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers ask again soon."""
    monkeypatch.setattr(holding, "WAIT_SECONDS", 0.01)


@pytest.fixture
def zone() -> Zone:
    """An empty landing zone in a store in memory."""
    return Zone(fs.PyFileSystem(ObjectFiles(ObjectPlace(MemoryStore(), "memory://zone"), "zone")), "zone")


def _make_channel(source: str, target: str, host: str = "one.example") -> Channel:
    return Channel(source=source, target=target, role="sdk", family="fam", base_url=f"https://{host}")


def _never() -> bool:
    return False


def _count_most(
    zone: Zone, home: Path, source: str, expected: int, make_host: Callable[[int], str] = lambda _: "one.example"
) -> int:
    """How many workers were at their hosts at once, of those who visit a channel each; they wait for as many as are
    expected, and a moment for more."""
    lock, are_there, inside, most = threading.Lock(), threading.Event(), 0, 0

    def visit(number: int) -> None:
        nonlocal inside, most
        with Holding(zone, home / str(number)).take_turn(
            _make_channel(source, f"o/r{number}", make_host(number)), _never
        ):
            with lock:
                inside += 1
                most = max(most, inside)
                if most >= expected:
                    are_there.set()
            are_there.wait(10)
            time.sleep(0.1)
            with lock:
                inside -= 1

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(visit, range(WORKERS)))
    return most


def test_a_host_is_asked_by_no_more_workers_than_one_run_would_have_at_it(zone: Zone, tmp_path: Path) -> None:
    """GitHub three times at once, a forum once; hosts do not wait for each other, nor runs over a folder."""
    assert _count_most(zone, tmp_path, "discourse", 1) == 1
    assert _count_most(zone, tmp_path, "github", 3) == 3
    assert _count_most(zone, tmp_path, "discourse", WORKERS, lambda number: f"h{number}.example") == WORKERS
    assert _count_most(open_zone(str(tmp_path / "landing")), tmp_path, "discourse", WORKERS) == WORKERS


def test_a_worker_whose_run_is_over_waits_no_longer(zone: Zone, tmp_path: Path) -> None:
    """Its channel is the next run's. What is told of a store counts visits, not hosts."""
    first, second = Holding(zone, tmp_path / "first"), Holding(zone, tmp_path / "second")
    with first.take_turn(_make_channel("packages", "one"), _never):
        with (
            pytest.raises(HostTaken, match=r"other workers asked one\.example until the run was over"),
            second.take_turn(_make_channel("packages", "two"), lambda: True),
        ):
            pytest.fail("it had no turn")
        assert zone.place and "held now: 0" in describe_store(zone.place)
    with second.take_turn(_make_channel("packages", "two"), lambda: True):
        pass


def test_a_channel_whose_host_others_asked_until_the_end_says_so(zone: Zone, tmp_path: Path) -> None:
    """No other run visited it: this one came to its end, and the next begins with it."""
    channel = _make_channel("packages", "two")
    settings = Settings(HEARTBEAT_HOME=tmp_path, _env_file=None)
    run = open_run(Plan((channel,), settings.clock(), 10), settings)
    run = replace(run, zone=zone, holding=Holding(zone, tmp_path / "second"), until=0.0)
    with Holding(zone, tmp_path / "first").take_turn(_make_channel("packages", "one"), _never):
        ends = collect_channel(channel, run).outcomes.values()

    why = "not visited, as other workers asked one.example until the run was over; the next run begins with it"
    assert {(end.state, end.fault, end.error) for end in ends} == {("skipped", Fault.TIMED_OUT, why)}
