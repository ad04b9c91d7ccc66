"""Items of families as columns of numbers, and how they fall together by who answered."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class AnswererProducts:
    """Sums over the people who answered: how many items of each lie in two strata of a family, one count times the
    other. They say how answers of one person stray together, however many people there are.

    Columns of equal length, numbered as the items are, with every two strata in either order."""

    family: Whole
    first: Whole
    second: Whole
    items: Floats
    """Items in the first stratum times items in the second."""
    yes_items: Floats
    """Items with the property in the first stratum times items in the second."""
    yes: Floats
    """Items with the property in the first stratum times those in the second."""
    has_person: Flags
    """Whether anybody is known to have answered: otherwise items stand for themselves, or for their cluster."""

    def renumber(self, families: Whole | None = None, strata: Whole | None = None) -> "AnswererProducts":
        """Numbers families and strata again, as ItemCounts does; drops what has the number -1."""
        family = _number_anew(self.family, families)
        first, second = _number_anew(self.first, strata), _number_anew(self.second, strata)
        kept = (family >= 0) & (first >= 0) & (second >= 0)
        return AnswererProducts(
            family[kept], first[kept], second[kept], self.items[kept], self.yes_items[kept], self.yes[kept],
            self.has_person[kept],
        )  # fmt: skip

    def sum_rows(self) -> "AnswererProducts":
        """Sums the rows of each family and two strata to one, in their order: as whole numbers they sum to the same in
        any order, and what is made of them then ends with the same digits."""
        size = int(max(self.first.max(initial=0), self.second.max(initial=0))) + 1
        keys, places = np.unique((self.family * size + self.first) * size + self.second, return_inverse=True)
        columns = (self.items, self.yes_items, self.yes, self.has_person)
        items, yes_items, yes, people = (np.bincount(places, column, len(keys)).astype(float) for column in columns)
        family, strata = np.divmod(keys, size * size)
        first, second = np.divmod(strata, size)
        return AnswererProducts(family, first, second, items, yes_items, yes, people > 0)


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """Items, and those with the property, by family, stratum and cluster: columns of equal length, numbered from 0."""

    family: Whole
    stratum: Whole
    cluster: Whole
    items: Floats
    yes: Floats
    unseen: Floats
    """Items of which it could not be seen whether they have the property; they are not among `items`."""
    reading: Whole
    """Number of the labels that put the reading of these items right; -1 if none do."""
    answers: AnswererProducts | None = None
    """How the items fall together by who answered, where those of one person are alike, too."""

    def renumber(self, families: Whole | None = None, strata: Whole | None = None) -> "ItemCounts":
        """Numbers families and strata again, each by its number so far; -1 drops what it holds."""
        family, stratum = _number_anew(self.family, families), _number_anew(self.stratum, strata)
        kept = (family >= 0) & (stratum >= 0)
        return ItemCounts(
            family[kept], stratum[kept], self.cluster[kept], self.items[kept], self.yes[kept], self.unseen[kept],
            self.reading[kept], self.answers.renumber(families, strata) if self.answers else None,
        )  # fmt: skip

    def sum_items(self, families: int) -> Floats:
        """Sums the items of each family."""
        summed: Floats = np.bincount(self.family, self.items, families).astype(float)
        return summed


def _number_anew(column: Whole, numbers: Whole | None) -> Whole:
    return column if numbers is None else numbers[column]
