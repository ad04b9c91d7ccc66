"""Incidents of one status page over time: drawn once, shown as far as they have happened."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal

import numpy as np

from tests.upstream.world.clock import Clock
from tests.upstream.world.draws import DAY, generator, number, token
from tests.upstream.world.manner import NEUTRAL, Manner
from tests.upstream.world.texts import phrase

Impact = Literal["none", "minor", "major", "critical", "maintenance"]
WORDS = {
    "none": "operational",
    "minor": "degraded_performance",
    "major": "partial_outage",
    "critical": "major_outage",
    "maintenance": "under_maintenance",
}
PAST_DAYS, AHEAD_DAYS = 500, 400
OTHERS = ("Website", "Console", "Playground", "Assistant app", "Webhooks")
BODIES = {
    "investigating": "We are looking into reports of failed requests.",
    "identified": "The cause is found and a fix is on its way.",
    "monitoring": "A fix is in place and we watch the results.",
    "resolved": "This incident has been resolved.",
    "scheduled": "We will carry out maintenance during this window.",
    "in_progress": "The maintenance is under way.",
    "completed": "The maintenance is complete.",
}


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the product as the page names it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Update:
    """What the page said at an instant; `shown_at` is the instant that it gives for it."""

    at: int
    status: str
    shown_at: int


@dataclass(slots=True)
class Incident:
    """An incident: `started` is what the page says, `posted` when it appeared there."""

    draw: int
    name: str
    impact: Impact
    posted: int
    started: int
    components: tuple[Component, ...]
    updates: list[Update] = field(default_factory=list)
    is_maintenance: bool = False

    def until(self, now: int) -> list[Update]:
        """The updates until now, newest first."""
        return [one for one in self.updates if one.at <= now][::-1]

    def status(self, now: int) -> str:
        """Its status now."""
        return self.until(now)[0].status

    def resolved(self, now: int) -> int | None:
        """When it ended by its own account, if it has."""
        return next((one.shown_at for one in self.until(now) if one.status in ("resolved", "completed")), None)

    def words(self, status: str) -> str:
        """The text of a post; that of some ends says the cause, whose fault it was, or from when to when it lasted."""
        said = [BODIES.get(status, "An update.")]
        end = next((one.shown_at for one in self.updates if one.status == "resolved"), self.posted)
        if status == "resolved" and not self.is_maintenance:
            if self.draw % 3 == 1:
                said.append("It was caused by a change of the configuration.")
            elif self.draw % 9 == 2:
                said.append("It was due to an issue with an upstream provider.")
            if self.draw % 4 == 1 and end > max(self.posted, self.started + 600):
                said.append(f"Requests failed from {_minute(self.started - 540)} to {_minute(end - 120)} UTC.")
        return " ".join(said)

    def code(self, length: int = 12) -> str:
        """The id in its address."""
        return token(length, self.draw)

    def ulid(self, salt: str = "") -> str:
        """An id of 26 letters as incident.io gives it; the API's differs from the page's."""
        return ulid(self.posted, self.draw, salt)


@dataclass(frozen=True, slots=True)
class Troubles:
    """How often things go wrong, and how the page reports it, as shares of all incidents."""

    a_month: float
    median_hours: float
    retro: float
    """Stated afterwards."""
    brief: float
    """Opened and resolved in the same second."""
    endless: float = 0.015
    """Never resolved on the page."""
    impacts: tuple[float, float, float, float] = (0.12, 0.5, 0.28, 0.1)
    """None, minor, major, critical."""
    rewritten: float = 0.0
    """Later said to have started after the page's own first post."""
    silent_days: int = 0
    """For so many days before the beginning nothing was posted, nor is anything later; 0 is never."""


