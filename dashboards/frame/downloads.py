"""Downloads of a figure: its rows as CSV, Parquet and JSON, its picture as SVG and PNG."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count

import pyarrow as pa
import streamlit as st
from streamlit import runtime

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
KEPT_DOWNLOADS = 32
_slots = count()


def offer_downloads(page: View, figure: Figure) -> None:
    """Draws one button per format; no file is made before it is asked for."""
    with st.container(horizontal=True):
        for form, make in make_downloads(page, figure).items():
            draw_button(form.upper(), make, figure.name, form, page.now)


def draw_button(label: str, make: Callable[[], bytes], name: str, form: str, now: datetime) -> None:
    """Draws a button that makes and downloads a file."""
    file = f"heartbeat-{name}-{now:%Y-%m-%d}.{form}"
    # A download changes nothing on the page, so the page need not run again.
    st.download_button(
        label, keep_download(make, file, MIMES[form]), file, MIMES[form], key=f"{form}-{name}", on_click="ignore",
        help=f"Download as {form.upper()}",
    )  # fmt: skip


def keep_download(make: Callable[[], bytes], name: str, mime: str) -> Callable[[], bytes]:
    """Returns `make`, with its file held until `KEPT_DOWNLOADS` more are made.

    Streamlit counts a file made on request as unused and deletes it once two script runs of any reader have ended. Each
    open page runs every few seconds, so without this the browser would often get a 404.
    """

    def make_kept() -> bytes:
        data = make()
        slot = f"download-{next(_slots) % KEPT_DOWNLOADS}"
        runtime.get_instance().media_file_mgr.add(data, mime, slot, name, is_for_static_download=True)
        return data

    return make_kept


def make_downloads(page: View, figure: Figure) -> dict[str, Callable[[], bytes]]:
    """Returns the function that makes each format; pictures only if there is a chart."""
    makers: dict[str, Callable[[], bytes]] = {form: _make_writer(page, figure, form) for form in WRITERS}
    if figure.chart is not None:
        makers |= {
            "svg": lambda: pictures.render_svg(page, figure).encode(),
            "png": lambda: pictures.render_png(page, figure),
        }
    return makers


def _make_writer(page: View, figure: Figure, form: str) -> Callable[[], bytes]:
    return lambda: WRITERS[form](to_arrow(figure.rows, page.snapshot))


def to_arrow(rows: Sequence[Row], snapshot: Snapshot) -> pa.Table:
    """Converts rows as published to Arrow, with columns that say whether they are made up and, if followed, whose."""
    labels = label_rows(snapshot)
    return pa.Table.from_pylist([{**row, **labels} for row in rows])
