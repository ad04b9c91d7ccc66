"""How openly status pages tell of their trouble, in a table beside the uptime: a page that tells more must not look worse for it."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboards import words
from dashboards.figure import explain, footer, table
from dashboards.frame import View

Row = dict[str, Any]
INDEX = "disclosure_points"
COLUMNS = {
    "uptime": ("uptime_share", "any_severity", "uptime"),
    "points of 100": (INDEX, "points", "count"),
    "cause told": ("disclosure_share", "with_cause", "share"),
    "report published": ("disclosure_share", "with_postmortem", "share"),
    "parts named": ("disclosure_share", "names_components", "share"),
    "posted when over": ("disclosure_share", "retro_posted", "share"),
    "posts an hour": ("incident_updates_rate", "per_hour", "rate"),
}
"""What stands in each column: metric, statistic, and how it is written."""
SILENT = ("not observable", "not collected")


def beside(page: View, kind: str, segment: str, order: Sequence[str], window: str, source: str) -> None:
    """One line for each family whose page is read; nothing where the snapshot knows nothing of it."""
    points = [row for row in page.metric(INDEX, kind, segment) if row["state"] not in SILENT]
    read = [family for family in order if family in {row["family_id"] for row in points}]
    if not read:
        return
    rows = [row for row in _rows(page, kind, segment) if row["family_id"] in read]
    with st.container(key="figure-disclosure"):
        st.markdown(f"### {title(points, page)}", anchors=False)
        st.caption(
            f"Shares of the incidents that were posted; {window}; in brackets 95 % intervals, for the uptime (all incidents counted fully) "
            "what is possible. The points are the mean of the four shares, the last one turned round.",
            help=explain(page, INDEX),
        )
        st.dataframe([line(rows, page, family) for family in read], hide_index=True, alt=title(points, page))
        st.caption(footer(page, rows, source))
        table("disclosure", rows)


def _rows(page: View, kind: str, segment: str) -> list[Row]:
    found = []
    for name in dict.fromkeys(metric for metric, _, _ in COLUMNS.values()):
        found += page.metric(name, kind, segment, [statistic for metric, statistic, _ in COLUMNS.values() if metric == name])
    return found


def title(points: Sequence[Row], page: View) -> str:
    """Whose page tells most; a rank only where the intervals lie apart."""
    known = [row for row in points if row["state"] == "measured"]
    if not known:
        return "How openly the pages tell cannot be said for these filters"
    most = max(known, key=lambda row: float(row["value"]))
    if len(known) == 1:
        return f"How much {words.plain(page.titles[most['family_id']])}'s page tells of its incidents"
    if any(words.overlap(row, most) for row in known if row is not most):
        return "No page can be said to tell more of its incidents than all others"
    return f"{words.plain(page.titles[most['family_id']])}'s page tells most of its incidents"


def line(rows: Sequence[Row], page: View, family: str) -> dict[str, str]:
    """A page as the table has it; a figure that is lacking is named by its state."""
    cells = {row["statistic"]: row for row in rows if row["family_id"] == family}
    told = {name: words.say(cells[statistic], form) for name, (_, statistic, form) in COLUMNS.items() if statistic in cells}
    return {"page": page.titles[family], **told}
