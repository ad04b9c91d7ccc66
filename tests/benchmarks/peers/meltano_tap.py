"""Meltano's tap for GitHub, with the two streams of the task; its records go to a file, as a target would take them."""

import contextlib
import json
import sys
from importlib import import_module
from pathlib import Path

STREAMS = ("issues", "issue_comments")


def read_tracker(task: dict[str, str], folder: Path) -> None:
    """Runs the tap from the state of its last run, and keeps the new one."""
    tap = import_module("tap_github.tap").TapGitHub
    import_module("tap_github.client").GitHubRestStream.DEFAULT_API_BASE_URL = task["url"]
    # It asks another host than that of the streams whether the token is valid.
    import_module("tap_github.authenticator").TokenManager.is_valid_token = lambda _: True
    config = {
        "repositories": [f"{task['owner']}/{task['name']}"], "auth_token": "test",
        "start_date": "2015-01-01T00:00:00Z", "skip_parent_streams": True,
    }  # fmt: skip
    state = folder / "state.json"
    catalog = tap(config=config).catalog_dict
    for stream in catalog["streams"]:
        chosen = stream["tap_stream_id"] in STREAMS
        for metadata in stream["metadata"]:
            metadata["metadata"]["selected"] = chosen
    rows = folder / "rows.jsonl"
    held = json.loads(state.read_text(encoding="utf-8")) if state.exists() else None
    with rows.open("a", encoding="utf-8") as file, contextlib.redirect_stdout(file):
        tap(config=config, catalog=catalog, state=held).sync_all()
    messages = (json.loads(line) for line in rows.read_text(encoding="utf-8").splitlines())
    newest = [message["value"] for message in messages if message["type"] == "STATE"]
    state.write_text(json.dumps(newest[-1]), encoding="utf-8")


if __name__ == "__main__":
    read_tracker(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), Path(sys.argv[2]))
