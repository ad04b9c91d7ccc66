"""Reddit: the newest posts of a subreddit with their comments, and daily checks of the posts collected before.

Off until Reddit has approved an app (REDDIT_CLIENT_ID, REDDIT_CLIENT_SECRET) and the operator has accepted its terms
(HEARTBEAT_TERMS).

Reddit's list of new posts ends after about a thousand. Older posts are out of reach on a first visit; on later visits a
list that ends before the last visit's newest post leaves a gap, which the outcome reports. A visit without news costs a
token and one page of the list. Once a day, one request per hundred recent posts shows which were deleted or changed. A
post that is too old to be checked again, or exceeds the maximum number, is removed as if deleted: Heartbeat keeps
nothing that it cannot check.
"""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import praw
from praw.exceptions import DuplicateReplaceException, PRAWException
from praw.models import MoreComments, Submission
from prawcore import OAuthException, PrawcoreException, Requestor

from pipelines import VERSION
from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http import waits
from pipelines.http.answers import Answer
from pipelines.http.client import Http
from pipelines.http.errors import BudgetSpent, Denied, Fatal, Gone, Retriable, Throttled
from pipelines.sources.reddit.post_reader import RETENTION_DAYS, UNREAD, KnownPost, PostMemory, load_memory
from pipelines.sources.reddit.rows import comment_row, find_removal, gone_row, make_stamp, post_row, tree_row
from warehouse.faults import Fault

BASE_URL = "https://oauth.reddit.com"
HOSTS = ("www.reddit.com",)
"""The host that issues tokens."""
TERMS = "https://support.reddithelp.com/hc/en-us/articles/42728983564564-Responsible-Builder-Policy"
STREAMS = {
    "posts": Stream(
        "newest-first",
        resumable=True,
        also=("comments", "trees"),
        needs=("REDDIT_CLIENT_ID", "REDDIT_CLIENT_SECRET"),
        empty_is_normal=True,
    )
}
OVERLAP_SECONDS = 2 * 3600
"""Overlap with the last visit: posts held back for a moderator appear late."""
FULL_LIST = 900
"""Length from which a list counts as cut off by Reddit; a shorter one is complete."""
BATCH = 100
FURTHER = 3
"""Maximum number of requests for comments missing from a post's page."""
AT_ONCE = 10
"""Posts whose comments are landed together."""


def user_agent(contact: str) -> str:
    """Returns the User-Agent in the form that Reddit requires; its account is HEARTBEAT_CONTACT (`/u/name`)."""
    return f"python:heartbeat:{VERSION} (by {contact or 'unknown'})"


def posts(visit: Visit) -> Iterator[Page]:
    """Yields new posts, changes to known posts, and the comments of posts whose comment count changed."""
    memory, reddit = load_memory(visit.cursor, visit.now), _make_client(visit)
    floor = (
        memory.newest - OVERLAP_SECONDS
        if memory.newest
        else max(visit.since, visit.now - timedelta(days=RETENTION_DAYS)).timestamp()
    )
    new_posts, newest, is_cut = _list_new_posts(visit, reddit, floor)
    is_gap = is_cut and bool(memory.newest)
    due = [name for name in memory.list_due(visit.now) if name not in new_posts]
    posts_by_name = _fetch_posts(visit, reddit, due) | new_posts
    rows = [row for name in [*new_posts, *due] for row in _update_post(visit, memory, name, posts_by_name.get(name))]
    memory.newest = max([memory.newest, newest])
    rows += [gone_row(name, post.created, "expired") for name, post in memory.pop_expired(visit.now).items()]
    memory.checked_on = visit.now.date().isoformat()
    unread = memory.list_unread(visit.now)
    yield Page(rows, memory.to_cursor(), is_unchanged=bool(visit.cursor) and not rows and not unread and not is_gap)
    for start in range(0, len(unread), AT_ONCE):
        rows = [row for name in unread[start : start + AT_ONCE] for row in _read_tree(visit, reddit, memory, name)]
        yield Page(rows, memory.to_cursor())
    if is_gap:
        raise BudgetSpent(
            f"r/{visit.channel.target}: the list of new posts ended before the last visit's newest post; visit it more"
            " often",
            Fault.VISITED_TOO_RARELY,
        )


