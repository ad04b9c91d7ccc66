"""One subreddit: posts and comments drawn from the seed, brought to light by the clock, changed by hand."""

from dataclasses import dataclass, field

from tests.upstream.world.clock import Clock
from tests.upstream.world.draws import DAY, HOUR, generator, number
from tests.upstream.world.people import MAINTAINERS

POSTS_A_DAY = 0.5
PAST_DAYS, HORIZON_DAYS = 60, 400
FIRST_ID = 90_000_000_000
FIRST_NUMBER = 10_000
"""How many numbers each subreddit has for itself, posts and comments together."""


def code(value: int) -> str:
    """A whole number as Reddit names things: base 36."""
    letters = ""
    while value:
        value, rest = divmod(value, 36)
        letters = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + letters
    return letters


@dataclass(slots=True)
class Comment:
    """A comment; `parent` is another comment's id, or empty. `gone` is deleted or removed."""

    id: str
    at: int
    who: int
    draw: int
    parent: str = ""
    text: str = ""
    gone: str = ""
    is_marked: bool = False
    edited: int = 0
    flair: str = ""


@dataclass(slots=True)
class Post:
    """A post; `vanished`: Reddit does not give it at all any more."""

    id: str
    at: int
    who: int
    draw: int
    is_text: bool
    comments: list[Comment] = field(default_factory=list)
    text: str = ""
    gone: str = ""
    is_locked: bool = False
    vanished: bool = False
    title: str = ""


@dataclass(slots=True)
class Subreddit:
    """All of it. `refusal` is the status with which a private (403) or banned (404) one answers."""

    seed: int
    place: int
    name: str
    clock: Clock
    refusal: int = 0
    _posts: list[Post] = field(default_factory=list)
    _ids: int = 0

    def __post_init__(self) -> None:
        rng, at = generator(self.seed, "subreddit", self.name), float(self.clock.now - PAST_DAYS * DAY)
        while (at := at + rng.exponential(DAY / POSTS_A_DAY)) < self.clock.now + HORIZON_DAYS * DAY:
            post = Post(
                self._next(), int(at), int(rng.integers(60)), int(rng.integers(1 << 62)), bool(rng.random() < 0.8)
            )
            later = int(at)
            for _ in range(int(rng.integers(0, 4))):
                later += int(rng.lognormal(1, 1) * HOUR) + 60
                parent = post.comments[-1].id if post.comments and rng.random() < 0.5 else ""
                post.comments.append(
                    Comment(self._next(), later, int(rng.integers(60)), int(rng.integers(1 << 62)), parent)
                )
            self._posts.append(post)

    def _next(self) -> str:
        self._ids += 1
        return code(FIRST_ID + self.place * 100_000_000 + self._ids * FIRST_NUMBER)

    def posts(self) -> list[Post]:
        """Those that there are now, the newest first."""
        found = [post for post in self._posts if post.at <= self.clock.now and not post.vanished]
        return sorted(found, key=lambda post: (post.at, post.id), reverse=True)

    def find(self, name: str) -> Post | None:
        """One of them."""
        return next((post for post in self.posts() if post.id == name), None)

    # What a test may do.

    def submit(self, who: int = 1, text: str = "", is_text: bool = True, hours_ago: float = 0, title: str = "") -> Post:
        """Somebody posts now, or did some hours ago."""
        post = Post(
            self._next(),
            self.clock.now - int(hours_ago * HOUR),
            who,
            number(self.name, self._ids),
            is_text,
            text=text,
            title=title,
        )
        self._posts.append(post)
        return post

    def reply(self, post: Post, who: int, text: str = "", parent: str = "") -> Comment:
        """Somebody comments now; somebody of the moderators does it as one."""
        comment = Comment(
            self._next(), self.clock.now, who, number(self.name, self._ids), parent, text, is_marked=who >= MAINTAINERS
        )
        post.comments.append(comment)
        return comment
