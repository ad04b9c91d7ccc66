"""Adapts PyGithub to the guarded HTTP client: what it sends goes through that, and no connection of its own."""

import logging
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

from github import Auth
from github.Requester import Requester

from pipelines.http.client import Http

logging.getLogger("github").setLevel(logging.WARNING)  # below that it logs headers and bodies


class Connection:
    """Replaces PyGithub's connection: sends each request through the guarded client."""

    def __init__(self, http: Http, scheme: str, host: str, port: int | None = None, **_: object) -> None:
        self._http, self.host = http, host
        self._origin = f"{scheme}://{host}" + (f":{port}" if port else "")
        self._pending: tuple[str, str, str | None, dict[str, str]]

    def request(self, verb: str, url: str, input: str | None, headers: dict[str, str], stream: bool = False) -> None:
        """Stores the request; PyGithub calls `getresponse` next."""
        self._pending = (verb, url, input, headers)

    def getresponse(self) -> SimpleNamespace:
        """Sends the stored request. Raises the errors of the guarded client."""
        verb, path, body, headers = self._pending
        if verb == "POST":
            # Heavy queries are retried with smaller pages instead; see `Client.query_whole`.
            answer = self._http.post(self._origin + path, (body or "").encode(), headers=headers, is_repeated=False)
        else:
            answer = self._http.get(self._origin + path, headers=headers)
        headers, text = {**answer.headers, "x-final-url": answer.url}, answer.content.decode("utf-8-sig", "replace")
        return SimpleNamespace(status=answer.status, getheaders=lambda: iter(headers.items()), read=lambda: text)

    def close(self) -> None:
        """Closes nothing: the connections belong to the guarded client."""


def make_requester(http: Http, base_url: str, token: str | None, user_agent: str, api_version: str) -> Requester:
    """Makes PyGithub's requester, which sends its requests through the guarded client."""

    class Guarded(Requester):
        pass

    # PyGithub stores them as class attributes, where a future Python will bind a bare partial as a method.
    by_scheme = [cast("Any", staticmethod(partial(Connection, http, scheme))) for scheme in ("http", "https")]
    Guarded.injectConnectionClasses(*by_scheme)
    return Guarded(
        auth=Auth.Token(token) if token else None,
        base_url=base_url,
        timeout=30,
        user_agent=user_agent,
        per_page=100,
        verify=True,
        retry=None,
        pool_size=None,
        # By default PyGithub waits 0.25 s between requests, and 1 s before each GraphQL query. Each of ours waits for
        # the answer to the one before.
        seconds_between_requests=0,
        seconds_between_writes=0,
        lazy=True,
        api_version=api_version,
    )
