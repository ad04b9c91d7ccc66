"""Everything behind a figure, in one popover: its table with downloads, the linked cases, the receipt, and how to pass
it on or report it."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboards.frame import downloads, filters, receipts, share, snapshot_reader
from dashboards.frame.story import KEYS, Figure
from dashboards.frame.tables import describe_rows, draw_table
from dashboards.frame.view import View
from dashboards.menu import PATHS
from dashboards.metric_row import Row
from dashboards.words import numbers
from warehouse.export import ExportError, to_csv
from warehouse.receipts.receipt import KEYS as RECEIPT_KEYS
from warehouse.receipts.receipt import WITHOUT_ITEMS, Receipt, ReceiptStopped, make_receipt
from warehouse.wording import count_things

TABLE, ROWS, RECEIPT, SHARE, WRONG = "Table", "Cases", "Receipt", "Share", "Is it wrong?"
MOST_CASES = 50
"""The number of cases listed, newest first; the download has all."""
ALL = 2**31
"""More cases than any figure has."""


def open_cases(figure: Figure, chart: str) -> None:
    """Opens the popover at the cases of the figure whose mark was clicked."""
    selection = (st.session_state[chart].get("selection") or {}).get("pick") or []
    if not selection:
        return
    picked_rows = [
        row
        for row in figure.rows
        if all(row.get(name) == value for name, value in selection[0].items() if name in KEYS)
    ]
    if picked_rows:
        st.session_state[f"row-{figure.name}"] = _row_key(picked_rows[0])
        st.session_state[f"side-{figure.name}"] = ROWS
        st.session_state[f"behind-{figure.name}"] = True


def draw_data(page: View, figure: Figure) -> None:
    """Draws the button *Data* of a figure; nothing is loaded before it is opened."""
    opened = st.popover("Data", type="tertiary", key=f"behind-{figure.name}", on_change="rerun")
    if not opened.open:
        return
    with opened:
        offered = [TABLE, ROWS, RECEIPT, SHARE, WRONG] if figure.has_receipts else [TABLE, SHARE, WRONG]
        state = f"side-{figure.name}"
        # A choice made earlier may no longer be on offer after a change of filters.
        if st.session_state.get(state) not in offered:
            st.session_state[state] = TABLE
        side = st.segmented_control("What to show", offered, key=state, label_visibility="collapsed", required=True)
        if side in (ROWS, RECEIPT):
            _draw_row(page, figure, str(side))
        elif side == SHARE:
            _draw_share(page, figure)
        elif side == WRONG:
            _draw_report(share.report(page, figure))
        else:
            cells = describe_rows(figure.rows, figure.metric, page.titles, page.snapshot)
            draw_table(cells, "The rows behind the figure above")
            downloads.offer_downloads(page, figure)


def _draw_share(page: View, figure: Figure) -> None:
    """Draws what can be copied to pass a figure on."""
    for label, text in (
        ("Link", filters.make_address(page.snapshot, figure.name, family=page.chosen)),
        ("Embed", share.make_frame(page, figure)),
        ("Cite", share.cite(page, figure)),
    ):
        st.caption(label)
        st.code(text, language=None, wrap_lines=True)


def _draw_report(text: str) -> None:
    """Draws what to send if a figure looks wrong, and where, if that is known."""
    st.caption("Send this to the publisher of these pages, with what you expected instead:")
    st.code(text, language=None, wrap_lines=True)
    if address := share.link_issue(text):
        st.link_button("Open an issue with it", address)


def _row_key(row: Row) -> str:
    return "\t".join(str(row.get(name)) for name in ("metric", *KEYS))


def _draw_row(page: View, figure: Figure, side: str) -> None:
    """Draws the cases or the receipt of one of the figure's rows."""
    rows = {_row_key(row): row for row in figure.rows}
    chosen = st.selectbox(
        "Of", list(rows), format_func=lambda key: name_row(page, figure, rows[key]), key=f"row-{figure.name}"
    )
    row = rows[chosen]
    key = {word: str(row[column]) for word, column in RECEIPT_KEYS.items()}
    receipt = _make_receipt(page, row.get("metric") or figure.metric, key)
    if receipt is None:
        return
    if side == ROWS:
        _draw_cases(page, receipt)
        if receipt.items:
            _offer_cases(page, figure, receipt)
    else:
        _draw_receipt(receipt)


def _offer_cases(page: View, figure: Figure, receipt: Receipt) -> None:
    """Draws the button that downloads all cases of a row."""

    def make() -> bytes:
        whole = make_receipt(page.snapshot, receipt.metric["name"], receipt.key, ALL)
        return to_csv(downloads.to_arrow(whole.items, page.snapshot))

    words = f"All {count_things(receipt.items_count, 'case')} as CSV"
    downloads.draw_button(words, make, f"{figure.name}-cases", "csv", page.now)


def _make_receipt(page: View, metric: str, key: Mapping[str, str]) -> Receipt | None:
    """Makes the receipt of a figure; if there is none, says so and returns None."""
    try:
        return make_receipt(page.snapshot, metric, key, MOST_CASES)
    except ReceiptStopped as stop:
        st.markdown(numbers.escape_markdown(f"No receipt: {stop}."))
    except ExportError:
        st.markdown("This snapshot has no receipt for this row.")
    return None


