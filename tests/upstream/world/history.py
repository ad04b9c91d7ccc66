"""The commits of one repository's default branch: a graph, and where its head stood when."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.upstream.world.draws import DAY, HOUR, digest, generator
from tests.upstream.world.people import CODER, DEPENDENCIES, Person

if TYPE_CHECKING:
    from tests.upstream.world.repositories import Repository

UNLINKED = ("Someone@Example.org", "dev@corp.example", "root@localhost")
"""Addresses that no account has."""
TRAILERS = (
    "Co-authored-by: A Friend <friend@example.org>",
    "Co-Authored-By: Claude <noreply@anthropic.com>",
    "co-authored-by: Someone <12345+quiet-ant-7@users.noreply.github.com>",
)
SHARE = 0.25
"""Commits for each thread of the tracker at the beginning."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit. `code` is whose account it is, None where the address belongs to none."""

    sha: str
    at: int
    """When it was committed; the branch may have got it much later."""
    parents: tuple[str, ...]
    code: int | None
    email: str
    message: str


class History:
    """Commits by hash, and the moves of the head, oldest first."""

    def __init__(self, repository: "Repository") -> None:
        self.repository = repository
        self.commits: dict[str, Commit] = {}
        self.moves: list[tuple[int, str]] = []
        self.gone: set[str] = set()
        """Hashes that the forge does not know any more."""
        self._reach: dict[str, dict[str, int]] = {}
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
            trailer = TRAILERS[int(rng.integers(3))] if rng.random() < 0.15 else ""
            side = (
                self._side(at - int(rng.integers(1, 20 * DAY)), people[int(rng.integers(8))])
                if rng.random() < 0.05
                else ()
            )
            self.push(code, trailer, at, side)

    def _side(self, at: int, code: int) -> tuple[str, ...]:
        """A branch off the head, dated before its merge."""
        made = self._make(code, "", at, (self.moves[-1][1],) if self.moves else ())
        return (made.sha,)

    def _make(self, code: int | None, trailer: str, at: int, parents: tuple[str, ...]) -> Commit:
        repo, place = self.repository, len(self.commits)
        person = self.person(code)
        email = (
            f"{person.id}+{person.rest_login}@users.noreply.github.com" if person else UNLINKED[place % len(UNLINKED)]
        )
        sha = digest(repo.seed, repo.name, place)
        self.commits[sha] = Commit(
            sha, at, parents, code if person else None, email, f"Change {place}\n\n{trailer}".strip()
        )
        return self.commits[sha]

    def knows(self, sha: str) -> bool:
        """Whether the forge has a commit."""
        return sha in self.commits and sha not in self.gone

    def person(self, code: int | None) -> Person | None:
        """The account, where it is still there."""
        return None if code is None else self.repository.people.person(code)

    @property
    def head(self) -> str | None:
        """Where the branch stands now."""
        found = self.at(self.repository.clock.now)
        return found.sha if found else None

    def at(self, when: int) -> Commit | None:
        """Where it stood at an instant."""
        return next((self.commits[sha] for at, sha in reversed(self.moves) if at <= when), None)

    def reached(self, sha: str) -> dict[str, int]:
        """Hashes of all that a commit stands upon, itself included, with how far away each is."""
        if sha not in self._reach:
            found, left = dict[str, int](), [(sha, 0)]
            while left:
                one, far = left.pop()
                if one not in found:
                    found[one] = far
                    left += [(parent, far + 1) for parent in self.commits[one].parents]
            self._reach = dict([*self._reach.items()][-7:]) | {sha: found}
        return self._reach[sha]

    def log(self, sha: str, since: int = 0, without: str | None = None) -> list[Commit]:
        """What a commit stands upon, newest first by date, as `git log` has it; `without` what another one stands
        upon."""
        known = dict(self.reached(without)) if without else {}
        order = {sha: place for place, sha in enumerate(self.commits)}
        found = [self.commits[one] for one in self.reached(sha) if one not in known and self.commits[one].at >= since]
        return sorted(found, key=lambda one: (one.at, order[one.sha]), reverse=True)

    # What a test may do.

    def push(
        self, code: int | None = 1, trailer: str = "", at: int | None = None, side: tuple[str, ...] = ()
    ) -> Commit:
        """A commit on the head, or the merge of a branch into it, now."""
        when = self.repository.clock.now if at is None else at
        if at is None:
            self.moves = [move for move in self.moves if move[0] <= when]
        made = self._make(code, trailer, when, ((self.moves[-1][1],) if self.moves else ()) + side)
        self.moves.append((when, made.sha))
        self.repository.clock.revision += 1
        return made

    def merge_old(self, days: int) -> list[Commit]:
        """A branch of commits dated `days` ago is merged now; gives them and the merge."""
        now, side = self.repository.clock.now, list[Commit]()
        root = self.log(self.head or "")[-1].sha
        for step in range(3):
            parents = (side[-1].sha,) if side else (root,)
            side.append(self._make(2, "", now - days * DAY + step * HOUR, parents))
        return [*side, self.push(2, side=(side[-1].sha,))]

    def rewrite(self, drop: int, forget: bool = False) -> None:
        """The branch loses its newest commits and gets others instead, now; with `forget` the forge loses the old ones
        too."""
        old, now = self.head or "", self.repository.clock.now
        back = old
        for _ in range(drop):
            back = self.commits[back].parents[0]
        lost = set(self.reached(old)) - set(self.reached(back))
        self.moves = [(at, sha) for at, sha in self.moves if at <= now] + [(now, back)]
        self.gone |= lost if forget else set()
        self.push(3)
