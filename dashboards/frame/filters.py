"""The filter bar, the same on each page and kept in the address."""

from collections.abc import Mapping

import streamlit as st

from dashboards.frame import snapshot_reader
from dashboards.words import numbers
from warehouse.snapshot import Snapshot

CHOICE_WORDS: dict[str, Mapping[str, str]] = {
    "window": numbers.WINDOWS, "kind": numbers.KINDS, "type": numbers.TYPES, "language": numbers.LANGUAGES,
    "bots": numbers.BOTS, "role": numbers.ROLES,
}  # fmt: skip
"""Each filter except the families, with its choices and their labels."""
FURTHER = ("language", "bots", "role")
"""Filters that few readers use; they stand behind a button."""
USUAL = {"window": "365d", "type": "", "language": "", "bots": "", "role": "all"}
HELP = {
    "type": "Classified by rules; the Method page shows how often they are right.",
    "bots": "usual: platform labels and behaviour. strict: AI agents and accounts that answer instantly are not "
    "people either. lenient: everyone is a person unless a label says bot.",
    "language": "Classified by rules. Figures are split by only one of type, language and bots at a time.",
    "role": "What the channel is for.",
}


def kept_choices() -> dict[str, list[str]]:
    """Returns the choices in the address that links to other pages carry on."""
    return {name: st.query_params.get_all(name) for name in ("family", *CHOICE_WORDS) if name in st.query_params}


def draw_filters(snapshot: Snapshot) -> None:
    """Draws the filters and applies the address; unknown choices are dropped with a notice."""
    titles = {family["family_id"]: family["title"] for family in snapshot_reader.load_families(snapshot)}
    choices: dict[str, Mapping[str, str]] = {"family": titles} | CHOICE_WORDS
    unknown = [name for name, names in choices.items() if _is_unknown(name, names)]
    apply_address(choices)
    usual_kind = snapshot_reader.find_usual_kind(snapshot)
    with st.container(key="filters"):
        with st.container(horizontal=True, vertical_alignment="bottom", key="filter-bar"):
            st.multiselect(
                "Families", list(titles), format_func=lambda family: titles[family], key="family", bind="query-params",
                placeholder="All families", width=264,
            )  # fmt: skip
            # Streamlit complains about a default for a widget whose value the address has already set.
            usual = None if "window" in st.session_state else USUAL["window"]
            st.segmented_control(
                "Window", list(numbers.WINDOWS), format_func=numbers.WINDOWS.__getitem__, default=usual, required=True,
                key="window",
                bind="query-params", width="content",
            )  # fmt: skip
            _draw_select("Asked in", "kind", 192, usual_kind)
            _draw_select("About", "type", 168)
            moved = sum((st.session_state.get(name) or USUAL[name]) != USUAL[name] for name in FURTHER)
            with st.popover(f"More ({moved} set)" if moved else "More", key="filters-further"):
                _draw_select("Language", "language")
                _draw_select("Bots are separated from people by", "bots")
                _draw_select("Channels", "role")
        _draw_notices(unknown)
        if usual_kind != snapshot_reader.USUAL_KIND and st.session_state["kind"] == usual_kind:
            st.caption(
                f"No questions from {numbers.KINDS[snapshot_reader.USUAL_KIND]} have been read yet, so the pages show "
                f"{numbers.KINDS[usual_kind]} first."
            )


def _draw_select(label: str, name: str, width: int | None = None, usual: str | None = None) -> None:
    choices = list(CHOICE_WORDS[name])
    # Streamlit complains about a default for a widget whose value the address has already set.
    index = choices.index(usual) if usual and name not in st.session_state else 0
    st.selectbox(
        label, choices, index=index, format_func=CHOICE_WORDS[name].__getitem__, key=name, bind="query-params",
        help=HELP.get(name),
        width=width or "stretch",
    )  # fmt: skip


def _draw_notices(unknown: list[str]) -> None:
    if unknown:
        st.caption(f"The link names a {numbers.join_words(unknown)} that does not exist here; it was ignored.")
    parts = [numbers.PARTS[name] for name in numbers.PARTS if st.session_state.get(name)]
    if len(parts) > 1:
        st.caption(
            f"Figures are split by only one of {numbers.join_words(parts)} at a time: each figure uses the first that "
            "it has, and says which."
        )


def _is_unknown(name: str, names: Mapping[str, str]) -> bool:
    return any(value not in names and value not in names.values() for value in st.query_params.get_all(name))


def apply_address(choices: Mapping[str, Mapping[str, str]]) -> None:
    """Applies choices from the address. Both the labels of the filters and the short names of the exports are accepted;
    the latter are replaced by labels."""
    offered = {
        name: [names.get(value, value) for value in st.query_params.get_all(name)] for name, names in choices.items()
    }
    changed = {name: words for name, words in offered.items() if words != st.query_params.get_all(name)}
    if changed:
        st.query_params.update(changed)
        # Bound widgets read the address only at the start of a run.
        st.rerun()
