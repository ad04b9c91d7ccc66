"""The emulator's REST pages, redirects, counts and refuses as GitHub does, seen through PyGithub itself."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from github import Auth, Github, GithubException, RateLimitExceededException, UnknownObjectException

from tests.upstream import Upstream
from tests.upstream.examples import SDK, get, upstream
from tests.upstream.world.clock import iso


@pytest.fixture
def up() -> Iterator[Upstream]:
    with upstream() as started:
        yield started


def client(up: Upstream, token: str = "t", per_page: int = 100) -> Github:
    """PyGithub without its pauses and its retries."""
    auth = Auth.Token(token) if token else None
    quick: dict[str, Any] = {"seconds_between_requests": 0, "seconds_between_writes": 0, "retry": None}
    return Github(auth=auth, base_url=up.base("github"), per_page=per_page, **quick)


def test_pygithub_reads_every_thread_page_by_page(up: Upstream) -> None:
    """Issues and pull requests come in one list, a hundred a page, next after next."""
    repository = up.world.repository(SDK)
    found = list(client(up).get_repo(SDK).get_issues(state="all", sort="updated", direction="asc"))
    assert [issue.updated_at for issue in found] == sorted(issue.updated_at for issue in found)
    pulls = {issue.number for issue in found if "pull_request" in issue._rawData}
    is_pull = repository.tracker.threads["is_pull"][: repository.tracker.size]
    assert {issue.number for issue in found} == set(range(1, repository.tracker.size + 1))
    assert pulls == {index + 1 for index, one in enumerate(is_pull) if one}
    assert len(up.requests_to("github", f"/repos/{SDK}/issues")) == -(-repository.tracker.size // 100)


def test_the_link_to_the_next_page_is_opaque_and_has_no_last(up: Upstream) -> None:
    """PyGithub's totalCount and page numbers must not seem to work here."""
    first = get(up, "github", f"/repos/{SDK}/issues?state=all&per_page=2")
    links = re.findall(r'<([^>]+)>; rel="(\w+)"', first.headers["link"])
    assert [name for _, name in links] == ["next"] and links[0][0].startswith(up.base("github"))
    assert "after=" in links[0][0]
    assert get(up, "github", f"/repos/{SDK}/issues?page=101").status_code == 422


def test_state_and_since_narrow_the_list(up: Upstream) -> None:
    """`since` takes in the instant itself."""
    repo = client(up).get_repo(SDK)
    opened, closed = list(repo.get_issues(state="open")), list(repo.get_issues(state="closed"))
    assert len(opened) + len(closed) == up.world.repository(SDK).tracker.size
    assert all(issue.closed_at is None for issue in opened) and all(issue.closed_at for issue in closed)
    newest = next(iter(repo.get_issues(state="all", sort="updated", direction="desc")))
    again = repo.get_issues(state="all", sort="updated", direction="asc", since=newest.updated_at)
    assert [issue.number for issue in again] == [newest.number]


def test_an_unchanged_page_is_a_304_and_free_for_who_has_a_token(up: Upstream) -> None:
    """One request, nothing charged; the nameless pay for it."""
    path = f"/repos/{SDK}/issues?state=all&sort=updated&direction=desc&per_page=1"
    for token, charged in (("t", 0), ("", 1)):
        first = get(up, "github", path, token)
        again = get(up, "github", path, token, if_none_match=first.headers["etag"])
        assert again.status_code == 304 and not again.content
        assert int(first.headers["x-ratelimit-remaining"]) - int(again.headers["x-ratelimit-remaining"]) == charged
    up.world.repository(SDK).touch(1)
    assert get(up, "github", path, "t", if_none_match=first.headers["etag"]).status_code == 200


def test_a_renamed_repository_answers_301_to_its_number_and_pygithub_follows(up: Upstream) -> None:
    """The number outlives the name."""
    number = client(up).get_repo(SDK).id
    up.world.repository(SDK).rename("example/renamed")
    moved = get(up, "github", f"/repos/{SDK}")
    assert moved.status_code == 301 and moved.headers["location"] == f"{up.base('github')}/repositories/{number}"
    repo = client(up).get_repo(SDK)
    assert (repo.full_name, repo.id) == ("example/renamed", number)
    listed = get(up, "github", f"/repos/{SDK}/issues?state=all")
    assert len(get(up, "github", listed.headers["location"].removeprefix(up.base("github"))).json()) == 30


