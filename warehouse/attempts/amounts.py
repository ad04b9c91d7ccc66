"""What a source may spend in a run and a day, and what it has spent: requests, points of its own counting, minutes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, PositiveFloat

Unit = Literal["requests", "points", "minutes"]
UNITS: tuple[Unit, ...] = ("requests", "points", "minutes")


class SpendingLimits(BaseModel):
    """The most of each unit; None for no limit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    requests: PositiveFloat | None = None
    points: PositiveFloat | None = None
    """GitHub's cost of a query, or requests that count against Stack Exchange's quota."""
    minutes: PositiveFloat | None = None
    """Minutes that visits took, each counted where several ran side by side."""


class SourceLimits(BaseModel):
    """The limits of one source."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    run: SpendingLimits = SpendingLimits()
    day: SpendingLimits = SpendingLimits()
    """A day is one of UTC, so that it is as long as any other."""


@dataclass(frozen=True, slots=True)
class Use:
    """What was spent."""

    requests: int = 0
    points: int = 0
    time: timedelta = timedelta()

    def __add__(self, other: "Use") -> "Use":
        return Use(self.requests + other.requests, self.points + other.points, self.time + other.time)

    @property
    def minutes(self) -> float:
        """The time in minutes."""
        return self.time / timedelta(minutes=1)


UNSPENT = Use()


class Shortage(NamedTuple):
    """A limit that is reached."""

    unit: Unit
    most: float


def find_shortage(limits: SpendingLimits, use: Use, requests: int = 1, points: int = 1) -> Shortage | None:
    """Finds the limit that leaves no room for so many more requests and points; None if there is room."""
    needs = {"requests": requests, "points": points, "minutes": 0}
    for unit in UNITS:
        most: float | None = getattr(limits, unit)
        spent: float = getattr(use, unit)
        # A limit below what a visit needs at least must let one begin.
        if most is not None and (spent >= most or spent + min(needs[unit], most) > most):
            return Shortage(unit, most)
    return None
