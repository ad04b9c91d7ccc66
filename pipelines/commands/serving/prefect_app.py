"""Prefect's server as Heartbeat starts it: it answers under its own names only, and ends with who started it."""

from prefect.server.api.server import create_app
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp

from pipelines.commands.serving.children import end_with_schedule


def create_guarded_app() -> ASGIApp:
    """Returns Prefect's application behind a check of the `Host` header, for uvicorn to run as a factory."""
    end_with_schedule()
    app = create_app(final=True)
    # A page of another site can reach this port only under a name of that site (DNS rebinding).
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"], www_redirect=False)
    return app
