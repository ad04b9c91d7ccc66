"""Builds families on the workers of a Dask cluster: each family is a task of Prefect, and small ones share one.

Facts and figures pass through a place that the builder and all workers reach. A worker that dies costs its task, which
Dask gives to another one.
"""

import hashlib
import logging
import platform
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from distributed import KilledWorker
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW, temporary_settings
from prefect_dask.client import PrefectDaskClient

import analytics
import pipelines
import warehouse
from analytics.engine.families import Builder, Work, begin_batches, build_families, split_batches
from analytics.engine.models import read_models
from analytics.engine.phases import split_phases
from warehouse.faults import Fault, LandingError, WarehouseError
from warehouse.places import Place, open_place
from warehouse.settings import SettingsError

SECONDS = 5
"""Time that a scheduler has to answer, and to name a worker."""
FOLDER = "building"
"""Folder of the place; what a killed build left in it is removed by the next."""
CODE_KEY, FACTS, FIGURES = "code", "facts.tar", "figures.tar"
LIBRARIES = ("duckdb", "numpy", "pyarrow", "scipy", "statsmodels")
"""Libraries of which another version may make other figures."""
Submit = Callable[..., Any]
"""Submits a call of `build_batch`, and returns its future."""


def _describe_code() -> str:
    digest = hashlib.sha256()
    for package in (analytics, warehouse):
        folder = Path(package.__path__[0])
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".sql", ".toml", ".csv"):
                digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return f"Heartbeat {pipelines.VERSION} (code {digest.hexdigest()[:12]}, {libraries})"


# On import, for a worker that began before an upgrade runs the code that was there then.
CODE = _describe_code()
"""What figures are made by. Machines with the same description make the same figures."""


def open_cluster(address: str, place: str) -> Builder:
    """Returns what builds families on a cluster, by way of a place, or of the home's own folder if that is empty.

    Raises SettingsError if Prefect's server, the scheduler or all workers are missing.
    """
    _check_prefect()
    if why := _find_fault(address):
        raise SettingsError(f"--on {address}: no Dask cluster with a worker answers there ({why})")
    return partial(_build_on, address, place)


def _find_fault(address: str) -> str:
    """Finds why no worker can be asked; empty if one can."""
    faults = [f"no answer within {4 * SECONDS} s"]

    def ask() -> None:
        try:
            with _connect(address) as client:
                client.wait_for_workers(1, timeout=SECONDS)
            faults.clear()
        except Exception as error:
            # What another kind of server answers fails anywhere in the library.
            faults[:] = [f"{type(error).__name__}: {error}"[:200].splitlines()[0]]

    # Aside, for the library waits for ever for a server that says nothing.
    thread = Thread(target=ask, daemon=True)
    thread.start()
    thread.join(4 * SECONDS)
    return "".join(faults)


def _check_prefect() -> None:
    url = PREFECT_API_URL.value()
    if not url:
        raise SettingsError("PREFECT_API_URL: --on needs a Prefect server that the workers reach, too; set its address")
    with get_client(sync_client=True) as client:
        if error := client.api_healthcheck():
            raise SettingsError(f"PREFECT_API_URL: {url}: no Prefect server answers there ({type(error).__name__})")


def _connect(address: str) -> PrefectDaskClient:
    # Its log has tracebacks of what becomes an error of one line.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return PrefectDaskClient(address, timeout=SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]


def _build_on(address: str, place: str, work: Work) -> None:
    # Tasks outside a flow have no log at Prefect's server; each would warn of that.
    quiet = temporary_settings({PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW: "ignore"})
    with quiet, _connect(address) as client:
        workers = sum(client.nthreads().values())
        build_apart(partial(client.submit, BUILD), workers, open_place(place or str(work.folder)), work)


