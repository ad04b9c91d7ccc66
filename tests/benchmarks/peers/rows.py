"""What a peer holds of a tracker: the rows that it wrote."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Held = dict[str, set[str]]
"""Numbers of `threads` (issues and pull requests), and ids of `comments`."""


def read_held(folder: Path) -> Held:
    """Reads which threads and comments the files of a peer hold."""
    held: Held = {"threads": set(), "comments": set()}
    for stream, record in _list_records(folder):
        if stream == "issues":
            held["threads"].add(str(record["number"]))
        elif stream == "issue_comments":
            held["comments"].add(record["node_id"])
    return held


def _list_records(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Lists the records of a file of messages, or of dlt's file for each load of a table."""
    for path in folder.rglob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            message = json.loads(line)
            if path.name != "rows.jsonl":
                yield path.parent.name, message
            elif "record" in message:
                yield message["stream"], message["record"]
