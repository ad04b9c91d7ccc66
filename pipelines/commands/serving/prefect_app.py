"""Prefect's server as Heartbeat runs it: in a thread, and it answers under its own names only."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from prefect.server.api.server import create_app
from starlette.middleware.trustedhost import TrustedHostMiddleware

GRACE_SECONDS = 5
"""How long it waits for its clients before it stops."""


@contextmanager
def run_server(port: int) -> Iterator[bool]:
    """Runs the server on 127.0.0.1 until the block ends; gives whether it started."""
    app = create_app(final=True)
    # A page of another site can reach this port only under a name of that site (DNS rebinding).
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"], www_redirect=False)
    server = uvicorn.Server(
        uvicorn.Config(app, "127.0.0.1", port, log_level="warning", timeout_graceful_shutdown=GRACE_SECONDS)
    )
    thread = threading.Thread(target=server.run, name="Prefect server", daemon=True)
    thread.start()
    try:
        while thread.is_alive() and not server.started:
            time.sleep(0.1)
        yield server.started
    finally:
        server.should_exit = True
        thread.join(2 * GRACE_SECONDS)
