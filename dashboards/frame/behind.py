"""What is behind a figure: the rows it was made of with their links, its table, its receipt, and its downloads. Folded until asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboards.frame import downloads, receipts, snapshot_reader
from dashboards.frame.story import KEYS, Figure
from dashboards.frame.tables import table
from dashboards.frame.view import View
from dashboards.words import numbers
from warehouse.export import ExportError
from warehouse.receipt import KEYS as RECEIPT_KEYS
from warehouse.receipt import Receipt, receipt

Row = Mapping[str, Any]
FIRST = (
    "family_id",
    "channel_role",
    "segment",
    "statistic",
    "window",
    "value",
    "low",
    "high",
    "unit",
    "n",
    "state",
    "note",
)
ROWS, TABLE, RECEIPT, DOWNLOAD = "The cases", "The table", "The receipt", "Downloads"
MOST = 50
"""So many cases are listed, the newest first; the query of the receipt gives all."""


def pick(figure: Figure, chart: str) -> None:
    """A click on a mark: opens the fold at the cases of that figure."""
    picked = (st.session_state[chart].get("selection") or {}).get("pick") or []
    if not picked:
        return
    found = [
        row for row in figure.rows if all(row.get(name) == value for name, value in picked[0].items() if name in KEYS)
    ]
    if found:
        st.session_state[f"row-{figure.name}"] = _key(found[0])
        st.session_state[f"side-{figure.name}"] = ROWS
        st.session_state[f"behind-{figure.name}"] = True


def fold(page: View, figure: Figure) -> None:
    """The fold below a figure; closed, it costs nothing."""
    opened = st.expander(
        f"Behind this figure ({len(figure.rows)} rows)", key=f"behind-{figure.name}", on_change="rerun"
    )
    if not opened.open:
        return
    with opened:
        offered = [ROWS, TABLE, RECEIPT, DOWNLOAD] if figure.has_receipts else [TABLE, DOWNLOAD]
        state = f"side-{figure.name}"
        if st.session_state.get(state) not in offered:
            st.session_state[state] = TABLE
        side = st.segmented_control("What to show", offered, key=state, label_visibility="collapsed", required=True)
        if side in (ROWS, RECEIPT):
            _receipt(page, figure, str(side))
        elif side == DOWNLOAD:
            downloads.offer(page, figure)
        else:
            _table(figure)


def _table(figure: Figure) -> None:
    columns = [name for name in FIRST if name in figure.rows[0]] + [
        name for name in figure.rows[0] if name not in FIRST
    ]
    shown = [{name: row[name] for name in columns} for row in figure.rows]
    table(shown, "The rows behind the figure above")


def _key(row: Row) -> str:
    return "\t".join(str(row.get(name)) for name in ("metric", *KEYS))


def _receipt(page: View, figure: Figure, side: str) -> None:
    """The cases or the receipt of one of the figure's rows."""
    rows = {_key(row): row for row in figure.rows}
    chosen = st.selectbox(
        "Of", list(rows), format_func=lambda key: name(page, figure, rows[key]), key=f"row-{figure.name}"
    )
    row = rows[chosen]
    try:
        found = receipt(
            page.snapshot,
            row.get("metric") or figure.metric,
            {word: str(row[column]) for word, column in RECEIPT_KEYS.items()},
            MOST,
        )
    except ExportError:
        st.markdown("This snapshot carries no receipt for it.")
        return
    if side == ROWS:
        _cases(page, found)
    else:
        _told(found)


def name(page: View, figure: Figure, row: Row) -> str:
    """`GPT · within 24h: 38 % …`: which row of the figure."""
    told = ("measure", "segment", "statistic", "channel_kind", "channel_role")
    several = [column for column in told if len({str(one.get(column)) for one in figure.rows}) > 1]
    parts = [
        page.titles.get(row["family_id"], str(row["family_id"])),
        *(str(row[column]).replace("_", " ") for column in several),
    ]
    return " · ".join(parts) + (f" (n = {row['n']:,})" if row["n"] else f" ({row['state']})")


def _cases(page: View, found: Receipt) -> None:
    left = "; ".join(f"{numbers.count(one['count'])} {one['reason']}" for one in found.left_out)
    if not found.items:
        st.markdown(
            f"No single case is kept for it: {numbers.plain(found.figure['note'] or 'it is a count of its source')}"
        )
        return
    more = f", the newest {len(found.items)} of them" if found.items_count > len(found.items) else ""
    st.caption(
        f"Made of {numbers.count(found.items_count)} cases{more}."
        + (f" Left out: {numbers.plain(left)}." if left else "")
    )
    titles = _titles(page, found.items)
    shown = [case(item, titles) for item in found.items]
    table(shown, "The cases that the figure was made of")


def _titles(page: View, items: Sequence[Row]) -> dict[str, str]:
    """Titles of the threads among the cases, by their id."""
    ids = [str(item["item_id"]) for item in items if item.get("item_id")]
    if not (ids and snapshot_reader.has(page.snapshot, "staging.threads")):
        return {}
    found = snapshot_reader.rows(
        page.snapshot,
        f"select thread_id, title from staging.threads where thread_id in ({', '.join('?' * len(ids))})",
        *ids,
    )
    return {row["thread_id"]: row["title"] or "" for row in found}


def case(item: Row, titles: Mapping[str, str]) -> dict[str, Any]:
    """A case as the table has it: its link, its title, how old it is, and what came of it."""
    shown: dict[str, Any] = {
        "link": item.get("url") or item.get("fix_url"),
        "title": item.get("title") or titles.get(str(item.get("item_id"))) or item.get("item_id"),
    }
    if item.get("age_days") is not None:
        shown["opened"] = numbers.duration(max(0.0, float(item["age_days"])) * 24) + " before the last visit"
    if item.get("duration_hours") is not None:
        shown["what came"] = (
            f"{'after' if item.get('is_event') else 'still waiting after'} {numbers.duration(item['duration_hours'])}"
        )
    if item.get("is_yes") is not None:
        shown["counts as"] = "yes" if item["is_yes"] else "no"
    if item.get("amount") is not None:
        shown["amount"] = item["amount"]
    return shown


def _told(found: Receipt) -> None:
    row = found.figure
    st.markdown(f"**{numbers.plain(found.metric['question'])}** {numbers.plain(row['note'] or '')}")
    st.page_link("evidence/method.py", label="How it is made and proved", query_params={"metric": found.metric["name"]})
    shot = found.snapshot
    st.caption(
        f"Method version {row['method_version']}, as of {numbers.instant(row['as_of_at'])}; snapshot "
        f"{shot['version']}, published "
        f"{numbers.instant(shot['published_at'])} by Heartbeat {numbers.plain(shot['code_version'])}"
        + ("; sample world." if shot["is_sample"] else ".")
        + "".join(
            f"  \nRestated: version {one['old_version']} said {one['old_value']}, version {one['new_version']} "
            f"{one['new_value']}."
            for one in found.restatements
        )
    )
    st.caption("The command, and the query: pasted into DuckDB on the published file it returns the figure.")
    st.code(receipts.named(found.metric["name"], found.key), language=None, wrap_lines=True)
    st.code(found.query, language="sql", height=240)
    visits = [
        {
            "link": one["url"], "channel": one["channel_id"], "what": one["thing"], "last good visit": numbers.instant(one["as_of_at"]),
            "last visit": one["last_state"], "coverage": numbers.share(one["coverage_share"]) if one["coverage_share"] is not None else "",
        }
        for one in found.channels
    ]  # fmt: skip
    if visits:
        st.caption("Collected from:")
        table(visits, "Where the figure was collected")
