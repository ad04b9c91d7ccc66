"""The charts of comparison, as plain Vega-Lite. Each takes rows that are ready and draws them; none computes a number."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from dashboards.charts import axes
from dashboards.charts.axes import Scaled, Unit
from dashboards.charts.colours import FONT, SHAPES, STROKES, Palette
from dashboards.words import numbers

Row = Mapping[str, Any]
Spec = dict[str, Any]
"""A chart as the browser takes it: Vega-Lite, written down as it is, since drawing by a library takes a hundred times as long."""
Layer = dict[str, Any]
NARROW = 400
"""Below so many pixels a chart says less beside its marks."""
STEP = 28
"""Height of a family's row in pixels."""
HEADS = {"open": "● Open", "proprietary": "□ Proprietary", "host": "△ Hosts"}
"""The rows that name a side stand in for a legend."""
PICK = "pick"
"""What a reader clicked: its fields name a row of the figure."""
PICKED = ("family_id", "segment", "statistic")


def finish(layers: Sequence[Layer], tone: Palette, height: int, picks: Sequence[str] = ()) -> Spec:
    """The look shared by all charts, taken from the tokens; `picks` are the fields of a row that a click on the layer `marks` tells."""
    axis = {
        "labelColor": tone.muted, "titleColor": tone.muted, "gridColor": tone.hairline, "labelFontSize": 12, "titleFontSize": 12,
        "titleFontWeight": "normal", "labelPadding": 8, "domain": False, "ticks": False,
    }  # fmt: skip
    spec: Spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container",
        "height": height,
        "background": "transparent",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 0, "right": 4, "top": 4, "bottom": 0},
        "layer": list(layers),
        "config": {
            "font": FONT,
            "axis": axis,
            "mark": {"aria": False},
            "view": {"stroke": None},
            "text": {"font": FONT, "fontSize": 12},
        },
    }
    if picks:
        spec["params"] = [{"name": PICK, "select": {"type": "point", "fields": list(picks)}, "views": ["marks"]}]
    return spec


def layer(
    mark: str, encoding: Mapping[str, Any], where: str = "", data: Mapping[str, Any] | None = None, **look: Any
) -> Layer:
    """One kind of mark: `where` is a condition on its rows, `look` are its properties."""
    drawn: Layer = {"mark": {"type": mark, **look}, "encoding": dict(encoding)}
    if data is not None:
        drawn["data"] = dict(data)
    if where:
        drawn["transform"] = [{"filter": where}]
    return drawn


def group(rows: Sequence[Row], layers: Sequence[Layer], **encoding: Any) -> Layer:
    """Layers that draw the same rows and share an encoding."""
    return {"data": data(rows), "encoding": encoding, "layer": list(layers)}


def data(rows: Sequence[Row]) -> dict[str, Any]:
    """Rows inside the chart; instants and days as text that the browser reads as UTC."""
    return {"values": [{name: _plain(value) for name, value in row.items()} for row in rows]}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    return value.isoformat() if hasattr(value, "isoformat") else value


def quantity(field: str, scaled: Scaled) -> dict[str, Any]:
    """A position by a number of the rows."""
    return {"field": field, "type": "quantitative", "scale": scaled[0], "axis": scaled[1]}


def text(field: str, title: str = "") -> dict[str, Any]:
    """A word of the rows, as a label or as a line of what hovering says."""
    return {"field": field, "type": "nominal"} | ({"title": title} if title else {})


def tips(fields: Mapping[str, str]) -> list[dict[str, Any]]:
    """What hovering says: fields and their names."""
    return [text(field, title) for field, title in fields.items()]


TIPS = tips({"family": "family", "said": "value", "n": "cases", "why": "note"})


