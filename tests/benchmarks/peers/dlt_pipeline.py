"""dlt as its users tune it: its REST source with pages of a hundred, both resources at once, files as destination."""

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

SETTINGS = {
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "RUNTIME__LOG_LEVEL": "ERROR",
    "NORMALIZE__DATA_WRITER__DISABLE_COMPRESSION": "true",
    "NORMALIZE__WORKERS": "1",
    "DATA_WRITER__BUFFER_MAX_ITEMS": "5000",
}


def describe_resource(name: str, path: str, fields: dict[str, str]) -> dict[str, Any]:
    """Describes a listing that goes on from the newest change held."""
    since = {"type": "incremental", "cursor_path": "updated_at", "initial_value": "2015-01-01T00:00:00Z"}
    params = {"per_page": 100, "sort": "updated", "direction": "asc", "since": since, **fields}
    return {"name": name, "max_table_nesting": 0, "parallelized": True, "endpoint": {"path": path, "params": params}}


def read_tracker(task: dict[str, str], folder: Path) -> None:
    """Runs the pipeline, which keeps its place in the folder."""
    os.environ.update(SETTINGS)
    dlt, rest = import_module("dlt"), import_module("dlt.sources.rest_api")
    base = f"{task['url']}/repos/{task['owner']}/{task['name']}/"
    source = rest.rest_api_source({
        "client": {"base_url": base, "auth": {"type": "bearer", "token": "test"}, "paginator": "header_link"},
        "resource_defaults": {"primary_key": "id", "write_disposition": "append"},
        "resources": [
            describe_resource("issues", "issues", {"state": "all"}),
            describe_resource("issue_comments", "issues/comments", {}),
        ],
    })  # fmt: skip
    files = dlt.destinations.filesystem(bucket_url=(folder / "files").as_uri())
    pipeline = dlt.pipeline("tracker", pipelines_dir=str(folder / "state"), destination=files, dataset_name="tracker")
    pipeline.run(source, loader_file_format="jsonl")


if __name__ == "__main__":
    read_tracker(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), Path(sys.argv[2]))
