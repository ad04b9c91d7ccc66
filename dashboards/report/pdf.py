"""The report as PDF: the same content, typeset by typst from data, so that no text is read as markup."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from dashboards.charts.marks import Spec
from dashboards.frame import pictures
from dashboards.report.html import CHECK, MISSING, MOST_PRINTED, TITLE, WIDTH, list_panels
from dashboards.report.markdown import TextBlock
from dashboards.report.rows import shorten_table
from dashboards.report.sheets import Panel, ReportContent, Sheet, describe_rest

HALF = 400
"""Width in pixels of a chart that stands beside another."""
MM_WIDE = {HALF: 82, WIDTH: 170}
"""Room for a chart in millimetres, by the width at which it is drawn."""
MM_HIGH = 68
"""Greatest height of a chart in millimetres."""
AXIS_PX = 40
CLOSER, FEW_ROWS = 0.62, 12
"""How far the rows of a chart with more than a few are moved together."""
TALLEST = 1_100
"""Height in pixels above which a chart would shrink until nobody can read it."""
PPI = 110
"""Resolution of a picture."""
TEMPLATE = Path(__file__).parent / "report.typ"
FONTS = ("Libertinus Serif", "DejaVu Sans", "Noto Sans CJK SC", "Noto Sans")
"""The first font is part of typst, so that a report looks the same everywhere; the others supply missing characters."""


@dataclass(frozen=True, slots=True)
class PlacedPanel:
    """A figure with the headings before it and the notes below it."""

    panel: Panel
    headings: tuple[TextBlock, ...] = ()
    notes: tuple[TextBlock, ...] = ()


def render_document(content: ReportContent, published_at: datetime) -> bytes:
    """Renders the whole file; the same content gives the same bytes, since its date is that of the snapshot."""
    return _compile(content, published_at, format="pdf", timestamp=int(published_at.timestamp()))[0]


def render_picture(content: ReportContent, published_at: datetime) -> bytes:
    """Renders the first page as PNG."""
    return _compile(content, published_at, format="png", ppi=PPI)[0]


def _compile(content: ReportContent, published_at: datetime, **options: Any) -> list[bytes]:
    """Typesets the content and returns its files: one, or one a page."""
    with tempfile.TemporaryDirectory() as folder:
        work_folder = Path(folder)
        (work_folder / "report.json").write_text(
            json.dumps(_template_data(content, published_at, work_folder)), encoding="utf-8"
        )
        # Typst reads only below its root, so the template is copied beside the data.
        (work_folder / "report.typ").write_bytes(TEMPLATE.read_bytes())
        made = typst.compile(work_folder / "report.typ", root=work_folder, **options)
        return made if isinstance(made, list) else [made]


def _template_data(content: ReportContent, published_at: datetime, work_folder: Path) -> dict[str, Any]:
    """Makes the template's data; charts are written as files beside it, and each metric is defined once."""
    title = f"Heartbeat report, {content.as_of}" + (" (sample data)" if content.is_sample else "")
    definitions = {
        panel.metric: {"metric": panel.metric, "blocks": [asdict(block) for block in panel.definition]}
        for panel in list_panels(content)
        if panel.metric and content.is_full
    }
    missing = content.missing if content.is_full else shorten_table(content.missing)
    return asdict(replace(content, sheets=(), missing=missing)) | {
        "title": title, "fonts": FONTS, "year": published_at.year, "month": published_at.month, "day": published_at.day,
        "summary": _sheet_data(content.summary, content, work_folder) if content.summary else None, "heading": TITLE,
        "sheets": [_sheet_data(sheet, content, work_folder) for sheet in content.chapters],
        "definitions": list(definitions.values()), "check": CHECK, "missing_words": MISSING, "chart_height": MM_HIGH,
    }  # fmt: skip


def _sheet_data(sheet: Sheet, content: ReportContent, work_folder: Path) -> dict[str, Any]:
    parts = _arrange_parts(sheet.parts, content, work_folder)
    more = _arrange_parts(sheet.more, content, work_folder) if content.is_full else []
    rest = "" if content.is_full else describe_rest(sheet)
    return asdict(replace(sheet, parts=(), more=())) | {"parts": parts, "more": more, "rest": rest}


