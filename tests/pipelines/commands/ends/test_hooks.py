"""The pre-commit hook and the action: what they name exists, and the scripts in them run."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.paths import ROOT
from tests.worlds.page_worlds import NOW
from warehouse.ends.evidence import write_evidence
from warehouse.notices import make_evidence
from warehouse.snapshot import read_current

Act = Callable[..., subprocess.CompletedProcess[str]]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
GUIDE = (ROOT / "pipelines" / "commands" / "ends" / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def environment(sample_home: Path, tmp_path: Path) -> dict[str, str]:
    """A project with an unknown id, and the command where the action installs it."""
    script = tmp_path / "temp" / "heartbeat" / "bin" / "heartbeat"
    script.parent.mkdir(parents=True)
    script.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {sys.executable} -m pipelines "$@"\n')
    script.chmod(0o755)
    (tmp_path / "project" / "my code").mkdir(parents=True)
    (tmp_path / "project" / "my code" / "a.py").write_text('model = "gpt-7-large"\n')
    return {
        **os.environ, "PATH": f"{script.parent}:{os.environ['PATH']}", "RUNNER_TEMP": str(tmp_path / "temp"),
        "HEARTBEAT_HOME": str(sample_home),
        "HEARTBEAT_NOW": NOW.isoformat(),
    }  # fmt: skip


@pytest.fixture
def evidence(sample_home: Path, tmp_path: Path) -> Path:
    """A folder with the sample world's `ends.json`."""
    snapshot = read_current(sample_home)
    assert snapshot is not None
    (tmp_path / "evidence").mkdir()
    write_evidence(make_evidence(snapshot), tmp_path / "evidence")
    return tmp_path / "evidence"


def _run(command: list[str], environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_hook_runs_without_anything_installed_and_takes_files(
    environment: dict[str, str], evidence: Path, tmp_path: Path
) -> None:
    """pre-commit adds the names of changed files behind it."""
    (hook,) = HOOKS
    assert (hook["id"], hook["language"], hook["pass_filenames"]) == ("heartbeat-ends", "script", True)
    (tmp_path / "project" / "--within=0d").write_text('model = "gpt-8-large"\n')
    command = [str(ROOT / hook["entry"]), "--from", str(evidence), "--allow-sample"]
    command += [*hook["args"], "my code/a.py", "--within=0d"]
    done = _run(command, environment, tmp_path / "project")
    assert done.returncode == 0 and "    gpt-7-large, gpt-8-large\n" in done.stdout


def _inputs(**given: str) -> dict[str, str]:
    return {name: str(entry["default"]) for name, entry in ACTION["inputs"].items()} | given


def _step_environment(step: dict[str, Any], inputs: dict[str, str]) -> dict[str, str]:
    """What the runner puts into the environment of a step."""
    values = {f"${{{{ inputs.{name} }}}}": value for name, value in inputs.items()}
    values |= {
        "${{ github.action_path }}": str(ROOT), "${{ github.action_repository }}": "owner/heartbeat",
        "${{ github.token }}": "ghs_workflow", "${{ github.repository }}": "owner/project",
    }  # fmt: skip
    return {name: values[word] for name, word in step["env"].items()}


def test_the_action_installs_nothing_and_puts_no_input_into_a_script() -> None:
    """An input that became part of a script could be a command."""
    (check,) = ACTION["runs"]["steps"]
    assert ACTION["runs"]["using"] == "composite" and check["shell"] == "bash"
    assert "${{" not in check["run"] and "python3 -I " in check["run"], "modules of the checked project would run"


def test_a_checked_project_sets_nothing(environment: dict[str, str], sample_home: Path, tmp_path: Path) -> None:
    """Neither by a file of settings nor by a link where the report goes; elsewhere both are the user's."""
    project, outside, command = tmp_path / "project", tmp_path / "kept.txt", ["heartbeat", "ends", "--allow-sample"]
    open_environment = {name: value for name, value in environment.items() if name != "HEARTBEAT_HOME"}
    (project / ".env").write_text(f"HEARTBEAT_HOME={sample_home}\nHEARTBEAT_SNAPSHOT=http://127.0.0.1:9/x\n")
    done = _run(command, open_environment, project)
    assert done.returncode == 2 and "heartbeat up" in done.stderr and "127.0.0.1" not in done.stderr

    shutil.copytree(sample_home, project / ".heartbeat")
    brought = f"The data are those of {project / '.heartbeat'}, in the checked folder; name one you trust with"
    assert brought in _run(command, open_environment, project).stdout
    assert brought not in _run(command, environment, project).stdout

    (tmp_path / "own").mkdir()
    (tmp_path / "own" / ".env").write_text(f"HEARTBEAT_HOME={sample_home}\n")
    assert _run([*command, str(project)], open_environment, tmp_path / "own").returncode == 0

    outside.write_text("kept")
    (project / "report.json").symlink_to(outside)
    refused = _run([*command, "--output", "report.json"], environment, project)
    assert refused.returncode == 2 and "leads out of" in refused.stderr and outside.read_text() == "kept"
    assert _run([*command, "--output", "other.json"], environment, project).returncode == 0


@pytest.fixture
def act(environment: dict[str, str], evidence: Path, tmp_path: Path) -> Act:
    """Runs the script of the action by bash as the runner does, with a stand-in for `gh`."""
    (step,) = ACTION["runs"]["steps"]
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "gh").write_text(f'#!/bin/sh\nexec {sys.executable} {ROOT / "tests" / "deploying" / "gh.py"} "$@"\n')
    (tools / "gh").chmod(0o755)
    summary = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"), "GH_STORE": str(tmp_path / "store")}
    path = {"PATH": f"{tools}:{environment['PATH']}"}

    def run(**given: str) -> subprocess.CompletedProcess[str]:
        inputs = _inputs(**({"paths": "my code\n", "from": str(evidence)} | given))
        script = step["run"].replace(' "$@" --', ' "$@" --allow-sample --') if "refuse" not in given else step["run"]
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        return _run(command, environment | path | summary | _step_environment(step, inputs), tmp_path / "project")

    return run


