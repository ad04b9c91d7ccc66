"""Differences of the sides: of these families, with faultless or misread or partly unseen items, and of families in
general."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from analytics.claims import comparing
from analytics.claims.item_readings import NO_READINGS, Readings
from analytics.claims.like_items import FamilyItems, compare_items
from analytics.statistics.item_counts import ItemCounts
from analytics.statistics.meta_analysis import compare_sides
from tests.coverage.case import Case
from tests.coverage.draws import Rng
from tests.coverage.product import Interval

Floats = npt.NDArray[np.float64]
LABELS = 80
"""Of each kind of channel and side."""
MOST_UNSEEN = 0.05
THESE, GENERAL = "difference of sides, these families", "difference of sides, families in general"


@dataclass(frozen=True, slots=True)
class Reader:
    """How well a rule reads a property, by kind of channel and side."""

    sensitivities: Floats
    specificities: Floats


READER = Reader(np.array([0.6, 0.7, 0.6, 0.8]), np.array([0.9, 0.86, 0.95, 0.9]))
AT_WORST = (
    "the truth lies at an end of what the unseen items allow, where only one tail can miss it: 97.5 by construction"
)

IN_ORDER = "of figures nearer to each other than their errors some stand in the wrong order; an order decides nothing"


def list_sides() -> Iterator[Case]:
    """Lists differences of sides of 13 and 8 families, and of 5 and 4."""
    for reader, unseen, words, why in (
        (READER, 0.0, "13 and 8 families, read by a rule, 80 labels a kind and side", ""),
        (None, 0.06, "13 and 8 families, 3% unseen: yes on one side, no on the other", AT_WORST),
    ):
        yield Case(THESE, words, 0.0, partial(_run_doubtful, reader=reader, unseen=unseen), "", 4, why)
    for counts in ((13, 8), (5, 4)):
        for spreads, before in (((0.12, 0.12), "96 to 98"), ((0.05, 0.2), "87 to 88")):
            for title in (THESE, GENERAL):
                words = f"{counts[0]} and {counts[1]} families, spread {spreads[0]:g} and {spreads[1]:g}"
                runner = partial(_run, counts=counts, spreads=spreads, is_general=title == GENERAL)
                yield Case(title, words, 0.0, runner, before if counts == (13, 8) else "")
        words = f"order of {counts[0]} and {counts[1]} families, spread 0.12 and 0.2"
        yield Case(THESE, words, 0.0, partial(_run_order, counts=counts), "", 1, IN_ORDER)


def _run(
    rng: Rng, count: int, counts: tuple[int, int], spreads: tuple[float, float], is_general: bool
) -> list[Interval]:
    intervals: list[Interval] = []
    is_open = np.arange(sum(counts)) < counts[0]
    for _ in range(count):
        errors = np.sqrt(0.24 / rng.integers(40, 600, sum(counts)))
        true = rng.normal(0.6, np.where(is_open, *spreads))
        sides = compare_sides(true + rng.normal(0, errors), errors**2, is_open)
        effect = sides.general if is_general else sides.these
        shift = 0.0 if is_general else float(true[is_open].mean() - true[~is_open].mean())
        intervals.append((effect.low - shift, effect.high - shift) if effect else None)
    return intervals


def _run_order(rng: Rng, count: int, counts: tuple[int, int]) -> list[Interval]:
    """Draws figures of families, open ones mostly higher, and asks in how many pairs of these they are."""
    intervals: list[Interval] = []
    is_open = np.arange(sum(counts)) < counts[0]
    for _ in range(count):
        true = rng.normal(0.1 * is_open, np.where(is_open, 0.12, 0.2))
        errors = 0.5 / np.sqrt(rng.integers(40, 600, len(is_open)))
        seen = (true + rng.normal(0, errors))[None, :]
        these = compare_sides(*comparing._order_sides(seen, errors[None, :], is_open), is_open, limit=1).these
        order = float(np.sign(true[is_open][:, None] - true[~is_open]).mean())
        intervals.append((these.low - order, these.high - order))
    return intervals


def _run_doubtful(rng: Rng, count: int, reader: Reader | None, unseen: float) -> list[Interval]:
    intervals: list[Interval] = []
    is_open = np.arange(21) < 13
    for _ in range(count):
        levels = np.clip(rng.normal(0.4, 0.12, 21), 0.05, 0.95)
        compared = compare_items(draw_families(rng, is_open, levels, reader, unseen))
        sides = compare_sides(compared.values, compared.variances, is_open, compared.freedoms, 1)
        these = sides.allow_doubt(compared.doubt, 1).these
        shift = float(levels[is_open].mean() - levels[~is_open].mean())
        intervals.append(None if compared.doubt.is_hidden else (these.low - shift, these.high - shift))
    return intervals


def draw_families(
    rng: Rng, is_open: npt.NDArray[np.bool_], levels: Floats, reader: Reader | None = None, unseen: float = 0.0
) -> FamilyItems:
    """Draws items of families in two kinds of channel, 20 weeks of up to eight.

    A rule reads them, and 80 labels of each kind and side tell how far it is off. Or some could not be seen: those of
    open families that have the property, and those of the others that have not.
    """
    family, kind, week = (axis.ravel() for axis in np.indices((len(levels), 2, 20)))
    items = rng.integers(1, 9, len(family))
    so = rng.binomial(items, levels[family])
    readings, group = NO_READINGS, np.full(len(family), -1)
    if reader:
        group = 2 * kind + is_open[family]
        so = rng.binomial(so, reader.sensitivities[group]) + rng.binomial(items - so, 1 - reader.specificities[group])
        readings = _label(rng, reader, np.array([levels[is_open == side].mean() for side in (0, 1, 0, 1)]))
    hidden = rng.binomial(np.where(is_open[family], so, items - so), unseen)
    counts = ItemCounts(
        family, kind, (family * 2 + kind) * 20 + week, (items - hidden).astype(float),
        (so - np.where(is_open[family], hidden, 0)).astype(float), hidden.astype(float), group,
    )  # fmt: skip
    names = tuple(f"f{number:02}" for number in range(len(levels)))
    return FamilyItems(names, is_open, counts, ("tracker/sdk", "forum/none"), readings, MOST_UNSEEN)


def _label(rng: Rng, reader: Reader, shares: Floats) -> Readings:
    """Draws what 80 labels of each kind and side say of the rule."""
    shifts, variances = [], []
    for group, share in enumerate(shares):
        labels = rng.random(LABELS) < share
        chance = np.where(labels, reader.sensitivities[group], 1 - reader.specificities[group])
        gaps = labels.astype(float) - (rng.random(LABELS) < chance)
        shifts.append(float(gaps.mean()))
        variances.append(float(gaps.var(ddof=1)) / LABELS)
    keys = tuple((kind, side) for kind in ("tracker", "forum") for side in ("proprietary", "open"))
    return Readings(keys, np.array(shifts), np.array(variances))
