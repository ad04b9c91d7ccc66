"""Receipts in the terminal: a figure, the query that gives it, what it was made of, and when that was seen."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console

from warehouse.export import ExportError
from warehouse.receipt import Receipt

LINKS = ("url", "fix_url")


def words_of(pairs: Sequence[str]) -> dict[str, str]:
    """`key=value` words as they are typed. Raises ExportError for anything else."""
    found = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not (key and sign and value):
            raise ExportError(f"{pair!r}: write key=value, such as family=qwen or window=90d")
        found[key] = value
    return found


def as_json(found: Receipt) -> str:
    """All of a receipt; instants as ISO 8601."""
    return json.dumps(asdict(found), default=str, ensure_ascii=False, indent=1)


def show(out: Console, found: Receipt) -> None:
    """Prints a receipt from the figure down to the visits."""

    def tell(text: str) -> None:
        out.print(text, markup=False)

    tell(f"{found.metric['name']}: {found.metric['question']}")
    tell("    " + ", ".join(f"{word}={value}" for word, value in found.key.items()))
    tell(f"    {_figure(found.figure)}")
    if found.figure["note"]:
        tell(f"    {found.figure['note']}")
    tell(
        f"    standard: {found.metric['standard']}; method version {found.figure['method_version']}; as of {found.figure['as_of_at']} UTC"
    )
    tell(f"    {found.metric['caveats']}")
    _show_items(tell, found)
    _show_visits(tell, found)
    _show_restatements(tell, found)
    how = "" if found.is_recomputed else " (a program computed it: the query reads what it gave)"
    tell(f"\nquery: paste it into DuckDB on {found.snapshot['path']}{how}\n")
    tell(found.query)


def _figure(row: dict[str, Any]) -> str:
    counted = f"n = {row['n']:,}, of which events {row['n_events']:,}, censored {row['n_censored']:,}"
    if row["value"] is None and row["low"] is None:
        return f"{row['state']}; {counted}"
    value = "not reached" if row["value"] is None else f"{row['value']:.6g}"
    ends = ["open" if row[name] is None else f"{row[name]:.6g}" for name in ("low", "high")]
    return f"{value} {row['unit']} ({ends[0]} to {ends[1]}); {counted}"


def _show_items(tell: Any, found: Receipt) -> None:
    if found.items or found.left_out:
        tell(
            f"\nmade of {found.items_count:,} rows"
            + (f", of which {len(found.items)} are shown" if found.items_count > len(found.items) else "")
        )
    for row in found.items:
        links = [str(row[name]) for name in LINKS if row.get(name)]
        cells = {
            name: value
            for name, value in row.items()
            if name in ("item_id", "is_yes", "amount", "duration_hours", "is_event")
        }
        tell(
            "    "
            + "  ".join([*(f"{name}={_short(value)}" for name, value in cells.items() if value is not None), *links])
        )
    for row in found.left_out:
        tell(f"    left out: {row['count']:,} {row['reason']}")


def _short(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _show_visits(tell: Any, found: Receipt) -> None:
    tell("\ncollected from")
    for row in found.channels:
        cover = "" if row["coverage_share"] is None else f", {row['coverage_share']:.0%} of what is there"
        reach = f", read whole from {row['reach_at']} on" if row["reach_at"] else ""
        error = f", {row['last_error']}" if row["last_error"] else ""
        visit = f"as of {row['as_of_at'] or 'never'}, last visit {row['last_state']}{cover}{reach}{error}"
        tell(f"    {row['channel_id']} {row['thing']}: {visit}  {row['url']}")
    if not found.channels:
        tell("    no channel: see the note")
    shot = found.snapshot
    sample = ", sample world" if shot["is_sample"] else ""
    tell(
        f"    snapshot version {shot['version']}{sample}, published {shot['published_at']} UTC by Heartbeat {shot['code_version']}"
    )


def _show_restatements(tell: Any, found: Receipt) -> None:
    for row in found.restatements:
        old, new = (
            f"version {row[f'{age}_version']}: {row[f'{age}_value']} ({row[f'{age}_state']}, n = {row[f'{age}_n']})"
            for age in ("old", "new")
        )
        tell(f"\nrestated of the same data (as of {row['as_of_at']} UTC): {old}, then {new}")
