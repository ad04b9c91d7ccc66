"""Downloads of a figure: its rows as CSV, Parquet and JSON, its picture as SVG and PNG."""

from collections.abc import Callable, Sequence
from datetime import datetime

import pyarrow as pa
import streamlit as st

from dashboards.frame import pictures
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import Row
from warehouse.export import WRITERS, label_rows
from warehouse.snapshot import Snapshot

MIMES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
}


def offer_downloads(page: View, figure: Figure) -> None:
    """Draws one button per format; no file is made before it is asked for."""
    with st.container(horizontal=True):
        # A download changes nothing on the page, so the page need not run again.
        for form, make in make_downloads(page, figure).items():
            st.download_button(
                form.upper(), make, name_file(figure.name, form, page.now), MIMES[form], key=f"{form}-{figure.name}",
                on_click="ignore",
                help=f"Download this figure as {form.upper()}",
            )  # fmt: skip


def make_downloads(page: View, figure: Figure) -> dict[str, Callable[[], bytes]]:
    """Returns the function that makes each format; pictures only where there is a chart."""
    makers: dict[str, Callable[[], bytes]] = {form: _make_writer(page, figure, form) for form in WRITERS}
    if figure.chart is not None:
        makers |= {
            "svg": lambda: pictures.render_svg(page, figure).encode(),
            "png": lambda: pictures.render_png(page, figure),
        }
    return makers


def _make_writer(page: View, figure: Figure, form: str) -> Callable[[], bytes]:
    return lambda: WRITERS[form](to_arrow(figure.rows, page.snapshot))


def name_file(name: str, form: str, now: datetime) -> str:
    """Names a download: `heartbeat-waiting-2026-11-24.csv`."""
    return f"heartbeat-{name}-{now:%Y-%m-%d}.{form}"


def to_arrow(rows: Sequence[Row], snapshot: Snapshot) -> pa.Table:
    """Converts rows as published to Arrow, with columns that say whether they are made up and, if followed, whose."""
    labels = label_rows(snapshot)
    return pa.Table.from_pylist([{**row, **labels} for row in rows])
