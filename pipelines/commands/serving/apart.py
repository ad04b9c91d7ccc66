"""The schedule in two parts that may run in two containers: Prefect's server, and a worker that plans and runs."""

import os
import subprocess
import sys
import time
from pathlib import Path

from pipelines.commands.serving import children
from pipelines.commands.serving.interrupts import handle_interrupts
from pipelines.commands.serving.schedule import (
    START_SECONDS,
    is_healthy,
    prefect_environment,
    server_command,
    server_environment,
    set_damaged_database_aside,
    shrink_database,
)
from warehouse.settings import Settings, SettingsError

POOL = "heartbeat"
DEPLOYMENTS = Path(__file__).parents[2] / "prefect.yaml"
PREFECT = [sys.executable, "-m", "prefect", "--no-prompt"]
WORKER = [sys.executable, "-m", "pipelines.commands.serving.pool_worker", "--no-prompt"]
AT_ONCE = 2


def serve_server(settings: Settings) -> int:
    """Serves Prefect's server alone until Ctrl-C, where a worker elsewhere reaches it. Returns the exit code."""
    if not children.is_port_free(settings.prefect_port):
        raise SettingsError(f"port {settings.prefect_port} is in use; free it or set HEARTBEAT_PREFECT_PORT")
    for told in (set_damaged_database_aside(settings), shrink_database(settings)):
        if told:
            print(f"schedule: {told}", flush=True)
    environment = server_environment(prefect_environment(settings))
    return _run_until_interrupted(children.open_child(server_command(settings), environment))


def serve_worker(settings: Settings) -> int:
    """Registers what the schedule runs in the work pool, plans it and works it off until Ctrl-C. Returns the exit
    code."""
    environment = prefect_environment(settings)
    os.environ.update(environment)
    deadline = time.monotonic() + START_SECONDS
    while not is_healthy(settings):
        if time.monotonic() > deadline:
            raise SettingsError(
                f"{environment['PREFECT_API_URL']}: no Prefect server answers; set HEARTBEAT_PREFECT_HOST"
            )
        time.sleep(1)
    _register_deployments()
    # Prefect reads its environment on import, so the import has to wait until here.
    from pipelines.planner import forget_earlier_schedule, start_planning

    forget_earlier_schedule()
    start_planning(settings)
    print(f"schedule: working off the pool {POOL} of {environment['PREFECT_API_URL']}", flush=True)
    work = [*WORKER, "worker", "start", "--pool", POOL, "--limit", str(AT_ONCE), "--with-healthcheck"]
    own = {children.SCHEDULE: str(os.getpid())}
    return _run_until_interrupted(children.open_child(work, os.environ | own))


def _register_deployments() -> None:
    """Registers the deployments of `prefect.yaml`, and the pool first."""
    pool = ["work-pool", "create", POOL, "--type", "process", "--overwrite"]
    for command in (pool, ["deploy", "--all", "--prefect-file", str(DEPLOYMENTS)]):
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
