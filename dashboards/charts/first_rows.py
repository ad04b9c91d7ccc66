"""The first rows of a chart that has many: finished charts are cut, so that every form of chart is shortened alike."""

from collections.abc import Sequence
from itertools import chain, zip_longest

from dashboards.charts.marks import HEADS, Layer, Spec

MOST = 6
"""Rows that a chart shows until all are asked for."""


def list_rows(spec: Spec) -> list[str]:
    """Lists the names of a chart's rows from top to bottom, without headings; empty for a chart of another form."""
    return list(chain.from_iterable(_split_rows(_list_names(spec))[1].values()))


def keep_first_rows(spec: Spec, title: str = "") -> Spec:
    """Cuts a chart to the rows that its title names and then its first ones, in turn from each side, so that both stay
    comparable. Scales stay as they are."""
    names = _list_names(spec)
    always, by_head = _split_rows(names)
    if len(list_rows(spec)) <= MOST:
        return spec
    in_turn = [name for name in chain.from_iterable(zip_longest(*by_head.values())) if name is not None]
    kept = sorted(in_turn, key=lambda name: name not in title)[:MOST]
    rows = [*always]
    for head, of_head in by_head.items():
        own = [name for name in of_head if name in kept]
        rows += [head, *own] if head and own else own
    height = round(spec["height"] / len(names) * len(rows))
    return spec | {"height": height, "layer": [_cut_layer(layer, rows) for layer in spec["layer"]]}


def _split_rows(names: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Splits rows into those that always stay (a key above the first heading, an empty line) and those below each
    heading; a chart without headings has one group."""
    heads = set(HEADS.values()) & set(names)
    always: list[str] = []
    by_head: dict[str, list[str]] = {}
    head = ""
    for name in names:
        if name in heads:
            head = name
            by_head[head] = []
        elif not name.strip() or (heads and not head):
            always.append(name)
        else:
            by_head.setdefault(head, []).append(name)
    return always, by_head


def _list_names(spec: Spec) -> list[str]:
    """Lists what the axis with a row per name holds; empty where the chart has none."""
    axes = (layer.get("encoding", {}).get("y", {}) for layer in spec.get("layer", ()))
    return next((y["scale"]["domain"] for y in axes if y.get("type") == "nominal"), [])


def _cut_layer(layer: Layer, rows: Sequence[str]) -> Layer:
    """Copies a layer without the rows that are not kept, in its data and on its axis."""
    encoding = layer.get("encoding", {})
    y = encoding.get("y", {})
    if y.get("type") != "nominal":
        return layer
    values = [row for row in layer["data"]["values"] if row[y["field"]] in rows]
    own = y | {"scale": {"domain": list(rows)}}
    return layer | {"data": {"values": values}, "encoding": encoding | {"y": own}}
