"""How a figure is passed on: its address, a frame for other pages, a citation, and what to send if it looks wrong."""

from html import escape
from importlib import metadata
from urllib.parse import urlencode

import streamlit as st

from dashboards.frame import filters, receipts
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.words import numbers

FIGURE = "figure"
"""The name of the figure in the address of a frame, which shows nothing else."""
HEIGHT = 520
"""The height of a frame in pixels."""
TRACKERS = ("issues", "bug tracker", "repository", "source")
"""What packages call the address that takes reports, the best first."""


def find_embedded() -> str:
    """Returns the name of the only figure that a frame of another page shows; empty if this is no such frame."""
    return str(st.query_params.get(FIGURE, "")) if st.context.is_embedded else ""


def make_frame(page: View, figure: Figure) -> str:
    """Returns the markup that shows a figure on a page elsewhere."""
    address = filters.make_address(page.snapshot, family=page.chosen, **{FIGURE: figure.name, "embed": "true"})
    title = numbers.strip_markdown(figure.title)
    return f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="{HEIGHT}"></iframe>'


def cite(page: View, figure: Figure) -> str:
    """Returns one line that names a figure, the date of its data and its address."""
    instants = [row["as_of_at"] for row in figure.rows if row.get("as_of_at")]
    day = max(instants, default=page.snapshot.published_at)
    made_up = " Sample data, made up." if page.snapshot.is_sample else ""
    address = filters.make_address(page.snapshot, figure.name, family=page.chosen)
    return f"Heartbeat: “{numbers.strip_markdown(figure.title)}”. Data to {day.day} {day:%b %Y}.{made_up} {address}"


def report(page: View, figure: Figure) -> str:
    """Returns what somebody needs to check a figure that looks wrong."""
    command = receipts.format_row_command(figure.metric, figure.rows[0]) if figure.has_receipts else ""
    lines = (
        f"Figure: {numbers.strip_markdown(figure.title)}",
        f"Address: {filters.make_address(page.snapshot, figure.name, family=page.chosen)}",
        f"Snapshot: version {page.snapshot.version}, published {numbers.format_instant(page.snapshot.published_at)}",
        f"Receipt: {command}" if command else "",
        "What I expected instead, and why:",
    )
    return "\n".join(filter(None, lines))


def link_issue(text: str) -> str:
    """Returns the address of a new issue with this text, where the package's own metadata names a tracker; else
    empty."""
    listed = metadata.metadata("heartbeat").get_all("Project-URL") or ()
    trackers = {name.strip().lower(): url.strip() for name, _, url in (entry.partition(",") for entry in listed)}
    found = next((trackers[name] for name in TRACKERS if name in trackers), "")
    base = found.rstrip("/").removesuffix("/issues")
    return f"{base}/issues/new?{urlencode({'title': 'A figure looks wrong', 'body': text})}" if base else ""
