"""The report as PDF: the same content, set by typst from data, so that no word of it is read as markup."""

import json
import tempfile
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from dashboards.frame import pictures
from dashboards.report.html import MOST_PRINTED, WIDTH
from dashboards.report.sheets import Panel, Report

HALF = 400
"""Pixels of a chart that stands beside another."""
TEMPLATE = Path(__file__).parent / "report.typ"
FONTS = ("Libertinus Serif", "DejaVu Sans", "Noto Sans CJK SC", "Noto Sans")
"""The first is part of typst, so that a report looks the same everywhere; the others are taken for letters that it lacks."""


def document(told: Report, published_at: datetime) -> bytes:
    """The whole file; the same for the same content, since its date is that of the snapshot."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "report.json").write_text(json.dumps(_data(told, published_at, place)), encoding="utf-8")
        (place / "report.typ").write_bytes(TEMPLATE.read_bytes())
        typst.compile(place / "report.typ", place / "report.pdf", root=place, timestamp=int(published_at.timestamp()))
        return (place / "report.pdf").read_bytes()


def _data(told: Report, published_at: datetime, place: Path) -> dict[str, Any]:
    """What the template reads; charts lie beside it as files, and what is measured is said once a metric."""
    title = f"Heartbeat report, {told.as_of}" + (" (sample data)" if told.is_sample else "")
    definitions: dict[str, dict[str, Any]] = {}
    sheets = []
    for sheet in told.sheets:
        parts = [_panel(part, place, definitions) if isinstance(part, Panel) else asdict(part) for part in sheet.parts]
        sheets.append(asdict(replace(sheet, parts=())) | {"parts": parts})
    return asdict(replace(told, sheets=())) | {
        "title": title, "fonts": FONTS, "year": published_at.year, "month": published_at.month, "day": published_at.day,
        "sheets": sheets, "definitions": list(definitions.values()),
    }  # fmt: skip


def _panel(panel: Panel, place: Path, definitions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    if panel.metric:
        definitions.setdefault(
            panel.metric, {"metric": panel.metric, "blocks": [asdict(block) for block in panel.definition]}
        )
    is_listed = 0 < panel.table.count <= MOST_PRINTED and not panel.is_table
    table = panel.table if is_listed or panel.is_table else replace(panel.table, rows=())
    return asdict(replace(panel, chart=None, table=table)) | {"chart": _chart(panel, place), "is_listed": is_listed}


def _chart(panel: Panel, place: Path) -> str:
    if panel.chart is None:
        return ""
    name = f"{panel.anchor}.pdf"
    (place / name).write_bytes(pictures.render_pdf(panel.chart, HALF if panel.is_half else WIDTH))
    return name
