"""Reads the log of restatements of a snapshot: what each figure said before its definition changed, and why it did."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from warehouse.export import FORMATS, WRITERS, ExportError, label_rows
from warehouse.guesses import advise
from warehouse.snapshot import Snapshot, query


def read_restatements(snapshot: Snapshot, name: str, cells: Mapping[str, str]) -> list[dict[str, Any]]:
    """Reads what one figure, given by its metric and its columns, said before and after each change, and why."""
    where = " and ".join(f'r."{column}" = ?' for column in cells)
    sql = f"select * from meta.restatements as r where r.name = ? and {where} order by r.number"
    rows: list[dict[str, Any]] = query(snapshot, sql, [name, *cells.values()]).to_pylist()
    return rows


def export_restatements(snapshot: Snapshot, out: Path, form: str, family: str = "", window: str = "") -> list[Path]:
    """Writes the whole log, the newest first. Raises ExportError."""
    if form not in FORMATS:
        raise ExportError(f"unknown format {form!r}: {advise(form, FORMATS)}")
    labels = label_rows(snapshot)
    found = query(
        snapshot,
        f"""select *, {", ".join(f"? as {label}" for label in labels)} from meta.restatements as r
        where (? = '' or r.family_id = ?) and (? = '' or r."window" = ?)
        order by r.number desc, r.name, r.family_id, r.channel_kind, r.channel_role, r.segment, r.statistic,
            r."window" """,
        [*labels.values(), family, family, window, window],
    )
    if not found.num_rows:
        raise ExportError("not written: no figure of this selection was ever restated here")
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"restatements.{form}"
    path.write_bytes(WRITERS[form](found))
    return [path]
