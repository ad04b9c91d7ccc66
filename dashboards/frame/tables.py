"""Tables in words and units, in which safe addresses are links and everything else is text."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from dashboards.frame import measures
from dashboards.metric_row import Row
from dashboards.words import numbers
from warehouse.snapshot import Snapshot
from warehouse.wording import GAP

LINKS = frozenset(
    {
        "url", "fix_url", "licence_url", "price_url", "page_url", "link", "answer link", "request link", "fix link",
        "price link", "page",
    }
)  # fmt: skip
"""Columns that hold addresses, in published tables and in tables that pages draw."""
HEADS = {
    "family_id": "family", "channel_kind": "asked in", "channel_role": "channels", "url": "link", "fix_url": "fix link",
    "price_url": "price link", "page_url": "page",
    "part": "of", "segment": "of", "statistic": "what", "metric": "measure",
}  # fmt: skip
"""Published columns whose name is not a word, with their heading."""
VALUES = {"channel_kind": numbers.KINDS, "channel_role": numbers.ROLES, "window": numbers.WINDOWS}
"""Published columns whose values have words of their own."""
UPTIMES = "uptime"
"""Part of the metric's name for shares of which only the missing part matters."""
VARIES = ("metric", "part", "channel_kind", "channel_role", "segment", "statistic", "window")
"""Columns that tell the rows of one family apart, shown if they vary."""
MEASURES = ("family_id", "value", "low", "high", "unit", "n", "state")
"""Columns that every row of a measure has."""
EFFECTS = ("effect", "effect_low", "effect_high", "detectable_effect")
"""Columns that hold logarithms if the row's `scale` is a ratio."""
DOLLARS = "USD"
"""With it begins the unit of prices, which goes on with what they are for."""

MOST_WHOLE = 10
"""Rows that are shown without scrolling."""
WIDE_PX, WIDE_LETTERS = 280, 36
"""Width of a column of sentences, which fits a phone, and the letters in it; a click on a cell shows all of it."""
ROW_PX = 35
"""Height of a row, which is one line."""


def format_row(row: Row, metric: str) -> str:
    """Formats the value with its interval and unit, or its state with its mark."""
    if row["state"] not in numbers.NUMBERED:
        return f"{numbers.STATES.get(row['state'], ('', ''))[0]} {row['state']}".strip()
    unit = "uptime" if UPTIMES in metric and row["unit"] == "share" else str(row["unit"])
    if unit in numbers.FORMATS:
        return numbers.format_value(row, unit)
    if unit.startswith(DOLLARS):
        return f"{numbers.format_value(row, 'usd')}{unit.removeprefix(DOLLARS)}"
    value = numbers.format_rate(row["value"])
    spread = numbers.format_interval(row["low"], row["high"], "rate")
    doubt = "" if row["state"] == "measured" else f", {row['state']}"
    return f"{value}{GAP}{unit}" + (f" ({spread})" if spread else "") + doubt


def describe_rows(rows: Sequence[Row], metric: str, titles: Mapping[str, str], snapshot: Snapshot) -> list[Row]:
    """Describes published rows in words and units: what tells them apart, the value with its interval, n and note; of
    rows of another kind, every column that is not internal."""
    if not rows or any(name not in rows[0] for name in MEASURES):
        return [_describe_facts(row, titles) for row in rows]
    is_adjusted = any(row.get("adjusted_value") is not None for row in rows)
    apart = [name for name in VARIES if name not in ("metric", "part") and len({row.get(name) for row in rows}) > 1]
    return [
        {"family": titles.get(row["family_id"], row["family_id"])}
        | ({"measure": _read_title(row, snapshot)} if "metric" in row else {})
        | {HEADS.get(name, name): _word_key(row, name, metric, snapshot) for name in apart}
        | ({"adjusted (95 % interval)": _format_adjusted(row, metric)} if is_adjusted else {})
        | {"value (95 % interval)": format_row(row, str(row.get("metric") or metric)), "n": row["n"]}
        | {"note": row.get("note") or ""}
        for row in rows
    ]


def _format_adjusted(row: Row, metric: str) -> str:
    """Formats the adjusted share of a row that has one; the value as counted is beside it."""
    if row.get("adjusted_value") is None:
        return ""
    return format_row({**row, **{end: row[f"adjusted_{end}"] for end in ("value", "low", "high")}}, metric)


def _word_key(row: Row, name: str, metric: str, snapshot: Snapshot) -> str:
    """Words one of the columns that tell rows apart; a statistic by its title if it has one of its own."""
    value, segment = str(row[name]), str(row.get("segment") or "all")
    if name == "statistic" and "metric" not in row:
        title = measures.read_title(snapshot, metric, value, segment)
        general = measures.read_title(snapshot, metric, "", segment)
        return title if title != general else value.replace("_", " ")
    return VALUES.get(name, {}).get(value, value.replace("_", " ").replace(":", ": "))


def _read_title(row: Row, snapshot: Snapshot) -> str:
    return measures.read_title(snapshot, row["metric"], row["statistic"], str(row.get("segment") or "all"))


def _describe_facts(row: Row, titles: Mapping[str, str]) -> dict[str, Any]:
    """Describes a row that is no value of a measure; internal names are excluded."""
    if row.get("scale") == "ratio":
        row = {**row, **{name: numbers.format_ratio(row[name]) for name in EFFECTS if row.get(name) is not None}}
    return {
        HEADS.get(name, name if name in LINKS else name.replace("_", " ")): _word_fact(name, value, titles)
        for name, value in row.items()
        if name == "family_id" or not name.endswith(("_id", "_version"))
    }


def _word_fact(name: str, value: Any, titles: Mapping[str, str]) -> Any:
    if name == "family_id":
        return titles.get(value, value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return numbers.format_instant(value)
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    if isinstance(value, float):
        unit = next((unit for unit in ("hours", "share", "usd") if name.endswith(f"_{unit}")), "rate")
        return numbers.FORMATS[unit](value).replace("-", "\N{MINUS SIGN}")
    if isinstance(value, str) and name in VARIES:
        return VALUES.get(name, {}).get(value, value.replace("_", " ").replace(":", ": "))
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value


def safe_link(url: object) -> str | None:
    """Returns an address that is safe to follow (http or https with a host), or None."""
    text = str(url or "").strip()
    try:
        parts = urlsplit(text)
    # Unbalanced brackets in a host make `urlsplit` raise.
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.hostname else None


def list_filled(rows: Sequence[Row]) -> list[str]:
    """Lists the columns that hold anything."""
    return [name for name in (rows[0] if rows else ()) if any(row.get(name) not in (None, "", []) for row in rows)]


def draw_table(rows: Sequence[Row], alt: str) -> None:
    """Draws the filled columns of rows, a line each; `alt` describes them to readers who do not see them."""
    names = list_filled(rows)
    columns: dict[str, Any] = {
        name: st.column_config.LinkColumn(name, validate=r"^https?://", display_text="open")
        for name in names
        if name in LINKS
    }
    columns |= {
        name: st.column_config.TextColumn(name, width=WIDE_PX)
        for name in names
        if name not in LINKS and max(len(str(row.get(name))) for row in rows) > WIDE_LETTERS
    }
    # Of the columns of links only safe addresses are kept.
    cells = [{name: safe_link(row.get(name)) if name in LINKS else row.get(name) for name in names} for row in rows]
    st.dataframe(
        cells, hide_index=True, column_config=columns, placeholder="", alt=alt,
        height="content" if len(rows) <= MOST_WHOLE else "auto", row_height=ROW_PX,
    )  # fmt: skip
