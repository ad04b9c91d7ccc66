"""The schedule: a local Prefect server whose state lives in HEARTBEAT_HOME, and the deployments that it runs.

Both are one process, which needs 100 MB less than two."""

import os
import secrets
from pathlib import Path

from pipelines.commands.serving import children
from pipelines.commands.serving.children import handle_interrupts
from pipelines.commands.terminal import print_error
from warehouse.durable import make_private_folder
from warehouse.lock import make_secret_file
from warehouse.logs.log import open_log
from warehouse.settings import Settings, SettingsError


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
        # Says nothing that is needed, and on a busy machine finds SQLite locked every five seconds.
        "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "DO_NOT_TRACK": "1",
        "HEARTBEAT_HOME": str(settings.home.absolute()),
    }


def serve_schedule(settings: Settings) -> int:
    """Serves Prefect and the deployments, both in this process, until it is stopped. Returns the exit code."""
    children.refuse_taken_port(settings.prefect_port, "HEARTBEAT_PREFECT_PORT")
    open_log(settings.home, settings.list_secrets())
    # Prefect reads its environment on import, and the runs that it starts inherit this one.
    os.environ.update(prefect_environment(settings) | {children.SCHEDULE: str(os.getpid())})
    from pipelines.commands.serving.prefect_app import run_server
    from pipelines.deployments import list_deployments, serve_deployments

    deployments = list_deployments(settings)
    try:
        with handle_interrupts(), run_server(settings.prefect_port) as has_started:
            if not has_started:
                database = settings.home / "prefect" / "prefect.db"
                print_error(f"the Prefect server did not start. If {database} is damaged, delete it")
                return 1
            page, login = f"http://127.0.0.1:{settings.prefect_port}", password_path(settings)
            print(f"schedule: running; Prefect's UI is at {page}; log in with the line in {login}", flush=True)
            serve_deployments(settings, deployments)
            return 0
    except KeyboardInterrupt:
        return 0
