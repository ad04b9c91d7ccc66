"""The discussions of one model of the hub: drawn talk by talk from the seed, brought to light by the clock, changed by
hand."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.upstream.world.clock import Clock
from tests.upstream.world.draws import DAY, HOUR, generator, number
from tests.upstream.world.people import MAINTAINERS, STAFF

TALKS_A_DAY = 1 / 150
HORIZON_DAYS = 800
OUTSIDERS, INSIDERS = 60, 6


@dataclass(slots=True)
class Post:
    """A comment; the first of a talk is the question itself."""

    at: int
    who: int
    id: str
    draw: int
    text: str = ""
    hidden_reason: str = ""
    edited_at: int = 0


@dataclass(slots=True)
class Act:
    """Any other event; `word` is the new status, or the type of an event that carries none."""

    at: int
    who: int
    id: str
    word: str


@dataclass(slots=True)
class Talk:
    """A discussion or pull request."""

    num: int
    created: int
    who: int
    is_pull: bool
    draw: int
    posts: list[Post]
    acts: list[Act]
    title: str = ""
    is_pinned: bool = False
    is_locked: bool = False
    is_report: bool = False

    def status(self, now: int) -> str:
        """Its state at an instant."""
        return next(
            (act.word for act in reversed(self.acts) if act.at <= now and act.word in ("open", "closed", "merged")),
            "open",
        )


@dataclass(slots=True)
class Board:
    """All talks of a model. `refusal` is the status with which discussions that are switched off answer."""

    seed: int
    name: str
    clock: Clock
    begun: int
    page: int = 50
    refusal: int = 0
    is_opening_counted: bool = True
    """Whether the number of comments in the list holds the question itself."""
    is_answered: bool = True
    _talks: list[Talk] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._talks = list(self._draw())

    def talks(self) -> list[Talk]:
        """Those that there are now, by number."""
        return [talk for talk in self._talks if talk.created <= self.clock.now]

    def talk(self, num: int) -> Talk | None:
        """One of them."""
        return next((talk for talk in self.talks() if talk.num == num), None)

    def _draw(self) -> Iterator[Talk]:
        rng, at, num = generator(self.seed, "board", self.name), float(self.begun), 0
        while (at := at + rng.exponential(DAY / TALKS_A_DAY)) < self.clock.now + HORIZON_DAYS * DAY:
            num += 1
            yield self._drawn(num, int(at))

    def _drawn(self, num: int, at: int) -> Talk:
        rng = generator(self.seed, "talk", self.name, num)
        asker, is_pull = int(OUTSIDERS * rng.random() ** 2), rng.random() < 0.2
        posts, acts = [self._post(num, at, asker, int(rng.integers(1 << 62)))], list[Act]()
        later = at
        replies = int(rng.choice([0, 1, 2, 4], p=[0.3, 0.35, 0.2, 0.15]))
        for _ in range(replies if self.is_answered else 0):
            later += int(rng.lognormal(2.5, 1.5) * HOUR) + 60
            kind = rng.random()
            who = (
                STAFF + num % INSIDERS
                if kind < 0.4
                else MAINTAINERS
                if kind < 0.5
                else asker
                if kind < 0.6
                else int(OUTSIDERS * kind)
            )
            posts.append(self._post(num, later, who, int(rng.integers(1 << 62))))
        if rng.random() < 0.4:
            word = "merged" if is_pull else "closed"
            acts.append(self._act(num, later + DAY, asker if rng.random() < 0.5 else STAFF, word))
        return Talk(num, at, asker, is_pull, int(rng.integers(1 << 62)), posts, acts)

    def _id(self, num: int, at: int, who: int) -> str:
        return f"{number(self.seed, self.name, num, at, who):024x}"

    def _post(self, num: int, at: int, who: int, draw: int) -> Post:
        return Post(at, who, self._id(num, at, who), draw)

    def _act(self, num: int, at: int, who: int, word: str) -> Act:
        return Act(at, who, self._id(num, at, who + 1), word)

    # What a test may do, at this very instant unless it says when.

    def open(self, title: str = "", text: str = "", who: int = 1, is_pull: bool = False, days_ago: float = 0) -> Talk:
        """Somebody opens a talk; what the clock has not brought yet is forgotten."""
        self._talks = self.talks()
        num = max((talk.num for talk in self._talks), default=0) + 1
        at = self.clock.now - int(days_ago * DAY)
        talk = Talk(num, at, who, is_pull, number(self.name, num, "hand"), [self._post(num, at, who, num)], [], title)
        talk.posts[0].text = text
        self._talks.append(talk)
        return talk

    def comment(self, num: int, who: int, text: str = "") -> Post:
        """Somebody replies."""
        talk = self._told(num)
        post = self._post(num, self.clock.now + len(talk.posts), who, self.clock.now)
        post.at, post.text = self.clock.now, text
        talk.posts = [*[one for one in talk.posts if one.at <= self.clock.now], post]
        return post

    def act(self, num: int, who: int, word: str) -> None:
        """Somebody closes or reopens it, or does anything else that makes an event."""
        self._told(num).acts.append(self._act(num, self.clock.now, who, word))

    def delete(self, num: int) -> None:
        """It is gone, and its number is not given again."""
        self._talks.remove(self._told(num))

    def _told(self, num: int) -> Talk:
        found = self.talk(num)
        if found is None:
            raise LookupError(f"{self.name} has no discussion {num}")
        return found