@pytest.mark.parametrize("fail_on", ["", "unknown", "unknown\nundated"])
def test_the_script_of_the_action_writes_its_report(act: Act, tmp_path: Path, fail_on: str) -> None:
    """With paths that have spaces; the sample world is refused there as well."""
    refused = act(refuse="yes")
    assert refused.returncode == 2 and "whose ends are made up" in refused.stderr
    done = act(**{"fail-on": fail_on})
    assert done.returncode == (1 if fail_on else 0), done.stderr
    log = json.loads((tmp_path / "project" / "heartbeat-ends.sarif").read_text())
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == (["model-unknown"] if fail_on else [])
    assert ("::notice file=my code/a.py,line=1,col=10,title=gpt-7-large::unknown" in done.stdout) == bool(fail_on)
    assert "| `gpt-7-large` | unknown" in (tmp_path / "summary.md").read_text()


def test_one_issue_lists_what_ends_until_nothing_does(act: Act, tmp_path: Path) -> None:
    """It is written anew by each run, and closed by the first that finds nothing."""
    file, issue = tmp_path / "project" / "my code" / "a.py", tmp_path / "store" / "issues" / "1"
    assert act(issue="true").returncode == 0 and not issue.exists()
    for model in ("gpt-4-turbo", "claude-3-haiku-20240307"):
        file.write_text(f'model = "{model}"\n')
        done = act(issue="true")
        assert done.returncode == 1, done.stderr
        said = json.loads(issue.read_text())
        assert said["is_open"] and f"| `{model}` | [ended" in said["said"]
    file.write_text("")
    assert act(issue="true").returncode == 0 and not json.loads(issue.read_text())["is_open"]


def test_the_guide_configures_what_is_there() -> None:
    """The hook by its id, and the action by its inputs."""
    blocks = [yaml.safe_load(block.split("```")[0]) for block in GUIDE.split("```yaml\n")[1:]]
    (hooks,) = [block for block in blocks if "repos" in block]
    (steps,) = [block for block in blocks if "steps" in block]
    (hook,) = hooks["repos"][0]["hooks"]
    assert hook["id"] == HOOKS[0]["id"]
    (step,) = [step for step in steps["steps"] if "heartbeat" in step.get("uses", "")]
    assert set(step["with"]) <= set(ACTION["inputs"])
