"""The report as PDF: the same content, typeset by typst from data, so that no text is read as markup."""

import json
import tempfile
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from dashboards.frame import pictures
from dashboards.report.html import MOST_PRINTED, WIDTH
from dashboards.report.sheets import Panel, ReportContent

HALF = 400
"""Width in pixels of a chart that stands beside another."""
TEMPLATE = Path(__file__).parent / "report.typ"
FONTS = ("Libertinus Serif", "DejaVu Sans", "Noto Sans CJK SC", "Noto Sans")
"""The first font is part of typst, so that a report looks the same everywhere; the others supply missing characters."""


def render_document(content: ReportContent, published_at: datetime) -> bytes:
    """Renders the whole file; the same content gives the same bytes, since its date is that of the snapshot."""
    with tempfile.TemporaryDirectory() as folder:
        work_folder = Path(folder)
        (work_folder / "report.json").write_text(
            json.dumps(_template_data(content, published_at, work_folder)), encoding="utf-8"
        )
        # Typst reads only below its root, so the template is copied beside the data.
        (work_folder / "report.typ").write_bytes(TEMPLATE.read_bytes())
        typst.compile(
            work_folder / "report.typ",
            work_folder / "report.pdf",
            root=work_folder,
            timestamp=int(published_at.timestamp()),
        )
        return (work_folder / "report.pdf").read_bytes()


def _template_data(content: ReportContent, published_at: datetime, work_folder: Path) -> dict[str, Any]:
    """Makes the template's data; charts are written as files beside it, and each metric is defined once."""
    title = f"Heartbeat report, {content.as_of}" + (" (sample data)" if content.is_sample else "")
    definitions: dict[str, dict[str, Any]] = {}
    sheets = []
    for sheet in content.sheets:
        parts = [
            _panel_data(part, work_folder, definitions) if isinstance(part, Panel) else asdict(part)
            for part in sheet.parts
        ]
        sheets.append(asdict(replace(sheet, parts=())) | {"parts": parts})
    return asdict(replace(content, sheets=())) | {
        "title": title, "fonts": FONTS, "year": published_at.year, "month": published_at.month, "day": published_at.day,
        "sheets": sheets, "definitions": list(definitions.values()),
    }  # fmt: skip


def _panel_data(panel: Panel, work_folder: Path, definitions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    if panel.metric:
        definitions.setdefault(
            panel.metric, {"metric": panel.metric, "blocks": [asdict(block) for block in panel.definition]}
        )
    is_listed = 0 < panel.table.count <= MOST_PRINTED and not panel.is_table
    table = panel.table if is_listed or panel.is_table else replace(panel.table, rows=())
    return asdict(replace(panel, chart=None, table=table)) | {
        "chart": _write_chart(panel, work_folder),
        "is_listed": is_listed,
    }


def _write_chart(panel: Panel, work_folder: Path) -> str:
    if panel.chart is None:
        return ""
    name = f"{panel.anchor}.pdf"
    (work_folder / name).write_bytes(pictures.render_pdf(panel.chart, HALF if panel.is_half else WIDTH))
    return name
