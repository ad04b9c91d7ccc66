"""The first rows of a chart that has many: finished charts are cut, so that every form of chart is shortened alike."""

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from typing import Any

from dashboards.charts.marks import HEADS, Spec

MOST = 8
"""Rows that a chart shows until all are asked for."""


def list_rows(spec: Spec) -> list[str]:
    """Lists the names of a chart's rows from top to bottom, without headings; empty for a chart of another form."""
    return list(chain.from_iterable(_split_rows(_list_names(spec))[1].values()))


def keep_first_rows(spec: Spec) -> Spec:
    """Cuts a chart to its first rows, in turn from each side, so that both stay comparable. Scales stay as they
    are."""
    names = _list_names(spec)
    always, by_head = _split_rows(names)
    if len(list_rows(spec)) <= MOST:
        return spec
    in_turn = [name for name in chain.from_iterable(zip_longest(*by_head.values())) if name is not None]
    kept = in_turn[:MOST]
    rows = [*always]
    for head, of_head in by_head.items():
        own = [name for name in of_head if name in kept]
        rows += [head, *own] if head and own else own
    height = round(spec["height"] / len(names) * len(rows))
    cut: Spec = _cut(spec, names, rows, _read_axis(spec)["field"])
    return cut | {"height": height}


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
    return list(_read_axis(spec).get("scale", {}).get("domain", []))


def _read_axis(spec: Spec) -> dict[str, Any]:
    """Reads the axis that has a row per name; empty where the chart has none."""
    axes = (encoding.get("y") or {} for encoding in _walk_encodings(spec))
    return next((y for y in axes if y.get("type") == "nominal" and (y.get("scale") or {}).get("domain")), {})


def _walk_encodings(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield part.get("encoding", {})
    for layer in part.get("layer", []):
        yield from _walk_encodings(layer)


def _cut(part: Any, names: Sequence[str], kept: Sequence[str], field: str) -> Any:
    """Copies a part of a chart without the rows that are not kept, in its data and in the scales of its rows."""
    if isinstance(part, dict):
        return {key: _cut(value, names, kept, field) for key, value in part.items()}
    if not isinstance(part, list):
        return part
    if part == names:
        return list(kept)
    gone = set(names) - set(kept)
    return [_cut(item, names, kept, field) for item in part if not (isinstance(item, dict) and item.get(field) in gone)]
