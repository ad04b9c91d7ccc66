"""The hub's models: created one day, downloaded every day since, derived from by others."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from tests.upstream.sites.hub_boards import Board
from tests.upstream.world.clock import Clock
from tests.upstream.world.draws import DAY, generator, number
from tests.upstream.world.lives import Array
from tests.upstream.world.manner import NEUTRAL, Manner

LICENCES = ("apache-2.0", "mit", "llama3.3", "gemma", "cc-by-nc-4.0", "other")
RELATIONS = ("finetune", "adapter", "quantized", "merge")
PRECISIONS = ("BF16", "F16", "F32", "F8_E4M3")
PROVIDERS = ("together", "fireworks-ai", "groq", "novita", "nebius", "hf-inference")
HORIZON_DAYS = 800
SPACES_TOLD = 100


@dataclass(slots=True)
class Life:
    """A model's drawn parameters."""

    created: int
    a_day: float
    fade_days: float
    """In how many days new interest falls to a third."""
    floor: float
    parameters: int
    likes_a_day: float
    children_a_day: dict[str, float]
    licence: str
    gated: str
    precision: str
    is_answered: bool = True
    """Whether anybody replies to its discussions."""


@dataclass
class Model:
    """A model of an organisation. `gone` is the status once it is not public any more."""

    name: str
    clock: Clock
    seed: int
    life: Life
    born: str
    """Its first name, on which all draws depend."""
    base: str = ""
    relation: str = ""
    gone: int = 0
    is_private: bool = False
    former: list[str] = field(default_factory=list)

    @property
    def object_id(self) -> str:
        """The id that outlives renaming: 24 hexadecimal digits."""
        return f"{number(self.seed, 'model', self.born):024x}"

    @cached_property
    def board(self) -> Board:
        """What is discussed of it."""
        return Board(self.seed, self.born, self.clock, self.life.created, is_answered=self.life.is_answered)

    @property
    def providers(self) -> dict[str, str]:
        """Who serves it through the hub, in which state."""
        return {
            name: "live" if number(self.born, name) % 5 else "staging"
            for name in PROVIDERS
            if number(self.seed, self.born, name) % 3 == 0
        }

    @property
    def spaces(self) -> list[str]:
        """Spaces that use it, as many as the hub names."""
        return [f"space-{n}/demo" for n in range(min(self.likes, SPACES_TOLD))]

    @cached_property
    def _daily(self) -> Array:
        """Downloads of each day since creation, far enough into the future."""
        rng, life = generator(self.seed, "downloads", self.born), self.life
        days = np.arange((self.clock.now - life.created) // DAY + HORIZON_DAYS)
        level = life.floor + (1 - life.floor) * np.exp(-days / life.fade_days)
        week = np.where((life.created // DAY + days + 4) % 7 % 6 == 0, 0.7, 1.1)
        daily: Array = (life.a_day * level * week * rng.lognormal(0, 0.25, len(days))).astype(np.int64)
        return daily

    def _days(self) -> int:
        """Whole days counted by now: the hub counts once a day."""
        return max(0, (self.clock.now // DAY) - self.life.created // DAY)

    @property
    def is_visible(self) -> bool:
        """Whether it has been created."""
        return self.life.created <= self.clock.now

    @property
    def downloads(self) -> int:
        """Of the last 30 days."""
        days = self._days()
        return int(self._daily[max(0, days - 30) : days].sum())

    @property
    def downloads_all_time(self) -> int:
        """Since creation."""
        return int(self._daily[: self._days()].sum())

    @property
    def likes(self) -> int:
        """Likes now."""
        return int(self.life.likes_a_day * (self.clock.now - self.life.created) / DAY)

    @property
    def children(self) -> dict[str, int]:
        """Derivatives now, by relation."""
        days = max(0.0, (self.clock.now - self.life.created) / DAY)
        return {relation: int(rate * days**0.8) for relation, rate in self.life.children_a_day.items()}

    @property
    def modified(self) -> int:
        """When its files last changed."""
        steps = (self.clock.now - self.life.created) // (47 * DAY)
        return self.life.created + max(0, steps) * 40 * DAY + 3600

    def rename(self, name: str) -> None:
        """It has a new name; the old one leads there."""
        self.former.append(self.name)
        self.name = name


def model(
    seed: int, name: str, clock: Clock, *, is_tracked: bool, base: str = "", relation: str = "",
    manner: Manner = NEUTRAL, family: str = "",
) -> Model:  # fmt: skip
    """A model of this name in the world of this seed."""
    rng = generator(seed, "model", name)
    size = 1.4 if is_tracked else 0.2
    rates = {one: float(rng.lognormal(-1.5, 1)) * size for one in RELATIONS}
    life = Life(
        created=clock.now - int(rng.uniform(20, 700) * DAY), a_day=float(rng.lognormal(7.5, 1.4)) * size,
        fade_days=float(rng.uniform(60, 400)),
        floor=float(rng.uniform(0.1, 0.7)), parameters=int(rng.lognormal(23, 1.2)),
        likes_a_day=float(rng.lognormal(0, 0.8)),
        children_a_day=rates, licence=str(rng.choice(LICENCES)), gated=str(rng.choice(["no", "no", "auto", "manual"])),
        precision=str(rng.choice(PRECISIONS)),
    )  # fmt: skip
    return Model(name, clock, seed, manner.draw_life(life, family, name), name, base, relation)


def organisation(
    seed: int, name: str, tracked: tuple[str, ...], clock: Clock, manner: Manner = NEUTRAL, family: str = ""
) -> list[Model]:
    """The models of one organisation: the tracked ones and some more, a part of them derived from the others."""
    rng = generator(seed, "organisation", name)
    models = [model(seed, one, clock, is_tracked=True, manner=manner, family=family) for one in tracked]
    for _ in range(int(rng.integers(*manner.further_models))):
        base, relation = (
            (str(rng.choice([one.name for one in models])), str(rng.choice(RELATIONS)))
            if models and rng.random() < 0.5
            else ("", "")
        )
        other = f"{name}/{manner.name_model(seed, name, len(models), int(rng.integers(1, 120)))}"
        models.append(
            model(seed, other, clock, is_tracked=False, base=base, relation=relation, manner=manner, family=family)
        )
    return models
