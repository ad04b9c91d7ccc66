"""What stands in for `docker` and `kubectl` where no engine is: each knows the commands of the documents only, holds
every name in them against the committed files, and runs what a container would run."""

import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

import yaml

BACKUPS = "/backups"
"""Where containers see the folder of backups."""


def _make_docker() -> ArgumentParser:
    parser = ArgumentParser("docker")
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build")
    build.add_argument("--file", type=Path, required=True)
    build.add_argument("--tag", required=True)
    build.add_argument("context", type=Path)
    run = commands.add_parser("run")
    run.add_argument("--rm", action="store_true", required=True)
    run.add_argument("-it", action="store_true", required=True)
    run.add_argument("image")
    run.add_argument("words", nargs="+")
    compose = commands.add_parser("compose").add_subparsers(dest="step", required=True)
    up = compose.add_parser("up")
    up.add_argument("--detach", action="store_true", required=True)
    up.add_argument("--build", action="store_true", required=True)
    down = compose.add_parser("down")
    down.add_argument("--volumes", action="store_true", required=True)
    down.add_argument("--rmi", choices=["local"], required=True)
    inside = compose.add_parser("exec")
    inside.add_argument("service")
    inside.add_argument("words", nargs="+")
    return parser


def _make_kubectl() -> ArgumentParser:
    parser = ArgumentParser("kubectl")
    parser.add_argument("-n", dest="namespace", default="heartbeat", choices=["heartbeat"])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("apply").add_argument("-f", type=Path, required=True)
    create = commands.add_parser("create").add_subparsers(dest="kind", required=True)
    for kind in (create.add_parser("configmap"), create.add_parser("secret")):
        kind.add_argument("names", nargs="+")
        kind.add_argument("--from-literal", action="append", default=[])
        kind.add_argument("--from-file", action="append", default=[], type=Path)
    inside = commands.add_parser("exec")
    inside.add_argument("place")
    inside.add_argument("-c", dest="container", required=True)
    inside.add_argument("words", nargs="+")
    restart = commands.add_parser("rollout").add_subparsers(required=True).add_parser("restart")
    delete = commands.add_parser("delete")
    for known in (restart, delete):
        known.add_argument("kind")
        known.add_argument("name")
    return parser


def run_docker(asked: Namespace) -> None:
    """Does what Docker would, as far as the compose file and the image file say it."""
    services = yaml.safe_load(Path("compose.yaml").read_text(encoding="utf-8"))["services"]
    if asked.command == "build":
        assert asked.file.is_file() and asked.context.is_dir()
        assert asked.tag == services["schedule"]["image"] == _find_container("schedule")["image"]
    elif asked.command == "run":
        assert services["proxy"]["image"].endswith(f"-{asked.image}}}") and asked.words[0] == "caddy"
    elif asked.step == "exec":
        assert f".{BACKUPS}:{BACKUPS}" in services[asked.service]["volumes"]
        _run_inside(asked.words)


def run_kubectl(asked: Namespace) -> None:
    """Does what kubectl would, as far as the manifest says it."""
    if asked.command == "apply":
        assert asked.f == Path(".deploy/kubernetes.yaml")
    elif asked.command == "create":
        _create(asked.kind, asked.names[-1], asked.from_literal, asked.from_file)
    elif asked.command == "exec":
        kind, _, name = asked.place.partition("/")
        assert _find(kind, name)
        mounted = [one["mountPath"] for one in _find_container(asked.container)["volumeMounts"]]
        assert BACKUPS in mounted
        _run_inside(asked.words)
    else:
        assert _find(asked.kind, asked.name)


def _create(kind: str, name: str, literals: list[str], files: list[Path]) -> None:
    """Checks that the pod mounts or reads it under this name, and that each file is there."""
    pod = _find("deployment", "heartbeat")["spec"]["template"]["spec"]
    used = [one.get("configMap", {}).get("name") or one.get("secret", {}).get("secretName") for one in pod["volumes"]]
    assert name in used, (kind, name)
    assert all(path.exists() for path in files), files
    for literal in literals:
        assert f"'configMapKeyRef': {{'name': '{name}', 'key': '{literal.partition('=')[0]}'}}" in str(pod)


def _find(kind: str, name: str) -> dict[str, Any]:
    manifest = yaml.safe_load_all(Path(".deploy/kubernetes.yaml").read_text(encoding="utf-8"))
    [found] = [one for one in manifest if (one["kind"].lower(), one["metadata"]["name"]) == (kind, name)]
    return dict(found)


def _find_container(name: str) -> dict[str, Any]:
    containers = _find("deployment", "heartbeat")["spec"]["template"]["spec"]["containers"]
    return next(dict(one) for one in containers if one["name"] == name)


def _run_inside(words: list[str]) -> None:
    """Runs a command of ours as in the container, whose folder of backups is that of the checkout."""
    assert words[0] == "heartbeat"
    own = [f".{word}" if word.startswith(BACKUPS) else word for word in words[1:]]
    done = subprocess.run([sys.executable, "-m", "pipelines", *own], capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr, sep="", flush=True)
    # 1 says that something is stale.
    has_worked = done.returncode in (0, 1) or "nothing is published yet" in done.stderr
    assert has_worked, f"{words} ended with {done.returncode}"


if __name__ == "__main__":
    engine, *rest = sys.argv[1:]
    print(engine, *rest, flush=True)
    run_docker(_make_docker().parse_args(rest)) if engine == "docker" else run_kubectl(_make_kubectl().parse_args(rest))
