"""Items of families for tests of what compares them."""

from dataclasses import replace
from itertools import product

import numpy as np

from analytics.statistics.item_counts import AnswererProducts, Floats, ItemCounts, Whole


def draw_items(seed: int, families: int = 5, alike: float = 0.0) -> ItemCounts:
    """600 items of families in eight strata and 30 weeks each; those of a week are alike by a share `alike`."""
    rng = np.random.default_rng(seed)
    family, stratum, week = rng.integers(0, families, 600), rng.integers(0, 8, 600), rng.integers(0, 30, 600)
    cluster = family * 30 + week
    chance = 0.2 + 0.06 * family + 0.04 * stratum
    shared = rng.random(30 * families)[cluster] < chance
    is_yes = np.where(rng.random(600) < alike, shared, rng.random(600) < chance)
    return count_items(family, stratum, cluster, np.ones(600), is_yes.astype(float))


def count_items(
    family: Whole,
    stratum: Whole,
    cluster: Whole,
    items: Floats,
    yes: Floats,
    unseen: Floats | None = None,
    reading: Whole | None = None,
    answerer: Whole | None = None,
) -> ItemCounts:
    """Items that were all seen, are read without an error and are alike by their cluster only, if nothing else is
    given."""
    unseen = np.zeros(len(family)) if unseen is None else unseen
    reading = np.full(len(family), -1) if reading is None else reading
    counts = ItemCounts(family, stratum, cluster, items, yes, unseen, reading)
    return counts if answerer is None else name_answerers(counts, answerer)


def name_answerers(counts: ItemCounts, answerer: Whole) -> ItemCounts:
    """The same items, of which those of one person are alike."""
    sums: dict[tuple[int, int], dict[int, tuple[float, float]]] = {}
    columns = (counts.family, answerer, counts.stratum, counts.items, counts.yes)
    for family, person, stratum, items, yes in zip(*(column.tolist() for column in columns), strict=True):
        groups = sums.setdefault((family, person), {})
        before = groups.get(stratum, (0, 0))
        groups[stratum] = (before[0] + items, before[1] + yes)
    pairs = [
        (family, first, second, n * m, yes * m, yes * so)
        for (family, _), groups in sums.items()
        for (first, (n, yes)), (second, (m, so)) in product(groups.items(), repeat=2)
    ]
    table = np.array(pairs, dtype=float).T
    family, first, second = table[:3].astype(np.int64)
    has_person = np.ones(len(pairs), dtype=bool)
    return replace(counts, answers=AnswererProducts(family, first, second, table[3], table[4], table[5], has_person))
