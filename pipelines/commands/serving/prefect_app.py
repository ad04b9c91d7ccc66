"""Prefect's server as Heartbeat starts it: it answers under its own names only, and ends with who started it."""

import os

from prefect.server.api.server import create_app
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp

from pipelines.commands.serving.children import end_with_schedule
from pipelines.commands.serving.schedule import LOOPBACK


def create_guarded_app() -> ASGIApp:
    """Returns Prefect's application behind a check of the `Host` header, for uvicorn to run as a factory."""
    end_with_schedule()
    app = create_app(final=True)
    # A page of another site can reach this port only under a name of that site (DNS rebinding).
    hosts = [*LOOPBACK, os.environ.get("HEARTBEAT_PREFECT_HOST") or LOOPBACK[0]]
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)
    return app
