"""Reddit: the newest posts of a subreddit with their comments, and whether what was collected still stands there.

Off until Reddit has approved an app (REDDIT_CLIENT_ID, REDDIT_CLIENT_SECRET) and its terms were accepted
(HEARTBEAT_TERMS).
A list of new posts ends at about a thousand: what is older than its end at the first visit cannot be had, and where the
end lies
after the last visit's newest post there is a gap, which the outcome names. A visit without anything new costs a token
and one page
of the list; once a day, a question for every hundred recent posts tells which were deleted and which moved. A post that
is too old, or one
too many, to be asked for again is taken out as if it were deleted: what cannot be checked must not be kept.
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
from pipelines.sources.reddit.post_reader import KEPT_DAYS, UNREAD, KnownPost, PostMemory, recall
from pipelines.sources.reddit.rows import comment_row, ending, figures, gone_row, post_row, tree_row
from warehouse.faults import Fault

BASE_URL = "https://oauth.reddit.com"
HOSTS = ("www.reddit.com",)
"""Where tokens are given out."""
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
"""So far before the newest known post a visit looks again: posts that wait for a moderator appear late."""
FULL_LIST = 900
"""A list that ends after so many posts was cut by Reddit; one that ends sooner holds all that there is."""
BATCH = 100
FURTHER = 3
"""Requests for comments that did not fit into a post's page."""
AT_ONCE = 10


def user_agent(contact: str) -> str:
    """How Reddit wants to be told who asks: platform, app, version, and an account (HEARTBEAT_CONTACT as `/u/name`)."""
    return f"python:heartbeat:{VERSION} (by {contact or 'unknown'})"


def posts(visit: Visit) -> Iterator[Page]:
    """New posts, what became of the known ones, and the comments of those whose number of comments moved."""
    memory, reddit = recall(visit.cursor, visit.now), _client(visit)
    floor = (
        memory.newest - OVERLAP_SECONDS
        if memory.newest
        else max(visit.since, visit.now - timedelta(days=KEPT_DAYS)).timestamp()
    )
    found, newest, is_cut = _newest(visit, reddit, floor)
    is_gap = is_cut and bool(memory.newest)
    due = [name for name in memory.list_due(visit.now) if name not in found]
    told = _standing(visit, reddit, due)
    rows = [row for name in [*found, *due] for row in _note(visit, memory, name, found.get(name) or told.get(name))]
    memory.newest = max([memory.newest, newest])
    rows += [gone_row(name, one.created, "expired") for name, one in memory.forget(visit.now).items()]
    memory.checked_on = visit.now.date().isoformat()
    unread = memory.unread(visit.now)
    yield Page(rows, memory.cursor(), is_unchanged=bool(visit.cursor) and not rows and not unread and not is_gap)
    for start in range(0, len(unread), AT_ONCE):
        rows = [row for name in unread[start : start + AT_ONCE] for row in _read_tree(visit, reddit, memory, name)]
        yield Page(rows, memory.cursor())
    if is_gap:
        raise BudgetSpent(
            f"r/{visit.channel.target}: the list of new posts ended before the last visit's newest: visit it more "
            f"often",
            Fault.VISITED_TOO_RARELY,
        )


def _note(visit: Visit, memory: PostMemory, name: str, fields: Mapping[str, Any] | None) -> list[Row]:
    """What is new of one post; one that Reddit does not give any more is gone."""
    known = memory.posts.get(name)
    with _translate_praw_errors():
        gone = "deleted" if fields is None else ending(fields)
        if fields is None or gone:
            memory.posts.pop(name, None)
            return [gone_row(name, known.created, gone or "deleted")] if known else []
        moved = figures(fields)
        if known and known.figures == moved:
            return []
        memory.posts[name] = KnownPost(int(fields["created_utc"]), moved, known.read if known else UNREAD)
        return [post_row(visit, fields)]


def _read_tree(visit: Visit, reddit: praw.Reddit, memory: PostMemory, name: str) -> list[Row]:
    """All comments of a post, as far as a few requests bring them; fresh figures of the post come with them."""
    known = memory.posts[name]
    if known.comments == 0:
        known.read = 0
        return [tree_row(visit, name, 0, 0, True)]
    try:
        with _translate_praw_errors():
            post = reddit.submission(name)
            was_cut = any(isinstance(one, MoreComments) for one in post.comments.list())
            is_unfolded = _unfold(post)
            found = [one for one in post.comments.list() if not isinstance(one, MoreComments)]
            fields = vars(post)
            if gone := ending(fields):
                del memory.posts[name]
                return [gone_row(name, known.created, gone)]
            known.figures = figures(fields)
            known.read = known.comments
            comments = [comment_row(visit, name, vars(one)) for one in found]
            # Reddit counts comments that it shows nobody, so the number tells something only where the page was cut.
            is_complete = is_unfolded and (not was_cut or len(comments) >= known.comments)
            return [
                post_row(visit, fields),
                *comments,
                tree_row(visit, name, known.comments, len(comments), is_complete),
            ]
    except Gone:
        del memory.posts[name]
        return [gone_row(name, known.created, "deleted")]


