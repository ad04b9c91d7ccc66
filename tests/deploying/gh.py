"""A stand-in for GitHub's command-line tool, run as a program: releases are folders and issues are files of a folder.

It knows what `.ci/live`, `LIVE.md` and the action use; it picks from its answers with jq, which the real one has in it.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(os.environ.get("GH_STORE", ""))
RELEASES, ISSUES = ROOT / "releases", ROOT / "issues"
STARTED = ".started"
"""How a file ends whose upload never ended."""


def list_assets(tag: str) -> list[dict[str, str]]:
    """Lists the files of a release as the API does, also those of which only a part arrived."""
    names = sorted(path.name for path in (RELEASES / tag).iterdir())
    return [
        {"name": name.removesuffix(STARTED), "state": "starter" if name.endswith(STARTED) else "uploaded"}
        for name in names
    ]


def list_issues() -> list[dict[str, object]]:
    """Lists the open issues."""
    issues = [json.loads(path.read_text()) for path in sorted(ISSUES.glob("*"))]
    return [one for one in issues if one["is_open"]]


def print_part(answer: object, query: str) -> None:
    """Prints what a query picks from an answer."""
    subprocess.run(["jq", "--raw-output", query], input=json.dumps(answer), text=True, check=True)


def act_on_release(action: str, words: argparse.Namespace) -> None:
    """Does what is asked of a release."""
    if action == "list":
        print_part([{"tagName": path.name} for path in RELEASES.glob("*")], words.jq)
        return
    tag, *names = words.names
    folder = RELEASES / tag
    if action == "create":
        folder.mkdir(parents=True)
    elif action == "view":
        print_part({"assets": list_assets(tag)}, words.jq)
    elif action == "upload":
        for name in names:
            assert words.clobber or not (folder / Path(name).name).exists(), f"{name} is there already"
            shutil.copy(name, folder)
    elif action == "delete":
        shutil.rmtree(folder)
    elif action == "delete-asset":
        (folder / names[0]).unlink()
    elif words.output == "-":
        sys.stdout.buffer.write((folder / words.pattern).read_bytes())
    else:
        (found,) = folder.glob(words.pattern)
        shutil.copy(found, words.output)


def act_on_issue(action: str, words: argparse.Namespace) -> None:
    """Does what is asked of an issue."""
    ISSUES.mkdir(parents=True, exist_ok=True)
    number = words.names[0] if words.names else str(len(list(ISSUES.iterdir())) + 1)
    if action == "list":
        print_part([{"number": one["number"]} for one in list_issues()], words.jq)
        return
    said = Path(words.body_file).read_text(encoding="utf-8") if words.body_file else words.body or words.comment
    issue = {"number": int(number), "is_open": action != "close", "said": said}
    (ISSUES / number).write_text(json.dumps(issue))


def run() -> None:
    """Does what the command line says."""
    assert os.environ["GH_TOKEN"] and os.environ["GH_REPO"], "the real one asks who one is"
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    options = "jq json title notes pattern output label body body-file comment state limit"
    for option in options.split():
        parser.add_argument(f"--{option}")
    for flag in ("prerelease", "clobber", "yes", "force", "cleanup-tag"):
        parser.add_argument(f"--{flag}", action="store_true")
    parser.add_argument("--description")
    kind, action, *rest = sys.argv[1:]
    if kind in ("release", "issue"):
        {"release": act_on_release, "issue": act_on_issue}[kind](action, parser.parse_intermixed_args(rest))


if __name__ == "__main__":
    run()
