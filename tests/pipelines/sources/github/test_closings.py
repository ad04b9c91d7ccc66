"""What a visit brings of how issues ended, against what truly happened in the emulated world; and
what it costs."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.text import values
from tests.pipelines.sources.github.visits import CHANNEL, collect, held, passed, truth
from tests.upstream import NOW, Upstream, faults
from tests.upstream.world.history import Commit
from tests.upstream.world.people import CODER
from tests.upstream.world.repositories import Repository
from tests.upstream.world.threads import Thread
from tests.worlds.visits import make_visit

FIX = ("fixed_at", "fixed_by", "fixed_by_role", "fix_url")
OTHER = CHANNEL.model_copy(update={"target": "stranger/tool", "official": False})


@pytest.fixture
def up() -> Iterator[Upstream]:
    """A repository with nine hundred threads, and a stranger's."""
    with Upstream([CHANNEL, OTHER], seed=5, threads=900, now=NOW) as upstream:
        yield upstream


@pytest.fixture
def repo(up: Upstream) -> Repository:
    """The repository that is visited."""
    return up.world.repository("acme/kit")


def bodies(up: Upstream, thing: str = "issues") -> dict[int, Any]:
    """Rows by number."""
    return {row.body["number"]: row.body for page in collect(up, thing) for row in page.rows if not row.stream}


def pseudonym(login: str | None) -> str | None:
    return make_visit(CHANNEL).people.make_pseudonym("github", login)


def fix(body: Any) -> tuple[Any, ...]:
    return tuple(body[name] for name in FIX)


def true_fix(thread: Thread) -> tuple[Any, ...]:
    """By the world itself: when, by whom and where the change is that closed an issue last."""
    closing = next((act for act in reversed(thread.turns) if act.what == "close"), None)
    made = thread.closed_by(closing) if closing and not thread.is_open else None
    if made is None or closing is None:
        return None, None, None
    place = f"https://github.com/{thread.repository.name}"
    if isinstance(made, Commit):
        author = thread.repository.history.person(made.code)
        user = author.login if author and author.typename == "User" else None
        return values.format_instant(closing.at), pseudonym(user), f"{place}/commit/{made.sha}"
    return (
        values.format_instant(made.merged),
        pseudonym(made.author.login if made.author else None),
        f"{place}/pull/{made.number}",
    )


def test_turns_and_fixes_of_every_issue_are_those_of_the_world(up: Upstream, repo: Repository) -> None:
    """Closed by outsiders' changes, by staff's, by agents', by commits, by hand, by a bot; opened again, and closed
    again."""
    rows = bodies(up)
    for number, body in rows.items():
        thread = Thread(repo, number - 1)
        closings = [act.at for act in thread.turns if act.what == "close"]
        openings = [act.at for act in thread.turns if act.what == "reopen"]
        assert body["first_closed_at"] == values.format_instant(min(closings, default=None)), number
        assert body["reopened_at"] == values.format_instant(min(openings, default=None)), number
        assert (body["fixed_at"], body["fixed_by"], body["fix_url"]) == true_fix(thread), number
    roles = Counter(body["fixed_by_role"] for body in rows.values())
    assert min(roles[role] for role in ("outsider", "staff", "maintainer", "bot", "agent", "unknown", None)) >= 1
    assert sum(body["reopened_at"] is not None for body in rows.values()) >= 5
    assert sum("/commit/" in (body["fix_url"] or "") for body in rows.values()) >= 5


def test_a_change_of_an_agent_or_of_another_repository_is_told_as_such(up: Upstream, repo: Repository) -> None:
    """Of a stranger's repository nothing is known but the address; a closing by hand afterwards is none of theirs."""
    keeper, issues = int(repo.cast.maintainers[0]), [repo.open_thread("It fails") for _ in range(3)]
    own = repo.open_thread("Fix it", author=CODER, is_pull=True)
    elsewhere = up.world.repository("stranger/tool")
    far = elsewhere.open_thread("Fix it", author=int(elsewhere.cast.maintainers[0]), is_pull=True)
    elsewhere.merge(far)
    repo.merge(own, by=keeper)
    repo.close(issues[0], keeper, change=Thread(repo, own - 1))
    repo.close(issues[1], keeper, change=Thread(elsewhere, far - 1))
    repo.close(issues[2], keeper)
    rows = bodies(up)
    assert [rows[number]["fixed_by_role"] for number in issues] == ["agent", "unknown", None]
    assert [rows[number]["fix_url"] for number in issues] == [
        f"https://github.com/acme/kit/pull/{own}", f"https://github.com/stranger/tool/pull/{far}", None,
    ]  # fmt: skip


