"""The flows: thin wrappers whose runs leave no secret, and nothing open."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import duckdb
import httpx2
import pytest

from pipelines.attempts import record_attempt
from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from tests.paths import ROOT
from tests.upstream.catalogs import few
from tests.upstream.emulator import Upstream
from tests.upstream.faults import status
from tests.worlds.ports import free_port
from warehouse.attempts.entries import AttemptKind
from warehouse.attempts.reader import read_attempts
from warehouse.landing import list_landed, open_zone, read_stamp
from warehouse.settings import read_settings
from warehouse.snapshot import query, read_current

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
OFTEN = timedelta(seconds=30)
CANARY = "ghp_CANARY0000000000000000000000000000"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """A few families of both sides: each channel is a task of Prefect, and a hundred say no more than thirty."""
    return few(read_catalog([SHIPPED]), "llama", "gemma", "claude")


@pytest.fixture(scope="module")
def world(catalog: Catalog) -> Iterator[Upstream]:
    """A small world."""
    with Upstream(catalog, seed=5, threads=200, now=NOW) as up:
        yield up


@pytest.fixture
def home(world: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose settings lead to the world, with a token that must be seen nowhere."""
    settings = {
        "HEARTBEAT_HOME": str(tmp_path / "home"), "HEARTBEAT_CATALOG": str(world.catalog(tmp_path / "catalog")),
        "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost",
        "HEARTBEAT_NOW": NOW.isoformat(),
        "GITHUB_TOKEN": CANARY, "HF_TOKEN": CANARY, "HEARTBEAT_PEOPLE_KEY": f"{CANARY}-of-the-pseudonyms",
    }  # fmt: skip
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return tmp_path / "home"


@pytest.fixture(scope="module")
def flows() -> ModuleType:
    """The flows, imported if they are run: Prefect takes seconds, which all who collect tests would wait."""
    from pipelines import flows

    return flows


