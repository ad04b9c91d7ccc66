"""The chart of coverage: how much of each source was collected per family, with a mark for each reason to have
nothing."""

from collections.abc import Mapping, Sequence

from dashboards.charts import marks
from dashboards.charts.colours import Palette
from dashboards.charts.marks import Layer, Spec, encode_text, encode_tooltip, make_layer
from dashboards.metric_row import Row

LEAST = 0.9
"""Below this share of a source, figures may be biased."""
COLUMN_PX = 56
"""Columns narrower than this many pixels have no room for shares in words; the tooltip still gives them."""
SAID = {"family": "family", "kind": "of", "said": "coverage", "why": "note"}


def draw_coverage(rows: Sequence[Row], titles: Mapping[str, str], kinds: Sequence[str], theme: Palette) -> Spec:
    """Draws families by kind of source. Rows have `family_id`, `side`, `kind`, `share` (or None), `mark`, `said` and
    `why`."""
    sides = {row["family_id"]: row["side"] for row in rows}
    names = marks.arrange_rows(sorted(sides, key=lambda family: titles[family].lower()), sides, titles)
    axis = {
        "orient": "top",
        "labelAngle": marks.SLANT,
        "labelAlign": "left", "labelFontSize": 13, "labelColor": theme.ink, "grid": False, "title": None,
    }  # fmt: skip
    x = {"field": "kind", "type": "nominal", "sort": None, "scale": {"domain": list(kinds)}, "axis": axis}
    cells = [{**row, "family": titles[row["family_id"]]} for row in rows]
    layers = _draw_cells(len(kinds), theme)
    return marks.make_room(marks.finish_rows(cells, layers, names, theme, encode_tooltip(SAID), picks=(), step=30, x=x))


def _draw_cells(columns: int, theme: Palette) -> list[Layer]:
    is_wide = f"width / {max(1, columns)} >= {COLUMN_PX}"
    moved = {"expr": f"{is_wide} ? -16 : 0"}
    good, low = (f"isValid(datum.share) && datum.share {sign} {LEAST}" for sign in (">=", "<"))
    return [
        make_layer("point", {}, good, shape="circle", size=90, filled=True, color=theme.good, opacity=1, xOffset=moved),
        make_layer(
            "point", {}, low, shape="triangle-up", size=120, filled=False, stroke=theme.warn, strokeWidth=2, opacity=1,
            xOffset=moved,
        ),
        make_layer(
            "text",
            {"text": encode_text("mark")},
            f"isValid(datum.share) && {is_wide}",
            align="left",
            dx=-4,
            color=theme.muted,
            fontSize=11,
        ),
        make_layer(
            "text",
            {"text": encode_text("mark")},
            "!isValid(datum.share)",
            color=theme.context,
            fontSize=13,
            xOffset=moved,
        ),
    ]  # fmt: skip
