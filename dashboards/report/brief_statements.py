"""What the brief says, sentence by sentence, and the command behind each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.frame import receipts
from dashboards.frame.view import View
from dashboards.words import numbers
from warehouse.receipt import KEYS

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence in Markdown, and the command that shows what stands behind it."""

    text: str
    receipt: str


def format_receipt(metric: str, row: Row) -> str:
    """The command for the figure of one row."""
    return receipts.format_command(metric, {word: str(row[column]) for word, column in KEYS.items()})


def name_family(page: View, row: Row) -> str:
    """The family of a row, safe in Markdown."""
    return numbers.escape_markdown(page.titles.get(row["family_id"], row["family_id"]))
