"""Tells a service outside, after each run, that this installation is alive: that service reports its silence."""

import httpx2

import pipelines.http.client  # noqa: F401  # shuts the loggers of httpx2, which write addresses
from warehouse.settings import DEADMAN, Settings

SECONDS = 10.0


def ping_deadman(settings: Settings) -> str:
    """Asks for the address of HEARTBEAT_DEADMAN and returns why that did not work; empty if it did, or none is set."""
    address = settings.deadman.get_secret_value()
    if not address:
        return ""
    try:
        answer = httpx2.get(address, timeout=SECONDS, follow_redirects=False)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        # The error's own words may repeat the address.
        return f"{DEADMAN} could not be reached ({type(error).__name__})"
    return "" if answer.is_success else f"{DEADMAN} answered {answer.status_code}"
