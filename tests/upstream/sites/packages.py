"""Downloads of packages as pypistats tells them: 180 days up to yesterday, with and without mirrors."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from tests.upstream.messages import Request, Response, json_answer, text_answer
from tests.upstream.quota import Quota
from tests.upstream.world.clock import Clock
from tests.upstream.world.draws import generator, mixed, number
from tests.upstream.world.manner import NEUTRAL, Manner

DAYS = 180
WEEKEND = 0.55
"""Builds rest at the weekend, but not all."""


class Packages:
    """Answers for the packages that are named, whatever letters and dashes they are asked for by."""

    def __init__(self, seed: int, names: Iterable[str], clock: Clock, quota: Quota, manner: Manner = NEUTRAL) -> None:
        self._manner = manner
        self._seed, self._clock, self._quota = seed, clock, quota
        self._names = {_plain(name) for name in names}

    def answer(self, request: Request) -> Response:
        """Answers a GET, within what an address may ask a minute."""
        found = re.fullmatch(r"/api/packages/([^/]+)/overall", request.path)
        if found is None or _plain(found[1]) not in self._names:
            return text_answer("<!DOCTYPE html><h1>404</h1>", "text/html; charset=utf-8", 404)
        if not self._quota.spend(""):
            return text_answer("RATE LIMIT EXCEEDED", "text/html; charset=utf-8", 429)
        name = _plain(found[1])
        wanted = {"true": ["with_mirrors"], "false": ["without_mirrors"]}.get(request.query.get("mirrors", ""))
        data = [
            {"category": category, "date": day.isoformat(), "downloads": self.downloads(name, day, category)}
            for category in wanted or ["with_mirrors", "without_mirrors"]
            for day in self.days()
        ]
        return json_answer({"data": data, "package": name, "type": "overall_downloads"})

    def days(self) -> list[date]:
        """The days of which it tells, the last one yesterday."""
        today = datetime.fromtimestamp(self._clock.now, UTC).date()
        return [today - timedelta(days=back) for back in range(DAYS, 0, -1)]

    def downloads(self, name: str, day: date, category: str = "without_mirrors") -> int:
        """How many on a day: growing, fewer at the weekend, never twice alike."""
        rng = generator(self._seed, "package", name)
        drawn, growth = 2000 * float(rng.lognormal(3, 1.2)), float(rng.uniform(0.999, 1.004))
        level = self._manner.set_package_level(name, drawn)
        noise = 0.9 + mixed(number(self._seed, name), day.toordinal()) % 1000 / 5000
        count = (
            level
            * growth ** (day.toordinal() - date(2026, 1, 1).toordinal())
            * noise
            * (WEEKEND if day.weekday() > 4 else 1)
        )
        return int(count * (1.04 if category == "with_mirrors" else 1))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
