"""Tables in which safe addresses are links and everything else is text."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from dashboards.metric_row import Row

LINKS = frozenset({"url", "fix_url", "licence_url", "link", "answer link", "request link", "fix link", "page"})
"""Columns that hold addresses, in published tables and in tables that pages draw."""


def safe_link(url: object) -> str | None:
    """Returns an address that is safe to follow (http or https with a host), or None."""
    text = str(url or "").strip()
    try:
        parts = urlsplit(text)
    # Unbalanced brackets in a host make `urlsplit` raise.
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.hostname else None


def draw_table(rows: Sequence[Row], alt: str) -> None:
    """Draws rows; `alt` describes them to readers who do not see them."""
    st.dataframe(_link_rows(rows), hide_index=True, column_config=_column_config(rows), placeholder="", alt=alt)


def _link_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Keeps safe addresses in the columns of links and turns other values there into text."""
    return [{name: safe_link(value) if name in LINKS else value for name, value in row.items()} for row in rows]


def _column_config(rows: Sequence[Row]) -> dict[str, Any]:
    """Returns the column settings that show addresses as links."""
    columns = [name for name in (rows[0] if rows else ()) if name in LINKS]
    return {name: st.column_config.LinkColumn(name, validate=r"^https?://", display_text="open") for name in columns}
