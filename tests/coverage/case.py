"""One interval in one world."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.coverage.draws import Rng
from tests.coverage.product import Interval


@dataclass(frozen=True, slots=True)
class Case:
    """One interval in one world; `run` gives the intervals of so many drawn worlds."""

    interval: str
    world: str
    truth: float
    run: Callable[[Rng, int], list[Interval]]
    before: str = ""
    """Coverage of the intervals published before, in percent, where it was simulated."""
    cost: int = 1
    """Worlds are divided by it: a case that draws many rows gets fewer."""
    explanation: str = ""
    """Why fewer than 93 or more than 98 of 100 intervals hold the truth, where that is so and has to be."""
