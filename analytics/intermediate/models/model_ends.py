"""
question: Which announced end, if any, is that of each model that can be chosen?
grain: family_id, model
published: yes
caveats: The maker's own deprecation page decides, searched for the names under which the model is listed, in the way
  that `heartbeat ends` finds ids; of several notices on one name the last to end counts, since an alias lives on with
  its last version. A model whose maker's page was read and does not name it has no day and `is_page_read`; if no
  page was read nothing is known. Weights that were fetched do not end, whatever becomes of the maker's interface. In
  Python, because names are matched by more than SQL can say.
"""

from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.ends import model_ids
from warehouse.ends.states import Row

SCHEMA = pa.schema(
    [
        ("family_id", pa.string()), ("model", pa.string()), ("is_page_read", pa.bool_()), ("notice_id", pa.string()),
        ("shutdown_on", pa.date32()), ("shutdown_kind", pa.string()), ("stage", pa.string()), ("page_url", pa.string()),
    ]
)  # fmt: skip
MODELS = "select family_id, model, listed_id, canonical_id, model_id from metrics.model_choices order by all"
NOTICES = """
    select family_id, model, notice_id, shutdown_on, shutdown_kind, stage, url as page_url from staging.notices
    where is_latest and subject_kind = 'model' and family_id is not null order by all
"""
READ = """
    select distinct c.family_id from staging.visits as r
    join staging.channels as c on c.channel_id = r.channel_id
    where r.thing = 'notices' and r.is_read_whole and c.family_id is not null order by all
"""


def model_ends(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Finds the notice of each model among those of its own family."""
    by_family: dict[str, list[Row]] = {}
    for notice in _load_rows(connection, NOTICES):
        by_family.setdefault(notice["family_id"], []).append(notice)
    indexes = {family: model_ids.index_names(rows) for family, rows in by_family.items()}
    read = {row["family_id"] for row in _load_rows(connection, READ)}
    rows = [
        {"family_id": row["family_id"], "model": row["model"], "is_page_read": row["family_id"] in read}
        | _find_end(row, indexes.get(row["family_id"], model_ids.NameIndex()))
        for row in _load_rows(connection, MODELS)
    ]
    return pa.Table.from_pylist(rows, SCHEMA)


def _load_rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = connection.sql(sql).to_arrow_table().to_pylist()
    return rows


def _find_end(model: Row, index: model_ids.NameIndex) -> dict[str, Any]:
    """Finds the end under any of the model's names; without one, that of its dated versions."""
    names = [name for name in (model["listed_id"], model["canonical_id"], model["model_id"]) if name]
    notices = [row for name in names for row in model_ids.find_rows(name, index)]
    notices = notices or [row for name in names for row in model_ids.find_versions(name, index)]
    last = max(notices, key=_order_ends, default={})
    return {name: last.get(name) for name in SCHEMA.names if name not in ("family_id", "model", "is_page_read")}


def _order_ends(row: Row) -> tuple[bool, date, str]:
    """Orders ends by day, those without one last."""
    return row["shutdown_on"] is None, row["shutdown_on"] or date.min, row["notice_id"]