def _update_post(visit: Visit, memory: PostMemory, name: str, fields: Mapping[str, Any] | None) -> list[Row]:
    """Returns the row of a new, changed or deleted post; `fields` is None if Reddit no longer returns it."""
    last = memory.posts.get(name)
    with _translate_praw_errors():
        gone = "deleted" if fields is None else find_removal(fields)
        if fields is None or gone:
            memory.posts.pop(name, None)
            return [gone_row(name, last.created, gone or "deleted")] if last else []
        stamp = make_stamp(fields)
        if last and last.stamp == stamp:
            return []
        memory.posts[name] = KnownPost(int(fields["created_utc"]), stamp, last.read if last else UNREAD)
        return [post_row(visit, fields)]


def _read_tree(visit: Visit, reddit: praw.Reddit, memory: PostMemory, name: str) -> list[Row]:
    """Reads a post and as many of its comments as a few requests return."""
    post = memory.posts[name]
    if post.comments == 0:
        post.read = 0
        return [tree_row(visit, name, 0, 0, True)]
    try:
        with _translate_praw_errors():
            submission = reddit.submission(name)
            was_cut = any(isinstance(comment, MoreComments) for comment in submission.comments.list())
            is_unfolded = _load_more_comments(submission)
            comments = [comment for comment in submission.comments.list() if not isinstance(comment, MoreComments)]
            fields = vars(submission)
            if gone := find_removal(fields):
                del memory.posts[name]
                return [gone_row(name, post.created, gone)]
            post.stamp = make_stamp(fields)
            post.read = post.comments
            rows = [comment_row(visit, name, vars(comment)) for comment in comments]
            # Reddit also counts comments that it shows nobody, so the count matters only where the page was cut.
            is_complete = is_unfolded and (not was_cut or len(rows) >= post.comments)
            return [post_row(visit, fields), *rows, tree_row(visit, name, post.comments, len(rows), is_complete)]
    except Gone:
        del memory.posts[name]
        return [gone_row(name, post.created, "deleted")]


def _load_more_comments(submission: Submission) -> bool:
    """Fetches comments missing from the post's page, largest branch first; True if none is left."""
    try:
        return not submission.comments.replace_more(limit=FURTHER)
    except (DuplicateReplaceException, AssertionError):  # the tree changed while it was read
        return False


def _list_new_posts(visit: Visit, reddit: praw.Reddit, floor: float) -> tuple[dict[str, dict[str, Any]], int, bool]:
    """Lists text posts created since `floor`, newest first.

    Returns them by name, the creation time of the newest post of any kind, and True if Reddit cut the list off above
    `floor`.
    """
    new_posts: dict[str, dict[str, Any]] = {}
    count = newest = 0
    with _translate_praw_errors():
        for post in reddit.subreddit(visit.channel.target).new(limit=None):
            fields = vars(post)
            if not isinstance(post, Submission) or str(fields["subreddit"]).lower() != visit.channel.target.lower():
                raise Fatal(f"r/{visit.channel.target}: no such subreddit; check its name in the catalog", Fault.GONE)
            created = int(fields["created_utc"])
            if created < floor:
                return new_posts, newest, False
            count, newest = count + 1, max(newest, created)
            # A post that only links elsewhere asks nothing.
            if fields["is_self"]:
                new_posts[str(fields["id"])] = fields
    return new_posts, newest, count >= FULL_LIST


def _fetch_posts(visit: Visit, reddit: praw.Reddit, names: list[str]) -> dict[str, dict[str, Any]]:
    """Fetches the current state of known posts by name, a hundred per request; deleted posts are absent."""
    with _translate_praw_errors():
        return (
            {str(vars(post)["id"]): vars(post) for post in reddit.info(fullnames=[f"t3_{name}" for name in names])}
            if names
            else {}
        )


