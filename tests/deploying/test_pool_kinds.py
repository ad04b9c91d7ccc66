"""The kinds of pools that collecting runs may go to: what each is started with, and that Prefect takes it.

No engine is here: what Docker or Kubernetes would be given is held against their schemas and our own files.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from prefect.utilities.templating import apply_values

import pipelines
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.commands.serving.apart import SHARED_DEPLOYMENTS, find_missing_package, refuse_lone_landing
from pipelines.pools import COLLECTORS, read_template
from tests.deploying.confining import make_small_catalog
from tests.deploying.documents import find_block
from tests.paths import ROOT
from tests.upstream.emulator import Upstream
from tests.worlds.ports import free_port, listens
from tests.worlds.schedules import copy_schedule
from tests.worlds.stores.fleet import Fleet
from warehouse.landing import list_landed, open_zone
from warehouse.settings import Settings, SettingsError

KUBERNETES = "1.37"
PATIENCE_SECONDS = 420
OUT_OF_REACH = "s3://key:secret@bucket/folder?endpoint_override=http://127.0.0.1:9&region=us-east-1"
"""An object store that does not answer: what is planned needs none."""
DEPLOYMENTS = yaml.safe_load(SHARED_DEPLOYMENTS.read_text(encoding="utf-8"))["deployments"]


def _choose_defaults(template: dict[str, Any]) -> dict[str, Any]:
    """What a run is started with that nobody tells anything."""
    own = template["variables"]["properties"]
    return {name: one["default"] for name, one in own.items() if "default" in one}


def test_a_shared_schedule_collects_in_the_pool_and_builds_on_its_own_machine() -> None:
    """A source that is added to the catalog must be added there, too."""
    sources = {channel.source for channel in read_catalog([SHIPPED]).channels}
    assert {one["name"] for one in DEPLOYMENTS} == sources | {"nightly", "catch-up"}
    for one in DEPLOYMENTS:
        is_source = one["name"] in sources
        assert one["work_pool"] == {"name": COLLECTORS if is_source else "heartbeat"}
        assert (one["entrypoint"] == "pipelines.flows.collect") == is_source
        assert one["schedules"] == [] and one["version"] == pipelines.VERSION
        assert one["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}


def test_a_container_of_the_pool_has_no_more_rights_than_those_of_compose() -> None:
    """And its settings lie where those have theirs."""
    template = read_template("docker")
    chosen = _choose_defaults(template)
    given = apply_values(template["job_configuration"], chosen)
    kwargs, worker = (
        given["container_create_kwargs"],
        yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["worker"],
    )
    for name in ("user", "read_only", "init", "cap_drop", "security_opt", "pids_limit"):
        assert kwargs[name] == worker[name]
    assert (kwargs["entrypoint"], given["command"]) == (["python"], "-m prefect.engine")
    assert given["image"] == worker["image"] and given["env"]["CREDENTIALS_DIRECTORY"] == "/run/credentials"
    assert given["volumes"] == ["/etc/heartbeat/credentials:/run/credentials:ro"]
    assert given["env"]["HEARTBEAT_HOME"].startswith("/data/") and "/data" in kwargs["tmpfs"]


def test_a_job_of_the_pool_is_one_by_the_published_schema_and_passes_the_restricted_standard() -> None:
    """As Prefect's worker fills it in."""
    template = read_template("kubernetes")
    chosen = _choose_defaults(template)
    env = [{"name": name, "value": value} for name, value in chosen["env"].items()]
    manifest = apply_values(template["job_configuration"], chosen | {"env": env, "command": chosen["command"].split()})[
        "job_manifest"
    ]
    kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
    pod = manifest["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False and pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    [container] = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
    }  # fmt: skip
    mounts = {one["mountPath"] for one in container["volumeMounts"]}
    assert mounts == {"/data", "/tmp", "/run/credentials"}  # noqa: S108


