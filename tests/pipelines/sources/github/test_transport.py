"""A question whether anything changed is the same request as PyGithub's, and is answered alike."""

from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.http.budget import Budget
from pipelines.http.client import Http
from pipelines.sources.github.transport.connection import make_requester
from pipelines.sources.github.transport.requester import API_VERSION, CONDITION, LateRequester, Requester
from tests.worlds.raw_server import RawServer, answer, raw_server

PATH = "/repositories/1/issues"
OURS = frozenset({"127.0.0.1"})
ETAG = {"etag": 'W/"2"', "X-RateLimit-Remaining": "4999"}


def _ask(
    server: RawServer, is_late: bool, token: str | None, headers: dict[str, str]
) -> tuple[int, dict[str, str], str]:
    """Asks for a path as the late requester does, or as PyGithub itself does."""
    base = server.url("")
    with Http(OURS, OURS, "agent/1", Budget(5), lambda: datetime.now(UTC)) as http:
        requester: Requester = LateRequester(http, base, token, "agent/1")
        if not is_late:
            requester = make_requester(http, base, token, "agent/1", API_VERSION)
        # In the order in which PyGithub puts parameters: the address comes from its answer to the visit before.
        return requester.requestJson("GET", f"{base}{PATH}?per_page=1&state=all", headers=dict(headers))


@pytest.mark.parametrize("token", ["ghp_canary0123456789", None])
@pytest.mark.parametrize(
    "answered", [answer(304, b"", ETAG), answer(200, '\ufeff[{"n": "é"}]'.encode(), ETAG), answer(200, b"\xff", ETAG)]
)
def test_request_and_answer_are_those_of_pygithub(token: str | None, answered: bytes) -> None:
    """Otherwise a visit that finds news would differ from one that finds none."""
    with raw_server() as server:
        server.script = {PATH: [answered]}
        results = [_ask(server, is_late, token, {CONDITION: 'W/"1"'}) for is_late in (True, False)]

    assert results[0] == results[1]
    # Without a token, what is left of the hour is asked for first.
    ours, theirs = (headers for path, headers in server.requests if path.startswith(PATH))
    assert ours == theirs and ours["if-none-match"] == 'W/"1"'


def test_pygithub_asks_wherever_there_is_no_etag(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the client of everything that is read."""
    asked: list[str] = []

    def make(http: Http, base_url: str, *given: Any) -> Requester:
        asked.append(base_url)
        requester: Requester = make_requester(http, base_url, *given)
        return requester

    monkeypatch.setattr("pipelines.sources.github.transport.connection.make_requester", make)
    with raw_server() as server:
        server.script = {PATH: [answer(200, b"[]")]}
        _ask(server, True, None, {CONDITION: 'W/"1"'})
        assert asked == []
        status, _, body = _ask(server, True, None, {})

    assert (len(asked), status, body) == (1, 200, "[]")
