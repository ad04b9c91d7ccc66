"""The filter bar: on each page only the filters that change it, and the address as the only truth about them."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

from dashboards.charts.colours import DARK, LIGHT, SIDES
from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from dashboards.menu import MENU, NEEDS, PAIR, SINGLE, WEIGHT, WINDOWS
from dashboards.words import numbers
from warehouse.snapshot import Snapshot

CHOICE_WORDS: dict[str, Mapping[str, str]] = {
    "window": numbers.WINDOWS, "kind": numbers.KINDS, "type": numbers.TYPES, "language": numbers.LANGUAGES,
    "bots": numbers.BOTS, "role": numbers.ROLES,
}  # fmt: skip
"""Each filter except the families, with its choices and their labels."""
NAMES = ("family", *CHOICE_WORDS)
FURTHER = ("language", "bots", "role")
"""Filters that few readers use; they stand behind a button."""
SPLIT = "answered_share"
"""A metric that is split by each language in which anybody asked."""
OFFERED = "choices offered"
"""Where a page leaves the names of what its widgets choose, each with the choice that the address need not name."""
PICKERS = ("first", "second")
"""The two boxes of a pair of families."""
USUAL = {"window": "365d", "type": "", "language": "", "bots": "", "role": "all"}
MARKS = dict(zip(SIDES, "●□△", strict=True))
GROUPS = {"side:open": "open", "side:proprietary": "proprietary"}
"""Entries of the family filter that choose a whole side."""
LABELS = {
    "family": "Families", "window": "Window", "kind": "Asked in", "type": "About", "language": "Language",
    "bots": "Bots are separated from people by", "role": "Channels",
}  # fmt: skip
HELP = {
    "type": "Classified by rules; the method shows how often they are right.",
    "bots": "usual: platform labels and behaviour. strict: AI agents and accounts that answer instantly are not "
    "people either. lenient: everyone is a person unless a label says bot.",
    "language": "Classified by rules. Figures are split by only one of type, language and bots at a time.",
    "role": "What the channel is for.",
}


def read_view(snapshot: Snapshot, file: str) -> View:
    """Reads from the address what a page is to show. Filters that do not act on the page stay as usual, and so do
    unknown choices."""
    offered = list_offered(snapshot) | {"window": list_windows(file)}
    asked = {name: read_known(name, offered[name]) for name in MENU[file].filters}
    chosen = asked.pop("family", ())
    if file == SINGLE:
        chosen = chosen[:1] or (snapshot_reader.find_fullest_family(snapshot),)
    usual: dict[str, Any] = {"kind": snapshot_reader.find_usual_kind(snapshot)}
    return View(
        snapshot,
        snapshot_reader.current_time(snapshot),
        snapshot_reader.load_families(snapshot),
        snapshot_reader.choose_pair(snapshot, chosen) if file == PAIR else chosen,
        theme=DARK if st.context.theme.type == "dark" else LIGHT,
        **(usual | {name: values[-1] for name, values in asked.items() if values}),
    )


def list_windows(file: str) -> dict[str, str]:
    """Lists the windows that a page offers, with their labels."""
    return {name: words for name, words in numbers.WINDOWS.items() if name in WINDOWS.get(file, numbers.WINDOWS)}


@lru_cache(maxsize=2)
def list_offered(snapshot: Snapshot) -> dict[str, Mapping[str, str]]:
    """Lists the choices of each filter with their labels; of languages those in which a snapshot has questions."""
    titles = {family["family_id"]: family["title"] for family in snapshot_reader.load_families(snapshot)}
    segments = {combination[-1] for combination in snapshot_reader.load_choices(snapshot, SPLIT)}
    languages = {code: words for code, words in numbers.LANGUAGES.items() if not code or f"language:{code}" in segments}
    return {"family": titles} | CHOICE_WORDS | {"language": languages}


def read_known(name: str, words: Mapping[str, str]) -> tuple[str, ...]:
    """Reads the known choices of a filter; both short names and labels are accepted."""
    names = {label: choice for choice, label in words.items()} | {choice: choice for choice in words}
    return tuple(dict.fromkeys(names[value] for value in st.query_params.get_all(name) if value in names))


def kept_choices() -> dict[str, list[str]]:
    """Returns the choices in the address, which links to other pages carry on: filters, and the needs and weights of a
    page of their own, so that anyone who comes back to it finds them again."""
    weights = [name for name in st.query_params if name.startswith(WEIGHT)]
    return {name: st.query_params.get_all(name) for name in (*NAMES, *NEEDS, *weights) if name in st.query_params}


def make_address(snapshot: Snapshot, anchor: str = "", **further: str | Sequence[str]) -> str:
    """Returns the address of this page with its known choices, at a figure if one is named."""
    offered = list_offered(snapshot)
    chosen = {
        name: read_known(name, offered[name]) if name in offered else st.query_params.get_all(name)
        for name in st.query_params
    }
    parts = urlsplit(st.context.url or "")
    named = {name: value for name, value in further.items() if value}
    return parts._replace(query=urlencode(chosen | named, doseq=True), fragment=anchor).geturl()


def offer_choices(said: Mapping[str, Any], usual: Mapping[str, Any]) -> None:
    """Lets widgets say what the address says, which is the truth, and leaves for `write_choices` what is usual."""
    for name, value in said.items():
        # A widget that agrees is not set, as this would discard the letters typed since.
        if st.session_state.get(name) != value:
            st.session_state[name] = value
    st.session_state.setdefault(OFFERED, {}).update(usual)


def draw_filters(snapshot: Snapshot, file: str) -> View:
    """Draws the filters that act on a page and returns what they ask of it; unknown choices are named."""
    page = read_view(snapshot, file)
    shown = MENU[file].filters
    said = {name: getattr(page, name) for name in shown if name != "family"}
    usual: dict[str, Any] = {"kind": snapshot_reader.find_usual_kind(snapshot), **USUAL}
    if "family" in shown:
        said["family"] = page.chosen[0] if file == SINGLE else list(page.chosen)
        usual["family"] = None if "family" in st.query_params else said["family"]
    pair = dict(zip(PICKERS, page.chosen, strict=False)) if file == PAIR else {}
    offer_choices(said | pair, {name: usual[name] for name in shown})
    if shown:
        with st.container(horizontal=True, vertical_alignment="center", wrap=False, key="filters"):
            _draw_bar(page, file)
            _draw_link(page)
    _draw_notices(page, shown)
    return page


@st.fragment
def _draw_link(page: View) -> None:
    """Draws the button for the address of the page with its choices."""
    opened = st.popover("Copy link", type="tertiary", key="link", on_change="rerun")
    if opened.open:
        opened.code(make_address(page.snapshot, family=page.chosen), language=None, wrap_lines=True)


def _draw_bar(page: View, file: str) -> None:
    shown, windows = MENU[file].filters, list_windows(file)
    titles = {name: f"{MARKS[page.sides[name]]} {title}" for name, title in page.titles.items()}
    if file == PAIR:
        _draw_pickers(page, titles)
    elif file == SINGLE:
        st.selectbox(
            LABELS["family"], list(titles), key="family", on_change=write_choices, width=216,
            format_func=titles.__getitem__, label_visibility="collapsed",
        )  # fmt: skip
    elif "family" in shown:
        groups = {name: f"All {side}" for name, side in GROUPS.items() if side in page.sides.values()}
        st.multiselect(
            LABELS["family"], [*groups, *titles], key="family", on_change=write_families, args=(page.sides,), width=216,
            format_func=(groups | titles).__getitem__,
            # The entry of all matches would come first: who typed GPT and Enter got gpt-oss and another, too.
            placeholder="All families", label_visibility="collapsed", select_all=False,
        )  # fmt: skip
    if "window" in shown:
        st.segmented_control(
            LABELS["window"], list(windows), format_func=windows.__getitem__, required=True,
            key="window", on_change=write_choices, width="content", label_visibility="collapsed",
        )  # fmt: skip
    if "kind" in shown:
        _draw_select("kind", 168)
    if "type" in shown:
        _draw_select("type", 168, "about {}")
    languages = list_offered(page.snapshot)["language"]
    further = [name for name in FURTHER if name in shown and (name != "language" or len(languages) > 1)]
    if further:
        moved = sum(st.session_state[name] != USUAL[name] for name in further)
        with st.popover(f"More ({moved} set)" if moved else "More", key="filters-further"):
            for name in further:
                _draw_select(name, words=languages if name == "language" else None)


def _draw_select(name: str, width: int | None = None, form: str = "", words: Mapping[str, str] | None = None) -> None:
    words = words or CHOICE_WORDS[name]
    st.selectbox(
        LABELS[name], list(words), format_func=lambda choice: form.format(words[choice]) if form else words[choice],
        key=name, on_change=write_choices, width=width or "stretch",
        help=None if width else HELP.get(name), label_visibility="collapsed" if width else "visible",
    )  # fmt: skip


def _draw_pickers(page: View, titles: Mapping[str, str]) -> None:
    """Draws the boxes of a pair with the button between them that swaps it; one family alone has none."""
    for picker, label in zip(PICKERS, ("First family", "Second family"), strict=True):
        if len(page.chosen) == len(PICKERS):
            if picker == PICKERS[1]:
                st.button("⇄", key="swap", help="Swap the two families", on_click=_write_pair)
            st.selectbox(
                label, list(titles), format_func=titles.__getitem__, key=picker, on_change=_write_pair, width=176,
                label_visibility="collapsed",
            )  # fmt: skip


def _write_pair() -> None:
    """Writes the pair into the address: a new one; else, as if the other one of the pair was picked, the pair
    swapped."""
    pair, picked = st.session_state["family"], [st.session_state[picker] for picker in PICKERS]
    st.session_state["family"] = pair[::-1] if picked == pair or picked[0] == picked[1] else picked
    write_choices()


def write_choices() -> None:
    """Writes the choices of all widgets into the address; usual ones leave it. All, because a click soon after another
    comes with the address from before both, and would undo the first."""
    usual = st.session_state[OFFERED]
    chosen = {name: st.session_state[name] for name in usual if name in st.session_state}
    left = [name for name, value in chosen.items() if value in ("", [], None, usual[name])]
    for name in left:
        st.query_params.pop(name, None)
    st.query_params.update(
        {name: value if isinstance(value, list) else str(value) for name, value in chosen.items() if name not in left}
    )


def write_families(sides: Mapping[str, str]) -> None:
    """Writes the chosen families into the address, with all families of a side if its entry was chosen."""
    chosen = [
        member
        for choice in st.session_state["family"]
        for member in ([name for name in sides if sides[name] == GROUPS[choice]] if choice in GROUPS else [choice])
    ]
    if chosen != st.session_state["family"]:
        st.session_state["family"] = list(dict.fromkeys(chosen))
    write_choices()


def _draw_notices(page: View, shown: Sequence[str]) -> None:
    unknown = [
        name
        for name, words in list_offered(page.snapshot).items()
        if any(value not in words and value not in words.values() for value in st.query_params.get_all(name))
    ]
    if unknown:
        st.caption(f"The link names a {numbers.join_words(unknown)} that does not exist here; it was ignored.")
    parts = [words for name, words in numbers.PARTS.items() if getattr(page, name)]
    if (count := len(read_known("family", page.titles))) > len(page.chosen) > 0:
        st.caption(f"Two families are compared at a time: the first of {count} chosen.")
    if len(parts) > 1:
        st.caption(
            f"Figures are split by only one of {numbers.join_words(parts)} at a time: each figure uses the first that "
            "it has, and says which."
        )
    usual = snapshot_reader.USUAL_KIND
    if "kind" in shown and page.kind != usual and page.kind == snapshot_reader.find_usual_kind(page.snapshot):
        st.caption(
            f"No questions from {numbers.KINDS[usual]} have been read yet, so the pages show "
            f"{numbers.KINDS[page.kind]} first."
        )
