"""Exports: the public metrics of the published snapshot as CSV, Parquet or JSON, the same bytes for the same rows."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.snapshot import Snapshot, query

FORMATS = ("csv", "parquet", "json")
FORMULA = tuple(
    "=+-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
"""First characters that a spreadsheet may interpret as a formula."""


class ExportError(Exception):
    """An export that cannot be made; the message names the invalid value and the valid ones."""


def public_metrics(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Returns every public metric with its question, grain, unit, standard, caveats and version."""
    rows: list[dict[str, Any]] = query(snapshot, "from meta.metrics where is_public order by name").to_pylist()
    return rows


def export_metrics(
    snapshot: Snapshot, names: Sequence[str], out: Path, form: str = "csv", family: str = "", window: str = ""
) -> list[Path]:
    """Writes one file per metric and returns the paths. Raises ExportError for unknown names."""
    if form not in FORMATS:
        raise ExportError(f"unknown format {form!r}: use {', '.join(FORMATS)}")
    public_names = [metric["name"] for metric in public_metrics(snapshot)]
    chosen = public_names if list(names) == ["all"] else list(names)
    for name in chosen:
        if name not in public_names:
            raise ExportError(f"unknown metric {name!r}: use all or one of {', '.join(public_names)}")
    _check_word(snapshot, "family", family, "select family_id from staging.families")
    out.mkdir(parents=True, exist_ok=True)
    return [_write_metric(snapshot, name, out, form, family, window) for name in chosen]


def _check_word(snapshot: Snapshot, what: str, word: str, sql: str) -> None:
    valid_words = [row for (row,) in (tuple(values.values()) for values in query(snapshot, sql).to_pylist())]
    if word and word not in valid_words:
        raise ExportError(f"unknown {what} {word!r}: use one of {', '.join(sorted(valid_words))}")


def _write_metric(snapshot: Snapshot, name: str, out: Path, form: str, family: str, window: str) -> Path:
    labels = label_rows(snapshot)
    table = query(
        snapshot,
        f"select *, {', '.join(f'? as {label}' for label in labels)} from metrics.{name}"
        " where (? = '' or family_id = ?) and (? = '' or \"window\" = ?) order by all",
        [*labels.values(), family, family, window, window],
    )
    path = out / f"{name}.{form}"
    path.write_bytes(WRITERS[form](table))
    return path


def label_rows(snapshot: Snapshot) -> dict[str, Any]:
    """Returns what every exported row says of its snapshot, by column: whether it is made up; if followed, whose."""
    labels: dict[str, Any] = {"is_sample": snapshot.is_sample}
    if snapshot.origin:
        published_at = snapshot.published_at.astimezone(UTC).replace(tzinfo=None)
        labels |= {"published_by": snapshot.origin.publisher, "published_at": published_at}
    return labels


def to_csv(table: pa.Table) -> bytes:
    """Converts a table to RFC 4180 CSV; an apostrophe defuses cells that a spreadsheet would read as formulas."""
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow(table.column_names)
    for row in table.to_pylist():
        writer.writerow([_to_cell(value) for value in row.values()])
    return sink.getvalue().encode()


def _to_cell(value: Any) -> Any:
    if isinstance(value, str):
        # Spreadsheets ignore leading blanks before a formula.
        return f"'{value}" if value.startswith(FORMULA) or value.lstrip().startswith(FORMULA) else value
    if isinstance(value, list):
        return _to_cell(", ".join(map(str, value)))
    return _to_json_value(value)


def to_parquet(table: pa.Table) -> bytes:
    """Converts a table to Parquet, keeping its types."""
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def to_json(table: pa.Table) -> bytes:
    """Converts a table to a JSON array of objects, with instants in ISO 8601 and UTC."""
    rows = [{name: _to_json_value(value) for name, value in row.items()} for row in table.to_pylist()]
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()


def _to_json_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z")
    return value if isinstance(value, int | float | str | bool | list | None) else str(value)


WRITERS: dict[str, Callable[[pa.Table], bytes]] = {"csv": to_csv, "parquet": to_parquet, "json": to_json}
"""The converter of each format."""
