"""Reddit: the newest posts of a subreddit with their comments, and daily checks of the posts collected before.

Off until Reddit has approved an app (REDDIT_CLIENT_ID, REDDIT_CLIENT_SECRET) and the operator has accepted its terms
(HEARTBEAT_TERMS).

Reddit's list of new posts ends after about a thousand. Older posts are out of reach on a first visit; on later visits a
list that ends before the last visit's newest post leaves a gap, which the outcome reports. A visit without news costs a
token and one page of the list. Once a day, one request per hundred recent posts shows which were deleted or changed. A
post that is too old to be checked again, or exceeds the maximum number, is removed as if deleted: Heartbeat keeps
nothing that it cannot check.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pipelines import VERSION
from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http.errors import BudgetSpent, Fatal, Gone, SourceError
from pipelines.passed_over import PAUSES, UNNAMED, PassedOver
from pipelines.sources.reddit import client
from pipelines.sources.reddit.client import translate_praw_errors
from pipelines.sources.reddit.listing import OVERLAP_SECONDS, ROW, is_of_subreddit, list_new_posts, name_row
from pipelines.sources.reddit.post_reader import (
    RETENTION_DAYS,
    UNCONFIRMED,
    UNREAD,
    UNSHOWN,
    KnownPost,
    PostMemory,
    load_memory,
)
from pipelines.sources.reddit.rows import (
    find_removal,
    is_question,
    make_comment_row,
    make_gone_row,
    make_post_row,
    make_stamp,
    make_tree_row,
    read_created,
)
from warehouse.faults import Fault

if TYPE_CHECKING:
    # PRAW takes long to import, and who reads the catalog only asks for STREAMS: functions import what they use.
    import praw
    from praw.models import Submission

BASE_URL, HOSTS = client.BASE_URL, client.HOSTS
TERMS = "https://support.reddithelp.com/hc/en-us/articles/42728983564564-Responsible-Builder-Policy"
STREAMS = {
    "posts": Stream(
        resumable=True,
        also=("comments", "trees"),
        needs=("REDDIT_CLIENT_ID", "REDDIT_CLIENT_SECRET"),
        empty_is_normal=True,
    )
}
FURTHER = 3
"""Maximum number of requests for comments missing from a post's page."""
CHECKED = 100
"""Posts whose state one request returns."""
AT_ONCE = 10
"""Posts whose comments are landed together."""


def user_agent(contact: str) -> str:
    """Returns the User-Agent in the form that Reddit requires; its account is HEARTBEAT_CONTACT (`/u/name`)."""
    return f"python:heartbeat:{VERSION} (by {contact or 'unknown'})"


def posts(visit: Visit) -> Iterator[Page]:
    """Yields new posts, changes to known posts, and the comments of posts whose comment count changed."""
    reader = _SubredditReader(visit)
    rows, is_gap = reader.read_posts()
    is_unchanged = bool(visit.cursor) and not rows and not reader.list_unread() and not is_gap
    yield reader.make_page(rows, is_unchanged=is_unchanged and not reader.failure)
    yield from reader.read_comments()
    if reader.failure:
        raise type(reader.failure)(
            f"r/{visit.channel.target}: the list of new posts broke off, so older ones wait for the next visit:"
            f" {reader.failure}",
            reader.failure.fault,
        )
    if is_gap:
        raise BudgetSpent(
            f"r/{visit.channel.target}: the list of new posts ended before the last visit's newest post; visit it more"
            " often",
            Fault.VISITED_TOO_RARELY,
        )


