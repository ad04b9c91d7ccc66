"""The schedule: a local Prefect server whose state lives in HEARTBEAT_HOME, and the deployments that it runs."""

import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from pipelines.commands.serving import children
from pipelines.commands.serving.children import handle_interrupts
from pipelines.commands.terminal import print_error
from warehouse.durable import make_private_folder
from warehouse.lock import make_secret_file
from warehouse.logs.log import describe_log, open_log
from warehouse.settings import Settings, SettingsError, select_open_environment

START_SECONDS = 300.0
"""Its first start makes a database; on a machine that is busy or slow that takes minutes."""


def password_path(settings: Settings) -> Path:
    """Returns the file that holds the Prefect server's login, readable by its owner only."""
    return settings.home / "prefect" / "password"


def read_password(settings: Settings) -> str:
    """Returns the Prefect server's login as `user:password`, generating it on the first call."""
    # Without a login any user of this machine could make the server run commands.
    path = password_path(settings)
    make_private_folder(path.parent)
    if not path.exists():
        make_secret_file(path, f"heartbeat:{secrets.token_urlsafe(32)}\n")
    path.chmod(0o600)
    login = path.read_text(encoding="utf-8", errors="replace").strip()
    if ":" not in login:
        raise SettingsError(f"{path}: contains no login; delete the file and restart to generate a new one")
    return login


def prefect_environment(settings: Settings) -> dict[str, str]:
    """Returns Prefect's environment: own home, loopback only, a login, no analytics, JSON results, own origin only."""
    base, login = f"http://127.0.0.1:{settings.prefect_port}", read_password(settings)
    return dict(os.environ) | {
        "PREFECT_HOME": str((settings.home / "prefect").absolute()),
        "PREFECT_API_URL": f"{base}/api",
        "PREFECT_SERVER_API_AUTH_STRING": login,
        "PREFECT_API_AUTH_STRING": login,
        "PREFECT_SERVER_UI_API_URL": f"{base}/api",
        # Else Prefect writes its UI beside its own code, which a user who runs it may not change.
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str((settings.home / "prefect" / "ui").absolute()),
        "PREFECT_SERVER_UI_V2_ENABLED": "false",  # the new UI loads resources from an external host
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": base,
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
        # Prefect's own server removes what is older: runs with their logs and reports, and events.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(settings.keep_days * 24 * 3600),
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"P{settings.keep_days}D",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "DO_NOT_TRACK": "1",
        "HEARTBEAT_HOME": str(settings.home.absolute()),
    }


def serve_schedule(settings: Settings) -> int:
    """Starts the server, serves the deployments and stops everything it started. Returns the exit code."""
    children.refuse_taken_port(settings.prefect_port, "HEARTBEAT_PREFECT_PORT")
    environment = prefect_environment(settings)
    open_log(settings.home, settings.list_secrets())
    server = children.start_child(server_command(settings), server_environment(environment), "Prefect server")
    try:
        with handle_interrupts():
            if not children.wait_for_answer(settings.prefect_port, "/api/health", server, START_SECONDS):
                database, log = settings.home / "prefect" / "prefect.db", describe_log(settings.home)
                print_error(f"the Prefect server did not start; see {log}. If {database} is damaged, delete it")
                return 1
            os.environ.update(environment | {children.SCHEDULE: str(os.getpid())})
            _run_deployments(settings)
            return 0
    except KeyboardInterrupt:
        return 0
    finally:
        children.stop_children([server])


def server_command(settings: Settings) -> list[str]:
    """Returns the command of Prefect's server, which listens on 127.0.0.1 only."""
    server = ["--factory", "pipelines.commands.serving.prefect_app:create_guarded_app"]
    place = ["--host", "127.0.0.1", "--port", str(settings.prefect_port), "--log-level", "warning"]
    return [sys.executable, "-m", "uvicorn", *server, *place]


def server_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Picks the environment of Prefect's server, which ends with this process: no tokens and keys, which only the
    collectors need."""
    prefect = {name: value for name, value in environment.items() if name.startswith("PREFECT_")}
    own = {"PREFECT__SERVER_FINAL": "1", children.SCHEDULE: str(os.getpid())}
    return select_open_environment(environment) | prefect | own


def _run_deployments(settings: Settings) -> None:
    # Prefect reads its environment on import, so the import has to wait until here.
    from pipelines.deployments import serve_deployments

    page = f"http://127.0.0.1:{settings.prefect_port}"
    print(
        f"schedule: running; Prefect's UI is at {page}; log in with the line in {password_path(settings)}",
        flush=True,
    )
    serve_deployments()
