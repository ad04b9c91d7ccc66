"""A PRAW client that sends its requests through the visit's guarded client, and PRAW's errors in the collector's
words."""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from pipelines.contract import Visit
from pipelines.http import waits
from pipelines.http.answers import Answer
from pipelines.http.client import Http
from pipelines.http.errors import Denied, Fatal, Retriable, Throttled, TokenRefused
from pipelines.http.keys import KeyWatch
from pipelines.passed_over import UNNAMED
from pipelines.sources.reddit.keys import check_keys

if TYPE_CHECKING:
    import praw

BASE_URL = "https://oauth.reddit.com"
HOSTS = ("www.reddit.com",)
"""The host that issues tokens."""
SHAPE_ERRORS = (
    LookupError,
    TypeError,
    AttributeError,
    ValueError,
    ArithmeticError,
    AssertionError,
    RecursionError,
)
"""What PRAW and the readers raise on an answer of another shape."""
KINDS = ("t1", "t2", "t3", "t4", "t5", "t6", "more")
"""Reddit's kinds of things; a post is `t3`."""
LONGEST_ID = 20


def make_client(visit: Visit, broken: list[str]) -> "praw.Reddit":
    """Makes a PRAW client; the names of listed posts that PRAW cannot read are added to `broken`."""
    import praw
    from prawcore import Requestor

    class Unchanged(Requestor):
        """Passes Heartbeat's own errors through unchanged, where PRAW's requestor would wrap them."""

        def request(self, *args: Any, timeout: float | None = None, **kwargs: Any) -> Any:
            return self._http.request(*args, **kwargs)

    base = visit.channel.base_url.rstrip("/")
    # Every option is set here, since PRAW would take a missing one from a praw.ini on this machine.
    return praw.Reddit(
        "DEFAULT",
        requestor_class=Unchanged,
        requestor_kwargs={"session": _Session(visit.http, visit.keys, broken)},
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
    """Replaces the `requests` session that PRAW expects."""

    def __init__(self, http: Http, keys: KeyWatch, broken: list[str]) -> None:
        self.headers: dict[str, str] = {}
        self._http, self._keys, self._wait, self._broken = http, keys, 0.0, broken

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
        return _Reply(answer, self._keys, self._broken)

    def close(self) -> None:
        """Closes nothing: the guarded client belongs to the visit."""


class _Reply:
    """Replaces the `requests` response that PRAW expects."""

    def __init__(self, answer: Answer, keys: KeyWatch, broken: list[str]) -> None:
        self._answer, self.status_code, self._keys, self._broken = answer, answer.status, keys, broken
        self.headers = {name: value for name, value in answer.headers.items() if not name.startswith("x-ratelimit")}
        self.text = answer.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """Parses the content, without posts that would end PRAW's reading of their neighbours."""
        data = check_keys(self._keys, self._answer.json())
        if not all(_is_listing(part) for part in _find_listings(urlsplit(self._answer.url).path, data)):
            # PRAW would take it for a list without entries, so that all that was asked for seemed deleted.
            raise Fatal("Reddit's list has an unexpected shape: it has no entries")
        listed = data.get("data") if isinstance(data, dict) and data.get("kind") == "Listing" else None
        if isinstance(listed, dict) and isinstance(listed.get("children"), list):
            kept = [child for child in listed["children"] if _is_whole(child)]
            self._broken.extend(_name_child(child) for child in listed["children"] if not _is_whole(child))
            if listed["children"] and not kept:
                raise Fatal("Reddit's list has an unexpected shape: no entry of it can be read")
            return {**data, "data": {**listed, "children": kept}}
        return data


def _read_wait_seconds(headers: Mapping[str, str]) -> float:
    """Reads how many seconds to wait before the next request."""
    try:
        return float(headers["x-ratelimit-reset"]) if float(headers["x-ratelimit-remaining"]) < 1 else 0.0
    except (KeyError, ValueError):
        return 0.0


@contextmanager
def translate_praw_errors() -> Iterator[None]:
    """Translates PRAW's errors into errors of the collector."""
    from praw.exceptions import PRAWException
    from prawcore import OAuthException, PrawcoreException

    try:
        yield
    except TokenRefused as error:
        raise TokenRefused(f"{error} (REDDIT_CLIENT_ID, REDDIT_CLIENT_SECRET)") from None
    except Denied as error:
        raise Denied(f"{error} (REDDIT_CLIENT_ID, REDDIT_CLIENT_SECRET; or the subreddit is private)") from None
    except OAuthException:
        raise Denied("Reddit issues no token; check REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET") from None
    except (PrawcoreException, PRAWException) as error:
        raise Retriable(f"Reddit's answer is unusable: {type(error).__name__}") from None
    except SHAPE_ERRORS as error:
        raise Fatal(f"Reddit's answer has a shape that PRAW does not know: {type(error).__name__}") from None


def _find_listings(path: str, data: Any) -> list[Any]:
    """Finds what must be a listing in an answer: all of it, or the post and the comments of a post's page."""
    if path.endswith(("/new", "/api/info/", "/api/info")):
        return [data]
    if "/comments/" not in path:
        return []
    return data if isinstance(data, list) and len(data) > 1 else [None]


def _is_listing(part: object) -> bool:
    """Returns whether a part of an answer is a listing with entries, be it with none."""
    if not isinstance(part, dict) or part.get("kind") != "Listing" or not isinstance(part.get("data"), dict):
        return False
    return isinstance(part["data"].get("children"), list)


def _is_whole(child: object) -> bool:
    """Returns whether PRAW can make an object of a list's entry: a post needs names of the right type."""
    if not isinstance(child, dict) or child.get("kind") not in KINDS or not isinstance(child.get("data"), dict):
        return False
    fields = child["data"]
    is_post = child["kind"] == "t3"
    return not is_post or (
        isinstance(fields.get("subreddit"), str)
        and _is_id(fields.get("id"))
        and isinstance(fields.get("author"), str | None)
    )


def _name_child(child: object) -> str:
    """Names an entry of a list by its post's ID, as far as it has one."""
    fields = child.get("data") if isinstance(child, dict) else None
    name = fields.get("id") if isinstance(fields, dict) else None
    return str(name) if _is_id(name) else UNNAMED


def _is_id(name: object) -> bool:
    return isinstance(name, str) and name.isascii() and name.isalnum() and len(name) <= LONGEST_ID
