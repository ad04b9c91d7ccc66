"""Warnings on the page of data: what figures lack although no visit failed, in plain words."""

from collections.abc import Sequence

from dashboards.evidence.attention import name_family
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.words import numbers
from warehouse.warnings import count_kinds, describe_warning
from warehouse.wording import pluralize


def describe_warnings(rows: Sequence[Row]) -> str:
    """Describes in one sentence how much was rejected, skipped, unmatched or missing; empty without warnings."""
    if not rows:
        return ""
    aside = sum(row["warning_count"] for row in rows if row["warning_kind"] == "row rejected")
    others = sum(row["warning_kind"] != "row rejected" for row in rows)
    parts = []
    if aside:
        words = pluralize(aside, "row was", "rows were")
        parts.append(f"{numbers.format_count(aside)} landed {words} unreadable and excluded of every figure")
    if others:
        words = pluralize(others, "warning names", "warnings name")
        parts.append(f"{others} {words} what was skipped, never matched or fell far below the usual")
    return f"{numbers.join_words(parts)}."


def draw_warnings(page: View, rows: Sequence[Row]) -> Figure | None:
    """Draws each warning: what happened, where, what it does to the figures and what to do."""
    if not rows:
        return None
    lines = []
    for row in rows:
        words = describe_warning(row)
        # Cells show backticks as they are.
        finding, remedy = (text.replace("`", "") for text in (words.finding, words.remedy))
        lines.append(
            {
                "family": name_family(page, row["family_id"]), "channel": row["target"] or row["channel_id"],
                "what": f"{row['thing']}: {row['warning_kind']}", "what happened": finding,
                "effect on the figures": words.effect, "what to do": remedy, "link": row["url"],
            }
        )  # fmt: skip
    title = f"Excluded although no visit failed: {len(rows)} {pluralize(len(rows), 'case', 'cases')}"
    return Figure(
        name="warnings",
        title=title,
        subtitle=f"{describe_warnings(rows)} By kind: {count_kinds(rows)}.",
        chart=None,
        rows=rows,
        metric="warnings",
        source="the ledger of rows rejected, the notes of visits and the catalog",
        shown=lines,
    )
