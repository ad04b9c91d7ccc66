"""A figure with all that must stand beside it: measure, definition, source, age, cases, coverage, and the rows behind it."""

import csv
import io
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from dashboards import reading, words
from dashboards.charts import Spec
from dashboards.frame import View

Row = dict[str, Any]

FORMULA = tuple("=+-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}")

FIRST = ("family_id", "channel_role", "segment", "statistic", "window", "value", "low", "high", "unit", "n", "state", "note")


def figure(
    page: View,
    name: str,
    title: str,
    subtitle: str,
    chart: Spec | None,
    rows: Sequence[Row],
    metric: str,
    source: str,
    description: str = "",
) -> None:
    """A chart with its title, its measure, its definition, its footer, and the rows behind it. Titles must be safe for Markdown."""
    with st.container(key=f"figure-{name}", height="stretch"):
        st.markdown(f"### {title}", anchors=False)
        st.caption(subtitle, help=explain(page, metric))
        if chart is None:
            st.markdown(_nothing(page, metric, rows))
        else:
            st.vega_lite_chart(chart, width="stretch", theme=None, key=f"chart-{name}", alt=description or title)
        st.caption(footer(page, rows, source))
        if rows:
            table(name, rows)


def _nothing(page: View, metric: str, rows: Sequence[Row]) -> str:
    if not reading.has(page.snapshot, f"metrics.{metric}"):
        return "This snapshot was published without this measure. `heartbeat build` makes it."
    return (
        "No value to show for these filters."
        if rows
        else "Nothing has been measured for these filters. `heartbeat status` says what was collected."
    )


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
    days = [row["day_on"] for row in rows if row.get("day_on")]
    if days and not instants:
        parts.append(f"until {max(days):%d %b %Y}")
    if instants:
        parts.append(f"as of {words.instant(min(instants))} ({words.age(min(instants), page.now)})")
    if any("n" in row for row in rows):
        parts += _spread(f"n{words.GAP}={words.GAP}", [words.count(n) for n in sorted(row["n"] for row in rows if row["n"])])
    else:
        parts.append(f"n{words.GAP}={words.GAP}{len(rows):,} rows")
    covers = sorted(row["coverage_share"] for row in rows if row.get("coverage_share") is not None)
    parts += _spread("coverage ", [words.share(cover) for cover in covers])
    return " · ".join(parts)


def _spread(name: str, sorted_words: Sequence[str]) -> list[str]:
    """`n = 12 to 3,139`, or nothing where nothing is known."""
    if not sorted_words:
        return []
    first, last = sorted_words[0], sorted_words[-1]
    return [f"{name}{first}" + (f" to {last}" if last != first else "")]


@st.fragment
def table(name: str, rows: Sequence[Row]) -> None:
    """The rows behind a figure, folded until asked for, and their download."""
    fold = st.expander(f"Rows behind this figure ({len(rows)})", key=f"rows-{name}", on_change="rerun")
    if fold.open:
        columns = [column for column in FIRST if column in rows[0]] + [column for column in rows[0] if column not in FIRST]
        shown = [{column: row[column] for column in columns} for row in rows]
        links = {"url": st.column_config.LinkColumn("url", validate=r"^https?://")}
        fold.dataframe(
            [{**row, "url": link(row["url"])} if "url" in row else row for row in shown],
            hide_index=True,
            column_config=links,
            alt="The rows behind the figure above",
        )
        fold.download_button(
            "Download these rows (CSV)", to_csv(shown), f"heartbeat-{name}.csv", "text/csv", key=f"csv-{name}", on_click="ignore"
        )


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
