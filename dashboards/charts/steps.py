"""Several statistics of a family on one line, as marks that grow."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts import axes
from dashboards.charts.axes import Scaled, Unit
from dashboards.charts.colours import Palette
from dashboards.charts.marks import (
    TIPS,
    Layer,
    Spec,
    arrange_rows,
    draw_points,
    draw_whiskers,
    draw_whole_rows,
    encode_own,
    encode_quantity,
    encode_text,
    finish_rows,
    label_rows,
    make_layer,
    style_side,
)
from dashboards.metric_row import Row


def draw_steps(
    rows: Sequence[Row], unit: Unit, order: Sequence[str], titles: Mapping[str, str], theme: Palette,
    names: Sequence[str],
) -> Spec:  # fmt: skip
    """Draws several statistics of a family on one line, with marks growing in the order of `names`."""
    sides = {row["family_id"]: row["side"] for row in rows}
    row_names = arrange_rows([family for family in order if family in sides], sides, titles)
    scaled = axes.make_scale(unit, rows)
    labelled = [row | style_side(row["side"], theme) for row in label_rows(rows, unit, titles)]
    points = _size_steps(labelled, names)
    layers = [
        _join_steps(scaled),
        draw_whiskers(scaled),
        draw_points(scaled, size={"field": "size", "type": "quantitative", "scale": None}),
        # A click on the row can pick only one of its marks: the last, which says most.
        draw_whole_rows() | {"transform": [{"filter": f"datum.step == {len(names) - 1}"}]},
    ]
    return finish_rows(points, layers, row_names, theme, [*TIPS, encode_text("statistic", "measure")])


def _size_steps(rows: Sequence[Row], names: Sequence[str]) -> list[dict[str, Any]]:
    """Gives each row its step, counted from the first name, and the size of its mark."""
    last = max(1, len(names) - 1)
    steps = {name: {"step": step, "size": 36 + 60 * step // last} for step, name in enumerate(names)}
    return [{**row, **steps[row["statistic"]]} for row in rows if row["statistic"] in steps]


def _join_steps(scaled: Scaled) -> Layer:
    """Draws the thin line from a family's first mark to its last."""
    encoding = {
        "x": encode_quantity("value", scaled),
        "detail": encode_text("family"),
        "order": {"field": "step", "type": "ordinal"},
        "color": encode_own("colour"),
        "strokeDash": encode_own("dash"),
    }
    return make_layer("line", encoding, "datum.has_point", strokeWidth=1, opacity=0.6)
