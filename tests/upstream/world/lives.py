"""The whole life of threads, drawn at once: when each is asked, answered, closed, opened again. Later instants are
their future."""

from dataclasses import dataclass

import numpy as np

from tests.upstream.world.draws import DAY, HOUR, NEVER, lognormal
from tests.upstream.world.habits import Habits
from tests.upstream.world.people import AGENT_ACCOUNTS, AGENTS, BOTS, CODER, DEPENDENCIES, HELLO, STALE

Array = np.ndarray
REASONS = ("COMPLETED", "NOT_PLANNED", "DUPLICATE")


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part in one repository: numbers of people."""

    staff: Array
    maintainers: Array
    outsiders: int
    """Outsiders are the numbers below."""


@dataclass(frozen=True, slots=True)
class Lives:
    """Threads in order of creation, and their comments thread by thread in order of time."""

    threads: dict[str, Array]
    times: Array
    codes: Array


def lives(rng: np.random.Generator, habits: Habits, cast: Cast, created: Array, answered_share: float | Array) -> Lives:
    """Draws what happens to threads that are created at these instants (epoch seconds, ascending)."""
    size = len(created)
    is_pull = rng.random(size) < habits.pull_share
    author = _authors(rng, habits, cast, is_pull)
    owner, times, codes = _comments(rng, habits, cast, created, author, answered_share)
    last = created.copy()
    np.maximum.at(last, owner, times)
    ends = _ends(rng, habits, cast, created, author, last, is_pull)
    stale = ends.pop("stale")
    owner = np.concatenate([owner, np.flatnonzero(stale < NEVER)])
    times = np.concatenate([times, stale[stale < NEVER]])
    codes = np.concatenate([codes, np.full(int((stale < NEVER).sum()), STALE)]).astype(np.int32)
    order = np.lexsort((times, owner))
    count = np.bincount(owner, minlength=size)
    touched = np.where(rng.random(size) < 0.6, created + rng.integers(30, 3 * DAY, size), NEVER)
    draw = rng.integers(0, 1 << 62, size)
    author = np.where(is_pull & (draw % 31 == 0), CODER, author)
    threads = {
        "created": created, "author": author, "is_pull": is_pull, "is_draft": is_pull & (rng.random(size) < 0.06),
        "touched": touched,
        "count": count, "start": np.cumsum(count) - count, "draw": draw, **ends,
    }  # fmt: skip
    return Lives(threads, times[order], codes[order])


def _outsiders(rng: np.random.Generator, cast: Cast, size: int) -> Array:
    """A few outsiders take part often, most once."""
    return (cast.outsiders * rng.random(size) ** 2).astype(np.int32)


def _insiders(rng: np.random.Generator, habits: Habits, cast: Cast, size: int) -> Array:
    share = habits.staff_share / (habits.staff_share + habits.maintainer_share)
    return np.where(rng.random(size) < share, rng.choice(cast.staff, size), rng.choice(cast.maintainers, size)).astype(
        np.int32
    )


def _authors(rng: np.random.Generator, habits: Habits, cast: Cast, is_pull: Array) -> Array:
    size = len(is_pull)
    is_inside = rng.random(size) < np.where(is_pull, 1 - habits.outsider_pull_share, 0.04)
    author = np.where(is_inside, _insiders(rng, habits, cast, size), _outsiders(rng, cast, size))
    return np.where(is_pull & (rng.random(size) < 0.07), DEPENDENCIES, author).astype(np.int32)


def _responders(rng: np.random.Generator, habits: Habits, cast: Cast, size: int) -> Array:
    draw = rng.random(size)
    inside = np.where(draw < habits.staff_share, rng.choice(cast.staff, size), rng.choice(cast.maintainers, size))
    return np.where(draw < habits.staff_share + habits.maintainer_share, inside, _outsiders(rng, cast, size)).astype(
        np.int32
    )


def _comments(
    rng: np.random.Generator,
    habits: Habits,
    cast: Cast,
    created: Array,
    author: Array,
    answered_share: float | Array,
) -> tuple[Array, Array, Array]:
    """Bots and agents within minutes, the first answer of a person after the repository's mixture, then a talk."""
    size = len(created)
    is_fast = rng.random(size) < habits.fast_share
    fast, slow = (
        lognormal(rng, habits.fast_median, habits.fast_sigma, size),
        lognormal(rng, habits.slow_median, habits.slow_sigma, size),
    )
    first = created + np.maximum(60, HOUR * np.minimum(np.where(is_fast, fast, slow), 24 * 2000)).astype(np.int64)
    answered = np.flatnonzero(rng.random(size) < answered_share)
    responder = _responders(rng, habits, cast, size)
    greeted = np.flatnonzero(rng.random(size) < habits.bot_first_share)
    helped = np.flatnonzero(rng.random(size) < habits.agent_share)
    agent = AGENTS + int(rng.integers(len(AGENT_ACCOUNTS)))
    more_owner, more_times, more_codes = _talk(rng, habits, cast, answered, first, author, responder)
    owner = np.concatenate([answered, greeted, helped, more_owner])
    greetings = created[greeted] + rng.integers(15, 300, len(greeted))
    times = np.concatenate(
        [first[answered], greetings, created[helped] + rng.integers(60, 900, len(helped)), more_times]
    )
    bots = np.where(rng.random(len(greeted)) < 0.8, HELLO, BOTS + 3)
    codes = np.concatenate([responder[answered], bots, np.full(len(helped), agent), more_codes])
    return owner, times.astype(np.int64), codes


