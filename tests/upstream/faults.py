"""What can go wrong with an upstream: each is an answer that takes the place of the true one or spoils it."""

import json
import re
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from tests.upstream.messages import JSON, Request, Response, json_answer, text_answer

Real = Callable[[], Response]
Fault = Callable[[Request, Real], Response]
PAGE = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass(frozen=True, slots=True)
class When:
    """Which requests a fault meets: all that fit every condition given. Requests are counted from 1 among those that
    fit the others."""

    path: str = ""
    """A regular expression that path and query must contain."""
    body: str = ""
    """A regular expression that the body must contain."""
    nth: Collection[int] = ()
    """Only these of the fitting requests, e.g. `{3}` or `range(3, 10**9)`."""
    test: Callable[[Request], bool] | None = None

    def fits(self, request: Request) -> bool:
        """Whether the request fits, its number left behind."""
        if not re.search(self.path, request.target) or (self.test and not self.test(request)):
            return False
        return not self.body or re.search(self.body, request.body.decode("utf-8", "replace")) is not None


@dataclass(slots=True)
class Rule:
    """One fault of one host, and how many fitting requests it has met."""

    host: str
    when: When
    fault: Fault
    fitted: int = 0

    def stop(self) -> None:
        """No further request meets it."""
        self.when = When(nth=(-1,))


@dataclass(slots=True)
class Faults:
    """The faults that are on; the newest that fits a request wins."""

    rules: list[Rule] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, host: str, when: When | str | int | None, answer: Fault | Response) -> Rule:
        """`when`: a condition, a pattern of the path, the number of the request, or None for every one."""
        condition = (
            when
            if isinstance(when, When)
            else When(path=when)
            if isinstance(when, str)
            else When(nth=(when,) if when else ())
        )
        fault: Fault = (lambda request, real: answer) if isinstance(answer, Response) else answer
        rule = Rule(host, condition, fault)
        with self._lock:
            self.rules.append(rule)
        return rule

    def answer(self, kind: str, request: Request, real: Real) -> Response:
        """The answer that the request gets."""
        chosen = None
        with self._lock:
            for rule in self.rules:
                if rule.host in (request.host, kind, "*") and rule.when.fits(request):
                    rule.fitted += 1
                    if not rule.when.nth or rule.fitted in rule.when.nth:
                        chosen = rule
        return chosen.fault(request, real) if chosen else real()


def status(code: int, message: str = "", **headers: str) -> Response:
    """A plain refusal in JSON: 401, 403, 404, 410, 451, 500, 502, 503 …"""
    return json_answer({"message": message or f"Status {code}", "status": str(code)}, code, **headers)


def throttled(retry_after: str | None = None, code: int = 429, message: str = "Too many requests") -> Response:
    """Slow down: `retry_after` in seconds, as an HTTP date, absurd, or absent."""
    return status(code, message, **({"retry_after": retry_after} if retry_after is not None else {}))


def secondary(retry_after: str) -> Response:
    """GitHub's secondary limit, stated by its message and Retry-After."""
    message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    return throttled(retry_after, 403, message)


def graphql_error(kind: str, message: str) -> Response:
    """A GraphQL answer of errors without data: `RATE_LIMITED`, `SERVICE_UNAVAILABLE` …"""
    return json_answer({"data": None, "errors": [{"type": kind, "message": message}]})


def html(code: int = 200) -> Response:
    """A gateway's page of HTML, with any status."""
    return text_answer(PAGE, "text/html; charset=utf-8", code)


def empty(code: int = 200) -> Response:
    """No body at all: 200 or 204."""
    return Response(code, b"", {"content-type": JSON} if code != 204 else {})


def hang(seconds: float = 3600) -> Response:
    """No answer; the connection ends after so many seconds."""
    return Response(0, pause_seconds=seconds)


def slow(seconds: float) -> Fault:
    """The true answer, late."""
    return lambda request, real: real().but(pause_seconds=seconds)


def reset(keep: float = 0.5) -> Fault:
    """The connection is reset in the middle of the body."""
    return lambda request, real: real().but(keep=keep, is_reset=True)


def truncated(keep: float = 0.5, is_length_told: bool = True) -> Fault:
    """The body ends early; without a stated length nobody sees that."""
    return lambda request, real: real().but(keep=keep, is_length_told=is_length_told, is_coded=False)


def invalid_utf8() -> Fault:
    """Bytes that are no text in the middle of the body."""
    return lambda request, real: _with_body(
        real(), lambda body: body[: len(body) // 2] + b"\xff\xfe\xc3" + body[len(body) // 2 :]
    )


def redirect(to: str, code: int = 302) -> Response:
    """To any address: another host, plain http, a private address, `file:`."""
    return Response(code, b"", {"location": to})


def next_to_itself() -> Fault:
    """A `Link: rel=next` that names the page itself."""
    return lambda request, real: real().plus(link=f'<{request.base}{request.target}>; rel="next"')


def repeats(number: int = 1) -> Fault:
    """From then on every page is the same page as the first that came by, its cursor too."""
    kept: list[Response] = []

    def fault(request: Request, real: Real) -> Response:
        if len(kept) < number:
            kept.append(real())
        return kept[-1]

    return fault


def partial(
    path: list[str | int],
    message: str = "Something went wrong while executing your query.",
    kind: str = "SERVICE_UNAVAILABLE",
) -> Fault:
    """The true data with one place of them missing, and the error that says so."""

    def spoil(body: bytes) -> bytes:
        value = json.loads(body)
        place = value["data"]
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = None
        error = {"type": kind, "path": path, "message": message}
        return json.dumps({**value, "errors": [*value.get("errors", []), error]}).encode()

    return lambda request, real: _with_body(real(), spoil)


def meanwhile(act: Callable[[], object], is_before: bool = False) -> Fault:
    """The true answer, and something happens in the world right after (or before) it is made."""

    def fault(request: Request, real: Real) -> Response:
        if is_before:
            act()
        response = real()
        if not is_before:
            act()
        return response

    return fault


def edited(change: Callable[[object], object]) -> Fault:
    """The true JSON changed by a function: a field missing, renamed, of another type."""
    return lambda request, real: _with_body(real(), lambda body: json.dumps(change(json.loads(body))).encode())


def _with_body(response: Response, change: Callable[[bytes], bytes]) -> Response:
    return response.but(body=change(response.body))
