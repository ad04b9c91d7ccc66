"""The places above every page, the tabs of the present one, and what an unknown address gets."""

from urllib.parse import urlsplit

import streamlit as st

from dashboards.frame import freshness
from dashboards.frame.filters import kept_choices
from dashboards.menu import MENU, TABS, find_place, page_address
from dashboards.words import numbers
from warehouse.snapshot import Snapshot

HOME = "overview/overview"
"""The page that opens by default, and behind the name."""
FILES = {page_address(file): file for files in MENU.values() for file in files}
START = "start"
"""The address of the page that opens by default; Streamlit serves it at the root only."""


def draw_places(file: str, snapshot: Snapshot | None) -> None:
    """Draws the name, which leads home, the places with the present one marked, the freshness of the data, and the tabs
    of this place.

    Every link carries the choices of the filters on.
    """
    place, kept = find_place(file), kept_choices()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="masthead"):
        with st.container(horizontal=True, vertical_alignment="center", key="places", width="content"):
            _draw_link(HOME, "**Heartbeat**", "home", kept, is_current=False)
            for name, files in MENU.items():
                _draw_link(next(iter(files)), name, f"place-{name.lower()}", kept, is_current=name == place)
        if snapshot:
            freshness.draw_freshness(snapshot)
    if snapshot and len(MENU[place]) > 1:
        with st.container(horizontal=True, vertical_alignment="center", key="tabs"):
            for tab in MENU[place]:
                _draw_link(tab, TABS[tab], f"tab-{page_address(tab)}", kept, is_current=tab == file)


def _draw_link(file: str, label: str, key: str, kept: dict[str, list[str]], *, is_current: bool) -> None:
    with st.container(key=f"{key}-current" if is_current else key, width="content"):
        st.page_link(f"{file}.py", label=label, query_params=kept)


def draw_unknown_address() -> None:
    """Says that the address asked for has no page; silent at every known one."""
    address = urlsplit(st.context.url or "").path.strip("/").rpartition("/")[2]
    if address and address not in FILES and address != START:
        with st.container(key="notice-address"):
            st.markdown(
                f"There is no page **{numbers.escape_markdown(address[:60])}** here. This is the overview; the places "
                "above lead to everything else."
            )
