"""Receipts: the query behind a published figure, its underlying rows, the rows excluded, and the visits."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from warehouse.database import WarehouseError, quote_literal
from warehouse.export import METRICS, ExportError, public_metrics
from warehouse.guesses import advise
from warehouse.restatements import read_restatements
from warehouse.snapshot import Snapshot, has_table, limit_queries, query, verify_rows

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
DAYS = re.compile(r"(\d{1,4})d")
"""A window that ends: `365d`."""
NOT_SEEN = "not seen"
"""The reason of an item that counts, but of which it was not seen whether it has the property."""
BOUNDED = ("uptime_share",)
"""Metrics whose ends are bounds of what is not known; nothing is left to chance."""
WITHOUT_ITEMS = "the rows behind this figure are not part of this published copy"
SEEN_TABLES = ("staging.threads", "staging.replies", "staging.changes", "staging.incident_sightings")
"""Tables whose rows have an address and the visit that last brought them."""
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
    """A query that returns the figure when run in DuckDB on the snapshot file, in its folder."""
    items_query: str
    """One that returns its underlying rows, and with a reason those that were excluded; empty if there are none."""
    items: list[Row]
    """Underlying rows with their links, up to the requested number."""
    items_count: int
    left_out: list[Row]
    """Counts of the rows excluded, by reason; a count of None if the rows themselves are not in the snapshot."""
    channels: list[Row]
    """The channels it was collected from, each with the outcome and coverage of its last visit."""
    restatements: list[Row]
    snapshot: Row


class ReceiptStopped(ExportError):
    """A receipt whose rows are lost, or whose stored queries, which a publisher wrote, took too much or failed."""


def make_receipt(snapshot: Snapshot, name: str, words: Mapping[str, str], rows: int = 20) -> Receipt:
    """Makes the receipt of one figure. Raises ExportError, listing the choices, if the keys match none or several, and
    ReceiptStopped if rows are lost, or the queries that a followed snapshot stores take too much."""
    try:
        verify_rows(snapshot.path)
    except WarehouseError as error:
        raise ReceiptStopped(f"the rows behind it cannot be listed: {error}; run `heartbeat publish`") from None
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
    items_sql, covers = metric.pop("items_sql"), metric.pop("covers")
    # Values are quoted inline rather than bound, so that the query can be pasted as it is.
    where = " and ".join(f'"{KEYS[word]}" = {quote_literal(value)}' for word, value in key.items())
    figure_query = f"select *\nfrom metrics.{name}\nwhere {where};"
    items_query, items, count, left_out = _read_items(snapshot, items_sql, key, rows)
    return Receipt(
        metric, key, figure, figure_query, items_query, items, count, left_out,
        _read_channels(snapshot, covers, key),
        read_restatements(snapshot, name, {column: key[word] for word, column in KEYS.items()}),
        _read_rows(snapshot, "from meta.snapshot")[0] | _name_origin(snapshot) | {"path": str(snapshot.path)},
    )  # fmt: skip


def trace_items(receipt: Receipt, snapshot: Snapshot) -> None:
    """Adds to each item with an address which channel's visit last brought it, and when."""
    tables = [table for table in SEEN_TABLES if has_table(snapshot, table)]
    addresses = sorted({item["url"] for item in receipt.items if item.get("url")})
    rows = " union all ".join(f"select url, channel_id, seen_at from {table}" for table in tables)
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


def _read_items(
    snapshot: Snapshot, sql: str, key: Mapping[str, str], most: int
) -> tuple[str, list[Row], int, list[Row]]:
    """Reads a figure's items within its group and window, and counts those excluded or not seen, by reason; returns
    the query that gives all of them first."""
    if not sql:
        return "", [], 0, []
    try:
        columns = query(snapshot, f"select * from ({sql}) as items limit 0").column_names
    except duckdb.CatalogException:
        # A public copy has no tables of single people.
        return "", [], 0, [{"reason": WITHOUT_ITEMS, "count": None}]
    rows_query = f"select *\nfrom (\n{sql}\n) as items\nwhere {_select_group(columns, key)};"
    group = rows_query.removeprefix("select *").removesuffix(";")
    reason = "exclusion_reason" if "exclusion_reason" in columns else "null"
    if "is_unseen" in columns:
        reason = f"coalesce({reason}, case when is_unseen then '{NOT_SEEN}' end)"
    (counted,) = _read_rows(snapshot, f"select count(*) as count {group} and {reason} is null")
    order = ", ".join(name for name in ("age_days", "item_id") if name in columns) or "all"
    items = _read_rows(snapshot, f"select * {group} and {reason} is null order by {order} limit ?", [most])
    left_out = f"select {reason} as reason, count(*) as count {group} and {reason} is not null group by reason"
    return rows_query, items, int(counted["count"]), _read_rows(snapshot, f"{left_out} order by reason")


def _select_group(columns: Collection[str], key: Mapping[str, str]) -> str:
    """Renders the condition of a figure's items: those of its group, and young enough for its window."""
    conditions = [
        f'"{column}" = {quote_literal(key[word])}'
        for word, column in KEYS.items() if column in columns and word not in ("role", "window")
    ]  # fmt: skip
    if "channel_role" in columns and key["role"] != "all":
        conditions.append(f"channel_role = {quote_literal(key['role'])}")
    elif "is_pooled" in columns:
        conditions.append("is_pooled")
    if "age_days" in columns and (window := DAYS.fullmatch(key["window"])):
        conditions.append(f"age_days <= {window[1]}")
    return " and ".join(conditions) or "true"


def _read_channels(snapshot: Snapshot, covers: str, key: Mapping[str, str]) -> list[Row]:
    return _read_rows(
        snapshot,
        """select g.channel_id, g.thing, c.url,
            case when g.is_collected then coalesce(k.as_of_at, k.last_run_at, g.read_on) end as as_of_at,
            k.last_run_at, k.last_state, k.last_error, k.coverage_share, k.reach_at
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