class Page:
    """A status page. Components named in the catalog are there, and some that are not compared."""

    def __init__(
        self, seed: int, host: str, wanted: tuple[str, ...], clock: Clock, start: int, manner: Manner = NEUTRAL
    ) -> None:
        self.manner = manner
        self.seed, self.host, self.clock, self.start = seed, host, clock, start
        self.components = tuple(_components(seed, host, wanted))
        self._by_hand: list[Incident] = []

    @property
    def title(self) -> str:
        """The page's name."""
        return self.host.removeprefix("status.").partition(".")[0].title()

    def until(self, now: int | None = None) -> list[Incident]:
        """Incidents and maintenance that are on the page by now, newest first."""
        at = self.clock.now if now is None else now
        return sorted(
            (one for one in [*self._drawn, *self._by_hand] if one.posted <= at),
            key=lambda one: (one.posted, one.draw),
            reverse=True,
        )

    def word(self, component: Component) -> str:
        """A component's word now: the worst of what is open."""
        order = list(WORDS)
        now = self.clock.now
        open_now = [
            one
            for one in self.until()
            if one.resolved(now) is None and component in one.components and one.status(now) != "scheduled"
        ]
        return WORDS[max((one.impact for one in open_now), key=order.index, default="none")]

    def changed(self) -> int:
        """When the page last changed."""
        return max((one.until(self.clock.now)[0].at for one in self.until()), default=self.start)

    @cached_property
    def _drawn(self) -> list[Incident]:
        rng = generator(self.seed, "incidents", self.host)
        begin, days = self.start - PAST_DAYS * DAY, PAST_DAYS + AHEAD_DAYS
        a_month = float(rng.lognormal(1.6, 0.5))
        many = int(rng.poisson(days / 30 * a_month))
        drawn = Troubles(
            a_month, float(rng.lognormal(0.2, 0.5)), float(rng.uniform(0.02, 0.15)), float(rng.uniform(0.01, 0.06))
        )
        troubles = self.manner.draw_troubles(self.host, drawn)
        many = round(many * troubles.a_month / a_month)
        found = [self._incident(rng, int(at), troubles) for at in np.sort(begin + rng.integers(0, days * DAY, many))]
        found += [
            self._maintenance(rng, int(at))
            for at in np.sort(begin + rng.integers(0, days * DAY, rng.poisson(days / 60)))
        ]
        if rng.random() < 0.35:
            found.append(self._suspension(rng, begin + int(rng.uniform(0.3, 0.9) * PAST_DAYS * DAY)))
        until = self.start - troubles.silent_days * DAY
        return [one for one in found if not troubles.silent_days or one.posted < until]

    def _incident(self, rng: np.random.Generator, at: int, troubles: Troubles) -> Incident:
        impact: Impact = ("none", "minor", "major", "critical")[int(rng.choice(4, p=troubles.impacts))]
        size = min(len(self.components), 1 + int(rng.geometric(0.6)) - 1 or 1)
        chosen = tuple(
            self.components[place] for place in sorted(rng.choice(len(self.components), size, replace=False).tolist())
        )
        draw = number(self.seed, self.host, at)
        lasting = max(120, int(3600 * troubles.median_hours * rng.lognormal(0, 1.1)))
        kind = rng.random()
        incident = Incident(draw, f"Elevated errors on {chosen[0].name}: {phrase(draw)}", impact, at, at, chosen)
        if kind < troubles.retro:  # stated afterwards, with its beginning in the past
            incident.posted, incident.started = at + lasting + int(rng.integers(600, 2 * DAY)), at
            incident.updates = [Update(incident.posted, "resolved", incident.posted if draw % 2 else at + lasting)]
        elif kind < troubles.retro + troubles.brief:  # opened and resolved in the same second
            incident.updates = [Update(at, "investigating", at), Update(at, "resolved", at)]
        elif kind > 1 - troubles.endless:  # never resolved on the page
            incident.updates = [Update(at, "investigating", at)]
        else:
            incident.updates = list(_course(rng, at, lasting))
            if draw % 100 < troubles.rewritten * 100:
                incident.started = at + lasting // 3
        return incident

    def _maintenance(self, rng: np.random.Generator, at: int) -> Incident:
        begin, end = at + int(rng.integers(1, 6)) * DAY, 0
        end = begin + int(rng.integers(1, 5)) * 1800
        updates = [Update(at, "scheduled", at), Update(begin, "in_progress", begin), Update(end, "completed", end)]
        chosen = (self.components[int(rng.integers(len(self.components)))],)
        return Incident(
            number(self.seed, self.host, at, "m"),
            f"Scheduled maintenance of {chosen[0].name}",
            "maintenance",
            at,
            begin,
            chosen,
            updates,
            True,
        )

    def _suspension(self, rng: np.random.Generator, at: int) -> Incident:
        end = at + int(rng.integers(8, 60)) * DAY
        updates = [Update(at, "identified", at), Update(end, "resolved", end)]
        name = f"Access to {self.components[0].name} suspended in some regions"
        return Incident(number(self.seed, self.host, "suspension"), name, "major", at, at, self.components[:1], updates)

    # What a test may do.

    def post(
        self, name: str, impact: Impact = "major", components: tuple[Component, ...] = (), started: int | None = None
    ) -> Incident:
        """The vendor posts an incident now, perhaps one that began earlier."""
        now = self.clock.now
        draw = number(self.seed, self.host, name, now)
        incident = Incident(
            draw, name, impact, now, now if started is None else started, components or self.components[:1]
        )
        incident.updates = [Update(now, "investigating", now)]
        self._by_hand.append(incident)
        self.clock.revision += 1
        return incident

    def tell(self, incident: Incident, status: str = "resolved", shown_at: int | None = None) -> None:
        """The vendor adds an update now; the page may date it otherwise."""
        now = self.clock.now
        incident.updates.append(Update(now, status, now if shown_at is None else shown_at))
        self.clock.revision += 1


def _minute(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")


def ulid(at: int, *parts: object) -> str:
    """26 letters, the first ten of which are the time."""
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    millis = at * 1000
    head = "".join(letters[millis >> shift & 31] for shift in range(45, -1, -5))
    draws = (number(*parts, half) for half in (1, 2))
    return head + "".join(letters[draw >> shift & 31] for draw in draws for shift in range(0, 40, 5))


def _course(rng: np.random.Generator, at: int, lasting: int) -> list[Update]:
    """From the first post to the resolution, at times with a postmortem."""
    places = sorted(rng.uniform(0.1, 0.9, int(rng.integers(0, 3))).tolist())
    steps = [
        (at, "investigating"),
        *(
            (at + int(lasting * place), status)
            for place, status in zip(places, ("identified", "monitoring"), strict=False)
        ),
    ]
    steps.append((at + lasting, "resolved"))
    if rng.random() < 0.04:
        steps.append((at + lasting + 3 * DAY, "postmortem"))
    return [Update(when, status, when) for when, status in steps]


def _components(seed: int, host: str, wanted: tuple[str, ...]) -> list[Component]:
    """What the catalog names: ids and names (with or without `*` behind); an id goes with the name after it."""
    names = list(
        dict.fromkeys(
            re.sub(r"^\*(?=\W)|(?<=\W)\*$", "Main", word).strip("*")
            for word in wanted
            if not _is_id(word) and not word.startswith("!")
        )
    )
    ids = [word for word in wanted if _is_id(word)]
    named = names or ["API"] * max(1, len(ids))
    return [
        Component(ids[place] if place < len(ids) else token(12, seed, host, name), name)
        for place, name in enumerate([*named, *OTHERS])
    ]


def _is_id(word: str) -> bool:
    return re.fullmatch(r"(?=.*\d)[a-z0-9]{12}|(?=.*\d)[A-Za-z0-9]{20,26}", word) is not None
