"""How a world behaves wherever something may be planted. The manner here is neutral: a test that plants something gives
its world another one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tests.upstream.world import texts
from tests.upstream.world.draws import token
from tests.upstream.world.habits import Habits, habits
from tests.upstream.world.lives import Array, Lives

if TYPE_CHECKING:
    from pipelines.catalog.entries import Family
    from tests.upstream.world.incidents import Troubles
    from tests.upstream.world.models import Life
    from tests.upstream.world.repositories import Repository
    from tests.upstream.world.threads import Thread
    from tests.upstream.world.tracker import Act

STONES = ("opal", "onyx", "agate", "beryl", "topaz", "garnet", "jasper", "zircon")


class Manner:
    """Drawn from the seed, alike in all families, never set to prove or refute a claim. An empty family is nobody's."""

    # Threads.

    def draw_habits(self, seed: int, name: str, family: str) -> Habits:
        """The habits of a repository, or of a place that is none."""
        return habits(seed, name)

    def place_instants(self, repository: "Repository", created: Array, begin: int, end: int) -> Array:
        """When its threads are opened, of instants drawn between two others; ascending."""
        return created

    def get_rate(self, repository: "Repository", day: int) -> float:
        """How many threads come on the day that begins then, against the usual."""
        return 1.0

    def get_answered_share(self, repository: "Repository", created: Array) -> float | Array:
        """The chance that each of its threads is ever answered."""
        return repository.habits.answered_share

    def settle_lives(self, repository: "Repository", drawn: Lives, rng: np.random.Generator) -> Lives:
        """What was drawn, with its ends if they are to be."""
        return drawn

    def find_fix(self, thread: "Thread", closing: "Act") -> "Thread | None":
        """The merged pull request that closed it; asked only where the manner `decides_fixes`."""
        return None

    decides_fixes = False

    def count_hidden(self, thread: "Thread") -> int:
        """How many of its comments the forge counts and shows to nobody."""
        return 0

    def draw_troubles(self, host: str, drawn: "Troubles") -> "Troubles":
        """How a status page reports its incidents."""
        return drawn

    # Words.

    def write_title(self, draw: int, mentions: Sequence[str], mention_share: float, family: str = "") -> str:
        """The title of a question."""
        return texts.title(draw, mentions, mention_share)

    def write_question(
        self, draw: int, repo: str, number: int, mentions: Sequence[str] = (), family: str = "",
        code_share: float = 0.5,
    ) -> str:  # fmt: skip
        """The text of a question."""
        return texts.body(draw, repo, number, mentions, code_share)

    def write_answer(
        self, draw: int, repo: str, number: int, family: str = "", *, is_asker: bool = False,
        code_share: float = 0.5, link_share: float = 0.3,
    ) -> str:  # fmt: skip
        """The text of a comment."""
        return texts.body(draw, repo, number, code_share=code_share, link_share=link_share)

    # Models and offers.

    interfaces = ("/v1/stones", "/v1/gems", "Stones API")
    """An endpoint that ends, the one that replaces it, and a feature that ends."""

    further_models = (4, 24)
    """How many models an organisation has beside the tracked ones: from, and up to but without."""

    def name_model(self, seed: int, organisation: str, place: int, size: int) -> str:
        """The name of an organisation's further model."""
        return f"{token(6, seed, organisation, place).title()}-{size}B"

    def draw_life(self, drawn: "Life", family: str, name: str) -> "Life":
        """A model's parameters."""
        return drawn

    def name_end(self, vendor: str, number: int, size: str, day: str) -> str:
        """The name of a model that ends."""
        return f"{STONES[number % 8]}-{1 + number // 8}-{size}-{day}"

    def name_replacement(self, vendor: str, number: int, size: str) -> str:
        """The name of a model that replaces another."""
        return f"{STONES[number % 8]}-9-{size}"

    def name_offers(self, family: "Family", hub: str | None) -> list[tuple[str, str | None]]:
        """The names in the list of prices, under each of the family's patterns, and the weights that each names."""
        stems = [
            pattern.replace("*", "") + (family.id if pattern.endswith("/*") else "")
            for pattern in family.listed_as or (f"{family.id}/*",)
        ]
        names = [f"{stem}-{suffix}" for stem in stems for suffix in ("mini", "large", "pro", "instruct")]
        return [(name, f"{hub}/{name.partition('/')[2]}" if hub else None) for name in names]

    def set_price(self, dollars: float, family: str) -> float:
        """What a million tokens cost."""
        return dollars

    def list_controls(self, draw: int, family: str) -> list[str]:
        """What a request to the model may set."""
        return ["max_tokens", "temperature", *(["tools"] if draw % 4 else [])]

    def set_package_level(self, name: str, drawn: float) -> float:
        """A package's downloads a day, before growth and noise."""
        return drawn


NEUTRAL = Manner()
