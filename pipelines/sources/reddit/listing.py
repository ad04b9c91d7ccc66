"""Lists the new posts of a subreddit, and skips those whose entry in the list cannot be trusted.

A post is asked for by its ID where its entry contradicts the list: an entry of another subreddit, or a time before that
of a post listed below it. Taken at its word, such an entry would hide the post from all later visits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelines.contract import Visit
from pipelines.http.errors import Fatal, SourceError
from pipelines.http.items import describe_shape_error
from pipelines.passed_over import PassedOver
from pipelines.sources.reddit.client import SHAPE_ERRORS, translate_praw_errors
from pipelines.sources.reddit.rows import is_question, read_created
from warehouse.faults import Fault

if TYPE_CHECKING:
    import praw

OVERLAP_SECONDS = 2 * 3600
"""Overlap with the last visit: posts held back for a moderator appear late."""
FULL_LIST = 900
"""Length from which a list counts as cut off by Reddit; a shorter one is complete."""
ROW = "/post"
"""Ends the key of a post whose own row cannot be made; the key of one whose comments cannot be read is its ID."""
STRANGERS = 5
"""Number of posts of other subreddits after which a list without any of this one's is no list of it."""


def name_row(post_id: object) -> str:
    """Names a post's own row among what is skipped."""
    return f"{post_id}{ROW}"


@dataclass(slots=True)
class NewPosts:
    """The text posts of a list created since a floor, newest first."""

    floor: float
    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    newest: int = 0
    """Creation time of the newest post of any kind."""
    is_cut: bool = False
    """True if Reddit cut the list off above the floor."""
    failure: SourceError | None = None
    """What broke the list off before its end; the posts before it are kept, and the next visit reads it again."""
    refused: dict[str, Exception] = field(default_factory=dict)
    """Posts whose entry cannot be trusted, and why."""
    _below: dict[str, int] = field(default_factory=dict)
    """Creation times of the posts below the floor."""

    @property
    def is_over(self) -> bool:
        """True once two posts in a row lie below the floor: a single wrong time must not end the list."""
        return len(self._below) > 1

    def add(self, fields: Mapping[str, Any], created: int, is_wanted: bool) -> None:
        """Adds a post; `is_wanted` also takes one from below the floor."""
        for name in [name for name, time in self._below.items() if time < created]:
            self.refused[name] = Fatal("a post in Reddit's list has a time before that of one listed below it")
            del self._below[name]
        name = str(fields["id"])
        if created >= self.floor:
            self._below.clear()
            self.newest = max(self.newest, created)
        else:
            self._below[name] = created
        if (created >= self.floor or is_wanted) and is_question(fields):
            self.posts[name] = dict(fields)


def list_new_posts(visit: Visit, reddit: "praw.Reddit", floor: float, passed: PassedOver) -> NewPosts:
    """Lists the text posts created since `floor`, and those skipped before wherever they are in the list."""
    new_posts, count, strangers = NewPosts(floor), 0, list[str]()
    for fields in _iterate_list(visit, reddit, new_posts):
        name = str(fields.get("id") or "")
        if not is_of_subreddit(visit, fields):
            strangers.append(name)
            if len(strangers) > STRANGERS and not count:
                break
            continue
        count += 1
        try:
            new_posts.add(fields, read_created(visit, fields), name_row(name) in passed.items)
        except SHAPE_ERRORS as error:
            new_posts.refused[name] = Fatal(
                f"a post in Reddit's list has an unexpected shape: {describe_shape_error(error)}"
            )
        if new_posts.is_over:
            break
    if count > 1 and len(new_posts.refused) == count:
        raise Fatal(f"none of the {count} posts in Reddit's list can be read: {new_posts.refused[name]}")
    # A list of which half or more is others' is that of another place.
    if strangers and len(strangers) >= count:
        raise Fatal(f"r/{visit.channel.target}: no such subreddit; check its name in the catalog", Fault.GONE)
    strange = Fatal("a post in Reddit's list is said to be of another subreddit")
    new_posts.refused |= dict.fromkeys(filter(None, strangers), strange)
    new_posts.is_cut = count >= FULL_LIST and not new_posts.is_over
    return new_posts


def is_of_subreddit(visit: Visit, fields: Mapping[str, Any]) -> bool:
    """Returns whether a post belongs to the visited subreddit."""
    return str(fields.get("subreddit")).lower() == visit.channel.target.lower()


def _iterate_list(visit: Visit, reddit: "praw.Reddit", new_posts: NewPosts) -> Iterator[dict[str, Any]]:
    """Yields the fields of the listed posts. Raises the error of a first page; that of a later one ends the list."""
    from praw.models import Submission

    is_begun = False
    try:
        with translate_praw_errors():
            for post in reddit.subreddit(visit.channel.target).new(limit=None):
                is_begun = True
                # What is no post belongs to no subreddit.
                yield vars(post) if isinstance(post, Submission) else {}
    except SourceError as error:
        if not is_begun:
            raise
        new_posts.failure = error
