"""Prices that a second list states otherwise."""

from collections.abc import Sequence

from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.words.numbers import format_instant, format_usd
from warehouse.wording import GAP, count_things, pluralize

TABLE = "staging.price_checks"


def draw_price_checks(page: View) -> Figure | None:
    """Draws each listed price from which the second list differs; None where no model stands in both."""
    rows = page.load_rows(TABLE, f"select * from {TABLE} order by family_id, listed_id, check_id, channel_id")
    if not rows:
        return None
    apart = [row for row in rows if row["is_different"]]
    title = _describe_checks(rows, apart)
    return Figure(
        name="price-checks",
        title=title,
        subtitle="Dollars per million tokens, input and output: in OpenRouter's list, which all figures rest on, and "
        f"in LiteLLM's map, which volunteers keep. A difference of over 1{GAP}% says that somebody should look, not "
        "who is right.",
        chart=None,
        rows=rows,
        metric="",
        source="OpenRouter's list of models; LiteLLM's map of prices",
        alt=title,
        shown=[_describe_check(row, page) for row in apart],
        counted="prices",
    )


def _describe_checks(rows: Sequence[Row], apart: Sequence[Row]) -> str:
    if not apart:
        shared = pluralize(len(rows), "the one model", f"all {len(rows)} models")
        return f"A second list gives the same price for {shared} that both have"
    return f"A second list gives another price for {len(apart)} of {count_things(len(rows), 'model')} that both have"


def _describe_check(row: Row, page: View) -> dict[str, str]:
    return {
        "family": page.titles[row["family_id"]],
        "model": row["listed_id"],
        "price used": _format_pair(row["input_usd"], row["output_usd"]),
        "second list": _format_pair(row["check_input_usd"], row["check_output_usd"]),
        "name there": row["check_id"],
        "read": format_instant(row["seen_at"]),
    }


def _format_pair(read: float | None, written: float | None) -> str:
    return f"{format_usd(read)} · {format_usd(written)}"
