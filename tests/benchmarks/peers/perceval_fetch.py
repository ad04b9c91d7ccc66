"""Perceval, the reader of GrimoireLab: all that was updated since a moment, without the data of users."""

import json
import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any


def read_tracker(task: dict[str, str], folder: Path) -> None:
    """Writes issues and pull requests with their comments to a file of lines."""
    github: Any = import_module("perceval.backends.core.github")
    github.GITHUB_API_URL = task["url"]
    backend = github.GitHub(owner=task["owner"], repository=task["name"], api_token=["test"])
    options = {"from_date": datetime.fromisoformat(task["since"])} if task["since"] else {}
    with (folder / "rows.jsonl").open("a", encoding="utf-8") as file:
        for item in backend.fetch(category="issue", filter_classified=True, **options):
            record = item["data"]
            file.write(json.dumps({"stream": "issues", "record": record}) + "\n")
            for comment in record["comments_data"]:
                file.write(json.dumps({"stream": "issue_comments", "record": comment}) + "\n")


if __name__ == "__main__":
    read_tracker(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), Path(sys.argv[2]))
