"""What holds for all tests: one that needs GitHub's schema is skipped by name if the schema cannot be fetched."""

import logging
from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path
from typing import Any

import pandas  # noqa: F401 -- before a test runs a command here, which forgoes it for the whole process
import pytest
from hypothesis import settings
from tenacity import nap

from tests.upstream.schema import SchemaMissing


def pytest_configure() -> None:
    """Gives examples of a property no deadline: a busy machine is slow."""
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def _slept_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has retries sleep again after a test that only noted their waits."""
    monkeypatch.setitem(vars(nap), "time", vars(nap)["time"])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Removes the handlers that a test left on our logger or the root, such as Prefect's console: the terminal they
    write to is closed when the next test logs."""
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
