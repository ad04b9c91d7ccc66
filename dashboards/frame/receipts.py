"""The command that shows what stands behind a published figure."""

import shlex
from collections.abc import Mapping

from dashboards.frame import snapshot_reader
from dashboards.metric_row import Row
from warehouse.receipts.receipt import DEFAULT_WORDS, KEYS
from warehouse.snapshot import Snapshot


def find_key(snapshot: Snapshot, metric: str, **wanted: str) -> dict[str, str]:
    """Finds the key of the metric's measured figure with the most cases; empty if there is none."""
    names = {word: f'"{column}"' for word, column in KEYS.items()}
    columns = ", ".join(f'{column} as "{word}"' for word, column in names.items())
    conditions = "".join(f" and {names[word]} = ?" for word in wanted)
    keys = snapshot_reader.load_rows(
        snapshot,
        f"select {columns} from metrics.{metric} where state = 'measured'{conditions}"
        f" order by channel_role <> 'all', n desc, {', '.join(names.values())} limit 1",
        *wanted.values(),
    )
    return {word: str(row[word]) for row in keys for word in KEYS}


def format_row_command(metric: str, row: Row) -> str:
    """Formats the command for the figure of a row, without the keys that may be excluded."""
    key = {word: str(row[column]) for word, column in KEYS.items()}
    return format_command(metric, {word: value for word, value in key.items() if value != DEFAULT_WORDS.get(word)})


def format_command(metric: str, key: Mapping[str, str]) -> str:
    """Formats the command for one figure with a known key."""
    return shlex.join(["heartbeat", "receipt", metric, *(f"{word}={value}" for word, value in key.items())])
