"""What holds for all tests: one that needs GitHub's schema, where it cannot be had, is skipped by name; the sample world is built once."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from tests.upstream.schema import SchemaMissing


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
    """A home with the sample world, built once for all tests; never written to."""
    from tests.worlds.page_worlds import make_sample

    return make_sample(tmp_path_factory.mktemp("sample-home"))


@pytest.fixture(scope="session")
def state_home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Gives the home of the sample world in a state of `tests/worlds/page_worlds.py`, published once."""
    from tests.worlds.page_worlds import STATES, make_state

    made: dict[str, Path] = {}

    def home(state: str) -> Path:
        if state not in made:
            made[state] = tmp_path_factory.mktemp(state.replace(" ", "-"))
            make_state(sample_home, made[state], STATES[state])
        return made[state]

    return home
