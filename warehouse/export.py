"""Exports: the public metrics of the published snapshot as CSV, Parquet or JSON, the same bytes for the same rows."""

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.guesses import advise
from warehouse.snapshot import Snapshot, query

METRICS, LISTED = "`heartbeat metrics`", "`heartbeat catalog check`"
"""Commands that list all metrics and all families."""
FORMATS = ("csv", "parquet", "json")
PARTITION = "metric"
"""Key of the partitions: BigQuery, ClickHouse and DuckDB make a column of it, Snowflake reads it from the path."""
FORMULA = tuple(
    "=+-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
"""First characters that a spreadsheet may interpret as a formula."""
LATER_CELL = re.compile(rf"(?<=.)[;\t]\s*(?=[{re.escape(''.join(FORMULA))}])")
"""Where a cell may begin within ours: where the decimal comma is used, a semicolon divides cells."""


class ExportError(Exception):
    """An export that cannot be made; the message names the invalid value and the valid ones."""


def public_metrics(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Returns every public metric with its question, grain, unit, standard, caveats and version."""
    rows: list[dict[str, Any]] = query(snapshot, "from meta.metrics where is_public order by name").to_pylist()
    return rows


def export_metrics(
    snapshot: Snapshot, names: Sequence[str], out: Path, form: str = "csv", family: str = "", window: str = ""
) -> list[Path]:
    """Writes one file per metric that has such rows and returns the paths; all of them as Parquet in partitions
    (`metric=NAME/figures.parquet`), which a warehouse loads as one table.

    Raises ExportError for unknown names, and if no metric has any.
    """
    if form not in FORMATS:
        raise ExportError(f"unknown format {form!r}: {advise(form, FORMATS)}")
    chosen = choose_metrics(snapshot, names)
    _check_word(snapshot, "family", family, "select family_id from staging.families")
    lacking = list_lacking(snapshot, names, family, window)
    if len(lacking) == len(chosen):
        raise ExportError(describe_lacking(snapshot, lacking, family, window))
    is_partitioned = list(names) == ["all"] and form == "parquet"
    return [
        _write_metric(
            snapshot, name, out / f"{PARTITION}={name}/figures" if is_partitioned else out / name, form, family, window
        )
        for name in chosen
        if name not in lacking
    ]


def choose_metrics(snapshot: Snapshot, names: Sequence[str]) -> list[str]:
    """Returns the metrics named, all of them for `all`. Raises ExportError for an unknown one."""
    public_names = [metric["name"] for metric in public_metrics(snapshot)]
    chosen = public_names if list(names) == ["all"] else list(names)
    for name in chosen:
        if name not in public_names:
            raise ExportError(f"unknown metric {name!r}: {advise(name, public_names, METRICS)}")
    return chosen


def list_lacking(snapshot: Snapshot, names: Sequence[str], family: str, window: str) -> list[str]:
    """Returns the chosen metrics without a row of this family and window. Raises ExportError for a window that no
    metric has."""
    if not (family or window):
        return []
    chosen = choose_metrics(snapshot, names)
    windows = _read_windows(snapshot, choose_metrics(snapshot, ["all"]))
    if window and window not in windows:
        raise ExportError(f"unknown window {window!r}: {advise(window, windows)}")
    counting = "where (? = '' or family_id = ?) and (? = '' or \"window\" = ?)"
    return [
        name
        for name in chosen
        if not query(
            snapshot, f"select 1 from metrics.{name} {counting} limit 1", [family, family, window, window]
        ).num_rows
    ]


def describe_lacking(snapshot: Snapshot, names: Sequence[str], family: str, window: str) -> str:
    """Describes which metrics were not written, and the windows that they have."""
    of_family = f"the family {family}" if family else ""
    asked = " and ".join(filter(None, (of_family, f"the window {window}" if window else "")))
    has = ", ".join(sorted(_read_windows(snapshot, names)))
    what = f"{len(names)} metrics have no row for {asked}" if len(names) > 1 else f"{names[0]} has no row for {asked}"
    named = f": {', '.join(names)}" if len(names) > 1 else ""
    return f"not written: {what}{named}; windows that exist: {has}"


def _read_windows(snapshot: Snapshot, names: Sequence[str]) -> set[str]:
    sql = " union ".join(f'select distinct "window" as word from metrics.{name}' for name in names)
    return {str(row["word"]) for row in query(snapshot, sql).to_pylist()}


def _check_word(snapshot: Snapshot, what: str, word: str, sql: str) -> None:
    valid_words = [row for (row,) in (tuple(values.values()) for values in query(snapshot, sql).to_pylist())]
    if word and word not in valid_words:
        raise ExportError(f"unknown {what} {word!r}: {advise(word, valid_words, LISTED)}")


def _write_metric(snapshot: Snapshot, name: str, stem: Path, form: str, family: str, window: str) -> Path:
    labels = label_rows(snapshot)
    table = query(
        snapshot,
        f"select *, {', '.join(f'? as {label}' for label in labels)} from metrics.{name}"
        " where (? = '' or family_id = ?) and (? = '' or \"window\" = ?) order by all",
        [*labels.values(), family, family, window, window],
    )
    path = stem.with_name(f"{stem.name}.{form}")
    path.parent.mkdir(parents=True, exist_ok=True)
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
    writer.writerows(zip(*map(_to_cells, table.columns), strict=True))
    return sink.getvalue().encode()


def _to_cells(column: pa.ChunkedArray) -> list[Any]:
    """Converts each value once: of a hundred rows, few differ in a column."""
    if pa.types.is_nested(column.type):
        return [_to_cell(value) for value in column.to_pylist()]
    encoded = column.combine_chunks().dictionary_encode()
    cells = list(map(_to_cell, encoded.dictionary.to_pylist()))
    return [None if index is None else cells[index] for index in encoded.indices.to_pylist()]


def _to_cell(value: Any) -> Any:
    if isinstance(value, str):
        # Spreadsheets ignore leading blanks before a formula, and some begin a cell at each semicolon.
        value = LATER_CELL.sub(r"\g<0>'", value)
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
