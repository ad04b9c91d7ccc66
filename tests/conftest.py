"""What holds for all tests: one that needs GitHub's schema, where it cannot be had, is skipped by name; the longest
begin first."""

import gc
import logging
import os
from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path
from typing import Any

import pandas  # noqa: F401 -- before a test runs a command here, which forgoes it for the whole process
import pytest
from hypothesis import settings

from tests.gate.bytecode import compile_all
from tests.gate.proofs import Proofs
from tests.gate.slowness import is_slow
from tests.gate.summary import Summary
from tests.gate.weights import read_weights, sort_longest_first
from tests.upstream.schema import SchemaMissing

MOST_WORKERS = 5
"""Each worker takes up to a gigabyte."""
WAITING = 1
"""So many workers may wait while the cores are busy with the others."""
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": str(2**30),
    "MALLOC_TRIM_THRESHOLD_": str(2**31),
    "MALLOC_TOP_PAD_": str(2**26),
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=20000:glibc.malloc.tcache_max=4096",
}
"""What workers and commands start with: they share few cores, and each page of memory given back is cleared anew.
Planning a statement takes and gives back thousands of small pieces, of which each thread keeps twenty thousand of a
size, and not seven, before it looks for neighbours to join them with."""
FAST = "not slow"
"""What `make test-fast` chooses."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `make test` and `make weights` ask for."""
    parser.addoption("--keep-proofs", action="store_true", help="keep what is proved, and do not prove it again")
    parser.addoption("--weigh", action="store_true", help="write tests/weights.toml anew")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Returns one worker more than there are cores, since tests of servers, browsers and kills wait half of their
    time; fast tests wait for nothing, and each further worker only collects them once more."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    return min(MOST_WORKERS, cores if config.option.markexpr == FAST else cores + WAITING)


def pytest_configure(config: pytest.Config) -> None:
    """Tests run in workers; they are compiled, and what they come to is added up, where these were started. No example
    of a property is timed: a busy machine is slow."""
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")
    if config.getoption("--keep-proofs"):
        config.pluginmanager.register(Proofs())
    if not hasattr(config, "workerinput"):
        os.environ.update({name: value for name, value in ENVIRONMENT.items() if name not in os.environ})
        if config.getoption("numprocesses", None):
            compile_all(config)
        config.pluginmanager.register(Summary(config.getoption("--weigh")))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Looks for no garbage while tests are collected, nor among them afterwards: they stay to the end, and looking
    through them again and again takes two fifths of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks slow tests, before `-m` chooses, and sorts all."""
    for item in items:
        if isinstance(item, pytest.Function) and is_slow(item):
            item.add_marker("slow")
    sort_longest_first(items, read_weights())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Takes off what a test left on our logger or the root, as a flow leaves Prefect's console: what later tests log
    would go to a terminal that is closed, and the complaint of it to theirs."""
    loggers = (logging.getLogger(), logging.getLogger("heartbeat"))
    before = [logger.handlers[:] for logger in loggers]
    try:
        return (yield)
    finally:
        for logger, kept in zip(loggers, before, strict=True):
            for left in [handler for handler in logger.handlers if handler not in kept]:
                logger.removeHandler(left)
                left.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """Worlds are made by fixtures …"""
    return (yield from _or_skip())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """… or by the tests themselves."""
    return (yield from _or_skip())


def _or_skip() -> Generator[None, Any, Any]:
    try:
        return (yield)
    except SchemaMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample world; never written to."""
    from tests.worlds.page_worlds import make_sample

    return make_sample(tmp_path_factory.mktemp("sample-home"))


@pytest.fixture(scope="session")
def state_home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Gives the home of the sample world in a state of `tests/worlds/page_worlds.py`."""
    from tests.worlds.page_worlds import make_page_state

    @cache
    def home(state: str) -> Path:
        return make_page_state(state, sample_home, tmp_path_factory.mktemp(state.replace(" ", "-")))

    return home
