"""The one world behind all the upstreams: made from a catalog and a seed, moved by hand."""

from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np

from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import SHARED, Catalog
from tests.upstream.world.clock import Clock
from tests.upstream.world.draws import DAY, HOUR, generator
from tests.upstream.world.incidents import Page
from tests.upstream.world.manner import NEUTRAL, Manner
from tests.upstream.world.models import Model, organisation
from tests.upstream.world.people import People
from tests.upstream.world.releases import Releases
from tests.upstream.world.repositories import Repository, repository

HORIZON_DAYS = 400
"""Releases and incidents are drawn this far ahead of the beginning."""


class World:
    """Repositories, models, pages and people. All depends on catalog, seed and size alone; threads are drawn when first
    asked for."""

    def __init__(self, catalog: Catalog, seed: int, threads: int, now: datetime, manner: Manner = NEUTRAL) -> None:
        self.manner = manner
        self.catalog, self.seed, self.threads = catalog, seed, threads
        self.clock = Clock(now.astimezone(UTC))
        self.start = self.clock.at()
        channels = [channel for channel in catalog.channels if channel.source == "github"]
        hinted = tuple(sorted({login for channel in channels for login in channel.staff}))
        self.people = People(seed, max(60, threads // 2), hinted)
        self.repositories = self._repositories(channels)
        self.organisations = self._organisations()
        self.pages = self._pages()
        self._further: dict[str, Releases] = {}

    def _repositories(self, channels: list[Channel]) -> list[Repository]:
        by_name: dict[str, list[Channel]] = {}
        for channel in channels:
            by_name.setdefault(channel.target.lower(), []).append(channel)
        made = [self._repository(place, by_name[name]) for place, name in enumerate(sorted(by_name))]
        weights = np.array([one.habits.weight for one in made])
        for one, share in zip(made, weights / max(weights.sum(), 1e-9), strict=True):
            one.first_threads = max(2, round(self.threads * float(share)))
        return made

    def _repository(self, place: int, channels: list[Channel]) -> Repository:
        first = channels[0]
        mentions = {family.id: family.mentions for family in self.catalog.families}
        own = mentions.get(first.family)
        named = own or tuple(word for words in mentions.values() for word in words)
        return repository(
            self.seed, first.target, place, self.clock, self.people, is_official=first.official, mentions=named,
            mention_share=0.1 if own else 0.6,
            staff=tuple(sorted({login for channel in channels for login in channel.staff})), start=self.start,
            horizon_days=HORIZON_DAYS, manner=self.manner, family="" if first.family == SHARED else first.family,
        )  # fmt: skip

    def _organisations(self) -> dict[str, list[Model]]:
        tracked: dict[str, dict[str, None]] = {}
        families = {one.target: one.family for one in self.catalog.channels if one.source == "huggingface"}
        for channel in self.catalog.channels:
            if channel.source == "huggingface":
                tracked.setdefault(channel.target, {}).update(dict.fromkeys(channel.models))
        return {
            name: organisation(self.seed, name, tuple(models), self.clock, self.manner, families[name])
            for name, models in tracked.items()
        }

    def _pages(self) -> dict[str, Page]:
        wanted: dict[str, dict[str, None]] = {}
        for channel in self.catalog.channels:
            if channel.source == "status":
                wanted.setdefault(channel.target, {}).update(dict.fromkeys(channel.components))
        return {
            host: Page(self.seed, host, tuple(names), self.clock, int(self.start.timestamp()), self.manner)
            for host, names in wanted.items()
        }

    def releases(self, name: str) -> Releases:
        """The releases of a repository of this name, whether it is among the repositories or not."""
        found = next((one for one in self.repositories if one.name.lower() == name.lower()), None)
        if found is None and name not in self._further:
            begin, drawn = int(self.start.timestamp()), self.manner.draw_habits(self.seed, name.lower(), "")
            past, ahead = begin - drawn.age_days * DAY, begin + HORIZON_DAYS * DAY
            self._further[name] = Releases(self.seed, name.lower(), past, ahead, drawn.release_gap_days)
        return found.releases if found else self._further[name]

    @property
    def now(self) -> datetime:
        """The present instant."""
        return self.clock.at()

    def ready(self, found: Repository) -> Repository:
        """The repository with its threads drawn up to the present."""
        found.grow()
        return found

    def find(self, name: str) -> Repository | None:
        """A repository by its present name or a former one, with its threads; letters' case does not matter."""
        wanted = name.lower()
        for former in (False, True):
            for one in self.repositories:
                if wanted in [word.lower() for word in (one.former if former else [one.name])]:
                    return self.ready(one)
        return None

    def repository(self, name: str) -> Repository:
        """The same, if it must be there. Raises LookupError."""
        found = self.find(name)
        if found is None:
            raise LookupError(f"no repository {name!r} in this world")
        return found

    def models(self) -> Iterable[Model]:
        """All models of all organisations."""
        return [one for models in self.organisations.values() for one in models]

    def find_model(self, name: str) -> Model | None:
        """A model by its present name or a former one."""
        wanted = name.lower()
        found = [one for one in self.models() if one.name.lower() == wanted]
        return next(
            iter(found or [one for one in self.models() if wanted in [word.lower() for word in one.former]]), None
        )

    def model(self, name: str) -> Model:
        """The same, if it must be there. Raises LookupError."""
        found = self.find_model(name)
        if found is None:
            raise LookupError(f"no model {name!r} in this world")
        return found

    def advance(self, hours: float) -> None:
        """Time goes by, and with it all that happens of itself: questions, answers, closings, downloads, releases,
        incidents."""
        if hours < 0:
            raise ValueError("the clock goes forward only")
        self.clock.now += round(hours * HOUR)
        self.clock.revision += 1

    def change(self, share: float = 0.01) -> int:
        """By hand, and at this very instant, a share of all threads of each repository changes; gives how many did."""
        changed = 0
        for one in self.repositories:
            self.ready(one)
            rng = generator(self.seed, "change", one.name, self.clock.revision)
            size = one.tracker.size
            for index in rng.choice(size, max(1, round(size * share)), replace=False).tolist():
                changed += _changed(one, index + 1, rng)
        return changed


def _changed(one: Repository, number: int, rng: np.random.Generator) -> bool:
    """A thread gets an answer, an end or a beginning, a label, or a rewritten answer."""
    if number - 1 in one.tracker.deleted:
        return False
    who, draw = int(rng.choice(one.cast.maintainers)), rng.random()
    comments = one.tracker.comments(number - 1)
    if draw < 0.6:
        one.comment(number, who)
    elif draw < 0.8:
        (one.close if one.tracker.state(number - 1)[0] else one.reopen)(number, who)
    elif draw < 0.9 or not comments:
        one.touch(number)
    else:
        one.edit_comment(number, comments[-1][1], "Rewritten.")
    return True
