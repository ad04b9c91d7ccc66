"""All threads of one repository in arrays: what is visible now, in which order, and what was done to them by hand."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from tests.upstream.world.clock import Clock
from tests.upstream.world.draws import NEVER
from tests.upstream.world.lives import Array, Lives

if TYPE_CHECKING:
    from tests.upstream.world.history import Commit
    from tests.upstream.world.threads import Thread

Kind = Literal["issue", "pull", "both"]
Sort = Literal["created", "updated", "comments"]
_SHIFT = 24
"""An order is kept as value << 24 | index: a thread's place, ties included."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to a thread by hand, on top of the life that was drawn for it."""

    at: int
    what: Literal["comment", "close", "reopen", "touch", "edit"]
    code: int = 0
    reason: str = ""
    comment_id: int = 0
    change: "Thread | Commit | None" = None
    """The pull request or commit that closed it."""


class Tracker:
    """Numbers are 1, 2, 3 … in order of creation, issues and pull requests together, as a forge gives them."""

    def __init__(self, clock: Clock, first_comment_id: int) -> None:
        self.clock, self.first_comment_id = clock, first_comment_id
        self.threads: dict[str, Array] = {}
        self.times, self.codes = np.empty(0, np.int64), np.empty(0, np.int32)
        self.ranks, self.places, self.owners = (np.empty(0, np.int64) for _ in range(3))
        self.acts: dict[int, list[Act]] = defaultdict(list)
        self.deleted: set[int] = set()
        self.titles: dict[int, str] = {}
        self.bodies: dict[int, str] = {}
        """Texts set by hand, by comment id, or by minus the thread's number."""
        self.locked: set[int] = set()
        self._extra = 0
        self._cache: dict[object, object] = {}
        self._stamp = (-1, -1)

    def append(self, lives: Lives) -> None:
        """Adds threads that are created after all that are there."""
        offset, before = len(self.times), len(self.threads["created"]) if self.threads else 0
        order = np.argsort(lives.times, kind="stable")
        ranks = np.empty(len(order), np.int64)
        ranks[order] = np.arange(len(order))
        new = {**lives.threads, "start": lives.threads["start"] + offset}
        self.threads = {
            name: np.concatenate([self.threads[name], new[name]]) if self.threads else new[name] for name in new
        }
        self.times, self.codes = np.concatenate([self.times, lives.times]), np.concatenate([self.codes, lives.codes])
        self.ranks, self.places = (
            np.concatenate([self.ranks, ranks + offset]),
            np.concatenate([self.places, order + offset]),
        )
        owners = np.repeat(np.arange(len(lives.threads["count"])), lives.threads["count"]) + before
        self.owners = np.concatenate([self.owners, owners])
        self.clock.revision += 1

    @property
    def size(self) -> int:
        """How many threads there were until now, the deleted among them: the newest number."""
        return int(np.searchsorted(self.threads["created"], self.clock.now, "right"))

    def insert(self, lives: Lives) -> int:
        """Puts one thread in at the present; gives its index. What has not happened yet gets later numbers."""
        place = self.size
        for name, values in lives.threads.items():
            self.threads[name] = np.insert(self.threads[name], place, values[0])
        self.owners[self.owners >= place] += 1
        self.clock.revision += 1
        return place

    def act(self, index: int, act: Act) -> None:
        """Keeps what was done to a thread."""
        self.acts[index].append(act)
        self.clock.revision += 1

    def new_comment_id(self) -> int:
        """The number of a comment written by hand."""
        self._extra += 1
        return self.first_comment_id + 15_000_000 + self._extra

    def comments(self, index: int) -> list[tuple[int, int]]:
        """A thread's visible comments in order of time: when, and the id."""
        start, count = int(self.threads["start"][index]), int(self.threads["count"][index])
        seen = start + int(np.searchsorted(self.times[start : start + count], self.clock.now, "right"))
        found = list(
            zip(self.times[start:seen].tolist(), (self.ranks[start:seen] + self.first_comment_id).tolist(), strict=True)
        )
        if index in self.acts:
            acts = self.acts[index]
            found = sorted(
                [
                    *found,
                    *((act.at, act.comment_id) for act in acts if act.what == "comment" and act.at <= self.clock.now),
                ]
            )
        return found

    def all_comments(self, since: int, by_update: bool) -> list[tuple[int, int, int]]:
        """Thread's index, time and id of every visible comment changed since, oldest first."""
        size, now = self.size, self.clock.now
        end = int((self.threads["start"][:size] + self.threads["count"][:size]).max(initial=0))
        chosen = np.flatnonzero((self.times[:end] >= since) & (self.times[:end] <= now))
        ids = self.ranks[chosen] + self.first_comment_id
        rows = dict(
            zip(ids.tolist(), zip(self.times[chosen].tolist(), self.owners[chosen].tolist(), strict=True), strict=True)
        )
        changed = {one: at for one, (at, _) in rows.items()}
        for index, acts in self.acts.items():
            for act in acts:
                if act.comment_id and act.at <= now:
                    written = {one: at for at, one in self.comments(index)}
                    if act.comment_id in written and act.at >= since:
                        rows[act.comment_id] = (written[act.comment_id], index)
                        changed[act.comment_id] = act.at
        order = sorted(
            (changed[one] if by_update else at, one) for one, (at, index) in rows.items() if index not in self.deleted
        )
        return [(rows[one][1], rows[one][0], one) for _, one in order]

    def updated(self) -> Array:
        """When each thread last changed, as far as is visible."""
        return self._kept("updated", self._updated)

    def is_open(self) -> Array:
        """Which threads are open."""
        return self._kept("open", self._is_open)

    def page(
        self, kind: Kind, sort: Sort, *, descending: bool, since: int | None = None, states: Collection[str] = (),
        after: tuple[int, int] | None = None, limit: int = 100,
    ) -> tuple[list[tuple[int, int]], bool, int]:  # fmt: skip
        """Places (value, index) after a place in an order, whether more follow, and how many there are in all."""
        keys = self._keys(kind, sort, tuple(sorted(states)))
        if since is not None:
            keys = (
                keys[self.updated()[keys & (1 << _SHIFT) - 1] >= since]
                if sort != "updated"
                else keys[np.searchsorted(keys, since << _SHIFT) :]
            )
        total = len(keys)
        if after is not None:
            place = after[0] << _SHIFT | after[1]
            keys = keys[: np.searchsorted(keys, place)] if descending else keys[np.searchsorted(keys, place, "right") :]
        chosen = keys[::-1][:limit] if descending else keys[:limit]
        return [(key >> _SHIFT, key & (1 << _SHIFT) - 1) for key in chosen.tolist()], len(keys) > limit, total

    def _keys(self, kind: Kind, sort: Sort, states: tuple[str, ...]) -> Array:
        def make() -> Array:
            size = self.size
            index = np.arange(size)
            chosen = np.ones(size, bool) if kind == "both" else self.threads["is_pull"][:size] == (kind == "pull")
            chosen[[one for one in self.deleted if one < size]] = False
            for state in states:
                chosen &= self.is_open() == (state == "open")
            value = {
                "created": lambda: self.threads["created"][:size],
                "updated": self.updated,
                "comments": self._counts,
            }[sort]()
            keys: Array = np.sort(value[chosen] << _SHIFT | index[chosen])
            return keys

        return self._kept((kind, sort, states), make)

    def _kept(self, name: object, make: object) -> Array:
        stamp = (self.clock.now, self.clock.revision)
        if stamp != self._stamp:
            self._cache, self._stamp = {}, stamp
        if name not in self._cache:
            self._cache[name] = make()  # type: ignore[operator]
        kept: Array = self._cache[name]  # type: ignore[assignment]
        return kept

    def _updated(self) -> Array:
        size, now = self.size, self.clock.now
        newest = self.threads["created"][:size].copy()
        for name in ("touched", "closed", "reopened", "closed_again"):
            column = self.threads[name][:size]
            newest = np.maximum(newest, np.where(column <= now, column, 0))
        index = np.flatnonzero(self.threads["count"][:size])
        if len(index):
            start = self.threads["start"][index]
            end = int(start[-1] + self.threads["count"][index[-1]])
            seen = np.where(self.times[:end] <= now, self.times[:end], 0)
            newest[index] = np.maximum(newest[index], np.maximum.reduceat(seen, start))
        for place, acts in self.acts.items():
            newest[place] = max(int(newest[place]), max((act.at for act in acts if act.at <= now), default=0))
        return newest

    def _is_open(self) -> Array:
        size, now = self.size, self.clock.now
        closed, reopened, again = (self.threads[name][:size] <= now for name in ("closed", "reopened", "closed_again"))
        is_open: Array = ~closed | (reopened & ~again)
        for place in self.acts:
            is_open[place] = self.state(place)[0]
        return is_open

    def _counts(self) -> Array:
        return np.array([len(self.comments(index)) for index in range(self.size)], np.int64)

    def state(self, index: int) -> tuple[bool, Act | None]:
        """Whether a thread is open, and the last act that closed or reopened it."""
        closer, reason = int(self.threads["closer"][index]), str(self.threads["reason"][index])
        drawn = [(int(self.threads[name][index]), what) for name, what in TURNS]
        acts = [Act(at, what, closer, reason) for at, what in drawn if at < NEVER]
        acts += [act for act in self.acts.get(index, ()) if act.what in ("close", "reopen")]
        is_open, last = True, None
        for act in sorted((act for act in acts if act.at <= self.clock.now), key=lambda act: act.at):
            if is_open == (act.what == "close"):
                is_open, last = not is_open, act
        return is_open, last

    def last_merge(self, at: int) -> int | None:
        """The index of the pull request that was merged last until an instant."""

        def make() -> Array:
            index = np.flatnonzero(self.threads["merged"])
            keys: Array = np.sort(self.threads["closed"][index] << _SHIFT | index)
            return keys

        keys = self._kept("merges", make)
        place = int(np.searchsorted(keys, at + 1 << _SHIFT))
        return int(keys[place - 1]) & (1 << _SHIFT) - 1 if place else None


TURNS: tuple[tuple[str, Literal["close", "reopen"]], ...] = (
    ("closed", "close"),
    ("reopened", "reopen"),
    ("closed_again", "close"),
)
