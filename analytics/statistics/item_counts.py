"""Items of families as columns of numbers."""

from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """Items, and those with the property, by family, stratum, week and person: columns of equal length, from 0."""

    family: Whole
    stratum: Whole
    week: Whole
    person: Whole
    """Whose items these are, if those of one person are alike; -1 if nobody's."""
    items: Floats
    yes: Floats
    unseen: Floats
    """Items of which it could not be seen whether they have the property; they are not among `items`."""

    def renumber(self, families: Whole | None = None, strata: Whole | None = None) -> "ItemCounts":
        """Numbers families and strata again, each by its number so far; -1 drops what it holds."""
        family = self.family if families is None else families[self.family]
        stratum = self.stratum if strata is None else strata[self.stratum]
        return replace(self, family=family, stratum=stratum).keep((family >= 0) & (stratum >= 0))

    def keep(self, kept: Flags) -> "ItemCounts":
        """Keeps these rows."""
        return ItemCounts(*(getattr(self, column.name)[kept] for column in fields(self)))

    def sum_items(self, families: int) -> Floats:
        """Sums the items of each family."""
        summed: Floats = np.bincount(self.family, self.items, families).astype(float)
        return summed
