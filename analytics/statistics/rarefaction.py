"""How few people did half of a hundred pieces of work, and how much one piece of each moves that number."""

import hashlib

import numpy as np

from analytics.statistics.survival import Floats, Whole

PIECES = 100
DRAWS = 2000
LEAST = 2 * PIECES
"""The fewest pieces of which a hundred are drawn: the variance of a mean over all such draws (a U-statistic) has no
unbiased estimate from fewer than twice as many (Smith and Grassle 1977; Wang and Lindsay 2014)."""


def make_generator(*names: str) -> np.random.Generator:
    """Makes the randomness of one figure: the same for the same names, whatever else is computed."""
    return np.random.default_rng(int.from_bytes(hashlib.blake2b("/".join(names).encode(), digest_size=8).digest()))


def draw_people(counts: Whole, draws: int, rng: np.random.Generator) -> Whole:
    """Draws PIECES of all pieces without replacement, so many times, and returns the places of the people in `counts`
    to whom they belong: draws × PIECES, sorted."""
    owners = np.repeat(np.arange(len(counts)), counts)
    pieces = [rng.choice(len(owners), PIECES, replace=False, shuffle=False) for _ in range(draws)]
    return np.sort(owners[np.array(pieces)], axis=1)


def measure_loads(counts: Whole, owners: Whole, halves: Whole) -> tuple[Floats, float]:
    """Measures how much one piece of each person moves the mean, and the variance that this makes of the mean if pieces
    are independent. What chance in so many draws adds to it is taken off."""
    left = (counts.sum() - 1) / (counts.sum() - PIECES)
    moves = np.repeat(halves - halves.mean(), PIECES)
    loads: Floats = np.bincount(owners.ravel(), moves, len(counts)) / len(owners) / counts * left
    by_chance = float(halves.var()) * PIECES / counts.sum() * (len(counts) - 1) / len(owners) * left
    return loads, max(0.0, float(counts @ loads**2) - by_chance)


def count_halves(owners: Whole) -> Whole:
    """Counts the fewest people behind at least half of the pieces; `owners` is draws × pieces, sorted."""
    draws, pieces = owners.shape
    person = np.cumsum(np.diff(owners, axis=1, prepend=owners[:, :1]) > 0, axis=1) + pieces * np.arange(draws)[:, None]
    drawn = np.bincount(person.ravel(), minlength=draws * pieces).astype(np.uint8).reshape(draws, pieces)
    done = np.cumsum(np.sort(drawn, axis=1)[:, ::-1], axis=1)
    halves: Whole = 1 + np.argmax(2 * done >= pieces, axis=1)
    return halves
