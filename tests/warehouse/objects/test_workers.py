"""Several workers collect into one object store: each channel once, under numbers of its own, as one worker would."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.collecting.people_key import KEY_ID, open_people
from tests.paths import ROOT
from tests.worlds.stores.fleet import KEY
from tests.worlds.stores.server import locate, serve_store
from tests.worlds.stores.worker import PAGES
from tests.worlds.warehouse_rows import empty_warehouse
from warehouse.landing import Zone, list_landed, open_zone, read_landed
from warehouse.load import load_new_files
from warehouse.objects.leases import FOLDER, parse_state
from warehouse.settings import Settings, SettingsError

pytestmark = pytest.mark.slow
CHANNELS = 12


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of a real store."""
    with serve_store() as address:
        yield address


@pytest.fixture
def url(store: str, tmp_path: Path) -> str:
    """The address of a landing zone of the test's own."""
    return locate(store, tmp_path.name)


def _start(
    home: Path, landing: str, seconds: float = 60, hanging: str = "", only: str = "", meeting: str = ""
) -> subprocess.Popen[str]:
    environment = os.environ | {
        "HEARTBEAT_HOME": str(home), "HEARTBEAT_LANDING": landing, "HEARTBEAT_PEOPLE_KEY": KEY, "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.worlds.stores.worker", str(CHANNELS), str(seconds), hanging, only, meeting]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _begin(*workers: subprocess.Popen[str]) -> None:
    """Lets workers begin once all of them have planned their runs."""
    _await_plans(*workers)
    _release(*workers)


def _await_plans(*workers: subprocess.Popen[str]) -> None:
    for worker in workers:
        assert worker.stdout and worker.stdout.readline() == "ready\n"


def _release(*workers: subprocess.Popen[str]) -> None:
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("\n")
        worker.stdin.flush()


def _finish(worker: subprocess.Popen[str]) -> tuple[list[str], dict[str, str]]:
    """The channels that a worker asked, and what came of each."""
    said, _ = worker.communicate(timeout=120)
    assert worker.returncode == 0
    *asked, states = said.split("\n")[:-1]
    return asked, json.loads(states)


def _visit(home: Path, landing: str, seconds: float, channel: str) -> str:
    """What comes of one channel that a worker visits by itself."""
    worker = _start(home, landing, seconds, only=channel)
    _begin(worker)
    return _finish(worker)[1][channel]


def _read_rows(zone: Zone) -> list[tuple[object, ...]]:
    """What a warehouse of the zone holds, but for the instants of its visits."""
    with closing(empty_warehouse()) as connection:
        assert not load_new_files(connection, zone, Settings(_env_file=None).clock()).refused
        return connection.sql("select channel_id, key, body::varchar from raw.toy__things order by all").fetchall()


def _list_numbers(zone: Zone) -> list[tuple[str, int]]:
    return [(path.partition("/")[0], read_landed(zone, path)[0].number) for path in list_landed(zone)]


def test_two_workers_visit_each_channel_once_and_bring_what_one_does(url: str, tmp_path: Path) -> None:
    """Twice, so that the second visits go on from cursors that another worker may have landed."""
    alone = str(tmp_path / "alone" / "landing")
    for round_number in (1, 2):
        meeting = str(tmp_path / f"round {round_number}")
        one = _start(tmp_path / "alone", alone)
        workers = [_start(tmp_path / name, url, meeting=meeting) for name in ("first", "second")]
        _begin(one)
        _finish(one)
        _begin(*workers)
        (asked, states), (others, other_states) = map(_finish, workers)
        assert Counter([*asked, *others]) == Counter(f"c{number:02}" for number in range(CHANNELS)), round_number
        assert asked and others, "they shared the work"
        for channel in states:
            assert sorted((states[channel], other_states[channel])) == ["complete", "skipped"]
    zone = open_zone(url)
    numbers = _list_numbers(zone)
    assert len(numbers) == len(set(numbers)) == 2 * CHANNELS
    rows = _read_rows(zone)
    assert len(rows) == 2 * CHANNELS * PAGES and rows == _read_rows(open_zone(alone))


def test_of_four_workers_one_is_killed_and_its_channel_is_taken_over(url: str, tmp_path: Path) -> None:
    """It holds its channel as long as it lives; when its lease has ended, another worker visits it. The warehouse is
    that of one worker who was never disturbed."""
    seconds, held = 4.0, "c01"
    killed, *others = [
        _start(tmp_path / name, url, seconds, hanging)
        for name, hanging in (("killed", held), ("second", ""), ("third", ""), ("fourth", ""))
    ]
    _await_plans(killed, *others)
    _release(killed)
    assert killed.stdout
    asked: list[str] = []
    while held not in asked:
        assert killed.poll() is None
        asked.append(killed.stdout.readline().strip())
    _release(*others)
    for worker in others:
        more, states = _finish(worker)
        asked += more
        assert states[held] == "skipped"
    time.sleep(seconds * 1.5)
    assert _visit(tmp_path / "second", url, seconds, held) == "skipped", "it lives, and renews its lease"
    killed.send_signal(signal.SIGKILL)
    asked += [line.strip() for line in killed.stdout]
    deadline = time.monotonic() + 60
    while (state := _visit(tmp_path / "third", url, seconds, held)) != "complete":
        assert state == "skipped" and time.monotonic() < deadline
    assert sorted(asked) == [f"c{number:02}" for number in range(CHANNELS)]
    one = _start(tmp_path / "alone", str(tmp_path / "alone" / "landing"))
    _begin(one)
    _finish(one)
    zone = open_zone(url)
    numbers = _list_numbers(zone)
    assert len(numbers) == len(set(numbers)) == CHANNELS
    assert (f"fam.toy.{held}", 0) not in numbers, "that number was the killed one's"
    assert _read_rows(zone) == _read_rows(open_zone(str(tmp_path / "alone" / "landing")))
    assert zone.place
    leases = [zone.place.read(found.key) for found in zone.place.list_all(FOLDER)]
    assert [parse_state(lease[0]).holder for lease in leases if lease] == [""] * 2 * CHANNELS, (
        "all given back, hosts' too"
    )


def test_workers_name_people_by_one_key(url: str, tmp_path: Path) -> None:
    """Each makes a key of its own where none is set: the same people would count twice from the first visits on."""
    first, second = (
        Settings(HEARTBEAT_HOME=tmp_path / name, HEARTBEAT_LANDING=url, _env_file=None) for name in ("first", "second")
    )
    key_id = open_people(first).key_id
    with pytest.raises(SettingsError, match=r"HEARTBEAT_PEOPLE_KEY: .* must be set, the same for all workers of one"):
        open_people(second)
    given = second.model_copy(update={"people_key": Settings(
        HEARTBEAT_PEOPLE_KEY=(tmp_path / "first" / "people.key").read_text(), _env_file=None
    ).people_key})  # fmt: skip
    assert open_people(given).key_id == open_people(first).key_id == key_id
    place = open_zone(url).place
    assert place and (place.read(KEY_ID) or (b"",))[0].decode() == key_id
