"""The work pool of collectors: workers of other machines, or containers, that collect what the planner plans."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import FlowRun, State, StateType, WorkerStatus
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.states import Crashed
from prefect.workers.process import ProcessWorker

from warehouse.settings import SettingsError

COLLECTORS = "heartbeat-collectors"
ALONE, SHARED = "pipelines.flows.refresh", ("pipelines.flows.collect", "pipelines.flows.catch_up")
"""Entry points of the deployments in `prefect.yaml` alone, and in `prefect-pools.yaml` alone."""
TEMPLATES = Path(__file__).parent / "commands" / "serving" / "pools"
"""What runs of a Docker or Kubernetes pool are started with; an operator changes it in the pool."""
UNDER_WAY = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
ENDED = [StateType.COMPLETED, StateType.FAILED, StateType.CRASHED, StateType.CANCELLED]
REST = timedelta(minutes=1)
"""How long a source rests after a run of the pool: one that cannot start at all is not started without end."""
WORKER = "prefect.worker.name"
"""The label by which a run names its worker."""
MOST_RUNS = 200


def open_pool(kind: str) -> None:
    """Makes the collectors' pool. One of this kind that is there keeps what its operator changed in it."""
    with get_client(sync_client=True) as client:
        try:
            if client.read_work_pool(COLLECTORS).type == kind:
                return
            client.delete_work_pool(COLLECTORS)
        except ObjectNotFound:
            pass
        client.create_work_pool(WorkPoolCreate(name=COLLECTORS, type=kind, base_job_template=read_template(kind)))


def read_template(kind: str) -> dict[str, Any]:
    """Reads what a run of a kind of pool is started with; processes have Prefect's own."""
    if kind == ProcessWorker.type:
        return ProcessWorker.get_default_base_job_template()
    template: dict[str, Any] = json.loads((TEMPLATES / f"{kind}.json").read_text(encoding="utf-8"))
    return template


def await_pool(kind: str, seconds: float) -> None:
    """Waits until the planner has made the pool: a worker would make one of its own. Raises SettingsError."""
    until = monotonic() + seconds
    with get_client(sync_client=True) as client:
        while True:
            try:
                if (found := client.read_work_pool(COLLECTORS).type) == kind:
                    return
                trouble = f"the pool {COLLECTORS} is of the kind {found}; set HEARTBEAT_POOL to it here, too"
            except ObjectNotFound:
                trouble = f"there is no pool {COLLECTORS}; start `serve --worker` with HEARTBEAT_POOL on one machine"
            if monotonic() > until:
                raise SettingsError(trouble)
            sleep(1)


def forget_other_deployments(client: SyncPrefectClient, is_shared: bool) -> None:
    """Removes the deployments that a schedule of the other kind left: one whose runs go to a pool of collectors, or
    not."""
    for deployment in client.read_deployments():
        is_other = deployment.entrypoint == ALONE if is_shared else deployment.entrypoint in SHARED
        if is_other:
            client.delete_deployment(deployment.id)


def close_orphans(client: SyncPrefectClient) -> int:
    """Closes the runs whose worker is gone, as nobody else does, and returns their number."""
    orphans = [run for run in _read_runs(client, UNDER_WAY) if run.labels.get(WORKER)]
    if not orphans:
        return 0
    workers = client.read_workers_for_work_pool(COLLECTORS)
    alive = {worker.name for worker in workers if worker.status == WorkerStatus.ONLINE}
    orphans = [run for run in orphans if run.labels[WORKER] not in alive]
    for run in orphans:
        stopped: State[None] = Crashed(message="its worker is gone")
        client.set_flow_run_state(run.id, stopped, force=True)
    return len(orphans)


def read_ends(client: SyncPrefectClient) -> dict[str, datetime]:
    """Reads when the last run of each deployment of the pool ended, by the deployment's id."""
    ends: dict[str, datetime] = {}
    for run in _read_runs(client, ENDED):
        if run.end_time:
            ends.setdefault(str(run.deployment_id), run.end_time)
    return ends


def _read_runs(client: SyncPrefectClient, states: list[StateType]) -> list[FlowRun]:
    """Reads runs of the pool, those that ended last first."""
    return client.read_flow_runs(
        flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states))),
        work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[COLLECTORS])),
        sort=FlowRunSort.END_TIME_DESC,
        limit=MOST_RUNS,
    )
