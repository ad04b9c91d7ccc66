"""What every page shares: the filters, the answer, the figure with all that must stand beside it, and the states."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from dashboards import charts, reading, words
from dashboards.colours import Palette, palette
from warehouse.snapshot import Snapshot

Row = dict[str, Any]
FORMULA = tuple("=+-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}")
FIRST = ("family_id", "channel_role", "segment", "statistic", "window", "value", "low", "high", "unit", "n", "state", "note")


@dataclass(frozen=True, slots=True)
class View:
    """What one run of a page shows: a snapshot, an instant and the filters."""

    snapshot: Snapshot
    now: datetime
    everyone: list[Row]
    chosen: tuple[str, ...]
    window: str
    role: str
    tone: Palette

    @property
    def families(self) -> list[Row]:
        """The chosen families, or all where none is chosen."""
        return [family for family in self.everyone if not self.chosen or family["family_id"] in self.chosen]

    @property
    def titles(self) -> dict[str, str]:
        """Titles by family."""
        return {family["family_id"]: family["title"] for family in self.everyone}

    @property
    def colours(self) -> dict[str, str]:
        """A colour per family, the same on every page."""
        return self.tone.families([(family["family_id"], family["side"]) for family in self.everyone])

    def metric(self, name: str, kind: str, segment: str | None = None, statistics: Sequence[str] = ()) -> list[Row]:
        """Rows of one metric for one kind of channel and the filters of this page."""
        wanted = {family["family_id"] for family in self.families}
        found = reading.metric(self.snapshot, name, kind, self.window, self.role, segment, statistics)
        return [row for row in found if row["family_id"] in wanted]

    def order(self, rows: Sequence[Row]) -> list[str]:
        """Families as they stand in charts: open first, then by value, those without one last."""
        values = {row["family_id"]: row["value"] for row in rows if row["state"] == "measured" and row["value"] is not None}
        return [f["family_id"] for f in sorted(self.families, key=lambda f: (f["side"], f["family_id"] not in values, -values.get(f["family_id"], 0)))]


def view() -> View:
    """The view of this run, from the snapshot that is current and the filters of the bar."""
    snapshot = reading.newest()
    if snapshot is None:
        raise LookupError("there is no snapshot to show")
    state = st.session_state
    return View(
        snapshot, reading.now(), reading.families(snapshot), tuple(state.get("family") or ()), state.get("window") or "365d",
        state.get("role") or "all", palette(st.context.theme.type),
    )


def filters(snapshot: Snapshot) -> None:
    """The one bar of filters, the same on each page, kept in the address."""
    titles = {family["family_id"]: family["title"] for family in reading.families(snapshot)}
    offered = {"family": list(titles), "window": list(words.WINDOWS), "role": list(words.ROLES)}
    said = {"family": titles, "window": words.WINDOWS, "role": words.ROLES}
    unknown = [name for name, names in said.items() if {value for value in st.query_params.get_all(name) if value not in names and value not in names.values()}]
    for name, names in said.items():
        _take(name, names)
    with st.container(key="filters"):
        left, middle, right = st.columns([4, 5, 2])
        left.multiselect("Families", offered["family"], format_func=lambda family: titles[family], key="family", bind="query-params", placeholder="All families")
        middle.segmented_control(
            "Window", offered["window"], format_func=words.WINDOWS.__getitem__, default="365d", required=True, key="window", bind="query-params")
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


def figure(page: View, name: str, title: str, subtitle: str, chart: charts.Chart | None, rows: Sequence[Row], metric: str, source: str, alt: str = "") -> None:
    """A chart with its title, its measure, its definition, its footer, and the rows behind it. Titles must be safe for Markdown."""
    with st.container(key=f"figure-{name}", height="stretch"):
        st.markdown(f"### {title}", anchors=False)
        st.caption(subtitle, help=explain(page, metric))
        if chart is None:
            st.markdown(_nothing(page, metric, rows))
        else:
            st.altair_chart(chart, width="stretch", theme=None, key=f"chart-{name}", alt=alt or title)
        st.caption(footer(page, rows, source))
        if rows:
            table(name, rows)


def _nothing(page: View, metric: str, rows: Sequence[Row]) -> str:
    if not reading.has(page.snapshot, f"metrics.{metric}"):
        return "This snapshot was published without this measure. `heartbeat build` makes it."
    return "No value to show for these filters." if rows else "Nothing has been measured for these filters. `heartbeat status` says what was collected."


def explain(page: View, metric: str) -> str:
    """The definition as the metric's own file gives it, for the info mark."""
    known = reading.definition(page.snapshot, metric)
    parts = [("", "question"), ("Unit: ", "unit"), ("Standard: ", "standard"), ("Keep in mind: ", "caveats"), ("Version ", "version")]
    lines = [f"{label}{words.plain(known[key])}" for label, key in parts if known.get(key) not in (None, "", "none")]
    return "  \n".join(lines) or "This snapshot does not carry its definition."


def footer(page: View, rows: Sequence[Row], source: str) -> str:
    """Source, as-of with its age, n and coverage, in one line."""
    parts = [f"Source: {source}"]
    instants = [row["as_of_at"] for row in rows if row.get("as_of_at")]
    if instants:
        parts.append(f"as of {words.instant(min(instants))} ({words.age(min(instants), page.now)})")
    counts = [row["n"] for row in rows if row.get("n")]
    if counts:
        parts.append(f"n = {words.count(min(counts))}" + (f" to {words.count(max(counts))}" if min(counts) != max(counts) else ""))
    covers = [row["coverage_share"] for row in rows if row.get("coverage_share") is not None]
    if covers:
        parts.append(f"coverage {words.share(min(covers))}" + (f" to {words.share(max(covers))}" if words.share(min(covers)) != words.share(max(covers)) else ""))
    return " · ".join(parts)


@st.fragment
def table(name: str, rows: Sequence[Row]) -> None:
    """The rows behind a figure, folded until asked for, and their download."""
    fold = st.expander(f"Rows behind this figure ({len(rows)})", key=f"rows-{name}", on_change="rerun")
    if fold.open:
        columns = [column for column in FIRST if column in rows[0]] + [column for column in rows[0] if column not in FIRST]
        shown = [{column: row[column] for column in columns} for row in rows]
        links = {"url": st.column_config.LinkColumn("url", validate=r"^https?://")}
        fold.dataframe([{**row, "url": link(row["url"])} if "url" in row else row for row in shown], hide_index=True, column_config=links, alt="The rows behind the figure above")
        fold.download_button("Download these rows (CSV)", to_csv(shown), f"heartbeat-{name}.csv", "text/csv", key=f"csv-{name}", on_click="ignore")


def link(url: object) -> str | None:
    """An address that may be followed: http or https with a host, or none at all."""
    parts = urlsplit(str(url or "").strip())
    return str(url).strip() if parts.scheme in ("http", "https") and parts.hostname else None


def to_csv(rows: Sequence[Row]) -> str:
    """Rows as CSV in which no text can be taken for a formula; numbers stay numbers."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows({name: _disarmed(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _disarmed(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and (value.startswith(FORMULA) or value.lstrip().startswith(FORMULA)) else value