def test_containers_need_an_object_store_and_their_worker_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a container lands in its own folder is gone with it."""
    alone = Settings(HEARTBEAT_POOL="docker", _env_file=None)
    with pytest.raises(SettingsError, match=r"HEARTBEAT_LANDING: name an object store, as HEARTBEAT_POOL is docker"):
        refuse_lone_landing(alone)
    refuse_lone_landing(alone.model_copy(update={"landing": "s3://bucket/folder"}))
    refuse_lone_landing(alone.model_copy(update={"pool": "process"}))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert [find_missing_package(kind) for kind in ("process", "docker", "kubernetes")] == [
        "", "prefect-docker", "prefect-kubernetes",
    ]  # fmt: skip


@pytest.mark.slow
def test_prefect_takes_each_kind_of_pool_and_plans_collecting_runs_in_it(tmp_path: Path) -> None:
    """One after another, on one server: a pool of another kind takes the former one's place."""
    with Upstream(make_small_catalog(), seed=3, threads=20) as world:
        fleet = _make_fleet(tmp_path, world)
        copy_schedule(tmp_path / "server")
        fleet.start("server", "server")
        try:
            assert listens(fleet.port, PATIENCE_SECONDS), fleet.read_logs()
            for kind in ("docker", "kubernetes"):
                fleet.start(kind, "worker", HEARTBEAT_POOL=kind, HEARTBEAT_LANDING=OUT_OF_REACH)
                _await_planned(fleet, kind)
                _stop(fleet, kind)
        finally:
            for name in list(fleet.processes):
                _stop(fleet, name)


def _await_planned(fleet: Fleet, kind: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        pools = [one for one in fleet.ask("work_pools") if one["name"] == COLLECTORS and one["type"] == kind]
        runs = [one for one in fleet.ask("flow_runs", limit=200) if one["work_pool_name"] == COLLECTORS]
        if pools and runs and {one["state_type"] for one in runs} == {"SCHEDULED"}:
            break
        assert time.monotonic() < deadline and fleet.processes[kind].poll() is None, fleet.read_logs()
        time.sleep(1)
    assert pools[0]["base_job_template"] == read_template(kind)
    registered = {one["name"]: one["work_pool_name"] for one in fleet.ask("deployments")}
    assert registered == {one["name"]: one["work_pool"]["name"] for one in DEPLOYMENTS}


def _stop(fleet: Fleet, name: str) -> None:
    process = fleet.processes.pop(name)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0


def _make_fleet(folder: Path, world: Upstream) -> Fleet:
    port = free_port()
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(folder), "TMPDIR": str(folder),
        "PYTHONPATH": str(ROOT), "HEARTBEAT_PREFECT_PORT": str(port), "HEARTBEAT_NOW": world.world.now.isoformat(),
        "HEARTBEAT_CATALOG": str(world.catalog(folder / "catalog")), "HEARTBEAT_CATALOG_ONLY": "1",
        "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost", "PREFECT_WORKER_QUERY_SECONDS": "1",
        "PREFECT_WORKER_WEBSERVER_PORT": str(free_port()),
    }  # fmt: skip
    return Fleet(folder, environment, port)


@pytest.mark.slow
def test_what_is_written_of_a_pool_collects_on_one_machine_as_on_several(tmp_path: Path) -> None:
    """All parts in one home, as somebody tries it first; all of them end with their shell."""
    with Upstream(make_small_catalog(), seed=3, threads=20) as world:
        fleet = _make_fleet(tmp_path, world)
        home = copy_schedule(tmp_path / "server")
        commands = tmp_path / "commands"
        commands.mkdir()
        (commands / "heartbeat").write_text(f'#!/bin/sh\nexec {sys.executable} -m pipelines "$@"\n')
        (commands / "heartbeat").chmod(0o755)
        environment = fleet.environment | {"HEARTBEAT_HOME": str(home), "PATH": f"{commands}:{os.environ['PATH']}"}
        with (tmp_path / "shell.log").open("wb") as log:
            shell = subprocess.Popen(
                ["sh", "-c", find_block("export HEARTBEAT_POOL")], env=environment, cwd=tmp_path, stdout=log,
                stderr=log, start_new_session=True,
            )  # fmt: skip
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not (home / "landing").exists() or not list_landed(open_zone(str(home / "landing"))):
                assert time.monotonic() < deadline and shell.poll() is None, fleet.read_logs()
                time.sleep(1)
            assert {one["type"] for one in fleet.ask("work_pools")} == {"process"}
        finally:
            os.killpg(shell.pid, signal.SIGTERM)
            shell.wait(60)
        deadline = time.monotonic() + 60
        while listens(fleet.port, 0):
            assert time.monotonic() < deadline, fleet.read_logs()
            time.sleep(0.5)
