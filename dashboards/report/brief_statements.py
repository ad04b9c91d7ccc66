"""Statements of the brief, and the command behind each."""

from dataclasses import dataclass

from dashboards.frame import receipts
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.words import numbers
from warehouse.receipt import KEYS


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence in Markdown, and the command that shows what is behind it."""

    text: str
    receipt: str


def format_receipt(metric: str, row: Row) -> str:
    """Formats the receipt command of a row's figure."""
    return receipts.format_command(metric, {word: str(row[column]) for word, column in KEYS.items()})


def name_family(page: View, row: Row) -> str:
    """Names the family of a row, escaped for Markdown."""
    return numbers.escape_markdown(page.titles.get(row["family_id"], row["family_id"]))
