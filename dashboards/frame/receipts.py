"""The command that shows what stands behind a published figure."""

import shlex
from collections.abc import Mapping

from dashboards.metric_row import Row
from warehouse.receipts.receipt import DEFAULT_WORDS, KEYS


def format_row_command(metric: str, row: Row) -> str:
    """Formats the command for the figure of a row, without the keys that may be excluded."""
    key = {word: str(row[column]) for word, column in KEYS.items()}
    return format_command(metric, {word: value for word, value in key.items() if value != DEFAULT_WORDS.get(word)})


def format_command(metric: str, key: Mapping[str, str]) -> str:
    """Formats the command for one figure with a known key."""
    return shlex.join(["heartbeat", "receipt", metric, *(f"{word}={value}" for word, value in key.items())])
