"""`heartbeat receipt`: prints a figure with its query, its underlying rows and the visits that collected them."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from pipelines.commands.terminal import say
from pipelines.text.values import remove_unseen
from warehouse.export import ExportError
from warehouse.receipts.receipt import Receipt
from warehouse.wording import count_things, format_coverage

FEW = 5
"""Rows and visits that a summary lists."""
LINKS = ("url", "fix_url")


def parse_words(pairs: Sequence[str]) -> dict[str, str]:
    """Parses `key=value` arguments. Raises ExportError for anything else."""
    words = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not (key and sign and value):
            raise ExportError(f"{pair!r}: write key=value, such as family=qwen or window=90d")
        words[key] = value
    return words


def receipt_to_json(receipt: Receipt) -> str:
    """Serializes a whole receipt to JSON, with instants in ISO 8601."""
    return json.dumps(asdict(receipt), default=str, ensure_ascii=False, indent=1)


def print_receipt(out: Console, receipt: Receipt, is_whole: bool = False) -> None:
    """Prints a receipt from the figure down to the visits; whole with caveats, every row and visit, and the queries."""

    def print_line(text: str) -> None:
        say(out, text.lstrip(), indent=len(text) - len(text.lstrip()))

    say(out, f"{receipt.metric['name']}: {receipt.metric['question']}", "bold")
    print_line("    " + ", ".join(f"{word}={value}" for word, value in receipt.key.items()))
    print_line(f"    {_format_figure(receipt.figure)}")
    if receipt.figure["note"]:
        print_line(f"    {receipt.figure['note']}")
    print_line(
        f"    standard: {receipt.metric['standard']}; method version {receipt.figure['method_version']};"
        f" as of {receipt.figure['as_of_at']} UTC"
    )
    if is_whole:
        print_line(f"    {receipt.metric['caveats']}")
    _print_items(print_line, receipt, is_whole)
    _print_visits(print_line, receipt, len(receipt.channels) if is_whole else FEW)
    _print_restatements(print_line, receipt)
    if not is_whole:
        say(out, "")
        say(
            out,
            "--all adds the caveats, all rows with their visits, all visits, and the queries to run in DuckDB",
        )
        return
    path = Path(receipt.snapshot["path"])
    out.print(f"\nqueries: run DuckDB in {path.parent} on {path.name}\n", markup=False, soft_wrap=True)
    # To be pasted, so their lines stay as they are.
    for what, sql in (
        ("the figure", receipt.query),
        ("its rows, with an exclusion_reason if they do not count", receipt.items_query),
    ):
        if sql:
            out.print(f"-- {what}\n{remove_unseen(sql)}", markup=False, soft_wrap=True)


def _format_figure(row: dict[str, Any]) -> str:
    counts = f"n = {row['n']:,} ({count_things(row['n_events'], 'event')}, {row['n_censored']:,} censored)"
    if row["value"] is None and row["low"] is None:
        return f"{row['state']}; {counts}"
    if row["state"] != "measured":
        counts = f"{row['state']}; {counts}"
    ends = ["open" if row[name] is None else f"{row[name]:.6g}" for name in ("low", "high")]
    if row["value"] is None and row["low"] is not None and row["high"] is not None:
        return f"between {ends[0]} and {ends[1]} {row['unit']}; {counts}"
    value = "not reached" if row["value"] is None else f"{row['value']:.6g}"
    return f"{value} {row['unit']} ({ends[0]} to {ends[1]}); {counts}"


def _print_items(print_line: Any, receipt: Receipt, is_whole: bool) -> None:
    shown = receipt.items
    if receipt.items or receipt.left_out:
        print_line("")
        print_line(
            f"based on {count_things(receipt.items_count, 'row')}"
            + (f", {len(shown)} shown" if receipt.items_count > len(shown) else "")
        )
    for row in shown:
        links = [str(row[name]) for name in LINKS if row.get(name)]
        cells = {
            name: value
            for name, value in row.items()
            if name in ("item_id", "is_yes", "amount", "duration_hours", "is_event")
        }
        print_line(
            "    "
            + "  ".join(
                [*(f"{name}={_format_cell(value)}" for name, value in cells.items() if value is not None), *links]
            )
        )
        if is_whole and row.get("seen_at"):
            print_line(f"        seen {row['seen_at']:%Y-%m-%d %H:%M} UTC by a visit to {row['channel_id']}")
    for row in receipt.left_out:
        print_line(
            f"    excluded: {row['count']:,} {row['reason']}" if row["count"] is not None else f"    {row['reason']}"
        )


def _format_cell(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _print_visits(print_line: Any, receipt: Receipt, most: int) -> None:
    print_line("")
    print_line(
        "collected from"
        + (f" {len(receipt.channels)} streams, the first {most}:" if len(receipt.channels) > most else "")
    )
    for row in receipt.channels[:most]:
        cover = "" if row["coverage_share"] is None else f", coverage {format_coverage(row['coverage_share'])}"
        reach = f", complete since {row['reach_at']}" if row["reach_at"] else ""
        error = f", {row['last_error']}" if row["last_error"] else ""
        visit = f"as of {row['as_of_at'] or 'never'}, last visit {row['last_state']}{cover}{reach}{error}"
        print_line(f"    {row['channel_id']} {row['thing']}: {visit}  {row['url']}")
    if not receipt.channels:
        print_line("    no channel: see the note")
    shot = receipt.snapshot
    sample = ", sample world" if shot["is_sample"] else ""
    print_line(
        f"    snapshot version {shot['version']}{sample}, published {shot['published_at']} UTC"
        f" by Heartbeat {shot['code_version']}"
    )
    if "publisher" in shot:
        print_line(f"    published by {shot['publisher']}, followed from {shot['source']}")


def _print_restatements(print_line: Any, receipt: Receipt) -> None:
    for row in receipt.restatements:
        old, new = (
            f"version {row[f'{age}_version']}: {row[f'{age}_value']} "
            f"({row[f'{age}_low']} to {row[f'{age}_high']}, {row[f'{age}_state']}, n = {row[f'{age}_n']}"
            f"{_tell_coverage(row.get(f'{age}_coverage_share'))})"
            for age in ("old", "new")
        )
        print_line("")
        print_line(f"restated from the same data (as of {row['as_of_at']} UTC): {old}, then {new}")
        if row["reason"]:
            print_line(f"    why: {row['reason']}")


def _tell_coverage(share: float | None) -> str:
    return "" if share is None else f", coverage {100 * share:.0f} %"
