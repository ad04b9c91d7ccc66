"""The dashboard as Streamlit runs it for each reader: its pages, its frame, and the check for a newer snapshot."""

import logging
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboards.frame import filters, freshness, navigation, share, snapshot_reader
from dashboards.frame.view import VIEWED
from dashboards.menu import ADDRESSES, MENU, PATHS
from warehouse.snapshot import Snapshot

HERE = Path(__file__).parent
STYLE = HERE / "style.css"


def build_menu() -> list[st.Page]:
    """Builds the pages in the form that Streamlit expects."""
    pages = [st.Page(PATHS[file], title=page.name, url_path=ADDRESSES[file]) for file, page in MENU.items()]
    # Streamlit serves the default page at the root only, so it is listed a second time: its own address must work too.
    home = st.Page(PATHS[navigation.HOME], title="Overview", url_path=navigation.START, default=True)
    return [*pages, home]


@st.fragment(run_every=snapshot_reader.LOOK_SECONDS)
def watch_snapshot(drawn: Snapshot | str | None) -> None:
    """Reruns the page once readers should see a snapshot other than `drawn`; shows how far a first collection is."""
    newest, progress = snapshot_reader.look_around()
    if newest != drawn:
        st.rerun()
    if progress is not None and not progress.has_failed:
        freshness.draw_progress(progress)


def draw_page(page: StreamlitPage, file: str, snapshot: Snapshot) -> None:
    """Draws a page in its frame, or the one figure that another site asks for."""
    if share.find_embedded():
        st.session_state[VIEWED] = filters.read_view(snapshot, file)
        with st.container(key="embedded"):
            page.run()
            freshness.draw_footer(snapshot)
        return
    navigation.draw_menu(file)
    st.session_state[VIEWED] = filters.draw_filters(snapshot, file)
    navigation.draw_unknown_address()
    st.session_state[freshness.SHOWN] = []
    page.run()
    freshness.draw_footer(snapshot)
    with st.session_state[navigation.FRESHNESS]:
        freshness.draw_freshness(snapshot)


def main() -> None:
    """Runs the app once."""
    page = st.navigation(build_menu(), position="hidden")
    file = navigation.FILES.get(page.url_path, navigation.HOME)
    st.set_page_config(page_title=f"{MENU[file].name} · Heartbeat", page_icon=str(HERE / "mark.png"), layout="wide")
    st.html(STYLE)
    snapshot_reader.open_own_log(snapshot_reader.read_environment().home)
    snapshot, _ = snapshot_reader.look_around()
    watch_snapshot(snapshot)
    if isinstance(snapshot, str):
        logging.getLogger(__name__).error("no snapshot can be shown: %s", snapshot)
        navigation.draw_menu(file)
        freshness.draw_unreadable()
        return
    if snapshot is None:
        navigation.draw_menu(file)
        freshness.draw_first_run()
        return
    body = st.empty()
    try:
        with body.container():
            draw_page(page, file, snapshot)
    except Exception:
        logging.getLogger(__name__).exception("a page could not be shown")
        # Half a page would be worse than none.
        body.empty()
        freshness.draw_failure()


if __name__ == "__main__":
    main()
