"""What makes a test slow: found by what it, its fixtures and the functions that it calls name."""

import subprocess
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.gate.slowness import is_slow


def _start() -> None:
    subprocess.run(["true"], check=True)


def _start_through_another() -> None:
    for _ in range(1):
        _start()


@pytest.fixture
def process() -> None:
    """A fixture that starts a process."""
    _start()


class Quiet(ThreadingHTTPServer):
    """A server of a test's own."""


def _serve() -> Quiet:
    return Quiet(("127.0.0.1", 0), BaseHTTPRequestHandler)


def test_reckons(request: pytest.FixtureRequest) -> None:
    """Names nothing that starts anything."""
    assert not is_slow(request.node)


def test_calls_what_starts_a_process(request: pytest.FixtureRequest) -> None:
    """Two calls away."""
    _start_through_another()
    assert is_slow(request.node)


@pytest.mark.usefixtures("process")
def test_has_a_fixture_that_starts_a_process(request: pytest.FixtureRequest) -> None:
    """Which its own code does not name."""
    assert is_slow(request.node)


def test_starts_a_server(request: pytest.FixtureRequest) -> None:
    """By its class."""
    _serve().server_close()
    assert is_slow(request.node)


@pytest.mark.slow
def test_is_marked(request: pytest.FixtureRequest) -> None:
    """By hand, where only the author knows."""
    assert is_slow(request.node)
