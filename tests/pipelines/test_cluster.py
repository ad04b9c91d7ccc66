"""Families built on a Dask cluster: the same figures, also if a worker is killed, and errors of one line."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import pytest

from analytics.engine import families
from analytics.engine.build import build_tables
from pipelines import steps
from tests.worlds.figures import Figures, differences, figures
from tests.worlds.ports import free_port
from tests.worlds.sample_part import arrive, files, opened
from tests.worlds.stores.server import BUCKET, READER, READER_SECRET, serve_store, set_environment
from tests.worlds.warehouse_rows import MODELS
from warehouse.database import Connection
from warehouse.faults import WarehouseError
from warehouse.places import FolderPlace, Place, open_place
from warehouse.settings import Settings, SettingsError

OTHER = "Heartbeat 0.0.9 (code 000000000000, duckdb 1.0.0)"


@pytest.fixture(scope="module")
def cluster() -> ModuleType:
    """The module, imported if it is run: Prefect and Dask take seconds, which all who collect tests would wait."""
    from pipelines import cluster

    return cluster


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Connection, Figures]]:
    """A warehouse of every source, and its figures as this process builds them."""
    with opened() as connection:
        arrive(connection, tmp_path_factory.mktemp("zone"), files())
        build_tables(connection, MODELS, full=True)
        yield connection, figures(connection)


@contextmanager
def _apart(cluster: ModuleType, place: Place, run: Callable[..., None]) -> Iterator[Any]:
    """Gives what builds families by a task each, run at once and in this process."""

    def submit(*words: Any) -> Future[None]:
        future = Future[None]()
        try:
            run(*words)
            future.set_result(None)
        except Exception as error:
            future.set_exception(error)
        return future

    with mock.patch.object(families, "FEW_ROWS", 1):
        yield partial(cluster.build_apart, submit, 4, place)


def test_families_built_apart_have_the_same_figures(
    cluster: ModuleType, world: tuple[Connection, Figures], tmp_path: Path
) -> None:
    """What passes through the place is all that a worker needs; nothing is left there."""
    connection, expected = world
    batches = list[list[str]]()

    def run(label: str, run: str, number: int, families: list[str], kept: list[str]) -> None:
        batches.append(families)
        cluster.build_batch(label, run, number, families, kept)

    with _apart(cluster, FolderPlace(tmp_path), run) as builder:
        build_tables(connection, MODELS, full=True, builder=builder)

    assert len(batches) > 1
    assert differences(figures(connection), expected) == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_worker_of_another_version_is_named(
    cluster: ModuleType, world: tuple[Connection, Figures], tmp_path: Path
) -> None:
    """Its figures would be those of another definition."""
    connection, expected = world

    def run(*words: Any) -> None:
        with mock.patch.object(cluster, "CODE", OTHER):
            cluster.build_batch(*words)

    wrong = r"Dask worker on \S+: runs Heartbeat 0\.0\.9 .*, and the builder Heartbeat .*; install the same version"
    with _apart(cluster, FolderPlace(tmp_path), run) as builder, pytest.raises(WarehouseError, match=wrong):
        build_tables(connection, MODELS, full=True, builder=builder)

    assert differences(figures(connection), expected) == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_worker_that_does_not_share_the_folder_is_named(
    cluster: ModuleType, world: tuple[Connection, Figures], tmp_path: Path
) -> None:
    """It may have an empty folder of that name."""
    elsewhere = str(tmp_path / "elsewhere")

    def run(label: str, *words: Any) -> None:
        cluster.build_batch(elsewhere, *words)

    wrong = r"Dask worker on .*elsewhere is empty here: set HEARTBEAT_BUILDING"
    with _apart(cluster, FolderPlace(tmp_path), run) as builder, pytest.raises(WarehouseError, match=wrong):
        build_tables(world[0], MODELS, full=True, builder=builder)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            RuntimeError("Error during deserialization\nFor more"),
            r"could not run .*\(RuntimeError: [\w ]+\); the scheduler and all workers need",
        ),
        (CancelledError("scheduler-connection-lost"), "the Dask scheduler was lost; start it"),
        ("killed", "each Dask worker that began a task died; give them more memory"),
    ],
)
def test_what_a_cluster_meets_is_an_error_of_one_line(
    cluster: ModuleType, world: tuple[Connection, Figures], tmp_path: Path, error: Exception | str, said: str
) -> None:
    """A scheduler of another version, one that ended, and workers without enough memory."""
    from distributed import KilledWorker

    raised = KilledWorker("build_batch", mock.Mock(), 3) if isinstance(error, str) else error
    with (
        _apart(cluster, FolderPlace(tmp_path), mock.Mock(side_effect=raised)) as builder,
        pytest.raises(WarehouseError, match=said) as caught,
    ):
        build_tables(world[0], MODELS, full=True, builder=builder)

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:1"])
def test_a_wrong_address_is_an_error_of_one_line(
    cluster: ModuleType, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is found before anything is loaded."""
    monkeypatch.setattr(cluster, "SECONDS", 1)
    monkeypatch.setattr(cluster, "_check_prefect", lambda: None)
    with pytest.raises(SettingsError, match=rf"--on {address}: no Dask cluster with a worker answers there \(.+\)$"):
        cluster.open_cluster(address, "")


