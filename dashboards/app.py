"""The dashboard: its menu, its frame, and the watch for a new snapshot."""

import logging
from pathlib import Path

import streamlit as st

from dashboards import filters, freshness, reading
from dashboards.menu import MENU
from warehouse.snapshot import Snapshot

HERE = Path(__file__).parent
STYLE = HERE / "style.css"
# How often an open page looks whether something new was published.
SECONDS = 5
FIRST = "claims"
"""The page that opens by itself."""


def pages() -> dict[str, list[st.Page]]:
    """The menu as Streamlit takes it."""
    listed = {
        group: [st.Page(f"pages_{name}.py", title=title, url_path=name) for name, title in of_group.items()]
        for group, of_group in MENU.items()
    }
    # Streamlit serves the page that opens by itself at the root only, so it stands there a second time: its own address must hold, too.
    (first,) = [title for of_group in MENU.values() for name, title in of_group.items() if name == FIRST]
    listed["Verdict"].append(st.Page(f"pages_{FIRST}.py", title=first, url_path="start", default=True, visibility="hidden"))
    return listed


@st.fragment(run_every=SECONDS)
def watch(shown: Snapshot | None) -> None:
    """Runs the page again once readers should see another snapshot than the one shown."""
    newest = reading.newest()
    if newest != shown:
        st.rerun()


def main() -> None:
    """One run of the app."""
    st.set_page_config(page_title="Heartbeat", page_icon=str(HERE / "mark.png"), layout="wide")
    st.html(STYLE)
    page = st.navigation(pages(), position="top")
    snapshot = reading.newest()
    watch(snapshot)
    if snapshot is None:
        freshness.masthead(None)
        freshness.first_run()
        return
    body = st.empty()
    try:
        with body.container():
            freshness.masthead(snapshot)
            freshness.ribbon(snapshot)
            freshness.notice(snapshot)
            filters.bar(snapshot)
            page.run()
    except Exception:
        logging.getLogger(__name__).exception("a page could not be shown")
        # Half a page would be worse than none.
        body.empty()
        freshness.broken()


main()