def _arrange_parts(
    parts: Sequence[Panel | TextBlock], content: ReportContent, work_folder: Path
) -> list[dict[str, Any]]:
    """Arranges parts as rows of the page: charts stand two and two, and take the heading before and the notes after
    them along."""
    arranged: list[dict[str, Any]] = []
    run: list[PlacedPanel] = []
    headings: list[TextBlock] = []
    for part in parts:
        if isinstance(part, Panel) and _is_drawn(part):
            run.append(PlacedPanel(part, tuple(headings)))
            headings = []
        elif isinstance(part, TextBlock) and part.kind == "heading":
            headings.append(part)
        elif isinstance(part, TextBlock) and part.kind == "small" and run and not headings:
            run[-1] = replace(run[-1], notes=(*run[-1].notes, part))
        else:
            arranged += [*_place_run(run, content, work_folder), *map(asdict, headings)]
            run, headings = [], []
            arranged.append(_table_row(part, content) if isinstance(part, Panel) else asdict(part))
    return [*arranged, *_place_run(run, content, work_folder), *map(asdict, headings)]


def _is_drawn(panel: Panel) -> bool:
    """Returns whether a chart is drawn: one that is far too tall for a page gives its numbers instead."""
    return panel.chart is not None and move_closer(panel.chart)["height"] <= TALLEST


def _table_row(panel: Panel, content: ReportContent) -> dict[str, Any]:
    shown = replace(panel, is_table=panel.is_table or (panel.chart is not None and bool(panel.table.count)))
    return {"panels": [_panel_data(PlacedPanel(shown), content, "")], "is_headed": False}


def _place_run(run: Sequence[PlacedPanel], content: ReportContent, work_folder: Path) -> list[dict[str, Any]]:
    """Places charts that follow each other in rows of two; of an odd number the first is wide."""
    odd = len(run) % 2
    rows = [run[:odd], *(run[start : start + 2] for start in range(odd, len(run), 2))]
    return [
        {
            "panels": [
                _panel_data(placed, content, _write_chart(placed.panel, work_folder, HALF if len(row) > 1 else WIDTH))
                for placed in row
            ],
            "is_headed": any(placed.headings for placed in row),
        }
        for row in rows
        if row
    ]


def _panel_data(placed: PlacedPanel, content: ReportContent, chart: str) -> dict[str, Any]:
    panel = placed.panel
    is_listed = content.is_full and 0 < panel.table.count <= MOST_PRINTED and not panel.is_table
    table = panel.table if is_listed or panel.is_table else replace(panel.table, rows=())
    table = table if content.is_full else shorten_table(table)
    return asdict(replace(panel, chart=None, definition=(), table=table)) | {
        "chart": chart,
        "headings": [asdict(heading) for heading in placed.headings],
        "notes": [asdict(note) for note in placed.notes],
        "is_listed": is_listed,
        "is_full": content.is_full,
    }


def _write_chart(panel: Panel, work_folder: Path, width: int) -> str:
    """Writes a chart so wide that it fills its place: one that must shrink to the height of a row is drawn wider."""
    chart = move_closer(panel.chart or {})
    share = (chart["height"] + AXIS_PX) * MM_WIDE[width] / MM_HIGH
    name = f"{panel.anchor}.pdf"
    (work_folder / name).write_bytes(pictures.render_pdf(chart, max(width, round(share))))
    return name


def move_closer(chart: Spec) -> Spec:
    """Moves the rows of a chart of many families closer together: paper is finer than a screen, and shorter."""
    rows = [
        layer["encoding"]["y"]["scale"]["domain"]
        for layer in chart.get("layer", [])
        if "sort" in layer.get("encoding", {}).get("y", {})
    ]
    count = len(rows[0]) if rows else 0
    return chart | {"height": round(chart["height"] * CLOSER)} if count > FEW_ROWS else chart
