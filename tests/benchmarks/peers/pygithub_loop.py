"""A careful loop over PyGithub: whole pages, no pause, and no attribute that asks once more."""

import json
import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

github: Any = import_module("github")


def read_tracker(task: dict[str, str], folder: Path) -> None:
    """Writes issues, pull requests and comments since a moment to a file of lines."""
    client = github.Github(
        base_url=task["url"], auth=github.Auth.Token("test"), per_page=100,
        seconds_between_requests=None, seconds_between_writes=None, lazy=True,
    )  # fmt: skip
    repository = client.get_repo(f"{task['owner']}/{task['name']}")
    options: dict[str, Any] = {"sort": "updated", "direction": "asc"}
    if task["since"]:
        options["since"] = datetime.fromisoformat(task["since"])
    with (folder / "rows.jsonl").open("a", encoding="utf-8") as file:
        for thing in repository.get_issues(state="all", **options):
            file.write(json.dumps({"stream": "issues", "record": thing._rawData}) + "\n")
        for thing in repository.get_issues_comments(**options):
            file.write(json.dumps({"stream": "issue_comments", "record": thing._rawData}) + "\n")


if __name__ == "__main__":
    read_tracker(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), Path(sys.argv[2]))