@pytest.mark.parametrize("code", [403, 404, 451])
def test_a_repository_that_is_gone_says_how(up: Upstream, code: int) -> None:
    """Missing, blocked, and blocked by law are different things."""
    up.world.repository(SDK).gone = code
    with pytest.raises(GithubException) as raised:
        client(up).get_repo(SDK)
    assert raised.value.status == code


def test_the_nameless_have_sixty_requests_an_hour_and_then_a_403(up: Upstream) -> None:
    """With nothing remaining, and the hour when it ends."""
    for _ in range(60):
        assert get(up, "github", f"/repos/{SDK}", "").status_code == 200
    with pytest.raises(RateLimitExceededException) as raised:
        client(up, "").get_repo(SDK)
    assert raised.value.headers and raised.value.headers["x-ratelimit-remaining"] == "0"
    assert client(up).get_repo(SDK).id
    up.world.advance(1)
    assert client(up, "").get_repo(SDK).id


def test_asking_for_the_limits_costs_nothing_and_tells_both_allowances(up: Upstream) -> None:
    """REST and GraphQL are counted apart."""
    client(up).get_repo(SDK)
    for _ in range(2):
        limits = client(up).get_rate_limit()
        assert (limits.resources.core.remaining, limits.resources.core.used) == (4999, 1)
        assert limits.resources.graphql.limit == 5000


def test_a_token_that_has_expired_is_a_401(up: Upstream) -> None:
    """Never repeated by a careful client."""
    with pytest.raises(GithubException) as raised:
        client(up, "expired").get_repo(SDK)
    assert raised.value.status == 401


def test_comments_of_the_whole_repository_come_by_change_since_an_instant(up: Upstream) -> None:
    """Page-numbered, each with the address of its thread; a rewritten one comes again."""
    repository = up.world.repository(SDK)
    everything = [one for index in range(repository.tracker.size) for one in repository.tracker.comments(index)]
    found = list(
        client(up)
        .get_repo(SDK)
        .get_issues_comments(sort="updated", direction="asc", since=datetime(2020, 1, 1, tzinfo=UTC))
    )
    assert {comment.id for comment in found} == {one for _, one in everything} and len(found) == len(everything)
    index, (_, comment_id) = next((index, one) for index in range(50) for one in repository.tracker.comments(index))
    up.world.advance(1)
    repository.edit_comment(index + 1, comment_id, "Rewritten")
    since = up.world.now - timedelta(seconds=1)
    changed = list(client(up).get_repo(SDK).get_issues_comments(sort="updated", direction="asc", since=since))
    assert [(comment.id, comment.body) for comment in changed] == [(comment_id, "Rewritten")]
    assert changed[0].issue_url.endswith(f"/issues/{index + 1}")


def test_releases_come_newest_first_and_new_ones_appear_with_time(up: Upstream) -> None:
    """Page-numbered, with a last page."""
    before = list(client(up, per_page=10).get_repo(SDK).get_releases())
    assert [one.published_at for one in before] == sorted((one.published_at for one in before), reverse=True)
    up.world.advance(24 * 90)
    after = list(client(up).get_repo(SDK).get_releases())
    assert [one.tag_name for one in after][-len(before) :] == [one.tag_name for one in before] and len(after) > len(
        before
    )
    assert 'rel="last"' in get(up, "github", f"/repos/{SDK}/releases?per_page=3").headers["link"]


def test_a_deleted_thread_is_410_and_an_unknown_one_404(up: Upstream) -> None:
    """And disabled issues are 410 too."""
    repository = up.world.repository(SDK)
    repository.delete_thread(1)
    assert get(up, "github", f"/repos/{SDK}/issues/1").status_code == 410
    with pytest.raises(UnknownObjectException):
        client(up).get_repo(SDK).get_issue(10**6)
    repository.has_issues = False
    assert get(up, "github", f"/repos/{SDK}/issues").status_code == 410


def test_the_date_of_an_answer_is_the_worlds_own(up: Upstream) -> None:
    """A client may tell the skew of its clock by it."""
    up.world.advance(1.5)
    date = get(up, "github", f"/repos/{SDK}").headers["date"]
    assert iso(int(parsedate_to_datetime(date).timestamp())) == iso(up.world.clock.now)


def test_a_pull_request_listed_among_issues_fires_a_hidden_request_when_touched(up: Upstream) -> None:
    """The trap that made 97 requests 1,238: it must be there to be tested against."""
    issue = next(one for one in client(up).get_repo(SDK).get_issues(state="all") if "pull_request" not in one._rawData)
    before = len(up.requests)
    assert issue.pull_request is None
    assert len(up.requests) == before + 1
