"""Servers that benchmarks wait for may be slow to start."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.dashboards.browser.browser import wait_until_healthy
from tests.worlds.ports import free_port

SERVE = """import sys, time
from http.server import HTTPServer, SimpleHTTPRequestHandler
time.sleep(1)
HTTPServer(("127.0.0.1", int(sys.argv[1])), SimpleHTTPRequestHandler).serve_forever()
"""


@contextmanager
def _serve_late() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server that answers a second after its start, as Prefect's does once its tables are made."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(port)], stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}/", process
    finally:
        process.kill()
        process.wait(10)


def test_a_server_is_waited_for_as_long_as_it_is_given() -> None:
    """Prefect's makes its tables first, which takes longer than a page does; one that ended is not waited for."""
    with _serve_late() as (url, process):
        with pytest.raises(TimeoutError, match=r"did not answer within 0\.3 s"):
            wait_until_healthy(url, process, 0.3)
        wait_until_healthy(url, process, 60)
        process.kill()
        process.wait(10)
        with pytest.raises(AssertionError, match="ended before it answered"):
            wait_until_healthy(url, process, 60)
