"""A year in which weeks resemble their neighbours, as each kind of interval sees it; with a `habit`, one person gives
every other answer, and strays so far from all others."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from analytics.statistics.family_effects import fit_families
from analytics.statistics.rarefaction import PIECES, count_halves
from tests.coverage import product
from tests.coverage.draws import FOLLOWED_HOURS, MEDIAN_HOURS, SPREAD, Rng, draw_neighbours
from tests.coverage.product import Interval
from tests.tools.items import count_items

WEEKS, SIZE, LIKENESS = 52, 8, 0.02
"""Items a week, and how far two of a week correlate."""
WEEK = np.repeat(np.arange(WEEKS), SIZE)
NAMES = [f"week {week}" for week in WEEK]
IS_BUSY = np.arange(len(WEEK)) % 2 == 1
"""Those of the one person."""
NEVER = (0.35, 0.2)
"""The share of newcomers and of others who never get an answer."""


@dataclass(frozen=True, slots=True)
class Years:
    """Draws years, and reads the intervals of as many as are wanted."""

    rng: Rng
    count: int
    correlation: float
    habit: float = 0.0

    def draw_yes(self, share: float, own: float = 0.0) -> npt.NDArray[np.bool_]:
        """Draws which items are so; `own` is how much more often those of the one person are."""
        numbers, scale = draw_neighbours(self.rng, WEEKS, self.correlation), 1 / LIKENESS - 1
        chances = stats.beta.ppf(numbers, share * scale, (1 - share) * scale)[WEEK]
        is_yes: npt.NDArray[np.bool_] = self.rng.random(len(WEEK)) < chances + own * IS_BUSY
        return is_yes

    def draw_own(self) -> float:
        """Draws how far the one person strays."""
        return float(self.rng.normal(0, self.habit))

    def list_rows(self, **columns: Any) -> list[dict[str, Any]]:
        """Makes a row of each item."""
        columns |= {"cluster_id": NAMES}
        if self.habit:
            columns |= {"person_id": ["busy" if busy else str(place) for place, busy in enumerate(IS_BUSY)]}
        return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]

    def read_shares(self) -> list[Interval]:
        """Reads shares of which the truth is 0.3."""
        worlds = [self.list_rows(is_yes=self.draw_yes(0.3, self.draw_own()).tolist()) for _ in range(self.count)]
        return product.read_items("share", worlds)

    def read_medians(self) -> list[Interval]:
        """Reads medians of which the truth is 120; near it, as much of a deviation moves the share below it alike."""
        worlds = []
        for _ in range(self.count):
            weeks = stats.norm.ppf(draw_neighbours(self.rng, WEEKS, self.correlation))[WEEK]
            own = self.draw_own() * math.sqrt(2 * math.pi) * IS_BUSY
            amounts = LIKENESS**0.5 * weeks + (1 - LIKENESS) ** 0.5 * self.rng.standard_normal(len(WEEK)) + own
            worlds.append(self.list_rows(amount=np.round(120 * np.exp(0.6 * amounts), 6).tolist()))
        return product.read_items("median", worlds)

    def draw_waits(self, never: float, own: float) -> product.World:
        """Draws waits, of which a share never ends, and the others are log-normal."""
        hours = MEDIAN_HOURS * np.exp(SPREAD * self.rng.standard_normal(len(WEEK)))
        until = self.rng.uniform(*FOLLOWED_HOURS, len(WEEK))
        is_event = ~self.draw_yes(never, own) & (hours <= until)
        waits = np.round(np.where(is_event, hours, until), 6)
        return list(zip(waits.tolist(), is_event.tolist(), strict=True)), NAMES

    def read_waits(self, statistic: str) -> list[Interval]:
        """Reads what is said of waits of which a quarter never ends."""
        return product.read_waits([self.draw_waits(0.25, self.draw_own()) for _ in range(self.count)], statistic)

    def read_newcomers(self) -> list[Interval]:
        """Reads newcomers minus others, of whom one person asks every other time."""
        worlds = [
            (self.draw_waits(NEVER[0], 0.0), self.draw_waits(NEVER[1], self.draw_own())) for _ in range(self.count)
        ]
        return product.read_newcomers(worlds, IS_BUSY.tolist() if self.habit else [])

    def read_endings(self) -> list[Interval]:
        """Reads the share that is resolved within 720 hours, of 0.4 that ever are."""
        return product.read_endings([self._draw_endings(self.draw_own()) for _ in range(self.count)], 720)

    def _draw_endings(self, own: float) -> tuple[list[tuple[float, str | None]], list[str]]:
        is_duplicate = self.rng.random(len(WEEK)) < 0.3
        ways = np.where(self.draw_yes(0.4, own), "resolved", np.where(is_duplicate, "duplicate", ""))
        hours, until = self.rng.exponential(200, len(WEEK)), self.rng.uniform(*FOLLOWED_HOURS, len(WEEK))
        has_ended = (ways != "") & (hours <= until)
        ends = zip(np.where(has_ended, hours, until), np.where(has_ended, ways, ""), strict=True)
        return [(round(float(end), 6), str(way) or None) for end, way in ends], NAMES

    def read_gaps(self) -> list[Interval]:
        """Reads closed minus helped: 55 % are closed, and helped are half of these and a sixth of the others."""
        worlds = []
        for _ in range(self.count):
            closed = self.draw_yes(0.55, self.draw_own())
            helped = self.rng.random(len(WEEK)) < np.where(closed, 0.5, 1 / 6)
            worlds.append(list(zip(closed.tolist(), helped.tolist(), NAMES, strict=True)))
        return product.read_gaps(worlds)

    def read_closures(self) -> list[Interval]:
        """Reads closed by proposed changes: four fifths are closed, soon or late, over two years of which one counts;
        in each it is the same person who closes them."""
        return product.read_closure_ratios([self._draw_changes(self.draw_own()) for _ in range(self.count)])

    def _draw_changes(self, own: float) -> list[tuple[float, float | None]]:
        closed = np.concatenate([self.draw_yes(0.8, own) for _ in range(2)])
        opened = 7 * (np.concatenate([WEEK, WEEKS + WEEK]) + self.rng.random(len(closed)))
        left = opened - self.rng.exponential(10 / math.log(2), len(closed))
        ends = np.where(closed & (left > 0), left, np.nan)
        return [
            (float(one), None if math.isnan(other) else float(other)) for one, other in zip(opened, ends, strict=True)
        ]

    def read_pairs(self) -> list[Interval]:
        """Reads differences of two families in two strata, each with a person of its own; the truth is 0.1."""
        family, place = np.repeat([0, 1], len(WEEK)), np.tile(np.arange(len(WEEK)), 2)
        person = np.where(np.tile(IS_BUSY, 2), family, -1) if self.habit else None
        intervals: list[Interval] = []
        for _ in range(self.count):
            yes = np.concatenate([self.draw_yes(share, self.draw_own()) for share in (0.4, 0.3)]).astype(float)
            stratum, week = place // 2 % 2, place // SIZE
            effects = fit_families(count_items(family, stratum, week, np.ones(len(yes)), yes, person=person), 2)
            effect = effects.compare(np.array([1.0, -1.0]), 1)
            intervals.append((effect.low, effect.high))
        return intervals

    def read_rates(self) -> list[Interval]:
        """Reads incidents, one a week, which are nobody's, at a rate that strays by half."""
        worlds = []
        for _ in range(self.count):
            rates = stats.gamma.ppf(draw_neighbours(self.rng, WEEKS, self.correlation), 4, scale=0.25)
            weeks = np.repeat(np.arange(WEEKS), self.rng.poisson(rates))
            worlds.append((7 * (weeks + self.rng.random(len(weeks)))).tolist())
        return product.read_rates(worlds, 7.0 * WEEKS)

    def draw_people(self) -> npt.NDArray[np.int64]:
        """Draws how many answers each of 41 people gives in each week; in neighbouring weeks the same are busy. With a
        habit, the first gives half."""
        shares = 1 / np.arange(3, 43)
        shares /= shares.sum()
        if self.habit:
            shares = np.append(0.5, shares / 2)
        numbers = [draw_neighbours(self.rng, WEEKS, self.correlation) for _ in shares]
        weights = stats.gamma.ppf(np.array(numbers).T, shares * (1 / 0.05 - 1))
        return self.rng.multinomial(SIZE, weights / weights.sum(1, keepdims=True))

    def read_halves(self) -> list[Interval]:
        """Reads the people behind half of a hundred answers, less the mean of many years."""
        half = float(np.mean([self._count_half() for _ in range(200)]))
        intervals = product.read_halves([self.draw_people().tolist() for _ in range(self.count)])
        return [ends and (float(ends[0] or 0) - half, float(ends[1] or 41) - half) for ends in intervals]

    def _count_half(self) -> int:
        counts = self.rng.multivariate_hypergeometric(np.sum(self.draw_people(), axis=0), PIECES)
        return int(count_halves(np.repeat(np.arange(len(counts)), counts)[None])[0])