def _make_client(visit: Visit) -> praw.Reddit:
    """Makes a PRAW client that sends its requests through the visit's guarded client."""
    base = visit.channel.base_url.rstrip("/")
    # Every option is set here, since PRAW would take a missing one from a praw.ini on this machine.
    return praw.Reddit(
        "DEFAULT",
        requestor_class=_Requestor,
        requestor_kwargs={"session": _Session(visit.http)},
        client_id=visit.tokens["REDDIT_CLIENT_ID"],
        client_secret=visit.tokens["REDDIT_CLIENT_SECRET"],
        username=None,
        password=None,
        refresh_token=None,
        user_agent=visit.user_agent,
        reddit_url=base or f"https://{HOSTS[0]}",
        oauth_url=base or BASE_URL,
        check_for_updates=False,
        check_for_async=False,
    )


class _Session:
    """Stands in for the `requests` session that PRAW expects."""

    def __init__(self, http: Http) -> None:
        self.headers: dict[str, str] = {}
        self._http, self._wait = http, 0.0

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: Any = None,
        **_: object,
    ) -> "_Reply":
        """Sends a request of PRAW's through the guarded client."""
        if self._wait > waits.LONGEST_SECONDS:
            raise Throttled(f"Reddit accepts no more requests for {self._wait:.0f} s; a later run will resume")
        if self._wait:
            self._http.pause(self._wait)
        sent = {name.lower(): value for name, value in (headers or {}).items() if name.lower() == "authorization"}
        if auth:
            sent["authorization"] = "Basic " + base64.b64encode(":".join(auth).encode()).decode()
        target = f"{url}?{urlencode(params)}" if params else url
        if method.upper() == "GET":
            answer = self._http.get(target, headers=sent, accept=("application/json",))
        else:
            form = {"content-type": "application/x-www-form-urlencoded"}
            answer = self._http.post(target, urlencode(data or {}).encode(), headers=sent | form)
        # Hidden from PRAW, which would obey these headers with a sleep that nothing can interrupt.
        self._wait = _read_wait_seconds(answer.headers)
        return _Reply(answer)

    def close(self) -> None:
        """Closes nothing: the guarded client belongs to the visit."""


class _Reply:
    """Stands in for the `requests` response that PRAW expects."""

    def __init__(self, answer: Answer) -> None:
        self._answer, self.status_code = answer, answer.status
        self.headers = {name: value for name, value in answer.headers.items() if not name.startswith("x-ratelimit")}
        self.text = answer.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """Parses the content."""
        return self._answer.json()


class _Requestor(Requestor):
    """Passes Heartbeat's own errors through unchanged, where PRAW's requestor would wrap them."""

    def request(self, *args: Any, timeout: float | None = None, **kwargs: Any) -> Any:
        return self._http.request(*args, **kwargs)


def _read_wait_seconds(headers: Mapping[str, str]) -> float:
    """Reads how many seconds to wait before the next request."""
    try:
        return float(headers["x-ratelimit-reset"]) if float(headers["x-ratelimit-remaining"]) < 1 else 0.0
    except (KeyError, ValueError):
        return 0.0


@contextmanager
def _translate_praw_errors() -> Iterator[None]:
    """Translates PRAW's errors into errors of the collector."""
    try:
        yield
    except Denied as error:
        raise Denied(f"{error} (REDDIT_CLIENT_ID, REDDIT_CLIENT_SECRET; or the subreddit is private)") from None
    except OAuthException:
        raise Denied("Reddit issues no token; check REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET") from None
    except (PrawcoreException, PRAWException) as error:
        raise Retriable(f"Reddit's answer is unusable: {type(error).__name__}") from None
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, AssertionError) as error:
        raise Fatal(f"Reddit's answer has a shape that PRAW does not know: {type(error).__name__}") from None
