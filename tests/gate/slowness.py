"""Which tests are slow by what they do: they start a server, a browser or a process, or build a whole world."""

import inspect
from collections.abc import Callable, Iterator
from functools import cache
from socketserver import BaseServer
from types import CodeType
from typing import Any

import pytest

FIXTURES = {"sample_home", "state_home", "httpserver"}
NAMES = {"Upstream", "subprocess", "sync_playwright", "socket", "open_sample", "refresh_warehouse"}
"""What a test, its fixtures or the functions that these call must not name, to be a fast one."""


def is_slow(item: pytest.Function) -> bool:
    """Says whether a test is slow, by its mark, its fixtures or what its code names."""
    if item.get_closest_marker("slow") or FIXTURES & set(item.fixturenames):
        return True
    return any(_starts(function) for function in (item.function, *_fixtures(item)))


def _fixtures(item: pytest.Function) -> Iterator[Callable[..., Any]]:
    for definitions in item._fixtureinfo.name2fixturedefs.values():
        yield from (one.func for one in definitions if one.func.__module__.startswith("tests."))


@cache
def _starts(function: Callable[..., Any]) -> bool:
    """Follows the functions and classes of ours that a function names."""
    seen, waiting = {function}, [function]
    while waiting:
        current = waiting.pop()
        names = _named(current.__code__)
        if names & NAMES:
            return True
        values = (inspect.unwrap(value) for name in names if callable(value := current.__globals__.get(name)))
        for value in values:
            if isinstance(value, type) and issubclass(value, BaseServer) and value is not BaseServer:
                return True
            if inspect.isfunction(value) and value.__module__.startswith("tests.") and value not in seen:
                seen.add(value)
                waiting.append(value)
    return False


def _named(code: CodeType) -> set[str]:
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return set(code.co_names).union(*map(_named, inner))