@pytest.fixture(scope="module")
def prefect() -> Iterator[None]:
    """A Prefect server of the tests' own."""
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    with (
        prefect_test_harness(server_startup_timeout=120),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield


def _traces(folder: Path) -> list[str]:
    return [str(path) for path in folder.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]


def test_refresh_collects_builds_and_publishes_and_the_next_finds_nothing_due(
    prefect: None, flows: ModuleType, home: Path, catalog: Catalog
) -> None:
    """What the schedule runs is what `heartbeat up` runs."""
    flows.refresh("changelog")
    again = flows.refresh("changelog", return_state=True)
    snapshot = read_current(home)
    assert snapshot is not None
    channels = query(snapshot, "select distinct split_part(item_id, '#', 1) from metrics.release_waits").to_pylist()

    assert len(channels) == sum(channel.source == "changelog" for channel in catalog.channels) > 1
    assert snapshot.version == 1
    assert (again.name, [one.beginning.kind for one in read_attempts(home)].count(AttemptKind.COLLECT)) == (
        "Nothing due",
        1,
    )


@pytest.mark.slow
def test_no_token_reaches_prefects_database_or_the_home(
    prefect: None,
    flows: ModuleType,
    home: Path,
    world: Upstream,
    catalog: Catalog,
) -> None:
    """A token in a log, a parameter, an event or an error would be read by everybody who sees the schedule's page.

    A refused one is sent once by all lanes, and each channel is reported.
    """
    from prefect.exceptions import FailedRun
    from prefect.settings import get_current_settings

    rule = world.fail("github", None, status(401))
    world.forget()
    try:
        with pytest.raises(FailedRun, match="channels came whole: denied"):
            flows.refresh("github")
    finally:
        rule.stop()
    database = Path(str(get_current_settings().server.database.connection_url.get_secret_value()).partition(":///")[2])  # type: ignore[union-attr]

    assert [record.host for record in world.requests if CANARY in str(record.headers)] == ["github"]
    assert database.exists()
    assert _traces(database.parent) == []
    assert _traces(home) == []
    asked = {channel.id for channel in catalog.channels if channel.source == "github" and channel.enabled}
    assert len(asked) > 10 and read_attempts(home, AttemptKind.COLLECT)[0].channels.keys() == asked


@pytest.mark.slow
@pytest.mark.parametrize("place", ["a query", "a cleanup after it"])
def test_a_run_that_prefect_ends_is_recorded_with_the_signal_that_it_got(
    flows: ModuleType, home: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Prefect turns SIGTERM into an error of its own, which DuckDB replaces by another: that was reported as a bug."""
    from prefect.exceptions import TerminationSignal
    from prefect.utilities.engine import capture_sigterm

    def refresh(*_: object) -> None:
        with record_attempt(read_settings(), AttemptKind.BUILD), duckdb.connect(config={"threads": 1}) as connection:
            threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
            try:
                connection.execute("select sum(sqrt(range)) from range(100_000_000_000)")
            finally:
                if place != "a query":
                    connection.execute("rollback")  # of nothing

    monkeypatch.setattr(flows.steps, "refresh_warehouse", refresh)
    with capture_sigterm(), pytest.raises(TerminationSignal):
        flows.bring_up_to_date.fn(full=False)
    (attempt,) = read_attempts(home)

    assert (attempt.state, attempt.ending and attempt.ending.cause) == ("interrupted", "ended by SIGTERM")


@pytest.mark.slow
def test_runs_that_a_killed_schedule_left_open_are_closed(prefect: None, flows: ModuleType, home: Path) -> None:
    """A run stranded in pending would hold its place for ever; a run that was only planned did not crash."""
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound
    from prefect.states import Pending, Scheduled

    from pipelines import deployments

    with get_client(sync_client=True) as client:
        stranded = client.create_flow_run(flows.build, state=Pending())
        planned = client.create_flow_run(flows.build, state=Scheduled())
        deployments.close_open_runs(client)
        assert client.read_flow_run(stranded.id).state_type == "CRASHED"
        assert client.read_flow_runs(flow_run_filter=deployments.IS_OPEN) == []
        with pytest.raises(ObjectNotFound):
            client.read_flow_run(planned.id)


@pytest.mark.slow
def test_the_schedule_visits_each_channel_at_its_own_cadence_and_publishes_also_after_a_kill(
    catalog: Catalog, tmp_path: Path
) -> None:
    """`heartbeat serve` is the real server with real deployments: a run comes by itself, and readers see what it
    brought. After a kill each channel is visited when it was due before."""
    home, port = tmp_path / "home", free_port()
    with Upstream(few(catalog, "gemma"), seed=5, threads=20, now=datetime.now(UTC)) as up:
        environment = os.environ | {
            "HEARTBEAT_HOME": str(home), "HEARTBEAT_CATALOG": str(_keep_two_channels(up.catalog(tmp_path / "catalog"))),
            "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost",
            "HEARTBEAT_PREFECT_PORT": str(port), "GITHUB_TOKEN": CANARY,
        }  # fmt: skip
        with _serve(environment, tmp_path / "serve.log") as process:
            _await(lambda: len(_list_visits(home)) == 2 and read_current(home) is not None)
            password = home / "prefect" / "password"
            login = password.read_text().strip()
            answers = [_ask_for_token(port, credentials) for credentials in ("", "heartbeat:guess", login)]
            hosts = ("attacker.example", f"attacker.example:{port}", "")
            foreign = [_ask_for_token(port, login, host) for host in hosts]
            server = (home / "prefect").stat().st_mode & 0o777, password.stat().st_mode & 0o777
            before = _list_visits(home)
            process.kill()
        with _serve(environment, tmp_path / "serve.log") as process:
            _await(lambda: len(_list_visits(home)["gemma.changelog.gemma"]) > len(before["gemma.changelog.gemma"]))
            process.send_signal(signal.SIGINT)
            process.wait(60)
    said, visits = (tmp_path / "serve.log").read_text(), _list_visits(home)
    snapshot = read_current(home)

    assert snapshot is not None, said
    complete = "select count(*) as n from staging.collections where last_state = 'complete'"
    assert query(snapshot, complete).to_pylist()[0]["n"] > 0
    (often,), (seldom,) = ([at for name, at in visits.items() if source in name] for source in ("changelog", "github"))
    assert len(seldom) == 1, "a restart repeats no visit"
    gaps = [later - earlier for earlier, later in pairwise(often)]
    assert gaps and all(gap >= OFTEN - timedelta(seconds=1) for gap in gaps), gaps
    assert CANARY not in said
    assert login not in said
    assert _traces(home) == []
    assert answers == [401, 401, 200], "anybody on this machine could change what the schedule runs"
    assert foreign == [400, 400, 400], "a page of another site could reach it under a name of its own"
    assert server == (0o700, 0o600)


def _keep_two_channels(folder: Path) -> Path:
    """Leaves a family's changelog, which is due every half a minute, and one of its repositories."""
    for path in folder.glob("*.toml"):
        if path.stem != "gemma":
            path.unlink()
    head, *channels = re.split(r"(?m)^(?=\[\[)", (folder / "gemma.toml").read_text())
    changelog = next(one for one in channels if '"changelog"' in one)
    changelog = re.sub(r"cadence_hours = \S+", f"cadence_hours = {OFTEN / timedelta(hours=1)}", changelog)
    repository = next(one for one in channels if 'source = "github"' in one)
    (folder / "gemma.toml").write_text("".join([head, changelog, repository]))
    return folder


@contextmanager
def _serve(environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("a") as sink:
        command = [sys.executable, "-m", "pipelines", "serve"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=sink, stderr=sink)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _await(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < deadline, "this took two minutes"
        time.sleep(0.5)


def _list_visits(home: Path) -> dict[str, list[datetime]]:
    visits: dict[str, list[datetime]] = {}
    for path in list_landed(open_zone(str(home / "landing"))):
        if at := read_stamp(path):
            visits.setdefault(path.partition("/")[0], []).append(at)
    return visits


def _ask_for_token(port: int, login: str, host: str | None = None) -> int:
    """Asks for the token (against forged requests) that every change needs; gives the status code."""
    credentials = tuple(login.split(":", 1)) if login else None
    headers = {} if host is None else {"host": host}
    url = f"http://127.0.0.1:{port}/api/csrf-token?client=test"
    return httpx2.get(url, auth=credentials, headers=headers, timeout=30).status_code  # type: ignore[arg-type]
