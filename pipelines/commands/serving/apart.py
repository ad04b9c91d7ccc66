"""The schedule in parts that may run in several containers or on several machines: Prefect's server, a worker that
plans and runs, and collectors, which work off what that one plans."""

import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

from pipelines.commands.serving import children
from pipelines.commands.serving.interrupts import handle_interrupts
from pipelines.commands.serving.schedule import (
    LOOPBACK,
    START_SECONDS,
    is_healthy,
    password_path,
    prefect_environment,
    server_command,
    server_environment,
    set_damaged_database_aside,
    shrink_database,
)
from warehouse.settings import Settings, SettingsError

POOL = "heartbeat"
DEPLOYMENTS = Path(__file__).parents[2] / "prefect.yaml"
SHARED_DEPLOYMENTS = DEPLOYMENTS.with_name("prefect-pools.yaml")
"""Those of a schedule whose collecting runs go to a pool of other workers."""
PREFECT = [sys.executable, "-m", "prefect", "--no-prompt"]
WORKER = [sys.executable, "-m", "pipelines.commands.serving.pool_worker", "--no-prompt"]
AT_ONCE = 2
PACKAGES = {"docker": "prefect-docker", "kubernetes": "prefect-kubernetes"}
"""What Prefect's worker of a kind of pool needs besides Prefect."""


def serve_server(settings: Settings) -> int:
    """Serves Prefect's server alone until Ctrl-C, where a worker elsewhere reaches it. Returns the exit code."""
    children.refuse_taken_port(settings.prefect_port, "HEARTBEAT_PREFECT_PORT")
    for told in (set_damaged_database_aside(settings), shrink_database(settings)):
        if told:
            print(f"schedule: {told}", flush=True)
    environment = server_environment(prefect_environment(settings))
    return _run_until_interrupted(children.open_child(server_command(settings), environment))


def serve_worker(settings: Settings) -> int:
    """Registers what the schedule runs in the work pool, plans it and works it off until Ctrl-C. Returns the exit
    code."""
    refuse_lone_landing(settings)
    _enter_server(settings)
    _register_deployments(settings)
    # Prefect reads its environment on import, so the import has to wait until here.
    from pipelines.planner import forget_earlier_schedule, start_planning

    forget_earlier_schedule(is_shared=bool(settings.pool))
    start_planning(settings)
    return _work_off(POOL, "process", "--limit", str(AT_ONCE), "--with-healthcheck")


def serve_collector(settings: Settings) -> int:
    """Works off the collecting runs that the worker of another machine plans, until Ctrl-C. Returns the exit code."""
    refuse_lone_landing(settings)
    kind = settings.pool or "process"
    if package := find_missing_package(kind):
        raise SettingsError(f"HEARTBEAT_POOL: its worker is a package of its own: pip install {package}")
    if settings.prefect_host not in LOOPBACK and not password_path(settings).exists():
        raise SettingsError(
            f"{password_path(settings)}: copy the login of Prefect's server there, the same file of its machine's home"
        )
    _enter_server(settings)
    from pipelines.pools import COLLECTORS, await_pool

    await_pool(kind, START_SECONDS)
    # A process takes what a source takes; how many containers run at once is a limit of the pool.
    return _work_off(COLLECTORS, kind, *(["--limit", "1"] if kind == "process" else []))


def refuse_lone_landing(settings: Settings) -> None:
    """Refuses containers that would land what nobody else sees. Raises SettingsError."""
    if settings.pool in PACKAGES and "://" not in settings.landing:
        raise SettingsError(f"HEARTBEAT_LANDING: name an object store, as HEARTBEAT_POOL is {settings.pool}")


def find_missing_package(kind: str) -> str:
    """Finds the package that a worker of this kind needs and that is not installed; empty if it has all."""
    package = PACKAGES.get(kind, "")
    return package if package and importlib.util.find_spec(package.replace("-", "_")) is None else ""


def _enter_server(settings: Settings) -> None:
    """Enters the environment of Prefect's server, once it answers. Raises SettingsError."""
    environment = prefect_environment(settings)
    os.environ.update(environment)
    deadline = time.monotonic() + START_SECONDS
    while not is_healthy(settings):
        if time.monotonic() > deadline:
            raise SettingsError(
                f"{environment['PREFECT_API_URL']}: no Prefect server answers; set HEARTBEAT_PREFECT_HOST"
            )
        time.sleep(1)


def _work_off(pool: str, kind: str, *options: str) -> int:
    print(f"schedule: working off the pool {pool} of {os.environ['PREFECT_API_URL']}", flush=True)
    # What a worker needs is installed by whoever runs it, and its pool is there.
    known = ["--type", kind, "--install-policy", "never"]
    work = [*WORKER, "worker", "start", "--pool", pool, *known, *options]
    return _run_until_interrupted(children.open_child(work, os.environ | {children.SCHEDULE: str(os.getpid())}))


def _register_deployments(settings: Settings) -> None:
    """Registers what the schedule runs, and its pools first."""
    _run_prefect("work-pool", "create", POOL, "--type", "process", "--overwrite")
    if settings.pool:
        from pipelines.pools import open_pool

        open_pool(settings.pool)
    file = SHARED_DEPLOYMENTS if settings.pool else DEPLOYMENTS
    _run_prefect("deploy", "--all", "--prefect-file", str(file))


def _run_prefect(*command: str) -> None:
    done = children.run_child([*PREFECT, *command])
    if done.returncode:
        raise SettingsError(f"prefect {command[0]}: {(done.stderr or done.stdout).strip()[-500:]}")


def _run_until_interrupted(child: "subprocess.Popen[bytes]") -> int:
    try:
        with handle_interrupts():
            return child.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        children.stop_children([child])
