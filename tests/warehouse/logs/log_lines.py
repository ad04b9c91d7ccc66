"""Reads the log in tests."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from warehouse.logs.log import FOLDER


def read_log(home: Path) -> Iterator[dict[str, Any]]:
    """Reads the log, the oldest line first; a line that was cut off is excluded."""
    for path in sorted((home / FOLDER).glob("*.jsonl*"), reverse=True):
        for line in path.read_bytes().splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue
