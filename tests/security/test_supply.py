"""The supply chain: actions are pinned by commit, and no tracked file holds a secret."""

import re
import subprocess
from typing import Any

import yaml

from tests.paths import ROOT

SECRETS = re.compile(
    r"gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,}|hf_[A-Za-z0-9]{30,}|AKIA[A-Z0-9]{16}|AIza[\w-]{35}"
    r"|sk-(?:proj-|ant-)?[A-Za-z0-9_-]{32,}|xox[abp]-[\w-]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}"
)
"""Shapes of tokens and keys."""
VARIED = 14
"""Different signs that a drawn token has at least; canaries of tests repeat theirs."""


def find_secrets(text: str) -> list[str]:
    """Finds what looks like a drawn token or key."""
    return [match[0][:12] for match in SECRETS.finditer(text) if len(set(match[0])) >= VARIED]


def test_no_tracked_file_holds_a_token_or_a_private_key() -> None:
    """As scanners of public repositories look for them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    paths = [ROOT / name for name in listed.decode().split("\0") if name]
    assert len(paths) > 500
    found = {
        str(path.relative_to(ROOT)): secrets
        for path in paths
        if path.is_file() and (secrets := find_secrets(path.read_bytes().decode("utf-8", "replace")))
    }
    assert found == {}


def test_what_a_token_looks_like_is_known() -> None:
    """A scan that finds nothing proves something only if it would."""
    drawn = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6"
    for shape in (f"ghp_{drawn}", f"hf_{drawn}", f"sk-ant-{drawn}", f"github_pat_{drawn * 2}"):
        assert find_secrets(f"token = '{shape}'"), shape
    assert find_secrets("ghp_CANARY0000000000000000000000000000") == []


def test_every_action_is_pinned_by_its_commit() -> None:
    """A tag may be moved to other code; the comment tells people which version the commit is."""
    files = [*(ROOT / ".github" / "workflows").glob("*.yml"), ROOT / "action.yml"]
    used = [line for path in files for line in path.read_text().splitlines() if re.search(r"\buses:", line)]
    assert len(used) >= 4
    for line in used:
        assert re.search(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+$", line), line


def test_the_workflow_has_no_further_right_and_each_secret_is_in_one_step() -> None:
    """What strangers wrote is installed without a secret, and read without the right to write releases of its own."""
    text = (ROOT / ".github" / "workflows" / "heartbeat.yml").read_text(encoding="utf-8")
    workflow: dict[Any, Any] = yaml.safe_load(text)
    (job,) = workflow["jobs"].values()
    steps = {step["name"]: str(step.get("env", "")) for step in job["steps"] if "run" in step}

    assert workflow["permissions"] == {"contents": "write", "issues": "write"}
    assert set(workflow[True]) == {"schedule", "workflow_dispatch"}, "YAML reads `on` as true"
    assert "secrets" not in str(job["env"]) and "secrets" not in steps["Set up"] + steps["Write the site"]
    assert [name for name, given in steps.items() if "HEARTBEAT_STATE_KEY" in given] == ["Refresh"]
