"""How models end: announced one day, to be shut down another, moved, taken off the page and put back by hand."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from tests.upstream.world.clock import Clock
from tests.upstream.world.draws import generator
from tests.upstream.world.manner import NEUTRAL, Manner

SIZES = ("mini", "small", "large", "pro")
PAST_DAYS, AHEAD_DAYS = 900, 400
GAP_DAYS = 45
"""Days between two announcements, on average."""


@dataclass(frozen=True, slots=True)
class End:
    """The end of one model, endpoint or feature."""

    name: str
    announced_on: date
    shutdown_on: date | None
    kind: str = "exact"
    """exact, not_before, month or unknown."""
    subject: str = "model"
    replacements: tuple[str, ...] = ()
    is_redirect: bool = False
    successor: str = "onyx-9-pro"
    """Where requests are led that still name it."""


class Ends:
    """All ends that one vendor reports, as of now."""

    def __init__(self, seed: int, name: str, clock: Clock, manner: Manner = NEUTRAL) -> None:
        self._manner = manner
        self._seed, self._name, self._clock = seed, name, clock
        self._start = clock.now
        self._changed: dict[str, End] = {}
        self._gone: set[str] = set()

    @cached_property
    def _drawn(self) -> list[End]:
        rng = generator(self._seed, "ends", self._name)
        at = self._day(self._start) - timedelta(days=PAST_DAYS)
        found: list[End] = []
        while at < self._day(self._start) + timedelta(days=AHEAD_DAYS):
            for _ in range(int(rng.integers(1, 4))):
                number = len(found)
                name = self._manner.name_end(self._name, number, SIZES[int(rng.integers(4))], f"{at:%m%d}")
                kind = str(rng.choice(["exact"] * 5 + ["not_before", "month", "unknown"]))
                day = at + timedelta(days=int(rng.integers(20, 400)))
                ends_on = None if kind == "unknown" else day.replace(day=1) if kind == "month" else day
                instead = tuple(
                    self._manner.name_replacement(self._name, number + step, size)
                    for step, size in ((1, "pro"), (2, "mini"))
                )[: int(rng.integers(0, 3))]
                found.append(
                    End(
                        name,
                        at,
                        ends_on,
                        kind,
                        replacements=instead,
                        is_redirect=kind == "exact" and bool(rng.random() < 0.25),
                        successor=self._manner.name_replacement(self._name, 1, "pro"),
                    )
                )
            at += timedelta(days=1 + int(rng.integers(1, 2 * GAP_DAYS)))
        extra = self._day(self._start) - timedelta(days=PAST_DAYS - 1)
        path, onward, feature = self._manner.interfaces
        found.append(End(path, extra, extra + timedelta(days=180), subject="endpoint", replacements=(onward,)))
        found.append(End(feature, extra, extra + timedelta(days=200), subject="feature"))
        return found

    def _day(self, at: int) -> date:
        return datetime.fromtimestamp(at, UTC).date()

    def now(self) -> list[End]:
        """What the page tells now, the newest announcement first."""
        today = self._day(self._clock.now)
        stated = [
            self._changed.get(one.name, one)
            for one in self._drawn
            if one.announced_on <= today and one.name not in self._gone
        ]
        return sorted(stated, key=lambda one: (one.announced_on, one.name), reverse=True)

    def move(self, name: str, days: int) -> End:
        """The promised day of an end is moved."""
        end = next(one for one in self.now() if one.name == name)
        assert end.shutdown_on, f"{name} has no promised day"
        return self.change(replace(end, shutdown_on=end.shutdown_on + timedelta(days=days)))

    def change(self, end: End) -> End:
        """The page says something else of this name from now on."""
        self._changed[end.name] = end
        self._clock.revision += 1
        return end

    def vanish(self, *names: str) -> None:
        """These are taken off the page."""
        self._gone |= set(names)

    def put_back(self, *names: str) -> None:
        """These are on the page again."""
        self._gone -= set(names)
