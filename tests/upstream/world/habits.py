"""How a repository behaves: drawn from the seed, neutral between families, never set to prove or refute a claim."""

from dataclasses import dataclass

from tests.upstream.world.draws import generator


@dataclass(frozen=True, slots=True)
class Habits:
    """The parameters of one repository. Times in hours unless said."""

    weight: float
    """Its share of all threads, before they are made to add up."""
    age_days: int
    growth: float
    """How much denser threads come today than at the beginning, as a power."""
    weekend: float
    """How many threads come on a day of the weekend, against a working day."""
    pull_share: float
    outsider_pull_share: float
    merged_share: float
    answered_share: float
    fast_share: float
    fast_median: float
    fast_sigma: float
    slow_median: float
    slow_sigma: float
    staff_share: float
    maintainer_share: float
    """Of first answers; the rest are outsiders'."""
    bot_first_share: float
    agent_share: float
    replies_mean: float
    closed_share: float
    close_median: float
    stale_days: int
    """0: no bot closes what lies still."""
    reopened_share: float
    stars: int
    stars_a_day: float
    release_gap_days: float


def habits(seed: int, name: str) -> Habits:
    """The habits of a repository of this name in the world of this seed."""
    rng = generator(seed, "habits", name)

    def between(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    def stretched(median: float, sigma: float) -> float:
        return float(median * rng.lognormal(0, sigma))

    staff = between(0.1, 0.7)
    return Habits(
        weight=stretched(1, 0.8), age_days=int(between(240, 1100)), growth=between(1, 2.2), weekend=between(0.3, 0.9),
        pull_share=between(0.2, 0.5), outsider_pull_share=between(0.25, 0.7), merged_share=between(0.4, 0.85),
        answered_share=between(0.45, 0.96), fast_share=between(0.3, 0.8), fast_median=stretched(3, 0.6),
        fast_sigma=between(0.8, 1.4),
        slow_median=stretched(90, 0.7), slow_sigma=between(1.0, 1.8), staff_share=staff,
        maintainer_share=between(0.1, 0.9 - staff),
        bot_first_share=between(0, 0.5), agent_share=between(0, 0.3) * float(rng.random() < 0.6),
        replies_mean=between(0.8, 4),
        closed_share=between(0.4, 0.85), close_median=stretched(60, 0.8),
        stale_days=int(rng.choice([0, 0, 30, 60, 90])),
        reopened_share=between(0.01, 0.06), stars=int(stretched(9000, 1.2)), stars_a_day=stretched(12, 1.0),
        release_gap_days=stretched(9, 0.7),
    )  # fmt: skip
