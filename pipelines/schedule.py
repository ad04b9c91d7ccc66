"""The schedule: a real Prefect server on this machine, in our own home, and the deployments that it runs."""

import asyncio
import os
import signal
import sys
import urllib.request
from types import FrameType

from pipelines import children
from warehouse.settings import Settings

START_SECONDS = 120.0
AGAIN_SECONDS = 5.0
"""So long after it was asked to end a process that still runs is asked again."""


def prefect_environment(settings: Settings) -> dict[str, str]:
    """The environment in which Prefect keeps to itself: our home, loopback, no analytics, JSON results, own origin only."""
    base = f"http://127.0.0.1:{settings.prefect_port}"
    return dict(os.environ) | {
        "PREFECT_HOME": str((settings.home / "prefect").absolute()),
        "PREFECT_API_URL": f"{base}/api",
        "PREFECT_SERVER_UI_API_URL": f"{base}/api",
        "PREFECT_SERVER_UI_V2_ENABLED": "false",  # the new one asks a host outside
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": base,
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "DO_NOT_TRACK": "1",
        "HEARTBEAT_HOME": str(settings.home.absolute()),
    }


def serve(settings: Settings) -> int:
    """Starts the server, serves the deployments, and ends what it started. Gives the exit code."""
    if not children.port_is_free(settings.prefect_port):
        print(f"heartbeat: port {settings.prefect_port} is in use; end what holds it or set HEARTBEAT_PREFECT_PORT", file=sys.stderr)
        return 2
    environment = prefect_environment(settings)
    home = settings.home / "prefect"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(settings.prefect_port)]
    server = children.start(command, environment, settings.home / "logs" / "prefect-server.log")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):  # a shell that starts us in the background would have SIGINT ignored
        signal.signal(number, _leave)
    try:
        if not children.wait_for_port(settings.prefect_port, server, START_SECONDS) or not _is_healthy(settings):
            print(f"heartbeat: the Prefect server did not start; see {settings.home / 'logs' / 'prefect-server.log'}", file=sys.stderr)
            return 1
        os.environ.update(environment)
        from pipelines.flows import forget_left_over_runs, serve_deployments

        asyncio.run(forget_left_over_runs())
        print(f"schedule: running; Prefect's own page is http://127.0.0.1:{settings.prefect_port}", flush=True)
        serve_deployments()
        return 0
    except KeyboardInterrupt:
        return 0
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        children.stop([server])


def _leave(number: int, frame: FrameType | None) -> None:
    # Raised while a library starts or tidies up it may be swallowed, and nobody would ever leave: then it is raised again.
    signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS)
    raise KeyboardInterrupt


def _is_healthy(settings: Settings) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{settings.prefect_port}/api/health", timeout=30) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
