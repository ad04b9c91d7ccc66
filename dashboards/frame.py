"""What every page shares: the filters, the answer, the figure with all that must stand beside it, and the states."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from dashboards import reading, words
from dashboards.colours import SIDES, Palette, palette
from warehouse.snapshot import Snapshot

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """What one run of a page shows: a snapshot, an instant and the filters."""

    snapshot: Snapshot
    now: datetime
    everyone: list[Row]
    chosen: tuple[str, ...]
    window: str
    role: str
    kind: str
    """Kind of the places where people ask."""
    tone: Palette

    @property
    def families(self) -> list[Row]:
        """The chosen families, or all where none is chosen."""
        return [family for family in self.everyone if not self.chosen or family["family_id"] in self.chosen]

    @property
    def titles(self) -> dict[str, str]:
        """Titles by family."""
        return {family["family_id"]: family["title"] for family in self.everyone}

    def colours(self, chosen: Sequence[str]) -> dict[str, str]:
        """A colour for each of a few families, the same on every page as far as they differ."""
        return self.tone.families([(family["family_id"], family["side"]) for family in self.everyone], chosen)

    def metric(self, name: str, kind: str, segment: str | None = None, statistics: Sequence[str] = ()) -> list[Row]:
        """Rows of one metric for one kind of channel and the filters of this page; a host has no line where it can have no figure."""
        wanted = {family["family_id"] for family in self.families}
        found = reading.metric(self.snapshot, name, kind, self.window, self.role, segment, statistics)
        return [row for row in found if row["family_id"] in wanted and (row["side"], row["state"]) != ("host", "not applicable")]

    def order(self, rows: Sequence[Row]) -> list[str]:
        """Families as they stand in charts: open first, then by value, those without one last."""
        values = {row["family_id"]: row["value"] for row in rows if row["state"] == "measured" and row["value"] is not None}
        return [
            f["family_id"]
            for f in sorted(
                self.families, key=lambda f: (SIDES.index(f["side"]), f["family_id"] not in values, -values.get(f["family_id"], 0))
            )
        ]


def view() -> View:
    """The view of this run, from the snapshot that is current and the filters of the bar."""
    snapshot = reading.newest()
    if snapshot is None:
        raise LookupError("there is no snapshot to show")
    state = st.session_state
    return View(
        snapshot,
        reading.now(snapshot),
        reading.families(snapshot),
        tuple(state.get("family") or ()),
        state.get("window") or "365d",
        state.get("role") or "all",
        state.get("kind") or "tracker",
        palette(st.context.theme.type),
    )


def filters(snapshot: Snapshot) -> None:
    """The one bar of filters, the same on each page, kept in the address."""
    titles = {family["family_id"]: family["title"] for family in reading.families(snapshot)}
    said = {"family": titles, "window": words.WINDOWS, "kind": words.KINDS, "role": words.ROLES}
    offered = {name: list(names) for name, names in said.items()}
    unknown = [
        name
        for name, names in said.items()
        if {value for value in st.query_params.get_all(name) if value not in names and value not in names.values()}
    ]
    for name, names in said.items():
        _take(name, names)
    with st.container(key="filters"):
        left, middle, asked, right = st.columns([4, 5, 3, 2])
        left.multiselect(
            "Families",
            offered["family"],
            format_func=lambda family: titles[family],
            key="family",
            bind="query-params",
            placeholder="All families",
        )
        middle.segmented_control(
            "Window",
            offered["window"],
            format_func=words.WINDOWS.__getitem__,
            default="365d",
            required=True,
            key="window",
            bind="query-params",
        )
        asked.selectbox("Questions in", offered["kind"], format_func=words.KINDS.__getitem__, key="kind", bind="query-params")
        right.selectbox("Channels", offered["role"], format_func=words.ROLES.__getitem__, key="role", bind="query-params")
        if unknown:
            st.caption(f"The link asked for a {words.listed(unknown)} that does not exist here; it was left out.")


def _take(name: str, names: Mapping[str, str]) -> None:
    """Addresses carry the words of the filters; the short names of the exports are understood as well."""
    short = [value for value in st.query_params.get_all(name) if value in names and value != names[value]]
    if short and name not in st.session_state:
        st.session_state[name] = short if name == "family" else short[0]


def answer(question: str, sentence: str) -> None:
    """The question as the title and the answer below it."""
    st.title(question, anchor=False)
    with st.container(key="answer"):
        st.markdown(sentence)
