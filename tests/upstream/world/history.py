"""The commits of one repository's default branch."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.upstream.world.draws import DAY, digest, generator
from tests.upstream.world.people import CODER, DEPENDENCIES, Person

if TYPE_CHECKING:
    from tests.upstream.world.repositories import Repository

SHARE = 0.25
"""Commits for each thread of the tracker at the beginning."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit. `code` is whose account it is, None where the address belongs to none."""

    sha: str
    at: int
    code: int | None


class History:
    """Commits, oldest first."""

    def __init__(self, repository: "Repository") -> None:
        self.repository = repository
        self.commits: list[Commit] = []
        self._draw()

    def _draw(self) -> None:
        repo = self.repository
        rng, span = generator(repo.seed, "history", repo.name), repo.start - repo.created
        size = max(2, round(repo.first_threads * SHARE))
        until = 1 + 400 * DAY / span
        times = sorted(int(repo.created + share * span) for share in rng.random(round(size * until)) * until)
        people = [*(int(code) for code in (*repo.cast.staff[:4], *repo.cast.maintainers[:4])), *range(1, 25)]
        for at in times:
            draw = rng.random()
            code = (
                None
                if draw < 0.08
                else DEPENDENCIES
                if draw < 0.15
                else CODER
                if draw < 0.18
                else int(rng.choice(people))
            )
            self._push(code, at)
            # Unused draws, so that later ones, and so who fixed what in the sample world, do not change.
            if rng.random() < 0.15:
                rng.integers(3)
            if rng.random() < 0.05:
                rng.integers(1, 20 * DAY), rng.integers(8)

    def _push(self, code: int | None, at: int) -> None:
        sha = digest(self.repository.seed, self.repository.name, len(self.commits))
        self.commits.append(Commit(sha, at, code if self.person(code) else None))

    def person(self, code: int | None) -> Person | None:
        """The account, if it is still there."""
        return None if code is None else self.repository.people.person(code)

    def at(self, when: int) -> Commit | None:
        """If it was at an instant."""
        return next((one for one in reversed(self.commits) if one.at <= when), None)
