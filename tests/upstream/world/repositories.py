"""One repository of the world: its threads, its numbers, its names, and what a test may do to it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from tests.upstream.sites.forum import Forum
from tests.upstream.world.clock import Clock
from tests.upstream.world.draws import DAY, NEVER, generator, number
from tests.upstream.world.habits import Habits
from tests.upstream.world.history import Commit, History
from tests.upstream.world.lives import Array, Cast, Lives, lives
from tests.upstream.world.manner import Manner
from tests.upstream.world.people import EACH, GONE, MAINTAINERS, STAFF, People
from tests.upstream.world.releases import Releases
from tests.upstream.world.tracker import Act, Tracker

if TYPE_CHECKING:
    from tests.upstream.world.threads import Thread

FIRST_COMMENT_ID = 3_000_000_000
"""Beyond 32 bits, as on the real forge since 2024."""
COMMENT_IDS_EACH = 20_000_000
FIRST_REPOSITORY_ID = 500_000_000


@dataclass(slots=True)
class Repository:
    """A repository as the forge knows it. `gone` is the status that the forge answers with once it is not public any
    more."""

    name: str
    place: int
    is_official: bool
    mentions: tuple[str, ...]
    mention_share: float
    habits: Habits
    clock: Clock
    people: People
    cast: Cast
    tracker: Tracker
    releases: Releases
    seed: int
    start: int
    first_threads: int
    manner: Manner
    family: str = ""
    is_archived: bool = False
    has_issues: bool = True
    has_discussions: bool = True
    gone: int = 0
    former: list[str] = field(default_factory=list)
    _grown: int = 0
    _forum: Forum | None = None
    _history: History | None = None

    @property
    def forum(self) -> Forum:
        """Its discussions."""
        self._forum = self._forum or Forum(self)
        return self._forum

    @property
    def history(self) -> History:
        """The commits of its default branch."""
        self._history = self._history or History(self)
        return self._history

    @property
    def id(self) -> int:
        """The number that outlives every renaming."""
        return FIRST_REPOSITORY_ID + self.place

    @property
    def created(self) -> int:
        """When it began."""
        return self.start - self.habits.age_days * DAY

    @property
    def stars(self) -> int:
        """Stars now."""
        return self.habits.stars + int((self.clock.now - self.start) / DAY * self.habits.stars_a_day)

    @property
    def forks(self) -> int:
        """Forks now."""
        return self.stars // 7

    def grow(self) -> None:
        """Draws the threads of each further day until the clock is reached."""
        if not self.tracker.threads:
            self._begin()
        while self._grown <= self.clock.now:
            self._grow_day()

    def _begin(self) -> None:
        size = max(3, round(self.first_threads / (1 - self.habits.pull_share)))
        rng = generator(self.seed, "threads", self.name)
        shares = np.sort(rng.random(size)) ** (1 / self.habits.growth)
        created = self.created + 60 + (shares * (self.start - self.created - 120)).astype(np.int64)
        created = self.manner.place_instants(self, created, self.created, self.start)
        self._append(rng, _thinned(rng, created, self.habits.weekend, self.created))
        self._grown = self.start

    def _grow_day(self) -> None:
        rng = generator(self.seed, "day", self.name, self._grown)
        rate = len(self.tracker.threads["created"]) * self.habits.growth / max(1.0, (self._grown - self.created) / DAY)
        rate *= self.manner.get_rate(self, self._grown)
        weekday = (self._grown // DAY + 4) % 7
        size = int(rng.poisson(rate * (self.habits.weekend if weekday in (0, 6) else 1.1)))
        created = np.sort(self._grown + 1 + rng.integers(0, DAY, size))
        if size:
            self._append(rng, self.manner.place_instants(self, created, self._grown, self._grown + DAY))
        self._grown += DAY

    def _append(self, rng: np.random.Generator, created: Array) -> None:
        share = self.manner.get_answered_share(self, created)
        self.tracker.append(self.manner.settle_lives(self, lives(rng, self.habits, self.cast, created, share), rng))

    # What a test may do.

    def open_thread(self, title: str = "", author: int = 1, is_pull: bool = False) -> int:
        """Somebody opens a thread now; gives its number."""
        self.grow()
        index = self.tracker.insert(
            _fresh(self.clock.now, author, is_pull, number(self.seed, self.name, self.tracker.size, "hand"))
        )
        _keep(self.tracker.titles, index, title)
        return index + 1

    def comment(self, number: int, author: int = 2, body: str = "") -> int:
        """Somebody answers now; gives the comment's id."""
        comment_id = self.tracker.new_comment_id()
        _keep(self.tracker.bodies, comment_id, body)
        self.tracker.act(number - 1, Act(self.clock.now, "comment", author, comment_id=comment_id))
        return comment_id

    def close(self, number: int, by: int = 2, reason: str = "0", change: "Thread | Commit | None" = None) -> None:
        """Somebody, or a change of theirs, closes it now; reason 0 completed, 1 not planned, 2 duplicate."""
        self.tracker.act(number - 1, Act(self.clock.now, "close", by, reason, change=change))

    def merge(self, number: int, by: int = 2) -> None:
        """Somebody merges a pull request now."""
        for name, value in (("closed", self.clock.now), ("merged", True), ("closer", by)):
            self.tracker.threads[name][number - 1] = value
        self.clock.revision += 1

    def reopen(self, number: int, by: int = 2) -> None:
        """Somebody opens it again now."""
        self.tracker.act(number - 1, Act(self.clock.now, "reopen", by))

    def touch(self, number: int, title: str = "") -> None:
        """It changes without an answer: a label, a new title."""
        _keep(self.tracker.titles, number - 1, title)
        self.tracker.act(number - 1, Act(self.clock.now, "touch"))

    def edit_comment(self, number: int, comment_id: int, body: str) -> None:
        """A comment is rewritten now."""
        self.tracker.bodies[comment_id] = body
        self.tracker.act(number - 1, Act(self.clock.now, "edit", comment_id=comment_id))

    def delete_thread(self, number: int) -> None:
        """The thread is gone, without a trace in the listings."""
        self.tracker.deleted.add(number - 1)
        self.clock.revision += 1

    def rename(self, name: str) -> None:
        """It has a new name or owner; the old one leads there."""
        self.former.append(self.name)
        self.name = name


