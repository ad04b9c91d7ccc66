"""What the files of a deployment promise: nothing but the login can be reached, and nothing runs with more than it
needs."""

import json
import os
import re
import shutil
import subprocess
from functools import partial
from pathlib import Path
from typing import Any, cast

import check_jsonschema
import jsonschema  # type: ignore[import-untyped]
import kubernetes_validate
import pytest
import yaml

import pipelines
from pipelines.catalog.reader import SHIPPED, read_catalog
from tests.paths import ROOT
from warehouse.settings import DEADMAN, NOTIFY, PEOPLE_KEY, TOKENS

DEPLOY = ROOT / ".deploy"
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
MANIFEST = [*yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8"))]
UNITS = {path.name: path.read_text(encoding="utf-8") for path in sorted(DEPLOY.glob("*.service"))}
IMAGES = [ROOT / "Containerfile", ROOT / "compose.yaml", DEPLOY / "kubernetes.yaml", DEPLOY / "space/Dockerfile"]
KUBERNETES = "1.37"
MOST_EXPOSED = 1.5
"""Of ten; systemd calls everything below 2 well protected."""


def _find(kind: str) -> dict[str, Any]:
    return next(cast("dict[str, Any]", one) for one in MANIFEST if one["kind"] == kind)


def _pod() -> dict[str, Any]:
    return cast("dict[str, Any]", _find("Deployment")["spec"]["template"]["spec"])


def test_the_compose_file_is_one_by_its_published_schema() -> None:
    """An engine refuses a misspelt key, or worse, skips it."""
    schema = Path(check_jsonschema.__path__[0]) / "builtin_schemas" / "vendor" / "compose-spec.json"
    jsonschema.validate(COMPOSE, json.loads(schema.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_without_rights_on_a_read_only_root(name: str) -> None:
    service = SERVICES[name]
    assert service["user"] == ("10002:10001" if name == "dashboard" else "10001:10001") and service["read_only"] is True
    assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])
    assert service["healthcheck"]["test"] and service["mem_limit"] and service["pids_limit"]
    assert service["tmpfs"] == ["/tmp:mode=1777"]  # noqa: S108


def test_only_the_proxy_is_published_and_only_collecting_has_tokens() -> None:
    """A captured dashboard reaches neither the internet nor the tokens nor Prefect."""
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    networks = {name: set(service["networks"]) for name, service in SERVICES.items()}
    assert networks == {
        "schedule": {"outside"}, "dashboard": {"pages"}, "proxy": {"pages", "outside"},
    }  # fmt: skip
    assert COMPOSE["networks"]["pages"] == {"internal": True}
    assert [name for name, one in SERVICES.items() if "/run/credentials" in str(one)] == ["schedule"]
    assert [name for name, one in SERVICES.items() if "home:/data" in one["volumes"]] == ["schedule"]
    assert "home:/data:ro" in SERVICES["dashboard"]["volumes"]


def test_the_manifest_is_one_by_the_published_schemas_of_kubernetes() -> None:
    """Strictly: a key that nobody knows is refused."""
    for one in MANIFEST:
        kubernetes_validate.validate(one, KUBERNETES, strict=True)


def test_the_pod_passes_the_restricted_standard_and_is_probed() -> None:
    """The namespace enforces it, so that a pod which does not pass would never start."""
    pod = _pod()
    assert _find("Namespace")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert (
        pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault"
    )
    assert pod["automountServiceAccountToken"] is False and "hostNetwork" not in pod
    assert {next(iter(set(volume) - {"name"})) for volume in pod["volumes"]} <= {
        "persistentVolumeClaim", "secret", "configMap", "emptyDir",
    }  # fmt: skip
    for container in [*pod["initContainers"], *pod["containers"]]:
        context = container["securityContext"]
        assert ("runAsUser" in context) == (container["name"] == "dashboard")
        assert context["allowPrivilegeEscalation"] is False and context["readOnlyRootFilesystem"] is True
        assert context["capabilities"]["drop"] == ["ALL"]
        assert context["capabilities"].get("add", []) == (["NET_BIND_SERVICE"] if container["name"] == "proxy" else [])
    for container in pod["containers"]:
        assert container["livenessProbe"] and container["resources"]["limits"]["memory"]


def test_images_are_named_without_a_registry() -> None:
    """Which one is asked is the engine's setting, so that a mirror needs no other file."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in IMAGES)
    named = re.findall(r"(?m)^\s*(?:image: |FROM |ARG BASE=|BASE: )(\S+)", text)
    assert len(named) >= 8
    assert [name for name in named if "/" in name] == []


def test_each_unit_is_sound_and_well_protected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As systemd itself judges them, with the drop-in that they share."""
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("systemd-analyze, which judges units")
    shutil.copytree(DEPLOY, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("SYSTEMD_UNIT_PATH", f"{tmp_path}:")
    for name, text in UNITS.items():
        # Whether the command is there is the machine's matter.
        (tmp_path / name).write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text))
    paths = [tmp_path / name for name in UNITS]
    run = partial(subprocess.run, capture_output=True, text=True, check=False)

    verified = run([analyze, "verify", "--man=no", *paths, *tmp_path.glob("*.timer")])
    assert (verified.returncode, [line for line in verified.stderr.splitlines() if "heartbeat" in line]) == (0, [])
    threshold = f"--threshold={MOST_EXPOSED * 10:.0f}"
    judged = [run([analyze, "security", "--offline=yes", "--no-pager", threshold, path]) for path in paths]
    assert [done.stdout[-200:] for done in judged if done.returncode] == []


