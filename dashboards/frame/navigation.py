"""The first line of every page: the name, the pages, and how fresh the data are; and what an unknown address gets."""

from urllib.parse import urlsplit

import streamlit as st

from dashboards.frame.filters import kept_choices
from dashboards.menu import ADDRESSES, FURTHER, MENU, PATHS
from dashboards.words import numbers

HOME = "overview/overview"
"""The page that opens by default, and behind the name."""
FILES = {address: file for file, address in ADDRESSES.items()}
START = "start"
"""The address of the page that opens by default; Streamlit serves it at the root only."""
FRESHNESS = "freshness"
"""Where the script leaves the place of the freshness, which is known once the page is drawn."""


def draw_menu(file: str) -> None:
    """Draws the name, which leads home, the pages with the present one marked, and room for the freshness of the data.
    Every link carries the choices of the filters on."""
    kept = kept_choices()
    with st.container(horizontal=True, vertical_alignment="center", key="masthead", wrap=False):
        _draw_link(HOME, "Heartbeat", "home", kept, is_current=False)
        with st.container(horizontal=True, vertical_alignment="center", key="places", wrap=False):
            for listed, page in MENU.items():
                if listed not in FURTHER:
                    _draw_link(listed, page.name, f"place-{ADDRESSES[listed]}", kept, is_current=listed == file)
            # A key for each page: the list of one key would stay open on the page that was chosen from it.
            name, look = (MENU[file].name, "-current") if file in FURTHER else ("More", "")
            with st.popover(name, type="tertiary", key=f"more-{ADDRESSES[file]}{look}"):
                for listed in FURTHER:
                    _draw_link(listed, MENU[listed].name, f"further-{ADDRESSES[listed]}", kept, is_current=False)
        st.session_state[FRESHNESS] = st.container(key="freshness", width="content")


def _draw_link(file: str, label: str, key: str, kept: dict[str, list[str]], *, is_current: bool) -> None:
    with st.container(key=f"{key}-current" if is_current else key, width="content"):
        st.page_link(PATHS[file], label=label, query_params=kept)


def draw_unknown_address() -> None:
    """Says that the address asked for has no page; silent at every known one."""
    address = urlsplit(st.context.url or "").path.strip("/").rpartition("/")[2]
    if address and address not in FILES and address != START:
        with st.container(key="notice-address"):
            st.markdown(
                f"There is no page **{numbers.escape_markdown(address[:60])}** here. This is the overview; the menu "
                "above leads to everything else."
            )
