"""Receipts: the query behind a published figure, its underlying rows, the rows excluded, and the visits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from warehouse.database import quote_literal
from warehouse.export import METRICS, ExportError, public_metrics
from warehouse.guesses import advise
from warehouse.restated.reader import read_restatements
from warehouse.snapshot import Snapshot, limit_queries, query

KEYS = {
    "family": "family_id",
    "kind": "channel_kind",
    "role": "channel_role",
    "segment": "segment",
    "statistic": "statistic",
    "window": "window",
}
"""The keys of the command line, and the columns that together identify one figure."""
DEFAULT_WORDS = {"role": "all", "window": "365d"}
"""Defaults for omitted keys, if the metric has such rows."""
SHOWN_COLUMNS = (
    "value",
    "low",
    "high",
    "unit",
    "n",
    "n_events",
    "n_censored",
    "coverage_share",
    "as_of_at",
    "method_version",
    "state",
    "note",
)
NOT_SEEN = "not seen"
"""The reason of an item that counts, but of which it was not seen whether it has the property."""
BOUNDED = ("uptime_share",)
"""Metrics whose ends are bounds of what is not known; nothing is left to chance."""
WITHOUT_ITEMS = "the rows behind this figure are not part of this published copy"
SEEN_TABLES = ("threads", "replies", "changes", "incidents")
"""Tables of `staging` whose rows have an address and the visit that last brought them."""
STORED_SECONDS = 30.0
"""Longest that the queries of one receipt of a followed snapshot may run: strangers wrote them."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The complete derivation of one figure."""

    metric: Row
    """Its definition: question, standard, caveats, version."""
    key: dict[str, str]
    figure: Row
    query: str
    """A query that returns the figure when run in DuckDB on the snapshot file."""
    is_recomputed: bool
    """True if that query recomputes the figure; False if it only reads the stored result of a program."""
    items: list[Row]
    """Underlying rows with their links, up to the requested number."""
    items_count: int
    left_out: list[Row]
    """Counts of the rows excluded, by reason; a count of None where the rows themselves are not in the snapshot."""
    channels: list[Row]
    """The channels it was collected from, each with the outcome and coverage of its last visit."""
    restatements: list[Row]
    snapshot: Row


class ReceiptStopped(ExportError):
    """A receipt whose stored queries, which a publisher wrote, took too much or failed."""


def make_receipt(snapshot: Snapshot, name: str, words: Mapping[str, str], rows: int = 20) -> Receipt:
    """Makes the receipt of one figure. Raises ExportError, listing the choices, if the keys match none or several, and
    ReceiptStopped if the queries that a followed snapshot stores take too much."""
    if snapshot.origin is None:
        return _make_receipt(snapshot, name, words, rows)
    try:
        with limit_queries(STORED_SECONDS):
            return _make_receipt(snapshot, name, words, rows)
    except duckdb.InterruptException:
        why = f"had not answered after {STORED_SECONDS:.0f} seconds and were stopped"
    except duckdb.Error as error:
        # Its words may be the publisher's.
        why = f"failed ({type(error).__name__})"
    raise ReceiptStopped(f"{name}: the queries that the publisher of this snapshot stored for it {why}")


def _make_receipt(snapshot: Snapshot, name: str, words: Mapping[str, str], rows: int) -> Receipt:
    metric = _find_metric(snapshot, name)
    key, figure = _find_figure(snapshot, name, words)
    sql = metric.pop("sql")
    items_sql, covers = metric.pop("items_sql"), metric.pop("covers")
    # Values are quoted inline rather than bound, so that the query can be pasted as it is.
    where = " and ".join(f'"{KEYS[word]}" = {quote_literal(value)}' for word, value in key.items())
    columns = ", ".join(name for name in SHOWN_COLUMNS if name != "note")
    source = f"(\n{sql}\n) as figures" if sql else f"metrics.{name}"
    items, count, left_out = _read_items(snapshot, items_sql, key, rows) if items_sql else ([], 0, [])
    return Receipt(
        metric, key, figure, f"select {columns}\nfrom {source}\nwhere {where};", bool(sql), items, count, left_out,
        _read_channels(snapshot, covers, key),
        read_restatements(snapshot, name, {column: key[word] for word, column in KEYS.items()}),
        _read_rows(snapshot, "from meta.snapshot")[0] | _name_origin(snapshot) | {"path": str(snapshot.path)},
    )  # fmt: skip


def trace_items(receipt: Receipt, snapshot: Snapshot) -> None:
    """Adds to each item with an address which channel's visit last brought it, and when."""
    columns = _read_rows(snapshot, "select table_name from information_schema.tables where table_schema = 'staging'")
    tables = sorted({row["table_name"] for row in columns} & set(SEEN_TABLES))
    addresses = sorted({item["url"] for item in receipt.items if item.get("url")})
    rows = " union all ".join(f"select url, channel_id, seen_at from staging.{table}" for table in tables)
    found = _read_rows(
        snapshot,
        f"select url, max_by(channel_id, seen_at) as channel_id, max(seen_at) as seen_at from ({rows})"
        f" where url in ({', '.join('?' * len(addresses))}) group by url",
        addresses,
    ) if tables and addresses else []  # fmt: skip
    seen = {row["url"]: row for row in found}
    for item in receipt.items:
        if row := seen.get(item.get("url")):
            item |= {"channel_id": row["channel_id"], "seen_at": row["seen_at"]}


