"""Items of families for tests of what compares them."""

import numpy as np

from analytics.statistics.family_effects import ItemCounts
from analytics.statistics.survival import Flags, Floats, Whole


def draw_items(seed: int, families: int = 5, alike: float = 0.0) -> ItemCounts:
    """600 items of families in eight strata and 30 weeks each; those of a week are alike by a share `alike`."""
    rng = np.random.default_rng(seed)
    family, stratum, week = rng.integers(0, families, 600), rng.integers(0, 8, 600), rng.integers(0, 30, 600)
    chance = 0.2 + 0.06 * family + 0.04 * stratum
    shared = rng.random(30 * families)[family * 30 + week] < chance
    is_yes = np.where(rng.random(600) < alike, shared, rng.random(600) < chance)
    return count_items(family, stratum, week, np.ones(600), is_yes.astype(float))


def count_items(
    family: Whole,
    stratum: Whole,
    week: Whole,
    items: Floats,
    yes: Floats,
    unseen: Floats | None = None,
    person: Whole | None = None,
) -> ItemCounts:
    """Items that were all seen and are alike by their week only, if nothing else is given."""
    unseen = np.zeros(len(family)) if unseen is None else unseen
    person = np.full(len(family), -1) if person is None else person
    return ItemCounts(family, stratum, week, person, items, yes, unseen)


def weigh_sides(is_open: Flags) -> Floats:
    """Returns the weight of each family in the mean of the open ones minus that of the others."""
    weights: Floats = is_open / is_open.sum() - ~is_open / (~is_open).sum()
    return weights