def test_a_server_that_says_nothing_is_an_error_of_one_line(
    cluster: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A port of another program was waited for for ever."""
    monkeypatch.setattr(cluster, "SECONDS", 0.5)
    monkeypatch.setattr(cluster, "_check_prefect", lambda: None)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(
            SettingsError, match=rf"--on {address}: no Dask cluster with a worker answers there \(.+\)$"
        ):
            cluster.open_cluster(address, "")


def test_a_missing_prefect_server_is_named(cluster: ModuleType) -> None:
    """Tasks report to it, also those of other machines."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    url = f"http://127.0.0.1:{free_port()}/api"
    unset, wrong = temporary_settings(restore_defaults={PREFECT_API_URL}), temporary_settings({PREFECT_API_URL: url})
    with unset, pytest.raises(SettingsError, match="PREFECT_API_URL: --on needs a Prefect server"):
        cluster.open_cluster("tcp://127.0.0.1:1", "")
    with wrong, pytest.raises(SettingsError, match=rf"PREFECT_API_URL: {url}: no Prefect server answers"):
        cluster.open_cluster("tcp://127.0.0.1:1", "")


def test_dask_that_is_not_installed_is_an_error_of_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how to install it, and nothing is begun."""
    monkeypatch.setattr(steps, "find_spec", lambda name: None)
    settings = Settings(HEARTBEAT_HOME=tmp_path / "home", _env_file=None)
    with pytest.raises(SettingsError, match="run `make setup-cluster` in the checkout"):
        steps.refresh_warehouse(settings, mock.Mock(), cluster="tcp://127.0.0.1:1")

    assert not (tmp_path / "home").exists()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a folder in a real object store, whose credentials are in the environment."""
    with serve_store() as address:
        set_environment(monkeypatch, address)
        yield f"s3://{BUCKET}/building"


@pytest.fixture
def prefect() -> Iterator[None]:
    """A Prefect server of the tests' own."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=300):
        yield


@contextmanager
def _serve_cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Starts a scheduler and two workers, each a process; gives the scheduler's address and the workers."""
    from distributed import Client

    address = f"tcp://127.0.0.1:{free_port()}"
    dask = [sys.executable, "-m", "dask"]
    scheduler = subprocess.Popen([*dask, "scheduler", "--host", address, "--no-dashboard"], cwd=folder)
    worker = [*dask, "worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard", "--death-timeout", "300"]
    workers = [subprocess.Popen([*worker, "--local-directory", str(folder / str(n))], cwd=folder) for n in range(2)]
    try:
        with Client(address, timeout=120, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            client.wait_for_workers(2, timeout=300)
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait(30)


def _kill_while_building(address: str, worker: subprocess.Popen[bytes], killed: list[str]) -> None:
    """Kills a worker as soon as it builds."""
    from distributed import Client

    with Client(address, timeout=60, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        for _ in range(3_000):
            pids = client.run(os.getpid)
            building = [one for one, keys in client.processing().items() if keys and pids.get(one) == worker.pid]
            if building:
                worker.send_signal(signal.SIGKILL)
                killed.extend(building)
                return
            time.sleep(0.1)


@pytest.mark.slow
def test_two_workers_make_the_same_figures_though_one_is_killed(
    cluster: ModuleType, world: tuple[Connection, Figures], store: str, prefect: None, tmp_path: Path
) -> None:
    """Its task runs again on the other; facts and figures pass through the store, and nothing is left there."""
    connection, expected = world
    killed = list[str]()
    with _serve_cluster(tmp_path) as (address, workers), mock.patch.object(families, "BATCH", 1):
        killer = threading.Thread(target=_kill_while_building, args=(address, workers[0], killed))
        killer.start()
        build_tables(connection, MODELS, full=True, builder=cluster.open_cluster(address, store))
        killer.join(60)

    assert killed and workers[0].returncode == -signal.SIGKILL
    assert differences(figures(connection), expected) == []
    assert open_place(store).list_keys() == []


@pytest.mark.slow
def test_a_worker_without_the_right_to_write_is_named(
    cluster: ModuleType, world: tuple[Connection, Figures], store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store's answer names what is missing."""
    place = open_place(store)

    def run(*words: Any) -> None:
        with monkeypatch.context() as patched:
            patched.setenv("AWS_ACCESS_KEY_ID", READER)
            patched.setenv("AWS_SECRET_ACCESS_KEY", READER_SECRET)
            cluster.build_batch(*words)

    wrong = r"Dask worker on \S+: s3://.*: permission denied"
    with _apart(cluster, place, run) as builder, pytest.raises(WarehouseError, match=wrong):
        build_tables(world[0], MODELS, full=True, builder=builder)

    assert place.list_keys() == []
