"""The pair of families that a page compares: two pickers side by side, and a button that swaps them."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from warehouse.snapshot import Snapshot

PICKERS = ("first", "second")
ASKED = (
    "select family_id from metrics.answered_share where statistic = 'within_7d' and segment = 'anyone' and channel_role"
    " = 'all' and \"window\" = '365d' and channel_kind = ? order by state <> 'measured', n desc, family_id"
)


def choose_pair(snapshot: Snapshot, chosen: Sequence[str]) -> tuple[str, ...]:
    """Returns the first two chosen families; for each that is missing, the one with most questions, of a side that is
    not there yet. One family alone is no pair, and stays alone."""
    sides = {family["family_id"]: family["side"] for family in snapshot_reader.load_families(snapshot)}
    asked = snapshot_reader.load_rows(snapshot, ASKED, snapshot_reader.find_usual_kind(snapshot))
    by_data = dict.fromkeys([*(row["family_id"] for row in asked), *sides])
    pair = list(chosen[:2])
    while len(pair) < 2 and (others := [family for family in by_data if family not in pair]):
        there = ("host", *(sides[family] for family in pair))
        pair.append(next((family for family in others if sides[family] not in there), others[0]))
    return tuple(pair)


def draw_pickers(page: View, titles: Mapping[str, str]) -> None:
    """Draws the two pickers with the button between them."""
    for picker, family in zip(PICKERS, page.chosen, strict=False):
        if st.session_state.get(picker) != family:
            st.session_state[picker] = family
    if len(page.chosen) < 2:
        return
    first, second = page.chosen
    _draw_picker("first", "First family", titles, page.chosen)
    st.button("⇄", key="swap", help="Swap the two families", on_click=_write_pair, args=(second, first))
    _draw_picker("second", "Second family", titles, page.chosen)


def _draw_picker(picker: str, label: str, titles: Mapping[str, str], pair: Sequence[str]) -> None:
    st.selectbox(
        label, list(titles), format_func=titles.__getitem__, key=picker, on_change=_write_choice, args=(pair,),
        width=176, label_visibility="collapsed",
    )  # fmt: skip


def _write_choice(pair: Sequence[str]) -> None:
    """Writes both families into the address; who picks the other one of the pair swaps them."""
    chosen = tuple(st.session_state[picker] for picker in PICKERS)
    _write_pair(*(reversed(pair) if chosen[0] == chosen[1] else chosen))


def _write_pair(*pair: str) -> None:
    st.query_params["family"] = list(pair)
