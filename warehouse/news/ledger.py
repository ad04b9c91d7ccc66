"""The ledger of news in the warehouse: read, compared with the tables of now, and written in one transaction."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.durable import roll_back
from warehouse.load import is_sample
from warehouse.news.changes import SAID, Key, Ledger, report_news
from warehouse.news.items import NewsItem
from warehouse.news.states import END, PRICE, VERDICT, State, observe_states

KEPT = {
    END: SAID,
    VERDICT: ("verdict", "claim_version"),
    PRICE: ("status", "input_usd", "output_usd"),
}
"""What of a state the next comparison needs."""
TABLES = ("news",)
"""Tables of the ledger that a snapshot holds."""


def keep_news(connection: duckdb.DuckDBPyConnection) -> None:
    """Adds to the ledger what changed since the last version; a sample world makes no news."""
    if is_sample(connection):
        return
    now = observe_states(connection)
    if now is None:
        return
    connection.execute("begin")
    try:
        former = _read_ledger(connection)
        after = report_news(former, now)
        _insert_rows(connection, "news", [asdict(item) for item in after.items[len(former.items) :]])
        connection.execute("delete from ledger.news_states")
        kept = [*after.scopes.values(), *after.states.values()]
        _insert_rows(connection, "news_states", [_make_row(state, now.as_of_at) for state in kept])
        connection.execute("commit")
    except BaseException:
        roll_back(connection)
        raise


def _read_ledger(connection: duckdb.DuckDBPyConnection) -> Ledger:
    rows = connection.sql("from ledger.news order by number").to_arrow_table().to_pylist()
    items = [NewsItem(**row | {"family_ids": tuple(row["family_ids"])}) for row in rows]
    known: dict[Key, State] = {}
    scopes: dict[Key, State] = {}
    for row in connection.sql("from ledger.news_states").to_arrow_table().to_pylist():
        state = State(row["kind"], row["subject"], row["scope"], json.loads(row["value"]), row["method"])
        if state.subject:
            known[state.kind, state.subject] = state
        else:
            scopes[state.kind, state.scope] = state
    return Ledger(known, scopes, items)


def _make_row(state: State, as_of_at: datetime) -> dict[str, Any]:
    names = KEPT[state.kind] if state.subject else tuple(state.value)
    value = json.dumps({name: state.value[name] for name in names}, ensure_ascii=False, sort_keys=True)
    return {
        "kind": state.kind, "subject": state.subject, "scope": state.scope, "value": value, "method": state.method,
        "as_of_at": as_of_at,
    }  # fmt: skip


def _insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    schema = connection.sql(f"from ledger.{table} limit 0").to_arrow_table().schema
    connection.register("given_rows", pa.Table.from_pylist(rows, schema))
    connection.execute(f"insert into ledger.{table} by name from given_rows")
    connection.unregister("given_rows")