def test_a_fix_by_an_account_that_is_gone_or_by_a_change_that_was_deleted(up: Upstream, repo: Repository) -> None:
    """The fix stays while its page does, and its author is nobody in particular."""
    issues = [repo.open_thread("It fails") for _ in range(2)]
    pulls = [repo.open_thread("Fix it", author=author, is_pull=True) for author in (31, 32)]
    for number, made in zip(issues, pulls, strict=True):
        repo.merge(made)
        repo.close(number, int(repo.cast.maintainers[0]), change=Thread(repo, made - 1))
    repo.people.leave(31)
    repo.delete_thread(pulls[1])
    rows = bodies(up)
    assert fix(rows[issues[0]])[1:] == (None, "unknown", f"https://github.com/acme/kit/pull/{pulls[0]}")
    assert fix(rows[issues[1]]) == (None,) * 4 and rows[issues[1]]["closed_at"]


SAML = "Resource protected by organization SAML enforcement."


@pytest.mark.parametrize(
    ("end", "first_closed"),
    [((), None), (("closer",), "2026-11-24T16:00:00.000000Z")],
    ids=["the whole event", "the change alone"],
)
def test_a_change_that_the_token_may_not_see_leaves_the_fix_unknown_and_the_issue_whole(
    up: Upstream, repo: Repository, end: tuple[str, ...], first_closed: str | None
) -> None:
    """Else one closing by a guarded organisation would make its issue unreadable, page after page cut down to it."""
    number, made = repo.open_thread("It fails"), repo.open_thread("Fix it", is_pull=True)
    repo.merge(made)
    repo.close(number, int(repo.cast.maintainers[0]), change=Thread(repo, made - 1))
    fault = faults.partial(["repository", "issues", "nodes", 0, "timelineItems", "nodes", 0, *end], SAML, "FORBIDDEN")
    up.fail("github", faults.When(path="^/graphql", body="issueFields", nth={1}), fault)
    pages = collect(up)
    row = next(row.body for page in pages for row in page.rows if row.key == str(number))
    assert (row["first_closed_at"], fix(row)) == (first_closed, (None,) * 4)
    assert held(pages) == truth(repo) and not passed(pages)
    assert len([one for one in up.requests_to("github", "/graphql") if b"issueFields" in one.body]) == -(
        -len(truth(repo)) // 49
    )


def test_of_more_turns_than_were_asked_for_the_first_is_unknown_and_the_last_is_right(
    up: Upstream, repo: Repository
) -> None:
    """Ten are asked for; six closings and five re-openings are eleven."""
    keeper, wild, calm = int(repo.cast.maintainers[0]), repo.open_thread("It fails"), repo.open_thread("It fails")
    for number, times in ((wild, 6), (calm, 5)):
        for turn in range(times):
            up.world.advance(1 / 24)
            repo.close(number, keeper)
            up.world.advance(1 / 24)
            if turn < 5:
                repo.reopen(number, keeper)
    rows = bodies(up)
    assert rows[wild]["first_closed_at"] is rows[wild]["reopened_at"] is None
    assert rows[wild]["closed_by_role"] in ("maintainer", "staff") and rows[wild]["closed_at"]
    assert rows[calm]["first_closed_at"] < rows[calm]["reopened_at"] and rows[calm]["closed_at"] is None


def test_a_page_of_49_issues_with_all_their_turns_costs_one_point(up: Upstream) -> None:
    """1 + 49 · 3 + 1 connections: what closed an issue is a field and no list."""
    pages = collect(up)
    asked = [one for one in up.requests_to("github", "/graphql") if b"issues(first: $first" in one.body]
    assert {one.points for one in asked} == {1}
    assert len(asked) == -(-sum(row.stream == "" for page in pages for row in page.rows) // 49)