def test_a_unit_is_given_only_what_it_needs() -> None:
    """The pages need no secret and reach only this machine; alerts need the places to which they go."""
    given = {name: set(re.findall(r"(?m)^ImportCredential=(.+)$", text)) for name, text in UNITS.items()}
    assert {name.removeprefix("heartbeat-").removesuffix(".service"): names for name, names in given.items()} == {
        "schedule": {*TOKENS, PEOPLE_KEY, NOTIFY, DEADMAN}, "dashboard": set(), "backup": set(), "alerts": {NOTIFY},
        "failure@": {NOTIFY},
    }  # fmt: skip
    dashboard = UNITS["heartbeat-dashboard.service"]
    assert "\nUser=heartbeat-dashboard\n" in dashboard and "IPAddressDeny=any\nIPAddressAllow=localhost\n" in dashboard
    assert "StateDirectory" not in dashboard and "ReadWritePaths" not in dashboard


def test_the_wrapper_passes_the_words_and_the_credentials_of_the_schedule(tmp_path: Path) -> None:
    """It ran every command with all credentials of the machine."""
    program = tmp_path / "systemd-run"
    program.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
    program.chmod(0o755)
    script = (DEPLOY / "heartbeat").read_text(encoding="utf-8").replace("/opt/heartbeat/.deploy", str(DEPLOY))
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    command = ["sh", "-c", script, "heartbeat", "status", "two words"]
    words = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()

    given = {word.partition("ImportCredential=")[2] for word in words if "ImportCredential=" in word}
    assert given == {*TOKENS, PEOPLE_KEY, NOTIFY, DEADMAN}
    assert words[-3:] == ["/opt/heartbeat/.venv/bin/heartbeat", "status", "two words"]


def test_a_work_pool_runs_what_the_schedule_runs() -> None:
    """A source that is added to the catalog must be added there, too; one pool collects, the other builds."""
    path = ROOT / "pipelines" / "prefect.yaml"
    deployments = yaml.safe_load(path.read_text(encoding="utf-8"))["deployments"]
    sources = {channel.source for channel in read_catalog([SHIPPED]).channels}
    assert {one["name"] for one in deployments} == sources | {"hourly", "nightly"}
    for one in deployments:
        is_source = one["name"] in sources
        assert one["entrypoint"] == f"pipelines.flows.{'collect' if is_source else 'build'}"
        assert one["work_pool"]["name"] == f"heartbeat-{'collect' if is_source else 'build'}"
        assert one["parameters"] == ({"source": one["name"]} if is_source else {"full": one["name"] == "nightly"})
        assert len(one["schedules"]) == 1 and one["version"] == pipelines.VERSION
        assert one["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}


@pytest.mark.parametrize("path", sorted((ROOT / ".github" / "workflows").glob("*.yml")), ids=lambda path: path.name)
def test_a_pull_request_gets_no_right_and_nothing_of_it_becomes_a_script(path: Path) -> None:
    """Anybody may open one, with any title and from any branch."""
    workflow: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    starts = workflow[True]  # YAML reads `on` as true
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    filled_in = {found for step in steps for found in re.findall(r"\$\{\{.*?\}\}", step.get("run", ""))}

    assert set(starts) <= {"push", "pull_request", "schedule", "workflow_dispatch"}
    assert "pull_request" not in starts or workflow["permissions"] == {"contents": "read"}
    assert "pull_request" not in starts or "secrets." not in path.read_text(encoding="utf-8")
    assert filled_in <= {"${{ job.status }}"}
    assert all(step["with"]["persist-credentials"] is False for step in steps if "checkout" in step.get("uses", ""))
