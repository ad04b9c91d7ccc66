"""The chart of shares as parts of a bar."""

from collections.abc import Mapping, Sequence

from dashboards.charts import axes, marks
from dashboards.charts.colours import Palette
from dashboards.metric_row import Row
from dashboards.words import numbers

SHADES = (0.95, 0.66, 0.4, 0.22, 0.1)
"""Opacities of the parts from the left; adjacent ones differ in grey too."""


def draw_parts(
    rows: Sequence[Row], names: Mapping[str, str], order: Sequence[str], titles: Mapping[str, str], theme: Palette
) -> marks.Spec:
    """Draws one bar per family; `names` gives its parts from the left, by their segment."""
    sides = {row["family_id"]: row["side"] for row in rows}
    families = marks.arrange_rows([family for family in order if family in sides], sides, titles)
    colours = {family: theme.side(side) for family, side in sides.items()}
    places = {key: place for place, key in enumerate(names)}
    points = [
        {
            **{name: row[name] for name in (*marks.PICKED, "value")},
            "family": titles[row["family_id"]],
            "part": names[row["segment"]],
            "place": places[row["segment"]],
            "shade": SHADES[places[row["segment"]]],
            "colour": colours[row["family_id"]],
            "said": numbers.format_value(row, "share"),
            "n": numbers.format_count(row["n"]),
        }
        for row in rows
    ]
    encoding = {
        "x": marks.encode_quantity("value", axes.make_share_scale()) | {"stack": "zero"},
        "order": {"field": "place", "type": "quantitative"},
        "detail": marks.encode_text("part"),
        "fill": marks.encode_own("colour"),
        "fillOpacity": {"field": "shade", "type": "quantitative", "scale": None},
    }
    bar = marks.make_layer("bar", encoding, height=16, stroke=theme.page, cursor="pointer")
    tooltip = marks.encode_tooltip({"family": "family", "part": "part", "said": "share", "n": "cases"})
    return marks.finish_rows(points, [bar | {"name": "marks"}], families, theme, tooltip)
