"""What holds for all tests: one that needs GitHub's schema, where it cannot be had, is skipped by name with the reason."""

from collections.abc import Generator
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
