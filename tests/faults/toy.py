"""A small upstream that moves and fails on demand, behind the real collector: the downloads of three packages."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import Catalog
from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http.errors import AllowanceSpent, BudgetSpent, Fatal, Retriable, TokenRefused, Unreachable
from tests.upstream.catalogs import families_of

START = datetime(2026, 11, 1, 6, tzinfo=UTC)
PACKAGES = ("one", "two", "three")
DAYS = 8
PAGE = 2
"""Rows of a page: several pages a visit, so that it can end between any two."""
CHANNELS = tuple(Channel(source="packages", target=name, role="packages", family=name) for name in PACKAGES)
DEEP: Any = []
for _ in range(2_000):
    DEEP = [DEEP]
POISON: dict[str, Any] = {
    "NaN": float("nan"), "infinity": float("inf"), "1e300": 1e300, "10^30": 10**30, "2^63": 2**63, "10^400": 10**400,
    "-2^70": -(2**70), "half a character": "half \ud800", "NUL": "\x00", "a word": "many", "5,000 digits": "9" * 5_000,
    "a list": [], "an object": {"downloads": 7}, "2,000 levels": DEEP, "true": True, "NaN as text": "NaN",
    "1e400 as text": "1e400",
}  # fmt: skip
"""What no number of downloads can be."""
ENDS: dict[str, type[Exception]] = {
    "budget": BudgetSpent, "allowance": AllowanceSpent, "retriable": Retriable, "fatal": Fatal,
    "token": TokenRefused, "unreachable": Unreachable, "bug": ZeroDivisionError,
}  # fmt: skip
"""How a visit may end before its last page."""


@dataclass
class Toy:
    """The upstream: what each package has for each day, and since which revision."""

    revision: int = 0
    days: dict[str, dict[int, tuple[int, Any]]] = field(default_factory=lambda: {name: {} for name in PACKAGES})
    ends: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By package: after how many pages the next visit ends, and how."""

    def change(self, package: str, day: int, value: int | str) -> None:
        """A day's figure appears or is put right, or is poison of this name."""
        self.revision += 1
        self.days[package][day] = (self.revision, POISON.get(value, value) if isinstance(value, str) else value)

    def as_source(self) -> ModuleType:
        """The upstream as the module of a source."""
        module = ModuleType("packages")
        streams = {"downloads": Stream(resumable=True)}
        module.__dict__.update(STREAMS=streams, downloads=self._downloads)
        return module

    def _downloads(self, visit: Visit) -> Iterator[Page]:
        package, after = visit.channel.target, visit.cursor.get("after", 0)
        news = sorted((revision, day, value) for day, (revision, value) in self._list(package) if revision > after)
        pages, (most, end) = [news[n : n + PAGE] for n in range(0, len(news), PAGE)], self.ends.get(package, (99, ""))
        for number, page in enumerate(pages):
            if number == most:
                self._end(end)
            visit.budget.spend()
            rows = [Row(_day(day), START + timedelta(seconds=revision), self._body(package, day, value))
                    for revision, day, value in page]  # fmt: skip
            yield Page(rows, {"after": page[-1][0]}, expected=len(news))
        if most >= len(pages) and end:
            self._end(end)
        if not pages:
            yield Page([], {"after": after}, is_unchanged=True)

    def _end(self, how: str) -> None:
        raise ENDS[how]("asked to")

    def _list(self, package: str) -> list[tuple[int, tuple[int, Any]]]:
        return [(day, state) for day, state in self.days[package].items()]

    def _body(self, package: str, day: int, value: Any) -> dict[str, Any]:
        return {"package": package, "day_on": _day(day), "downloads": value}

    def list_known(self) -> set[tuple[str, str, int]]:
        """What is to be held in the end: package, day and figure, if that can be one."""
        return {
            (package, _day(day), value)
            for package, days in self.days.items()
            for day, (_, value) in days.items()
            if type(value) is int and abs(value) < 2**53
        }

    def list_odd(self) -> set[tuple[str, str]]:
        """Days whose figure is none at present."""
        known = {(package, day) for package, day, _ in self.list_known()}
        return {(package, _day(day)) for package, days in self.days.items() for day in days} - known


def _day(day: int) -> str:
    return f"2026-10-{day + 1:02d}"


def make_catalog() -> Catalog:
    """A family for each package."""
    return families_of(CHANNELS)
