"""The dashboard as Streamlit runs it for each reader: its menu, its layout, and the check for a newer snapshot."""

import logging
from pathlib import Path

import streamlit as st

from dashboards.frame import filters, freshness, missing_tokens, snapshot_reader
from dashboards.menu import MENU, page_address
from warehouse.snapshot import Snapshot

HERE = Path(__file__).parent
STYLE = HERE / "style.css"
# How often an open page checks for a newer snapshot.
SECONDS = 5
FIRST = "overview/overview"
"""The page that opens by default."""


def build_menu() -> dict[str, list[st.Page]]:
    """Builds the menu in the form that Streamlit expects."""
    listed = {
        group: [st.Page(f"{file}.py", title=title, url_path=page_address(file)) for file, title in of_group.items()]
        for group, of_group in MENU.items()
    }
    # Streamlit serves the default page at the root only, so it is listed a second time: its own address must work too.
    ((group, title),) = [(group, of_group[FIRST]) for group, of_group in MENU.items() if FIRST in of_group]
    listed[group].append(st.Page(f"{FIRST}.py", title=title, url_path="start", default=True, visibility="hidden"))
    return listed


@st.fragment(run_every=SECONDS)
def watch_snapshot(drawn: Snapshot | None) -> None:
    """Reruns the page once readers should see a snapshot other than `drawn`; shows how far a first collection is."""
    newest = snapshot_reader.newest_snapshot()
    if newest != drawn:
        st.rerun()
    freshness.draw_progress()


def main() -> None:
    """Runs the app once."""
    st.set_page_config(page_title="Heartbeat", page_icon=str(HERE / "mark.png"), layout="wide")
    st.html(STYLE)
    page = st.navigation(build_menu(), position="top")
    snapshot = snapshot_reader.newest_snapshot()
    watch_snapshot(snapshot)
    if snapshot is None:
        freshness.draw_masthead(None)
        freshness.draw_first_run()
        return
    body = st.empty()
    try:
        with body.container():
            freshness.draw_masthead(snapshot)
            freshness.draw_ribbon(snapshot)
            freshness.draw_publisher(snapshot)
            missing_tokens.draw_missing_token(snapshot)
            freshness.draw_notice(snapshot)
            filters.draw_filters(snapshot)
            page.run()
    except Exception:
        logging.getLogger(__name__).exception("a page could not be shown")
        # Half a page would be worse than none.
        body.empty()
        freshness.draw_failure()


main()
