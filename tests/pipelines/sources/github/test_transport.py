"""A question whether anything changed is the same request as PyGithub's."""

import pytest

from pipelines.sources.github.client import API_VERSION, Client
from pipelines.sources.github.transport import make_requester
from tests.pipelines.sources.github.visits import CHANNEL, TOKENS
from tests.worlds.raw_server import answer, raw_server
from tests.worlds.visits import make_visit

PATH = "/repositories/1/issues"


@pytest.mark.parametrize("tokens", [TOKENS, {}])
def test_a_question_with_an_etag_is_asked_as_pygithub_would(tokens: dict[str, str]) -> None:
    """Otherwise a visit that finds news would differ from one that finds none."""
    with raw_server() as server:
        server.script = {PATH: [answer(304, b"", {"etag": 'W/"2"', "X-RateLimit-Remaining": "4999"})]}
        base = server.url("")
        visit = make_visit(CHANNEL.model_copy(update={"base_url": base}), tokens=tokens)
        # In the order in which PyGithub puts parameters: the address comes from its answer to the visit before.
        url = f"{base}{PATH}?per_page=1&state=all"
        assert Client(visit).get(url, 'W/"1"').data is None
        requester = make_requester(visit.http, base, tokens.get("GITHUB_TOKEN"), visit.user_agent, API_VERSION)
        requester.requestJson("GET", url, headers={"If-None-Match": 'W/"1"'})

    # Without a token, what is left of the hour is asked for first.
    ours, theirs = (headers for path, headers in server.requests if path.startswith(PATH))
    assert ours == theirs and ours["if-none-match"] == 'W/"1"'
