"""The input of one page run: a snapshot, an instant and the filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import streamlit as st

from dashboards.charts.colours import LIGHT, SIDES, Palette
from dashboards.frame import snapshot_reader
from dashboards.menu import COMPARED
from dashboards.metric_row import DictRow, MetricRow
from dashboards.words import numbers
from dashboards.words.sentences import select_measured
from warehouse import notices
from warehouse.freshness import is_fact_old
from warehouse.snapshot import Snapshot

VIEWED = "viewed"
"""Where the script leaves the view for the page that it runs."""


# Without slots, so that what all figures of a run ask for is made once.
@dataclass(frozen=True)
class View:
    """The input of one page run: a snapshot, an instant and the filters."""

    snapshot: Snapshot
    now: datetime
    everyone: list[DictRow] = field(compare=False)
    chosen: tuple[str, ...] = ()
    window: str = "365d"
    role: str = "all"
    kind: str = "tracker"
    """Kind of channel where people ask."""
    type: str = ""
    """Type of question; empty for any."""
    language: str = ""
    bots: str = ""
    theme: Palette = LIGHT

    @cached_property
    def families(self) -> list[DictRow]:
        """Returns the chosen families, or all if none is chosen."""
        return [family for family in self.everyone if not self.chosen or family["family_id"] in self.chosen]

    @cached_property
    def wanted(self) -> frozenset[str]:
        return frozenset(family["family_id"] for family in self.families)

    @property
    def source(self) -> str:
        """Returns the kind of channel, as figures name their source."""
        return f"public {numbers.KINDS[self.kind]}"

    @property
    def whose(self) -> str:
        """Returns words for counts that are of the chosen families only; empty if none is chosen."""
        return " of these families" if self.chosen else ""

    @property
    def compared_window(self) -> str:
        """Returns the window over which families are compared: the chosen one, or 12 months if it is not compared."""
        return self.window if self.window in COMPARED else COMPARED[0]

    @cached_property
    def titles(self) -> dict[str, str]:
        return {family["family_id"]: family["title"] for family in self.everyone}

    @cached_property
    def sides(self) -> dict[str, str]:
        return {family["family_id"]: family["side"] for family in self.everyone}

    def load_rows(self, sql: str, *params: Any) -> list[DictRow]:
        """Loads the rows of a fixed statement for the chosen families."""
        rows = snapshot_reader.load_rows(self.snapshot, sql, *params)
        own = [row for row in rows if row.get("family_id") in self.wanted]
        if not own or "is_stale" not in own[0]:
            return own
        # A fact ages with the page's clock, as it does at the top and in the commands, not with the last visit.
        return [row | {"is_stale": is_fact_old(row["as_of_on"], self.now)} if row["as_of_on"] else row for row in own]

    def load_notices(self) -> list[DictRow]:
        """Loads each page's latest notice on each name, soonest end first; for the chosen families, or for all."""
        rows = notices.load_notices(self.snapshot)
        return [row for row in rows if not self.chosen or row["family_id"] in self.chosen]

    def load_metric(
        self, name: str, kind: str, segment: str | None = None, statistics: Sequence[str] = ()
    ) -> list[MetricRow]:
        """Loads one metric for one kind of channel under this page's filters; hosts are excluded if they can have no
        figure."""
        # Rows of hosts that are "not applicable" would only repeat that hosts have no models of their own.
        rows = snapshot_reader.load_metric(self.snapshot, name, kind, self.window, self.role, segment, statistics)
        return [
            row
            for row in rows
            if row["family_id"] in self.wanted and (row["side"], row["state"]) != ("host", "not applicable")
        ]

    def load_asked(
        self, name: str, statistics: Sequence[str] = (), whole: str = "all", kind: str = ""
    ) -> list[MetricRow]:
        """Loads a metric about what people ask, for the kind of channel and the type, language or bot rule chosen, or
        for one `kind` as a whole.

        A metric without that breakdown gives `whole`, its segment of all questions; `scope` states which it was.
        """
        segment = whole if kind else self.chosen_segment(name) or whole
        return self.load_metric(name, kind or self.kind, segment, statistics)

    def chosen_segment(self, name: str) -> str:
        """Returns the segment of a metric that the filters select; empty if none is selected or the metric lacks
        it."""
        wanted = {"type": self.type, "language": self.language, "bots": self.bots}
        offered = {(kind, segment) for kind, *_, segment in snapshot_reader.load_choices(self.snapshot, name)}
        segments = (f"{key}:{value}" for key, value in wanted.items() if value)
        return next((segment for segment in segments if (self.kind, segment) in offered), "")

    def describe_scope(self, rows: Sequence[Mapping[str, Any]], where: str = "") -> str:
        """States which kind of channel, window, role and segment the rows cover, whatever was asked for."""
        if not rows:
            return f"{where or numbers.KINDS[self.kind]}, {numbers.format_window(self.window)}"
        row = rows[0]
        place = where or numbers.KINDS.get(str(row["channel_kind"]), str(row["channel_kind"]))
        words = [place, numbers.format_window(str(row["window"]))]
        role = numbers.ROLES.get(row["channel_role"], "")
        if row["channel_role"] != "all" and role and not place.endswith(f" {role}"):
            words.append(f"{role} only")
        scope = ", ".join(words)
        kind, _, value = str(row["segment"]).partition(":")
        if part := numbers.describe_part(kind, value):
            scope += f"; {part}"
        ignored = [words for name, words in numbers.PARTS.items() if name != kind and getattr(self, name)]
        return f"{scope}; not split by {numbers.join_words(ignored)}" if ignored else scope

    def order_families(self, rows: Sequence[Mapping[str, Any]], is_least_first: bool = False) -> list[str]:
        """Orders families as charts list them: open first, then by value, those without one last."""
        sign = 1 if is_least_first else -1
        values = {row["family_id"]: sign * row["value"] for row in select_measured(rows)}
        places = [
            (SIDES.index(self.sides[name]), name not in values, values.get(name, 0), name)
            for name in (family["family_id"] for family in self.families)
        ]
        return [name for *_, name in sorted(places, key=lambda place: place[:3])]


def current_view() -> View:
    """Returns the view of this run, so that a page shows the version that its frame shows."""
    view: View = st.session_state[VIEWED]
    return view