def build_apart(submit: Submit, workers: int, place: Place, work: Work) -> None:
    """Builds families by tasks, the largest first. After all have ended, raises what the first met that failed."""
    place.delete_folder(FOLDER)
    # A task of a killed build may still run, and must not write among these.
    run = f"{FOLDER}/{secrets.token_hex(8)}"

    def begin(number: int, batch: list[str], facts: Path) -> Any:
        _send(place, f"{run}/{number}/{FACTS}", facts)
        return submit(place.label, run, number, batch, work.kept)

    try:
        place.put(f"{run}/{CODE_KEY}", CODE.encode())
        futures = begin_batches(work, split_batches(work, workers), begin)
        ends = [_await_figures(future, place, run, number, work.folder) for number, future in enumerate(futures)]
        if failures := [end for end in ends if end]:
            raise failures[0]
    finally:
        with suppress(LandingError, OSError):
            place.delete_folder(run)


def _await_figures(future: Any, place: Place, run: str, number: int, folder: Path) -> Exception | None:
    """Waits until a batch is built and fetches its figures; returns what went wrong instead."""
    try:
        future.result()
    except KilledWorker:
        return WarehouseError("each Dask worker that began a task died; give them more memory", Fault.INTERRUPTED)
    except CancelledError:
        return WarehouseError("the Dask scheduler was lost; start it and its workers again", Fault.UNREACHABLE)
    except WarehouseError as error:
        return error
    except Exception as error:
        why = f"{type(error).__name__}: {error}"[:200].splitlines()[0]
        same = "the scheduler and all workers need the same Heartbeat and Dask as this machine"
        return WarehouseError(f"the Dask cluster could not run a task ({why}); {same}", Fault.UNKNOWN)
    _fetch(place, f"{run}/{number}/{FIGURES}", folder / f"figures-{number}")
    return None


def build_batch(label: str, run: str, number: int, families: Sequence[str], kept: Sequence[str]) -> None:
    """Builds families on a worker: fetches their facts from a place, and puts their figures there.

    Raises WarehouseError, which names the worker.
    """
    with _name_worker(), TemporaryDirectory() as name:
        facts, figures, place = Path(name, "facts"), Path(name, "figures"), open_place(label)
        _check_code(place, f"{run}/{CODE_KEY}")
        _fetch(place, f"{run}/{number}/{FACTS}", facts)
        build_families(facts, families, split_phases(read_models()).families, kept, figures)
        _send(place, f"{run}/{number}/{FIGURES}", figures)


BUILD = task(name="build-families", task_run_name="{families}", retries=1, cache_policy=NO_CACHE, persist_result=False)(
    build_batch
)


@contextmanager
def _name_worker() -> Iterator[None]:
    try:
        yield
    except (LandingError, OSError, WarehouseError) as error:
        fault = error.fault if isinstance(error, WarehouseError) else Fault.MISCONFIGURED
        raise WarehouseError(f"Dask worker on {platform.node()}: {error}", fault) from None


def _check_code(place: Place, key: str) -> None:
    """Raises WarehouseError if this worker cannot read the place, or would make other figures than the builder."""
    try:
        wanted = place.read(key).decode()
    except FileNotFoundError:
        why = "is empty here: set HEARTBEAT_BUILDING to a folder or an object store that all workers share"
        raise WarehouseError(f"{place.label} {why}", Fault.MISCONFIGURED) from None
    if wanted != CODE:
        why = f"runs {CODE}, and the builder {wanted}; install the same version on both"
        raise WarehouseError(why, Fault.MISCONFIGURED)


def _send(place: Place, key: str, folder: Path) -> None:
    """Moves a folder's files to a place, as one: a store takes as long for each."""
    archive = Path(shutil.make_archive(str(folder), "tar", folder))
    shutil.rmtree(folder)
    place.put(key, archive)
    archive.unlink()


def _fetch(place: Place, key: str, folder: Path) -> None:
    archive = folder.with_name(f"{folder.name}.tar")
    with archive.open("wb") as file:
        file.writelines(place.read_pieces(key))
    shutil.unpack_archive(archive, folder, filter="data")
    archive.unlink()