def marked(rows: Sequence[Row], unit: Unit, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows as the charts of families take them: the value in words, or the state with its mark."""
    return [_marked(row, unit, titles) for row in rows]


def look(side: str, tone: Palette) -> dict[str, Any]:
    """How a side is drawn, as fields of a row: a layer a side would take the browser several times as long."""
    colour = tone.side(side)
    return {
        "shape": SHAPES[side],
        "dash": STROKES[side],
        "colour": colour,
        "fill": colour if side == "open" else tone.panel,
    }


def own(field: str) -> dict[str, Any]:
    """A look that a row brings along."""
    return {"field": field, "type": "nominal", "scale": None}


def _marked(row: Row, unit: Unit, titles: Mapping[str, str]) -> dict[str, Any]:
    is_measured = row["state"] == "measured"
    mark, _ = numbers.STATES.get(row["state"], ("", ""))
    has_point = is_measured and row["value"] is not None
    return {
        "family": titles[row["family_id"]],
        **{name: row[name] for name in (*PICKED, "side", "value", "low", "high")},
        "is_measured": is_measured,
        "has_point": has_point,
        "has_spread": is_measured and row["low"] != row["high"],
        "said": numbers.say(row, unit) if is_measured else f"{mark} {row['state']}",
        "short": numbers.FORMATS[unit](row["value"]) if has_point else numbers.say(row, unit),
        "n": f"{row['n'] or 0:,}",
        "why": row["note"] or "",
    }


def places(order: Sequence[str], sides: Mapping[str, str], titles: Mapping[str, str]) -> list[str]:
    """The rows from top to bottom: what is of no side, then each side's head with its families."""
    found = [titles[family] for family in order if sides[family] not in HEADS]
    for side, head in HEADS.items():
        of_side = [titles[family] for family in order if sides[family] == side]
        found += [head, *of_side] if of_side else []
    return found


def row_axis(names: Sequence[str], tone: Palette, limit: int = 128) -> dict[str, Any]:
    """A family a row; the heads of the sides without a line of their own."""
    is_head = f"indexof({list(HEADS.values())}, datum.value) >= 0"

    def head(yes: Any, no: Any) -> dict[str, Any]:
        return {"condition": {"test": is_head, "value": yes}, "value": no}

    axis = {
        "grid": True, "labelLimit": limit, "labelFontSize": 13, "title": None, "labelColor": head(tone.muted, tone.ink),
        "labelFontWeight": head("bold", "normal"), "gridOpacity": head(0, 1),
    }  # fmt: skip
    return {"field": "family", "type": "nominal", "sort": None, "scale": {"domain": list(names)}, "axis": axis}


def dots(
    rows: Sequence[Row],
    unit: Unit,
    order: Sequence[str],
    titles: Mapping[str, str],
    tone: Palette,
    is_narrow: bool = False,
) -> Spec:
    """One row a family: its value as a point, its interval as a whisker, its state as a word where there is no value."""
    sides = {row["family_id"]: row["side"] for row in rows}
    names = places([family for family in order if family in sides], sides, titles)
    scaled = axes.scale_of(unit, [row for row in rows if row["state"] == "measured"])
    layers = [_whiskers(scaled), _points(scaled), _states(tone), _values(is_narrow, tone), whole_rows()]
    shown = [row | look(row["side"], tone) for row in marked(rows, unit, titles)]
    return finish([group(shown, layers, y=row_axis(names, tone), tooltip=TIPS)], tone, STEP * len(names), PICKED)


def whole_rows() -> Layer:
    """Nothing to see, but a click anywhere on a row picks it: points alone are small."""
    return layer("rect", {"x": {"value": 0}, "x2": {"value": "width"}}, opacity=0, cursor="pointer") | {"name": "marks"}


def _whiskers(scaled: Scaled) -> Layer:
    """An interval; an end that is not known reaches to the end of the scale."""
    first, last = scaled[0]["domain"]
    encoding = {
        "x": quantity("since", scaled),
        "x2": {"field": "until"},
        "color": own("colour"),
        "strokeDash": own("dash"),
    }
    return layer("rule", encoding, clip=True, strokeWidth=2) | {
        "transform": [
            {"filter": "datum.has_spread"},
            {"calculate": f"isValid(datum.low) ? datum.low : {first}", "as": "since"},
            {"calculate": f"isValid(datum.high) ? datum.high : {last}", "as": "until"},
        ]
    }


def _points(scaled: Scaled, **further: Any) -> Layer:
    encoding = {"x": quantity("value", scaled), "shape": own("shape"), "stroke": own("colour"), "fill": own("fill")}
    return layer(
        "point", encoding | further, "datum.has_point", size=96, filled=False, fillOpacity=1, strokeWidth=2, opacity=1
    )


def _states(tone: Palette) -> Layer:
    return layer(
        "text", {"x": {"value": 0}, "text": text("said")}, "!datum.is_measured", align="left", dx=8, color=tone.muted
    )


def _values(is_narrow: bool, tone: Palette) -> Layer:
    """The value with its interval at the right; on a narrow chart the value alone, as the whisker shows the rest."""
    is_short = "true" if is_narrow else f"containerSize()[0] < {NARROW}"
    drawn = layer("text", {"x": {"value": "width"}, "text": text("shown")}, align="left", dx=12, color=tone.ink)
    shown = {"calculate": f"{is_short} ? datum.short : datum.said", "as": "shown"}
    return drawn | {"transform": [{"filter": "datum.is_measured"}, shown]}


def steps(
    rows: Sequence[Row],
    unit: Unit,
    order: Sequence[str],
    titles: Mapping[str, str],
    tone: Palette,
    names: Sequence[str],
) -> Spec:
    """Several statistics of a family on one line, from the smallest mark to the largest, in the order of their names."""
    sides = {row["family_id"]: row["side"] for row in rows}
    listed = places([family for family in order if family in sides], sides, titles)
    scaled = axes.scale_of(unit, [row for row in rows if row["state"] == "measured"])
    last = max(1, len(names) - 1)
    shown = [
        row
        | look(row["side"], tone)
        | {"step": (step := list(names).index(row["statistic"])), "size": 36 + 60 * step // last}
        for row in marked(rows, unit, titles)
        if row["statistic"] in names
    ]
    joined = {
        "x": quantity("value", scaled),
        "detail": text("family"),
        "order": {"field": "step", "type": "ordinal"},
        "color": own("colour"),
    }
    layers = [
        layer(
            "line",
            joined | {"color": own("colour"), "strokeDash": own("dash")},
            "datum.has_point",
            strokeWidth=1,
            opacity=0.6,
        ),
        _whiskers(scaled),
        _points(scaled, size={"field": "size", "type": "quantitative", "scale": None}),
        # A state is written once, however many statistics lack a number.
        _states(tone) | {"transform": [{"filter": "!datum.is_measured && datum.step == 0"}]},
        # Only one of a row's marks can be picked by its whole row: the last, which says most.
        whole_rows() | {"transform": [{"filter": f"datum.step == {len(names) - 1}"}]},
    ]
    said = [*TIPS, text("statistic", "measure")]
    return finish([group(shown, layers, y=row_axis(listed, tone), tooltip=said)], tone, STEP * len(listed), PICKED)