def repository(
    seed: int, name: str, place: int, clock: Clock, people: People, *, is_official: bool, mentions: tuple[str, ...],
    mention_share: float,
    staff: tuple[str, ...], start: datetime, horizon_days: int, manner: Manner, family: str,
) -> Repository:  # fmt: skip
    """A repository of the world of this seed; `first_threads` is filled in by the world."""
    drawn, begin = manner.draw_habits(seed, name, family), int(start.timestamp())
    owner = number(seed, name.partition("/")[0].lower()) % 8000
    rng = generator(seed, "cast", name)
    team = STAFF + owner * EACH + np.arange(int(rng.integers(3, 14)))
    hinted = np.array([people.hinted(login) for login in staff], np.int64)
    cast = Cast(
        np.concatenate([team, hinted]) if is_official or len(hinted) else team,
        MAINTAINERS + place * EACH + np.arange(int(rng.integers(2, 9))),
        people.outsiders,
    )
    releases = Releases(
        seed, name.lower(), begin - drawn.age_days * DAY, begin + horizon_days * DAY, drawn.release_gap_days
    )
    tracker = Tracker(clock, FIRST_COMMENT_ID + place * COMMENT_IDS_EACH)
    made = Repository(
        name,
        place,
        is_official,
        mentions,
        mention_share,
        drawn,
        clock,
        people,
        cast,
        tracker,
        releases,
        seed,
        begin,
        0,
        manner,
        family,
    )
    made.has_discussions = drawn.stale_days > 0
    return made


def _thinned(rng: np.random.Generator, created: Array, weekend: float, begin: int) -> Array:
    """Part of what would fall on a weekend comes two days earlier."""
    is_weekend = np.isin((created // DAY + 4) % 7, (0, 6))
    moved = is_weekend & (rng.random(len(created)) > weekend) & (created - 2 * DAY > begin)
    return np.sort(np.where(moved, created - 2 * DAY, created))


def _fresh(now: int, author: int, is_pull: bool, draw: int) -> Lives:
    never, none = np.array([NEVER]), np.array([0])
    threads = {
        "created": np.array([now]), "author": np.array([author], np.int32), "is_pull": np.array([is_pull]),
        "is_draft": np.array([False]),
        "touched": never, "count": none, "start": none, "draw": np.array([draw & (1 << 62) - 1]), "closed": never,
        "reopened": never,
        "closed_again": never, "merged": np.array([False]), "closer": np.array([GONE], np.int32),
        "reason": np.array([0], np.int8),
    }  # fmt: skip
    return Lives(threads, np.empty(0, np.int64), np.empty(0, np.int32))


def _keep(texts: dict[int, str], key: int, text: str) -> None:
    if text:
        texts[key] = text