class _SubredditReader:
    """Reads the posts and comments of one visit."""

    def __init__(self, visit: Visit) -> None:
        self._broken: list[str] = []
        """Names of listed posts that PRAW cannot read."""
        self._visit, self._reddit = visit, client.make_client(visit, self._broken)
        self.memory = load_memory(visit.cursor, visit.now)
        self._passed = PassedOver.load(visit.cursor, visit.now, "post")
        self.failure: SourceError | None = None
        """What broke the list of new posts off, so that the next visit reads it again."""

    def make_page(self, rows: list[Row], is_unchanged: bool = False) -> Page:
        """Makes a page; what Reddit shows of a subreddit is the posts that are remembered."""
        return Page(
            rows,
            self.memory.to_cursor() | self._passed.to_cursor(),
            expected=len(self.memory.posts) or None,
            waiting=len(self.list_unread()) if self.memory.posts else None,
            passed_over=self._passed,
            is_unchanged=is_unchanged,
        )

    def list_unread(self) -> list[str]:
        """Lists the posts whose comments this visit reads, newest first."""
        return [name for name in self.memory.list_unread(self._visit.now) if not self._passed.is_paused(name)]

    def read_posts(self) -> tuple[list[Row], bool]:
        """Returns the rows of new and changed posts; True if Reddit's list ends before the last visit's newest post."""
        visit, memory = self._visit, self.memory
        floor = (
            memory.newest - OVERLAP_SECONDS
            if memory.newest
            else max(visit.since, visit.now - timedelta(days=RETENTION_DAYS)).timestamp()
        )
        listed = list_new_posts(visit, self._reddit, floor, self._passed)
        self._pass_over(listed.refused)
        names = [key.removesuffix(ROW) for key in self._passed.list_due() if key.endswith(ROW)]
        due = [name for name in memory.list_due(visit.now) if name not in listed.posts]
        again = [name for name in names if name not in listed.posts and name not in due]
        found, unanswered = _fetch_posts(self._reddit, [*due, *again])
        found |= listed.posts
        self._pass_over(dict.fromkeys(self._broken, Fatal("a post in Reddit's list has an unexpected shape")))
        if unanswered:
            self._passed.add_unnamed(Fatal("Reddit returned none of the posts that were asked for", Fault.EMPTY))
        if not self._passed.must_repeat():
            unanswered = set()  # what several visits did not return is gone
        due, again = ([name for name in names if name not in unanswered] for names in (due, again))
        rows = [row for name in [*listed.posts, *due, *again] for row in self._update_post(name, found.get(name))]
        is_gap = listed.is_cut and bool(memory.newest)
        # A post without an ID cannot be asked for: the list must bring it again, so the next one begins no later.
        self._passed.settle_unnamed()
        self.failure = listed.failure
        if not self._passed.must_repeat() and not listed.failure:
            memory.newest = max([memory.newest, listed.newest])
        expired = memory.pop_expired(visit.now)
        rows += [make_gone_row(name, post.created, "expired") for name, post in expired.items()]
        memory.checked_on = memory.checked_on if unanswered else visit.now.date().isoformat()
        for key in [key for key in self._passed.items if key.partition("/")[0] in expired]:
            self._passed.forget(key)
        return rows, is_gap

    def _pass_over(self, refused: Mapping[str, Exception]) -> None:
        """Skips posts whose entry cannot be trusted."""
        for name, error in refused.items():
            if name == UNNAMED:
                self._passed.add_unnamed(error)
            elif not self._passed.is_paused(name_row(name)):
                self._passed.add(name_row(name), error)

    def read_comments(self) -> Iterator[Page]:
        """Yields the comments of posts whose count changed; a post that cannot be read is skipped."""
        unread = self.list_unread()
        for start in range(0, len(unread), AT_ONCE):
            rows: list[Row] = []
            try:
                for name in unread[start : start + AT_ONCE]:
                    with self._passed.attempt(name):
                        rows += _read_tree(self._visit, self._reddit, self.memory, name)
            except SourceError:
                yield self.make_page(rows)
                raise
            yield self.make_page(rows)

    def _update_post(self, name: str, fields: Mapping[str, Any] | None) -> list[Row]:
        """Returns the row of a new, changed or deleted post; `fields` is None if Reddit no longer returns it."""
        is_unsure = fields is None and (name in self._broken or UNNAMED in self._broken)
        if is_unsure or self._passed.is_paused(name_row(name)):
            return []
        rows, is_known = list[Row](), name in self.memory.posts
        item = self._passed.items.get(name_row(name))
        if fields is not None and not is_known and not is_of_subreddit(self._visit, fields):
            fields = None
        if fields is None and not is_known and item and item.attempts < len(PAUSES):
            # A post that was never read counts as deleted only once Reddit has left it out several times.
            self._passed.add(name_row(name), Gone("Reddit does not return the post"))
            return []
        with self._passed.attempt(name_row(name), is_asked=False), translate_praw_errors():
            rows = _make_post_rows(self._visit, self.memory, name, fields)
        if is_known and name not in self.memory.posts:
            self._passed.forget(name)
        return rows


