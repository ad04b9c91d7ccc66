"""Runs the steps of a workflow here, as its file has them: each in a shell of its own, in a clean clone."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.paths import ROOT

Values = Mapping[str, str]
OWNER = "somebody"


@dataclass(frozen=True, slots=True)
class Done:
    """How a run of a workflow ended, and all that its steps said."""

    status: str
    said: str
    folder: Path


@dataclass(slots=True)
class Repository:
    """A repository on GitHub: its secrets, its releases and issues, and the world that its steps reach."""

    folder: Path
    secrets: dict[str, str]
    world: dict[str, str] = field(default_factory=dict)
    """Variables that lead the steps to the emulator."""
    runs: int = 0

    @property
    def store(self) -> Path:
        """The folder of its releases and issues."""
        return self.folder / "store"

    @property
    def remote(self) -> Path:
        """What its steps push to."""
        return self.folder / "pushed" / OWNER / "heartbeat"

    def run_workflow(self, path: str) -> Done:
        """Runs the one job of a workflow on a new machine, on which nothing is left of an earlier run."""
        self.runs += 1
        clone = self.folder / f"run-{self.runs}"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        _link_environment(clone)
        subprocess.run(["git", "init", "--quiet", "--bare", str(self.remote)], check=True)
        workflow = yaml.safe_load((clone / path).read_text(encoding="utf-8"))
        (job,) = workflow["jobs"].values()
        status, said = "success", ""
        for step in job["steps"]:
            if "run" not in step or (status != "success" and "cancelled" not in str(step.get("if", ""))):
                continue
            code, words = self._run_step(step, job.get("env", {}), status, clone)
            said += words
            status = "failure" if code else status
        return Done(status, said, clone)

    def _run_step(self, step: Mapping[str, Any], common: Values, status: str, clone: Path) -> tuple[int, str]:
        known = {
            "github.repository": f"{OWNER}/heartbeat", "github.server_url": "https://github.example",
            "job.status": status, **{f"secrets.{name}": value for name, value in self.secrets.items()},
        }  # fmt: skip
        given = {name: fill_in(str(value), known) for name, value in {**common, **step.get("env", {})}.items()}
        environment = self._describe_machine(clone) | given
        # As the runner does it: a step ends at the first command that fails.
        words = ["bash", "-e", "-c", fill_in(step["run"], known)]
        done = subprocess.run(
            words, cwd=clone, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        return done.returncode, done.stdout

    def run_by_hand(self, script: str, clone: Path) -> str:
        """Runs commands as their owner types them in a clone, whatever each returns; gives what they said."""
        environment = self._describe_machine(clone) | {"GH_TOKEN": "gho_owner"}
        done = subprocess.run(
            ["sh", "-c", script], cwd=clone, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, check=False,
        )  # fmt: skip
        return done.stdout

    def _describe_machine(self, clone: Path) -> dict[str, str]:
        commands = self.folder / "bin"
        commands.mkdir(exist_ok=True)
        (commands / "gh").write_text(f'#!/bin/sh\nexec {sys.executable} -m tests.deploying.gh "$@"\n')
        (commands / "gh").chmod(0o755)
        return self.world | {
            "PATH": f"{commands}:{os.environ['PATH']}", "HOME": str(clone.parent), "PYTHONPATH": str(clone),
            "GH_STORE": str(self.store), "GITHUB_REPOSITORY": f"{OWNER}/heartbeat", "GITHUB_RUN_ID": str(self.runs),
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.{self.folder / 'pushed'}/.insteadOf",
            "GIT_CONFIG_VALUE_0": "https://github.example/",
            "GITHUB_REPOSITORY_OWNER": OWNER, "GITHUB_SERVER_URL": "https://github.example", "CI": "true",
        }  # fmt: skip


def fill_in(text: str, known: Values) -> str:
    """Fills in the expressions of a workflow: the first of these values that is not empty."""
    return re.sub(
        r"\$\{\{ (.+?) \}\}", lambda found: next(filter(None, map(known.get, found[1].split(" || "))), ""), text
    )


def _link_environment(clone: Path) -> None:
    """Links the environment of this checkout, and dates the clone's files before it: `make setup` finds it whole."""
    (clone / ".venv").symlink_to(Path(sys.prefix))
    for path in (*clone.glob("*.lock"), clone / "pyproject.toml"):
        os.utime(path, (0, 0))