def _unfold(post: Submission) -> bool:
    """Asks for the comments that did not fit, the largest part first; whether none is left."""
    try:
        return not post.comments.replace_more(limit=FURTHER)
    except (DuplicateReplaceException, AssertionError):  # the tree moved while it was read
        return False


def _newest(visit: Visit, reddit: praw.Reddit, floor: float) -> tuple[dict[str, dict[str, Any]], int, bool]:
    """Posts of text made since `floor`, the newest first; when the newest of all was made; and whether the list ended
    before `floor`.

    What only links elsewhere asks nothing, and is not kept.
    """
    found: dict[str, dict[str, Any]] = {}
    count = newest = 0
    with _translate_praw_errors():
        for post in reddit.subreddit(visit.channel.target).new(limit=None):
            fields = vars(post)
            if not isinstance(post, Submission) or str(fields["subreddit"]).lower() != visit.channel.target.lower():
                raise Fatal(f"r/{visit.channel.target}: no such subreddit; check its name in the catalog", Fault.GONE)
            created = int(fields["created_utc"])
            if created < floor:
                return found, newest, False
            count, newest = count + 1, max(newest, created)
            if fields["is_self"]:
                found[str(fields["id"])] = fields
    return found, newest, count >= FULL_LIST


def _standing(visit: Visit, reddit: praw.Reddit, names: list[str]) -> dict[str, dict[str, Any]]:
    """What Reddit says now of posts that were collected before, by their names; a hundred a request."""
    with _translate_praw_errors():
        return (
            {str(vars(post)["id"]): vars(post) for post in reddit.info(fullnames=[f"t3_{name}" for name in names])}
            if names
            else {}
        )


def _client(visit: Visit) -> praw.Reddit:
    """PRAW, speaking through the visit's guarded client, and deaf to any praw.ini of this machine."""
    base = visit.channel.base_url.rstrip("/")
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
    """What PRAW takes for a session of `requests`."""

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
        """One request of PRAW's, counted, bounded, repeated and judged by the guarded client."""
        if self._wait > waits.LONGEST_SECONDS:
            raise Throttled(f"Reddit allows no more requests for {self._wait:.0f} s; a later run will resume")
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
        # PRAW would sleep by these headers itself, where nobody could wake it.
        self._wait = _wait(answer.headers)
        return _Reply(answer)

    def close(self) -> None:
        """The guarded client is closed by whoever opened it."""


class _Reply:
    """What PRAW takes for an answer of `requests`."""

    def __init__(self, answer: Answer) -> None:
        self._answer, self.status_code = answer, answer.status
        self.headers = {name: value for name, value in answer.headers.items() if not name.startswith("x-ratelimit")}
        self.text = answer.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """The content."""
        return self._answer.json()


class _Requestor(Requestor):
    """Passes our own errors on as they are."""

    def request(self, *args: Any, timeout: float | None = None, **kwargs: Any) -> Any:
        return self._http.request(*args, **kwargs)


def _wait(headers: Mapping[str, str]) -> float:
    """Seconds until the next request may go out."""
    try:
        return float(headers["x-ratelimit-reset"]) if float(headers["x-ratelimit-remaining"]) < 1 else 0.0
    except (KeyError, ValueError):
        return 0.0


@contextmanager
def _translate_praw_errors() -> Iterator[None]:
    """What PRAW makes of an answer that it cannot use is an error that says so."""
    try:
        yield
    except Denied as error:
        raise Denied(f"{error} (REDDIT_CLIENT_ID, REDDIT_CLIENT_SECRET; or the subreddit is private)") from None
    except OAuthException:
        raise Denied("Reddit gives no token; check REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET") from None
    except (PrawcoreException, PRAWException) as error:
        raise Retriable(f"Reddit's answer is not one: {type(error).__name__}") from None
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, AssertionError) as error:
        raise Fatal(f"Reddit's answer has another shape than PRAW knows: {type(error).__name__}") from None
