"""Tells a service outside, after each run, that this installation is alive: that service reports its silence."""

import httpx2

import pipelines.http.client  # noqa: F401  # shuts the loggers of httpx2, which write addresses
from pipelines.http.connections import PinnedTransport, limit_time
from pipelines.http.errors import SourceError
from warehouse.settings import DEADMAN, Settings

SECONDS = 10.0
"""Time after which it has not answered, however slowly it sends."""


def ping_deadman(settings: Settings) -> str:
    """Asks for the address of HEARTBEAT_DEADMAN and returns why that did not work; empty if it did, or none is set."""
    address = settings.deadman.get_secret_value()
    if not address:
        return ""
    try:
        # It may lie in the operator's own network; nothing else is asked, as no redirect is followed.
        transport = PinnedTransport(frozenset({httpx2.URL(address).host}))
        with limit_time(SECONDS), httpx2.Client(transport=transport) as client, client.stream("GET", address) as answer:
            return "" if answer.is_success else f"{DEADMAN} answered {answer.status_code}"
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, SourceError) as error:
        # The error's own words may repeat the address.
        return f"{DEADMAN} could not be reached ({type(error).__name__})"
