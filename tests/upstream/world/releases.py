"""Versions that come out over time: one stream for a repository, seen in its releases, its feed and its changelog."""

from dataclasses import dataclass
from functools import cached_property

from tests.upstream.world.draws import DAY, generator, mixed, number
from tests.upstream.world.texts import phrase

SECTIONS = ("Features", "Bug Fixes", "Performance Improvements", "Chores", "Documentation", "Refactors", "Build System")
LONGEST_GAP = 8.0
"""Times the usual gap."""
BREAKING = "⚠ BREAKING CHANGES"


@dataclass(frozen=True, slots=True)
class Release:
    """One version."""

    version: str
    at: int
    is_prerelease: bool
    is_breaking: bool
    draw: int

    @property
    def tag(self) -> str:
        """The tag's name."""
        return f"v{self.version}"

    def sections(self) -> dict[str, list[str]]:
        """What changed, by heading, in the order of a release-please changelog."""
        found: dict[str, list[str]] = {BREAKING: [phrase(mixed(self.draw, 99))]} if self.is_breaking else {}
        for place, name in enumerate(SECTIONS):
            lines = (
                mixed(self.draw, place) % (4, 4, 1, 3, 2, 2, 1)[place] if place != 1 else 1 + mixed(self.draw, 1) % 3
            )
            if lines:
                found[name] = [phrase(mixed(self.draw, place, line)) for line in range(lines)]
        return found


class Releases:
    """All releases of one name, oldest first, far enough into the future."""

    def __init__(self, seed: int, name: str, start: int, end: int, gap_days: float) -> None:
        self._seed, self._name, self._start, self._end, self._gap = seed, name, start, end, gap_days
        self._by_hand: list[Release] = []

    @cached_property
    def _drawn(self) -> list[Release]:
        rng = generator(self._seed, "releases", self._name)
        at, version, found = self._start, [0, 1, 0], []
        while at < self._end:
            draw = rng.random()
            is_breaking = bool(draw < 0.03)
            version = (
                [version[0] + 1, 0, 0]
                if is_breaking
                else [version[0], version[1] + 1, 0]
                if draw < 0.4
                else [*version[:2], version[2] + 1]
            )
            is_prerelease = bool(draw > 0.96)
            text = ".".join(map(str, version)) + ("-rc.1" if is_prerelease else "")
            found.append(Release(text, at, is_prerelease, is_breaking, number(self._seed, self._name, at)))
            at += int(min(rng.lognormal(0, 1.1), LONGEST_GAP) * self._gap * DAY) + 600
        return found

    def until(self, now: int) -> list[Release]:
        """What is out by now, newest first."""
        out = [one for one in [*self._drawn, *self._by_hand] if one.at <= now]
        return sorted(out, key=lambda one: one.at, reverse=True)

    def add(self, version: str, at: int, *, is_prerelease: bool = False, is_breaking: bool = False) -> Release:
        """Publishes a version by hand."""
        release = Release(version, at, is_prerelease, is_breaking, number(self._seed, self._name, version))
        self._by_hand.append(release)
        return release
