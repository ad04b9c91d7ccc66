"""The dashboard: its menu, its frame, and the watch for a new snapshot."""

import logging
from pathlib import Path

import streamlit as st

from dashboards import frame, freshness, reading
from warehouse.snapshot import Snapshot

HERE = Path(__file__).parent
STYLE = HERE / "style.css"
# How often an open page looks whether something new was published.
SECONDS = 5
MENU = [
    st.Page("pages_overview.py", title="Overview", url_path="overview", default=True),
    st.Page("pages_claims.py", title="Does the essay hold?", url_path="claims"),
    st.Page("pages_waiting.py", title="Waiting for an answer", url_path="waiting"),
    st.Page("pages_reliability.py", title="Reliability", url_path="reliability"),
    st.Page("pages_adoption.py", title="Adoption", url_path="adoption"),
    st.Page("pages_promises.py", title="Licences and promises", url_path="promises"),
    st.Page("pages_data.py", title="Is the data good?", url_path="data"),
    st.Page("pages_method.py", title="Method", url_path="method"),
]


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
    page = st.navigation(MENU, position="top")
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
            frame.filters(snapshot)
            page.run()
    except Exception:
        logging.getLogger(__name__).exception("a page could not be shown")
        # Half a page would be worse than none.
        body.empty()
        freshness.broken()


main()
