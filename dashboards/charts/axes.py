"""Scales and axes by unit, with natural ticks and labels, and room for a true zero."""

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal

from dashboards.metric_row import Row

Unit = Literal["share", "difference", "uptime", "hours", "count", "rate", "usd", "times"]
Scaled = tuple[dict[str, Any], dict[str, Any]]
"""A scale and an axis in Vega-Lite's form."""
HOURS = {0.25: "15 min", 1: "1 h", 6: "6 h", 24: "1 d", 72: "3 d", 168: "7 d", 720: "30 d", 2160: "90 d", 8760: "1 y"}
ROOM_PX = "(width < 0 ? 0 : containerSize()[0])"
"""The width of a chart with its labels, in pixels. Naming `width` has it read again when a window changes."""
NARROW_PX = 400
"""Charts narrower than this many pixels show less text beside their marks."""
PERCENT = "format(datum.value * 100, '~r') + ' %'"
COUNTS = (
    "datum.value >= 1e9 ? format(datum.value / 1e9, '~r') + ' B' : datum.value >= 1e6 ? format(datum.value / 1e6, "
    "'~r') + ' M' : format(datum.value, ',~r')"
)
LEAST_MONTHS = timedelta(days=90)
"""Over less time, ticks lie several to a month."""
APART = {"title": None, "labelOverlap": "greedy", "labelSeparation": 8}
"""Without a title. Where labels would touch on a narrow card, Vega drops one of them."""
EVEN = APART | {"labelOverlap": "parity"}


def make_scale(unit: Unit, rows: Sequence[Row]) -> Scaled:
    """Returns the scale and the axis for a unit, fitted to the rows that are drawn."""
    ends = [row[name] for row in rows for name in ("value", "low", "high") if row.get(name) is not None]
    if unit == "hours":
        return make_hours_scale(max(ends, default=24))
    if unit == "share":
        return make_share_scale(max(ends, default=1))
    if unit == "difference":
        return make_difference_scale(max(map(abs, ends), default=0.1))
    if unit == "uptime":
        return make_uptime_scale(min(ends, default=0.99))
    return make_count_scale(ends)


def make_share_scale(top: float = 1) -> Scaled:
    """Returns a scale from 0 to 1, or to the half, quarter or tenth that covers everything drawn."""
    until = next(end for end in (0.1, 0.25, 0.5, 1) if end >= min(top, 1))
    ticks = [round(until * index / 5, 2) for index in range(6)] if until < 1 else [0, 0.25, 0.5, 0.75, 1]
    return {"domain": [0, until]}, {"values": ticks, "labelExpr": PERCENT, **EVEN}


def make_difference_scale(reach: float) -> Scaled:
    """Returns a scale of percentage points around 0 that covers everything drawn."""
    end = next((end for end in (0.1, 0.25, 0.5) if end >= reach), 1.0)
    label = "datum.value ? format(datum.value * 100, '+~r') + ' points' : '0'"
    return {"domain": [-end, end]}, {"values": [-end, 0, end], "labelExpr": label, "labelFlush": True, "title": None}


def make_hours_scale(top: float) -> Scaled:
    """Returns a time scale (hours) with even steps in minutes, hours, days or weeks."""
    until = next((tick for tick in HOURS if tick >= top), top)
    # On longer scales `15 min` would touch `1 h`; the rounder one stays.
    ticks = [tick for tick in HOURS if tick <= until and (tick != 0.25 or until <= 6)]
    axis = {"values": ticks, "labelExpr": name_ticks(HOURS), **APART}
    # A plain logarithm has no place for 0 hours.
    return {"type": "symlog", "constant": 1, "domain": [0, until], "nice": False}, axis


def make_date_axis(span: timedelta) -> dict[str, Any]:
    """Returns an axis of months, or of days where months would label several ticks alike; labels never touch and never
    reach beyond its ends."""
    is_short = span < LEAST_MONTHS
    return {
        "format": "%-d %b" if is_short else "%b %Y",
        "tickCount": {"expr": f"{ROOM_PX} < {NARROW_PX} ? {4 if is_short else 2} : 6"}, "grid": True,
        # Pushed inside, the label of a month at the edge would take the room of the next one, and one alone be missing.
        "labelFlush": False, "labelBound": True, **APART,
    }  # fmt: skip


def name_ticks(names: Mapping[float, str]) -> str:
    """Returns a Vega expression that labels fixed ticks; it consists of constants only."""
    chain = "''"
    for value, name in reversed(list(names.items())):
        chain = f"datum.value == {value} ? '{name}' : {chain}"
    return chain


def make_uptime_scale(low: float) -> Scaled:
    """Returns a scale from the lowest uptime to 100 %. It is cut because only the missing part differs, and points,
    unlike bars, need no zero."""
    step = next((step for step in (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1) if 1 - low <= 5 * step), 0.25)
    # The tolerance keeps rounding noise from adding a tick.
    ticks = [1 - step * index for index in range(math.ceil((1 - low) / step - 1e-9) + 1)] if low < 1 else [1, 1 - step]
    floor, room = min(ticks), (1 - min(ticks)) * 0.04
    percents = "format(datum.value * 100, '.5~r') + ' %'"
    axis = {"values": sorted(ticks), "labelExpr": percents, "labelFlush": 16, **EVEN}
    return {"domain": [floor, 1 + room], "nice": False}, axis


def make_count_scale(ends: Sequence[float]) -> Scaled:
    """Returns a scale from 0, or a logarithmic one where the largest count exceeds fifty times the smallest."""
    top = max(ends, default=1) or 1
    least = min((end for end in ends if end > 0), default=top)
    if least * 50 >= top:
        return {"domain": [0, top * 1.05], "nice": False}, {"tickCount": 4, "labelExpr": COUNTS, "title": None, **APART}
    ticks = [10**power for power in range(13) if least / 10 < 10**power <= top][-4:]
    scale = {"type": "symlog", "constant": max(1.0, least / 2), "domain": [0, top * 1.3], "nice": False}
    return scale, {"values": [0, *ticks], "labelExpr": COUNTS, **APART}
