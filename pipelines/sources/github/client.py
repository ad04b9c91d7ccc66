"""Asks GitHub's REST and GraphQL interfaces, and classifies their errors by the remedy."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.contract import Visit
from pipelines.http import waits
from pipelines.http.errors import AllowanceSpent, Denied, Fatal, Gone, Retriable, Throttled
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.http.swarms import refuse_swarm
from pipelines.sources.github.nodes import get_time
from pipelines.text import values

if TYPE_CHECKING:
    from github.Requester import Requester

BASE_URL = "https://api.github.com"
API_VERSION = "2022-11-28"
NEWEST_CHANGE = "/issues?state=all&sort=updated&direction=desc&per_page=1"
"""The latest change among issues and pull requests; its ETag shows whether there was one."""
QUERIES = Path(__file__).parent / "queries"
MOST_POINTS = 1_000
"""Points that one query can cost."""
MUST_REMAIN = 0.1
"""Share of the token's rate limit left to its owner's other work."""
_TOO_HEAVY = {"RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED", "TIMEOUT", "SERVICE_UNAVAILABLE", "INTERNAL", ""}
"""Types of GraphQL errors that a smaller page may avoid; the empty one is "something went wrong, maybe a timeout"."""
_SMALLEST_QUERY = (
    "query($owner: String!, $name: String!) { rateLimit { cost limit remaining resetAt }"
    " repository(owner: $owner, name: $name) { id } }"
)


class TooHeavy(Retriable):
    """An answer that timed out, broke off or is incomplete; a smaller page may succeed."""


class BadPosition(Fatal):
    """A page position that GitHub no longer accepts."""


@dataclass(frozen=True, slots=True)
class RestReply:
    """An answer of the REST interface; `data` is None if it is unchanged (304)."""

    data: Any
    etag: str | None
    url: str
    """The final address, after redirects."""
    next_url: str | None

    @property
    def tag(self) -> dict[str, Any]:
        """The part of a cursor with which the next visit asks for changes; to be kept once everything is read."""
        return {"etag": self.etag, "url": self.url}


@dataclass(slots=True)
class PageSize:
    """Number of items per request: halves when an answer is too heavy, and recovers after some good ones."""

    most: int
    now: int = 0
    good: int = field(default=0)

    def __post_init__(self) -> None:
        self.now = self.now or self.most

    def halve(self) -> bool:
        """Halves the size; False if it is already 1."""
        self.now, self.good, was = max(1, self.now // 2), 0, self.now
        return was > 1

    def count_success(self) -> None:
        """Counts a good answer; every third one doubles the size."""
        self.good += 1
        if self.good % 3 == 0:
            self.now = min(self.most, self.now * 2)


class Client:
    """A client of GitHub's REST and GraphQL interfaces for one visit."""

    def __init__(self, visit: Visit) -> None:
        self._visit, self._base_url = visit, (visit.channel.base_url or BASE_URL).rstrip("/")
        self.owner, _, self.name = visit.channel.target.partition("/")

    @cached_property
    def _requester(self) -> "Requester":
        # Loaded late: most visits bring no news, and PyGithub takes as long to import as such a visit.
        from pipelines.sources.github.transport import make_requester

        visit = self._visit
        token = visit.tokens.get("GITHUB_TOKEN")
        return make_requester(visit.http, self._base_url, token, visit.user_agent, API_VERSION)

    def get_url(self, path: str) -> str:
        """Returns the whole address of a path within the repository."""
        return f"{self._base_url}/repos/{self.owner}/{self.name}{path}"

    def get(self, url: str, etag: str | None = None) -> RestReply:
        """Reads an address of the REST interface: a path, or the full URL of a `next` link or a redirect."""
        send = partial(self._ask_for_change, url, etag) if etag else partial(self._requester.requestJson, "GET", url)
        status, headers, body = self._send(send)
        where = headers["x-final-url"]
        if status == 304:
            return RestReply(None, etag, where, None)
        data, links = _parse_json(body, where), _parse_links(headers.get("link", ""))
        # An empty list keeps no ETag: if it were wrong, every later visit would see no change.
        etag = headers.get("etag") if data else None
        return RestReply(data, etag, where, links.get("next"))

    def _ask_for_change(self, url: str, etag: str) -> tuple[int, dict[str, Any], str]:
        """Sends the request that PyGithub would send, without it."""
        token = self._visit.tokens.get("GITHUB_TOKEN")
        headers = {"Authorization": f"token {token}"} if token else {}
        headers |= {"User-Agent": self._visit.user_agent, "X-GitHub-Api-Version": API_VERSION, "If-None-Match": etag}
        answer = self._visit.http.get(url, headers=headers)
        found = {**answer.headers, "x-final-url": answer.url}
        return answer.status, found, answer.content.decode("utf-8-sig", "replace")

    def query_whole(self, size: PageSize, ask: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
        """Calls `ask` with fewer and fewer items until the answer is complete.

        Raises Retriable if even a single one fails.
        """
        failed = 0
        while True:
            try:
                data = ask(size.now)
            except TooHeavy as error:
                failed += 1
                if not size.halve():
                    raise Retriable(f"{error} (even for a single item)", error.fault) from None
                self._visit.http.pause(2.0 ** min(failed - 1, 2))
            else:
                size.count_success()
                return data

    def check_service(self) -> None:
        """Sends the smallest query, to tell a fault of the service from one of an item. Raises TooHeavy."""
        self.query(_SMALLEST_QUERY, {})

    def query(self, question: str, variables: Mapping[str, Any], may_miss: bool = False) -> dict[str, Any]:
        """Runs a GraphQL query that succeeds only as a whole; with `may_miss`, missing items may be null.

        Raises TooHeavy if a smaller page may succeed.
        """
        payload = {"query": question, "variables": {"owner": self.owner, "name": self.name, **variables}}
        for _ in range(3):
            requester = self._requester
            _, headers, body = self._send(partial(requester.requestJson, "POST", requester.graphql_url, input=payload))
            answer = _parse_json(body, "GraphQL")
            if not isinstance(answer, dict):
                raise TooHeavy("GraphQL: the answer is not an object")
            data, errors = answer.get("data"), answer.get("errors") or []
            if not isinstance(errors, list) or not all(isinstance(error, dict) for error in errors):
                raise TooHeavy("GraphQL: the errors have an unexpected shape")
            self._count_points(data)
            if not any(str(error.get("type", "")).startswith("RATE_LIMIT") for error in errors):
                return self._check_errors(data, errors, may_miss)
            self._wait_or_stop(headers)
        raise AllowanceSpent("GitHub keeps answering RATE_LIMITED; a later run will resume from here")

    def _send(self, send: Callable[[], tuple[int, dict[str, Any], str]]) -> tuple[int, dict[str, Any], str]:
        try:
            return send()
        except Throttled as error:
            raise AllowanceSpent(str(error)) from None
        except Denied as error:
            is_set = "" if "GITHUB_TOKEN" in self._visit.tokens else " is not set"
            raise type(error)(f"{error} (GITHUB_TOKEN{is_set})") from None
        except Retriable as error:
            raise TooHeavy(str(error), error.fault) from None

    def _count_points(self, data: Any) -> None:
        limit = data.get("rateLimit") if isinstance(data, dict) else None
        limit = limit if isinstance(limit, dict) else {}
        cost = limit.get("cost")
        # One wrong answer must neither use up the visit's budget nor give some back.
        self._visit.budget.spend(requests=0, points=min(max(cost, 0), MOST_POINTS) if isinstance(cost, int) else 0)

    def _wait_or_stop(self, headers: Mapping[str, str]) -> None:
        seconds = waits.read_requested_wait(headers, self._visit.now)
        if seconds is None or seconds > waits.LONGEST_SECONDS:
            until = values.format_instant(headers.get("x-ratelimit-reset")) or "an hour at most"
            raise AllowanceSpent(
                f"GitHub's allowance for GITHUB_TOKEN is used up until {until}; a later run will resume from here"
            )
        self._visit.http.pause(seconds)

    def _check_errors(self, data: Any, errors: list[dict[str, Any]], may_miss: bool) -> dict[str, Any]:
        errors = [error for error in errors if not _is_hidden_event(error)]
        secrets = self._visit.tokens.values()  # which an answer may repeat
        kinds = {
            values.hide_secrets(str(error.get("type") or (error.get("extensions") or {}).get("code") or ""), secrets)
            for error in errors
        }
        said = "; ".join(str(error.get("message", "")) for error in errors)
        words = values.clean_line(values.hide_secrets(said, secrets), 300)
        where = f"{self.owner}/{self.name}"
        repository = data.get("repository") if isinstance(data, dict) else None
        if repository is not None and not isinstance(repository, dict):
            raise TooHeavy(f"{where}: GraphQL's answer has an unexpected shape")
        # What is truly absent comes with an error; `n…` are threads that were asked for by number.
        if not errors and (
            repository is None or any(repository[name] is None for name in repository if name[0] == "n")
        ):
            raise TooHeavy(f"{where}: GraphQL answers in part, and without an error")
        if repository is None and "NOT_FOUND" in kinds:
            raise Gone(f"{where}: no such repository on GitHub, or the token may not see it")
        if repository is None and kinds & {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
            raise Denied(f"{where}: GITHUB_TOKEN may not read it: {words}")
        if "INVALID_CURSOR_ARGUMENTS" in kinds:
            raise BadPosition(f"{where}: {words}")
        if repository is None and not kinds & _TOO_HEAVY:
            raise Fatal(f"{where}: GraphQL rejects the query ({', '.join(sorted(kinds))}): {words}")
        if errors and not (may_miss and kinds == {"NOT_FOUND"}):
            raise TooHeavy(f"{where}: GraphQL answered only in part: {words}")
        return dict(data)

    def stop_when_spent(self, data: Mapping[str, Any]) -> None:
        """Raises AllowanceSpent if little is left of the token's rate limit."""
        limit = data.get("rateLimit")
        limit = limit if isinstance(limit, dict) else {}
        left, most = limit.get("remaining"), limit.get("limit")
        if isinstance(left, int) and isinstance(most, int) and left < most * MUST_REMAIN:
            until = values.format_instant(limit.get("resetAt")) or "the hour is over"
            raise AllowanceSpent(
                f"only {left} of GITHUB_TOKEN's {most} points are left until {until}; a later run will resume from here"
            )


@cache
def load_queries(*names: str) -> str:
    """Loads the text of the named GraphQL files."""
    return "\n".join((QUERIES / f"{name}.graphql").read_text(encoding="utf-8") for name in names)


def _is_hidden_event(error: Mapping[str, Any]) -> bool:
    """True if the token may not see what closed an issue; the answer is complete without it."""
    return error.get("type") == "FORBIDDEN" and "timelineItems" in (error.get("path") or ())


def _parse_json(body: str, where: str) -> Any:
    refuse_swarm(body.encode(errors="replace"), where)
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise TooHeavy(f"{where}: the answer is incomplete JSON") from None


def _parse_links(header: str) -> dict[str, str]:
    """Parses a Link header into addresses by relation."""
    parts = (re.match(r'\s*<([^>]*)>.*rel="(\w+)"', part) for part in header.split(","))
    return {part[2]: part[1] for part in parts if part}


@dataclass(frozen=True, slots=True)
class Probe:
    """The newest change of a repository."""

    is_changed: bool
    newest: str
    """Time of the newest change; empty if there is none, or nothing changed."""
    etag: str | None
    url: str


def probe_changes(client: Client, url: str, etag: str | None, path: str = NEWEST_CHANGE) -> Probe:
    """Asks for the latest change, at the address and with the ETag of the last visit."""
    reply = get_first_page(client, {"url": url, "etag": etag}, path)
    items = [] if reply.data is None else list_items(reply)
    with raises_on_unexpected_shape("GitHub's newest change"):
        newest = max((get_time(item, "updated_at") for item in items), default="")
    return Probe(reply.data is not None, newest, reply.etag, reply.url)


def get_first_page(client: Client, cursor: Mapping[str, Any], path: str) -> RestReply:
    """Gets the first page, from the address of the last visit if possible."""
    # So a renamed repository costs its redirect only once.
    default_url = client.get_url(path)
    if not cursor.get("url"):
        return client.get(default_url)
    try:
        return client.get(cursor["url"], cursor.get("etag"))
    except Gone:
        return client.get(default_url)


def list_items(reply: RestReply) -> list[dict[str, Any]]:
    """Returns the items of a page. Raises Fatal if it is not a list."""
    if not isinstance(reply.data, list):
        raise Fatal(f"{reply.url}: not a list; GitHub's interface has changed")
    return reply.data
