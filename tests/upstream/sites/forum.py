"""The discussions of one repository: drawn once for all times, seen up to the present, moved by hand."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.upstream.world.draws import DAY, HOUR, generator, mixed, number
from tests.upstream.world.people import HELLO, Person

if TYPE_CHECKING:
    from tests.upstream.world.repositories import Repository

FIRST_NUMBER = 1_000_000
"""The real forge numbers discussions together with issues; here they have numbers of their own, far above."""
CATEGORIES = (("Q&A", True), ("General", False), ("Ideas", False), ("Help", True))
REASONS = ("RESOLVED", "OUTDATED", "DUPLICATE")
SHARE = 0.05
"""Discussions for each thread of the tracker at the beginning."""


@dataclass(slots=True)
class Saying:
    """A comment, or a reply to one."""

    id: int
    at: int
    code: int
    body: str = ""
    edited: int | None = None
    deleted: int | None = None
    hidden: str = ""
    replies: list["Saying"] = field(default_factory=list)


@dataclass(slots=True)
class Talk:
    """One discussion with its whole life; what is in the future is not shown."""

    number: int
    at: int
    code: int
    category: tuple[str, bool]
    sayings: list[Saying] = field(default_factory=list)
    answer: tuple[int, int] | None = None
    """Which saying was chosen as the answer, and when."""
    closed: tuple[int, str] | None = None
    touched: list[int] = field(default_factory=list)
    title: str = ""
    is_deleted: bool = False

    def all(self) -> list[Saying]:
        """Comments and replies."""
        return [one for comment in self.sayings for one in (comment, *comment.replies)]


class Forum:
    """All discussions of a repository."""

    def __init__(self, repository: "Repository") -> None:
        self.repository = repository
        self.talks = [self._draw(place, at) for place, at in enumerate(self._instants())]
        self._ids = sum(len(one.all()) for one in self.talks)

    def _instants(self) -> list[int]:
        repo = self.repository
        rng, span = generator(repo.seed, "forum", repo.name), repo.start - repo.created
        size = max(2, round(repo.first_threads * SHARE))
        until = 1 + 400 * DAY / span
        return sorted(int(repo.created + share * span) for share in rng.random(round(size * until)) * until)

    def _draw(self, place: int, at: int) -> Talk:
        repo = self.repository
        rng, draw = generator(repo.seed, "talk", repo.name, place), mixed(repo.seed, place, repo.id)
        people = [*(int(code) for code in (*repo.cast.staff[:3], *repo.cast.maintainers[:3])), *range(1, 30)]
        talk = Talk(FIRST_NUMBER + place, at, int(rng.integers(1, 200)), CATEGORIES[draw % 4])
        when, size = at, int(rng.integers(0, 5)) if draw % 41 else 12
        for _ in range(size):
            when += int(HOUR * rng.lognormal(1, 1.5)) + 60
            talk.sayings.append(self._said(when, HELLO if rng.random() < 0.05 else int(rng.choice(people))))
            replies = int(rng.integers(0, 3)) if rng.random() < 0.5 else 0
            for _ in range(replies if draw % 53 or len(talk.sayings) > 1 else 25):
                when += int(HOUR * rng.lognormal(0, 1)) + 60
                talk.sayings[-1].replies.append(
                    self._said(when, talk.code if rng.random() < 0.4 else int(rng.choice(people)))
                )
        if talk.category[1] and talk.sayings and rng.random() < 0.6:
            talk.answer = (int(rng.integers(len(talk.all()))), when + 3600)
            talk.answer = (talk.all()[talk.answer[0]].id, talk.answer[1])
        if rng.random() < 0.2:
            talk.closed = (when + 2 * DAY, REASONS[draw // 7 % 3])
        return talk

    def _said(self, at: int, code: int) -> Saying:
        repo = self.repository
        return Saying(number(repo.seed, repo.name, "saying", at, code) % 2**40, at, code)

    @property
    def now(self) -> int:
        """The present."""
        return self.repository.clock.now

    def person(self, code: int) -> Person | None:
        """An account, if it is still there."""
        return self.repository.people.person(code)

    def newest_first(self, by_update: bool = True) -> list[tuple[int, Talk]]:
        """What may be seen now, with its place in the order."""
        seen = (
            [one for one in self.talks if one.at <= self.now and not one.is_deleted]
            if self.repository.has_discussions
            else []
        )
        return sorted(
            ((self.updated(one) if by_update else one.at, one) for one in seen),
            key=lambda pair: (pair[0], pair[1].number),
        )[::-1]

    def updated(self, talk: Talk) -> int:
        """When it last changed, as far as may be seen."""
        ends = [
            talk.at,
            *talk.touched,
            *([talk.answer[1]] if talk.answer else []),
            *([talk.closed[0]] if talk.closed else []),
        ]
        said = [at for one in talk.all() for at in (one.at, one.edited, one.deleted) if at]
        return max(at for at in (*ends, *said) if at <= self.now)

    def seen(self, sayings: list[Saying]) -> list[Saying]:
        """Those that are written by now; a deleted one is there as long as it has replies."""
        written = [one for one in sayings if one.at <= self.now]
        return [one for one in written if one.deleted is None or one.deleted > self.now or self.seen(one.replies)]

    def title(self, talk: Talk) -> str:
        """Its title."""
        repo = self.repository
        return talk.title or repo.manner.write_title(
            mixed(repo.seed, talk.number, repo.id), repo.mentions, repo.mention_share, repo.family
        )

    def body(self, talk: Talk, saying: Saying | None = None) -> str:
        """The opening text, or that of a comment."""
        repo, draw = self.repository, mixed(self.repository.seed, talk.number, saying.id if saying else 0)
        if saying and saying.deleted and saying.deleted <= self.now:
            return ""
        place = 1 + talk.number - FIRST_NUMBER
        if saying is None:
            return repo.manner.write_question(draw, repo.name, place, family=repo.family, code_share=0.3)
        is_asker = saying.code == talk.code
        return saying.body or repo.manner.write_answer(
            draw, repo.name, place, repo.family, is_asker=is_asker, code_share=0.3, link_share=0.2
        )

    # What a test may do.

    def find(self, wanted: int) -> Talk:
        """A discussion by its number."""
        return next(one for one in self.talks if one.number == wanted)

    def open(self, title: str = "", code: int = 1, category: int = 0) -> Talk:
        """Somebody opens a discussion now."""
        talk = Talk(2 * FIRST_NUMBER + len(self.talks), self.now, code, CATEGORIES[category], title=title)
        self.talks.append(talk)
        self.repository.clock.revision += 1
        return talk

    def say(self, talk: Talk, code: int = 2, body: str = "", to: Saying | None = None) -> Saying:
        """Somebody comments now, or replies to a comment."""
        self._ids += 1
        saying = Saying(2**41 + self._ids, self.now, code, body)
        (to.replies if to else talk.sayings).append(saying)
        self.repository.clock.revision += 1
        return saying

    def choose(self, talk: Talk, saying: Saying) -> None:
        """A comment is chosen as the answer now."""
        talk.answer = (saying.id, self.now)
        self.repository.clock.revision += 1

    def touch(self, talk: Talk, title: str = "") -> None:
        """It changes without a comment."""
        talk.title = title or talk.title
        talk.touched.append(self.now)
        self.repository.clock.revision += 1

    def delete(self, talk: Talk, saying: Saying | None = None) -> None:
        """It is gone, or one of its comments."""
        talk.is_deleted = talk.is_deleted or saying is None
        if saying:
            saying.deleted = self.now
        self.repository.clock.revision += 1