def _make_post_rows(visit: Visit, memory: PostMemory, name: str, fields: Mapping[str, Any] | None) -> list[Row]:
    last = memory.posts.get(name)
    gone = "deleted" if fields is None else find_removal(fields)
    if fields is None or gone:
        memory.posts.pop(name, None)
        return [make_gone_row(name, last.created, gone or "deleted")] if last else []
    stamp = make_stamp(fields)
    if last:
        last.confirm(stamp)
    if (last and last.stamp == stamp) or not (last or is_question(fields)):
        return []
    row = make_post_row(visit, fields)
    memory.posts[name] = KnownPost(read_created(visit, fields), stamp, last.read if last else UNREAD)
    return [row]


def _read_tree(visit: Visit, reddit: "praw.Reddit", memory: PostMemory, name: str) -> list[Row]:
    """Reads a post and as many of its comments as a few requests return."""
    from praw.models import MoreComments

    post = memory.posts[name]
    if post.comments == 0 and post.read < 0:
        post.read = UNCONFIRMED
        return [make_tree_row(visit, name, 0, 0, True)]
    try:
        with translate_praw_errors():
            submission = reddit.submission(name)
            was_cut = any(isinstance(comment, MoreComments) for comment in submission.comments.list())
            is_unfolded = _load_more_comments(submission)
            comments = [comment for comment in submission.comments.list() if not isinstance(comment, MoreComments)]
            fields = vars(submission)
            if fields["id"] != name:
                raise ValueError("another post")
            if gone := find_removal(fields):
                del memory.posts[name]
                return [make_gone_row(name, post.created, gone)]
            rows = [
                make_post_row(visit, fields),
                *(make_comment_row(visit, name, vars(comment)) for comment in comments),
            ]
            post.stamp, read = make_stamp(fields), len(comments)
            # Reddit also counts comments that it shows nobody, so the count matters only if the page was cut, and
            # a page without any comment is read twice before it is believed.
            is_believed = read > 0 or post.comments == 0 or post.read == UNSHOWN
            post.read = post.comments if is_believed else UNSHOWN
            is_complete = is_unfolded and is_believed and (not was_cut or read >= post.comments)
            return [*rows, make_tree_row(visit, name, post.comments, read, is_complete)]
    except Gone:
        del memory.posts[name]
        return [make_gone_row(name, post.created, "deleted")]


def _load_more_comments(submission: "Submission") -> bool:
    """Fetches comments missing from the post's page, largest branch first; True if none is left."""
    from praw.exceptions import DuplicateReplaceException

    try:
        return not submission.comments.replace_more(limit=FURTHER)
    except (DuplicateReplaceException, AssertionError):  # the tree changed while it was read
        return False


def _fetch_posts(reddit: "praw.Reddit", names: list[str]) -> tuple[dict[str, dict[str, Any]], set[str]]:
    """Fetches the current state of known posts by name, a hundred per request; deleted posts are absent.

    Also returns the names in requests of which no post came: one empty answer must not delete a hundred posts.
    """
    found, unanswered = dict[str, dict[str, Any]](), set[str]()
    with translate_praw_errors():
        for start in range(0, len(names), CHECKED):
            batch = names[start : start + CHECKED]
            posts = {
                str(vars(post)["id"]): vars(post) for post in reddit.info(fullnames=[f"t3_{name}" for name in batch])
            }
            found |= posts
            unanswered |= set(batch) if len(batch) > 1 and not posts else set()
    return found, unanswered
