"""Sends the questions whether anything changed without PyGithub, and loads it for all others.

PyGithub takes about as long to import as a visit that brings nothing takes beside its start. Such a visit asks only
what an ETag answers, unless it reads discussions.
"""

from functools import cached_property
from typing import Any, Protocol

from pipelines.http.client import Http

API_VERSION = "2022-11-28"
CONDITION = "If-None-Match"


class Requester(Protocol):
    """The part of PyGithub's requester that Heartbeat uses."""

    @property
    def graphql_url(self) -> str:
        """The address of the GraphQL interface."""

    @property
    def base_url(self) -> str:
        """Returns the address at which the REST interface begins."""

    def requestJson(  # noqa: N802 (as PyGithub spells it)
        self, verb: str, url: str, *, headers: dict[str, Any] | None = None, input: Any = None
    ) -> tuple[int, dict[str, Any], str]:
        """Sends a request; returns status, headers by lower-case name, and body."""


class LateRequester:
    """PyGithub's requester, loaded when the first question comes that has no ETag."""

    def __init__(self, http: Http, base_url: str, token: str | None, user_agent: str) -> None:
        self._http, self.base_url, self._token, self._user_agent = http, base_url, token, user_agent

    @cached_property
    def _requester(self) -> Requester:
        from pipelines.sources.github.transport.connection import make_requester

        return make_requester(self._http, self.base_url, self._token, self._user_agent, API_VERSION)

    @property
    def graphql_url(self) -> str:
        """The address of the GraphQL interface."""
        return self._requester.graphql_url

    def requestJson(  # noqa: N802 (as PyGithub spells it)
        self, verb: str, url: str, *, headers: dict[str, Any] | None = None, input: Any = None
    ) -> tuple[int, dict[str, Any], str]:
        """Sends a request; returns status, headers by lower-case name, and body."""
        if verb == "GET" and CONDITION in (headers or {}) and url.startswith(f"{self.base_url}/"):
            answer = self._http.get(url, headers=self._make_headers() | (headers or {}))
            # The names are in small letters already.
            found = {**answer.headers, "x-final-url": answer.url}
            return answer.status, found, answer.content.decode("utf-8-sig", "replace")
        return self._requester.requestJson(verb, url, headers=headers, input=input)

    def _make_headers(self) -> dict[str, str]:
        """Makes the headers that PyGithub sends, too."""
        token = {"Authorization": f"token {self._token}"} if self._token else {}
        return {**token, "User-Agent": self._user_agent, "X-GitHub-Api-Version": API_VERSION}
