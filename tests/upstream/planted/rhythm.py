"""When things happen in the sample world: bursts by week and after releases, hours of the day, fixes after
questions."""

from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tests.upstream.world.draws import DAY, HOUR, NEVER, generator, mixed, number
from tests.upstream.world.lives import Array, Lives
from tests.upstream.world.manner import Manner
from tests.upstream.world.people import STALE

if TYPE_CHECKING:
    from tests.upstream.world.repositories import Repository
    from tests.upstream.world.threads import Thread
    from tests.upstream.world.tracker import Act

WEEK = 7 * DAY
CLUMP = 1.2
"""Shape of a week's rate: the smaller, the more do weeks differ."""
AFTER_RELEASE, FADES_DAYS = 2.0, 2.0
MOODS = 0.9
"""How far weeks of one tracker differ in what is answered, on the scale of log odds."""
HOURS = np.array([5, 5, 5, 4, 4, 4, 5, 6, 8, 9, 9, 9, 9, 10, 11, 11, 10, 9, 8, 7, 7, 6, 6, 5], float)
"""How many threads come in each hour of the day (UTC)."""
FIXED_SHARE = 0.95
"""Of what insiders close as done: how much a merged change closes."""
OWN_FIXED_SHARE = 0.5
"""The same of what askers would close: who merges the change closes it."""
AT_MOST = 45 * DAY
"""So long after a question does a change still close it."""
HIDDEN_IN_1000 = 45


@lru_cache(100_000)
def _week_rate(seed: int, name: str, week: int) -> float:
    return float(generator(seed, "week", name, week).gamma(CLUMP, 1 / CLUMP))


@lru_cache(100_000)
def _mood(seed: int, name: str, week: int) -> float:
    return float(generator(seed, "mood", name, week).standard_normal())


class Rhythm(Manner):
    """Weeks and hours that differ, changes that close what was asked before them."""

    decides_fixes = True

    def get_rate(self, repository: "Repository", day: int) -> float:
        """A week's own rate, and more in the days after a release."""
        out = repository.releases.until(day)
        since = (day - out[0].at) / DAY if out else 99.0
        burst = 1 + AFTER_RELEASE * float(np.exp(-since / FADES_DAYS))
        return _week_rate(repository.seed, repository.name, day // WEEK) * burst / 1.4

    def place_instants(self, repository: "Repository", created: Array, begin: int, end: int) -> Array:
        """Days by their rates, hours by the hours' own."""
        if not len(created):
            return created
        days = np.arange(begin // DAY, max(begin // DAY + 1, end // DAY))
        total = np.cumsum([self.get_rate(repository, int(day) * DAY) for day in days])
        reached = (created - begin) / max(1, end - begin) * total[-1]
        chosen = days[np.minimum(np.searchsorted(total, reached), len(days) - 1)]
        rng = generator(repository.seed, "hours", repository.name, begin)
        hours = rng.choice(24, len(created), p=HOURS / HOURS.sum())
        drawn = chosen * DAY + hours * HOUR + rng.integers(0, HOUR, len(created))
        placed: Array = np.sort(np.clip(drawn, begin + 61, end - 1))
        return placed

    def get_answered_share(self, repository: "Repository", created: Array) -> float | Array:
        """Some weeks nobody has time."""
        share = repository.habits.answered_share
        moods = np.array([_mood(repository.seed, repository.name, int(at) // WEEK) for at in created])
        answered: Array = 1 / (1 + np.exp(-(np.log(share / (1 - share)) + MOODS * moods)))
        return answered

    def settle_lives(self, repository: "Repository", drawn: Lives, rng: np.random.Generator) -> Lives:
        """Part of what insiders close is closed by the next change that is merged."""
        known = repository.tracker.threads
        merged = [table["closed"][table["merged"]] for table in (known, drawn.threads) if table]
        merges, threads = np.sort(np.concatenate(merged)).tolist(), drawn.threads
        is_fixable = (
            ~threads["is_pull"] & (threads["closed"] < NEVER) & (threads["reopened"] == NEVER)
            & (threads["reason"] == 0) & (threads["closer"] != STALE)
        )  # fmt: skip
        closed, closer = threads["closed"].copy(), threads["closer"].copy()
        chance = np.where(closer == threads["author"], OWN_FIXED_SHARE, FIXED_SHARE)
        for index in np.flatnonzero(is_fixable & (rng.random(len(closed)) < chance)).tolist():
            place = bisect_right(merges, max(int(closed[index]), int(threads["created"][index]) + HOUR))
            if place < len(merges) and merges[place] <= threads["created"][index] + AT_MOST:
                closed[index] = merges[place] + 20 + mixed(int(threads["draw"][index]), 19) % 60
                if closer[index] == threads["author"][index]:
                    closer[index] = rng.choice(repository.cast.maintainers)
        return Lives({**threads, "closed": closed, "closer": closer}, drawn.times, drawn.codes)

    def find_fix(self, thread: "Thread", closing: "Act") -> "Thread | None":
        """The change that was merged within the two minutes before, of a question asked before it."""
        tracker = thread.repository.tracker
        index = tracker.last_merge(closing.at)
        if index is None or thread.is_pull or closing.reason != "0":
            return None
        at = int(tracker.threads["closed"][index])
        return type(thread)(thread.repository, index) if closing.at - 120 <= at and at > thread.created else None

    def count_hidden(self, thread: "Thread") -> int:
        """Comments of accounts that the forge hides are counted, and shown to nobody."""
        draw = mixed(number(thread.repository.name), thread.number, 23) % 1000
        return 1 if thread.comments and draw < HIDDEN_IN_1000 else 0