def _name_origin(snapshot: Snapshot) -> Row:
    """Names the publisher and the source of a followed snapshot."""
    return {"publisher": snapshot.origin.publisher, "source": snapshot.origin.source} if snapshot.origin else {}


def _find_metric(snapshot: Snapshot, name: str) -> Row:
    definitions = {metric["name"]: metric for metric in public_metrics(snapshot)}
    if name not in definitions:
        raise ExportError(f"unknown metric {name!r}: {advise(name, definitions, METRICS)}")
    return definitions[name]


def _find_figure(snapshot: Snapshot, name: str, words: Mapping[str, str]) -> tuple[dict[str, str], Row]:
    """Finds the one row that the keys identify, with defaults for omitted keys."""
    for word in words:
        if word not in KEYS:
            raise ExportError(f"unknown key {word!r}: {advise(word, KEYS)}")
    filters = {KEYS[word]: value for word, value in words.items()}
    where = " and ".join(["true", *(f'"{column}" = ?' for column in filters)])
    # The whole metric is read only to list the choices in an error.
    figures = _read_rows(snapshot, f"select * from metrics.{name} where {where} order by all", list(filters.values()))
    figures = figures or _read_rows(snapshot, f"select * from metrics.{name} order by all")
    for word, column in KEYS.items():
        wanted = words.get(word, DEFAULT_WORDS.get(word))
        matching = [row for row in figures if row[column] == wanted]
        if wanted is None or (word not in words and not matching):
            continue
        if not matching:
            values = sorted({str(row[column]) for row in figures})
            raise ExportError(f"{name} has no {word} {wanted!r} here: {advise(wanted, values)}")
        figures = matching
    for word, column in KEYS.items():
        if len({row[column] for row in figures}) > 1:
            raise ExportError(f"{name}: add {word}=… with one of {_join_values(figures, column)}")
    (row,) = figures
    return {word: str(row[column]) for word, column in KEYS.items()}, row


def _join_values(rows: Sequence[Row], column: str) -> str:
    return ", ".join(sorted({str(row[column]) for row in rows}))


def _read_items(snapshot: Snapshot, sql: str, key: Mapping[str, str], most: int) -> tuple[list[Row], int, list[Row]]:
    """Reads a figure's items within its group and window, and counts those excluded or not seen, by reason."""
    try:
        columns = set(query(snapshot, f"select * from ({sql}) as items limit 0").column_names)
    except duckdb.CatalogException:
        # A public copy has no tables of single people.
        return [], 0, [{"reason": WITHOUT_ITEMS, "count": None}]
    key_values = {
        column: key[word] for word, column in KEYS.items() if column in columns and word not in ("role", "window")
    }
    conditions = [f'"{column}" = ?' for column in key_values]
    params: list[Any] = list(key_values.values())
    if "channel_role" in columns and key["role"] != "all":
        conditions.append("channel_role = ?")
        params.append(key["role"])
    elif "is_pooled" in columns:
        conditions.append("is_pooled")
    if "age_days" in columns:
        conditions.append(
            'age_days <= coalesce((select max(window_days) from metrics.scopes where "window" = ?), 1000000)'
        )
        params.append(key["window"])
    where = " and ".join(conditions) or "true"
    reason = "exclusion_reason" if "exclusion_reason" in columns else "null"
    if "is_unseen" in columns:
        reason = f"coalesce({reason}, case when is_unseen then '{NOT_SEEN}' end)"
    is_left_out = f"{reason} is not null"
    counting = f"from ({sql}) as items where {where} and not ({is_left_out})"
    ((count,),) = (tuple(row.values()) for row in _read_rows(snapshot, f"select count(*) {counting}", params))
    order = ", ".join(name for name in ("age_days", "item_id") if name in columns) or "all"
    items = _read_rows(snapshot, f"select * {counting} order by {order} limit ?", [*params, most])
    excluded = f"from ({sql}) as items where {where} and {is_left_out} group by all"
    # Without any reason there is no group, and so one row that counts none.
    reasons = f"select {reason} as reason, count(*) as count {excluded} having count(*) > 0 order by all"
    return items, int(count), _read_rows(snapshot, reasons, params)


def _read_channels(snapshot: Snapshot, covers: str, key: Mapping[str, str]) -> list[Row]:
    return _read_rows(
        snapshot,
        """select g.channel_id, g.thing, c.url, g.as_of_at, k.last_run_at, k.last_state, k.last_error, k.coverage_share,
            k.reach_at
        from metrics.covered_channels as g
        join staging.channels as c on c.channel_id = g.channel_id
        left join staging.collections as k on k.channel_id = g.channel_id and k.thing = g.thing
        where g.subject = $1 and g.channel_kind = $3 and g.channel_role = $4 and (
            g.family_id = $2
            or g.family_id = '_shared' and g.channel_role <> 'all' and g.subject in ('threads', 'issues')
                and g.channel_id in (select channel_id from staging.threads where family_id = $2)
        )
        order by all""",
        [covers, key["family"], key["kind"], key["role"]],
    )


def _read_rows(snapshot: Snapshot, sql: str, params: Sequence[Any] = ()) -> list[Row]:
    rows: list[Row] = query(snapshot, sql, list(params) or None).to_pylist()
    return rows
