"""Reads the log of restatements of a snapshot: what each figure said before its definition changed, and why it did."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from warehouse.export import FORMATS, WRITERS, ExportError, label_rows
from warehouse.guesses import advise
from warehouse.snapshot import Snapshot, has_table, query

LOG, REASONS = "meta.restatements", "metrics.definition_changes"
FILE = "restatements"
UNDERNEATH = "A step that it rests on changed."
ORDER = 'r.name, r.family_id, r.channel_kind, r.channel_role, r.segment, r.statistic, r."window"'


def select_reason(snapshot: Snapshot, change: str) -> str:
    """Selects the reasons of a change as words, for a row `change` with name, old_version and new_version; empty where
    none is known."""
    if not has_table(snapshot, REASONS):
        return "''"
    return f"""case when {change}.new_version = {change}.old_version then '{UNDERNEATH}' else coalesce((
        select string_agg(d.change_reason, ' ' order by d.change_number) from {REASONS} as d
        where d.metric_name = {change}.name and (
            d.method_version > {change}.old_version and d.method_version <= {change}.new_version
            or {change}.new_version is null and d.method_version is null)), '') end"""


def read_restatements(snapshot: Snapshot, name: str, cells: Mapping[str, str]) -> list[dict[str, Any]]:
    """Reads what one figure, given by its metric and its columns, said before and after each change, and why."""
    where = " and ".join(f'"{column}" = ?' for column in cells)
    known = ", ".join(f'"{column}"' for column in cells)
    rows: list[dict[str, Any]] = query(
        snapshot,
        f"""select r.* exclude ({known}), {select_reason(snapshot, "r")} as reason
        from {LOG} as r where name = ? and {where} order by number""",
        [name, *cells.values()],
    ).to_pylist()
    return rows


def export_restatements(snapshot: Snapshot, out: Path, form: str, family: str = "", window: str = "") -> list[Path]:
    """Writes the whole log, newest first, each figure with what it said before and after and why. Raises
    ExportError."""
    if form not in FORMATS:
        raise ExportError(f"unknown format {form!r}: {advise(form, FORMATS)}")
    labels = label_rows(snapshot)
    found = query(
        snapshot,
        f"""with changes as (select distinct name, old_version, new_version from {LOG}),
        reasons as (select c.*, {select_reason(snapshot, "c")} as reason from changes as c)
        select r.*, c.reason, {", ".join(f"? as {label}" for label in labels)}
        from {LOG} as r
        join reasons as c on c.name = r.name and c.old_version is not distinct from r.old_version
            and c.new_version is not distinct from r.new_version
        where (? = '' or r.family_id = ?) and (? = '' or r."window" = ?)
        order by r.number desc, {ORDER}""",
        [*labels.values(), family, family, window, window],
    )
    if not found.num_rows:
        raise ExportError("not written: no such figure was ever restated here")
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{FILE}.{form}"
    path.write_bytes(WRITERS[form](found))
    return [path]