def _talk(
    rng: np.random.Generator, habits: Habits, cast: Cast, answered: Array, first: Array, author: Array, responder: Array
) -> tuple[Array, Array, Array]:
    mean = habits.replies_mean
    many = rng.negative_binomial(0.8, 0.8 / (0.8 + mean), len(answered))
    many = many + np.where(rng.random(len(answered)) < 0.002, rng.integers(60, 260, len(answered)), 0)
    owner = np.repeat(answered, many)
    gaps = np.maximum(20, HOUR * np.minimum(lognormal(rng, 7, 1.6, len(owner)), 24 * 300)).astype(np.int64)
    total = np.cumsum(gaps)
    before = np.repeat(np.concatenate([[0], total])[np.cumsum(many) - many], many)
    draw = rng.random(len(owner))
    others = np.where(draw < 0.82, _insiders(rng, habits, cast, len(owner)), _outsiders(rng, cast, len(owner)))
    codes = np.where(draw < 0.45, author[owner], np.where(draw < 0.7, responder[owner], others))
    return owner, first[owner] + total - before, codes


def _ends(
    rng: np.random.Generator, habits: Habits, cast: Cast, created: Array, author: Array, last: Array, is_pull: Array
) -> dict[str, Array]:
    """When and by whom threads are closed, merged, opened again; `stale` is when the bot warns."""
    size = len(created)
    base = np.where(rng.random(size) < 0.12, created, last)
    delay = np.maximum(30, HOUR * np.minimum(lognormal(rng, habits.close_median, 1.4, size), 24 * 2000)).astype(
        np.int64
    )
    delay = np.where(rng.random(size) < 0.01, rng.integers(0, 600, size), delay)
    will = rng.random(size) < np.where(is_pull, 0.92, habits.closed_share)
    is_stale = ~will & ~is_pull & (habits.stale_days > 0)
    warned = np.where(is_stale, last + habits.stale_days * DAY, NEVER)
    closed = np.where(will, base + delay, np.where(is_stale, last + (habits.stale_days + 7) * DAY, NEVER))
    merged = will & is_pull & (rng.random(size) < habits.merged_share)
    again = (will & ~is_pull & (rng.random(size) < habits.reopened_share)).nonzero()[0]
    reopened, closed_again = np.full(size, NEVER), np.full(size, NEVER)
    reopened[again] = closed[again] + (HOUR * lognormal(rng, 20, 1.2, len(again))).astype(np.int64) + 1
    twice = again[rng.random(len(again)) < 0.5]
    closed_again[twice] = reopened[twice] + (HOUR * lognormal(rng, 48, 1.2, len(twice))).astype(np.int64) + 1
    is_own = (rng.random(size) < 0.35) & ~merged
    closer = np.where(is_stale, STALE, np.where(is_own, author, _insiders(rng, habits, cast, size))).astype(np.int32)
    reason = np.where(is_stale, 1, rng.choice([0, 1, 2], size, p=[0.8, 0.14, 0.06])).astype(np.int8)
    return {
        "stale": warned, "closed": closed, "reopened": reopened, "closed_again": closed_again,
        "merged": merged, "closer": closer, "reason": reason,
    }  # fmt: skip
