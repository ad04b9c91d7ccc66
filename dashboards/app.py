"""The dashboard: its menu, its frame, and the watch for a new snapshot."""

import logging
from pathlib import Path

import streamlit as st

from dashboards.frame import filters, freshness, snapshot_reader
from dashboards.menu import MENU, page_address
from warehouse.snapshot import Snapshot

HERE = Path(__file__).parent
STYLE = HERE / "style.css"
# How often an open page looks whether something new was published.
SECONDS = 5
FIRST = "evidence/claims"
"""The page that opens by itself."""


def pages() -> dict[str, list[st.Page]]:
    """The menu as Streamlit takes it."""
    listed = {
        group: [st.Page(f"{file}.py", title=title, url_path=page_address(file)) for file, title in of_group.items()]
        for group, of_group in MENU.items()
    }
    # Streamlit serves the page that opens by itself at the root only, so it stands there a second time: its own address must hold, too.
    (first,) = [title for of_group in MENU.values() for file, title in of_group.items() if file == FIRST]
    listed["Verdict"].append(st.Page(f"{FIRST}.py", title=first, url_path="start", default=True, visibility="hidden"))
    return listed


@st.fragment(run_every=SECONDS)
def watch(shown: Snapshot | None) -> None:
    """Runs the page again once readers should see another snapshot than the one shown."""
    newest = snapshot_reader.newest()
    if newest != shown:
        st.rerun()


def main() -> None:
    """One run of the app."""
    st.set_page_config(page_title="Heartbeat", page_icon=str(HERE / "mark.png"), layout="wide")
    st.html(STYLE)
    page = st.navigation(pages(), position="top")
    snapshot = snapshot_reader.newest()
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