def name_row(page: View, figure: Figure, row: Row) -> str:
    """Names a row of the figure: `GPT · within 24h: 38 % …`."""
    naming_columns = ("measure", "segment", "statistic", "channel_kind", "channel_role")
    differing = [column for column in naming_columns if len({str(other.get(column)) for other in figure.rows}) > 1]
    parts = [
        page.titles.get(row["family_id"], str(row["family_id"])),
        *(str(row[column]).replace("_", " ") for column in differing),
    ]
    return " · ".join(parts) + (f" (n = {row['n']:,})" if row["n"] else f" ({row['state']})")


def _draw_cases(page: View, receipt: Receipt) -> None:
    if any(reason["count"] is None for reason in receipt.left_out):
        st.markdown(f"{WITHOUT_ITEMS[0].upper()}{WITHOUT_ITEMS[1:]}.")
        return
    left = "; ".join(f"{numbers.format_count(reason['count'])} {reason['reason']}" for reason in receipt.left_out)
    if not receipt.items:
        st.markdown(
            "No individual cases are kept for it: "
            f"{numbers.escape_markdown(receipt.figure['note'] or 'it is a count by its source')}"
        )
        return
    more = f"; the newest {len(receipt.items)} are listed" if receipt.items_count > len(receipt.items) else ""
    excluded = f" Excluded: {numbers.escape_markdown(left)}." if left else ""
    st.caption(f"Based on {count_things(receipt.items_count, 'case')}{more}.{excluded}")
    titles = _load_titles(page, receipt.items)
    draw_table([describe_case(item, titles) for item in receipt.items], "The cases behind the figure")


def _load_titles(page: View, items: Sequence[Row]) -> dict[str, str]:
    """Loads the titles of the threads among the cases, by id."""
    ids = [str(item["item_id"]) for item in items if item.get("item_id")]
    if not ids:
        return {}
    threads = snapshot_reader.load_rows(
        page.snapshot,
        f"select thread_id, title from staging.threads where thread_id in ({', '.join('?' * len(ids))})",
        *ids,
    )
    return {row["thread_id"]: row["title"] or "" for row in threads}


def describe_case(item: Row, titles: Mapping[str, str]) -> dict[str, Any]:
    """Describes a case as a table row: its link, title, age and outcome."""
    cells: dict[str, Any] = {
        "link": item.get("url") or item.get("fix_url"),
        "title": item.get("title") or titles.get(str(item.get("item_id"))) or item.get("item_id"),
    }
    # Ages count from the start of a visit; what was opened, or ended, while it ran has a negative one.
    if item.get("age_days") is not None:
        cells["when"] = numbers.format_hours(max(0.0, float(item["age_days"])) * 24) + " before the last visit"
    if item.get("duration_hours") is not None:
        cells["outcome"] = (
            f"{'after' if item.get('is_event') else 'still waiting after'} "
            f"{numbers.format_hours(item['duration_hours'])}"
        )
    if item.get("is_yes") is not None:
        cells["counts as"] = "yes" if item["is_yes"] else "no"
    if item.get("amount") is not None:
        cells["amount"] = item["amount"]
    return cells


def _draw_receipt(receipt: Receipt) -> None:
    row = receipt.figure
    st.markdown(
        f"**{numbers.escape_markdown(receipt.metric['question'])}** {numbers.escape_markdown(row['note'] or '')}"
    )
    st.page_link(
        PATHS["evidence/data"],
        label="How it is measured and proved",
        query_params={"metric": receipt.metric["name"]},
    )
    snapshot = receipt.snapshot
    label = "; sample world" if snapshot["is_sample"] else ""
    label += f"; by {numbers.escape_markdown(snapshot['publisher'])}" if "publisher" in snapshot else ""
    st.caption(
        f"Method version {row['method_version']}, as of {numbers.format_instant(row['as_of_at'])}; snapshot "
        f"{snapshot['version']}, published {numbers.format_instant(snapshot['published_at'])} by Heartbeat "
        f"{numbers.escape_markdown(snapshot['code_version'])}{label}."
    )
    st.caption(
        "The command, and the queries that return the figure and its rows in DuckDB, run in the published folder."
    )
    st.code(receipts.format_command(receipt.metric["name"], receipt.key), language=None, wrap_lines=True)
    st.code("\n\n".join(filter(None, (receipt.query, receipt.items_query))), language="sql", height=240)
    visits = [
        {
            "link": entry["url"], "channel": entry["channel_id"], "what": entry["thing"],
            "last read": numbers.format_instant(entry["as_of_at"]),
            "last visit": entry["last_state"],
            "coverage": numbers.format_share(entry["coverage_share"]) if entry["coverage_share"] is not None else "",
        }
        for entry in receipt.channels
    ]  # fmt: skip
    if visits:
        st.caption("Collected from:")
        draw_table(visits, "Where the figure was collected")
