"""How GitHub's issues ended: turns, fixes and who made them, from answers made by hand and from
recorded events."""

from typing import Any

import pytest

from pipelines.http.errors import Fatal
from pipelines.sources.github.rows import make_issue_row
from tests.pipelines.sources.github.answers import COMMUNITY, VISIT, comment, issue, person, timeline, turn
from tests.pipelines.sources.github.test_rows import needs_recordings, replayed

HERE, BESIDE, ELSEWHERE = (
    "https://github.com/acme/kit",
    "https://github.com/Acme/other",
    "https://github.com/stranger/kit",
)
MERGED = "2026-05-02T08:30:00Z"
FIX = ("fixed_at", "fixed_by", "fixed_by_role", "fix_url")
NO_FIX = (None, None, None, None)


def change(login: str | None = "bob", association: str = "NONE", where: str = HERE, **more: Any) -> dict[str, Any]:
    """A merged pull request as the closer of an issue."""
    stated = {
        "__typename": "PullRequest",
        "url": f"{where}/pull/9",
        "mergedAt": MERGED,
        "authorAssociation": association,
    }
    return stated | {"author": person(login)} | more


def commit(login: str | None = "bob", where: str = HERE) -> dict[str, Any]:
    """A commit as the closer of an issue."""
    return {"__typename": "Commit", "url": f"{where}/commit/{'a' * 40}", "author": {"user": person(login)}}


def closed(closer: dict[str, Any] | None, by: str = "carol", **more: Any) -> dict[str, Any]:
    """An issue that a change closed, landed by somebody."""
    turns = timeline(turn("Closed", 9, actor=person(by), closer=closer))
    return issue(closedAt="2026-05-02T09:00:00Z", timelineItems=turns, **more)


def cut(node: dict[str, Any], *names: str, visit: Any = VISIT) -> tuple[Any, ...]:
    body = make_issue_row(visit, node).body
    return tuple(body[name] for name in names or FIX)


@pytest.mark.parametrize(
    ("turns", "hours"),
    [
        ((), (None, None)),
        (("Closed",), ("01", None)),
        (("Closed", "Reopened"), ("01", "02")),
        (("Closed", "Reopened", "Closed", "Reopened"), ("01", "02")),
        (("Closed", "Closed", "Reopened"), ("01", "03")),
        (("Reopened", "Closed"), ("02", None)),
        (("Reopened",), (None, None)),
    ],
)
def test_the_first_closing_and_the_first_re_opening_after_it_are_kept(
    turns: tuple[str, ...], hours: tuple[str | None, str | None]
) -> None:
    """Later turns change neither; what was opened again before it was ever closed (a thread that was moved) says
    nothing."""
    events = [turn(what, hour, actor=None) for hour, what in enumerate(turns, start=1)]
    found = cut(issue(timelineItems=timeline(*events)), "first_closed_at", "reopened_at")
    assert tuple(at and at[11:13] for at in found) == hours


@pytest.mark.parametrize(
    "stated",
    [
        timeline(turn("Closed", 9, actor=None), has_more=True),
        timeline(None, turn("Closed", 9, actor=None)),
        {"nodes": [turn("Closed", 9, actor=None)]},
    ],
    ids=["more than were asked for", "an event that may not be seen", "no word whether there are more"],
)
def test_of_a_timeline_in_part_the_first_turns_are_unknown_and_the_last_is_not(stated: dict[str, Any]) -> None:
    """Never a later closing in place of the first."""
    node = issue(closedAt="2026-05-02T09:00:00Z", timelineItems=stated)
    assert cut(node, "first_closed_at", "reopened_at", "closed_by_role") == (None, None, "unknown")


def test_an_event_without_a_time_is_an_error_that_says_so() -> None:
    """A drift of the interface, not an issue that was never closed."""
    with pytest.raises(Fatal, match="unexpected shape"):
        make_issue_row(VISIT, issue(timelineItems=timeline({"__typename": "ClosedEvent"})))


def test_a_merged_pull_request_fixes_when_it_was_merged_and_a_commit_when_it_closed_the_issue() -> None:
    """A commit's own date is its author's clock, and says nothing of when the branch got it."""
    bob = VISIT.people.make_pseudonym("github", "bob")
    assert cut(closed(change())) == ("2026-05-02T08:30:00.000000Z", bob, "outsider", f"{HERE}/pull/9")
    assert cut(closed(commit())) == ("2026-05-02T09:00:00.000000Z", bob, "unknown", f"{HERE}/commit/{'a' * 40}")


@pytest.mark.parametrize(
    "closer",
    [None, change(mergedAt=None), {"__typename": "ProjectV2"}],
    ids=["a hand", "a pull request that was not merged", "a board"],
)
def test_nothing_else_is_a_fix(closer: dict[str, Any] | None) -> None:
    """Nor is a fix that did not hold: the issue is open again."""
    assert cut(closed(closer)) == NO_FIX
    assert cut(closed(change()) | {"closedAt": None}) == NO_FIX


@pytest.mark.parametrize(
    ("closer", "role"),
    [
        (change("bob", "CONTRIBUTOR"), "outsider"),
        (change("bob", "FIRST_TIME_CONTRIBUTOR"), "outsider"),
        (change("eve", "MEMBER"), "staff"),
        (change("eve", "COLLABORATOR"), "maintainer"),
        (change("paid-helper"), "staff"),
        (change("copilot-swe-agent") | {"author": person("copilot-swe-agent", "Bot")}, "agent"),
        (change("dependabot") | {"author": person("dependabot", "Bot")}, "bot"),
        (change("Ann"), "outsider"),
        (change(None), "unknown"),
        (change("ghost"), "unknown"),
        (change("carol", "CONTRIBUTOR"), "maintainer"),
        (commit("carol"), "maintainer"),
        (commit("paid-helper"), "staff"),
        (commit("dave"), "staff"),
        (commit(None), "unknown"),
        ({**commit(), "author": None}, "unknown"),
    ],
)
def test_the_part_of_whoever_fixed_it_is_told_by_the_rules(closer: dict[str, Any], role: str) -> None:
    """An asker who fixes it plays a part in the project; who lands their own change may write there; who spoke in the
    thread is known."""
    node = closed(
        closer, comments={"totalCount": 1, "nodes": [comment("dave", "MEMBER")], "pageInfo": {"hasNextPage": False}}
    )
    login = ((closer["author"] or {}).get("user") or closer["author"] or {}).get("login")
    assert cut(node, "fixed_by", "fixed_by_role") == (VISIT.people.make_pseudonym("github", login), role)


@pytest.mark.parametrize(
    ("closer", "role"),
    [
        (change("eve", "MEMBER", BESIDE), "staff"),
        (change("eve", "COLLABORATOR", BESIDE), "unknown"),
        (change("eve", "CONTRIBUTOR", BESIDE), "unknown"),
        (change("eve", "MEMBER", ELSEWHERE), "unknown"),
        (change("eve", "NONE", ELSEWHERE), "unknown"),
        (change("carol", "NONE", ELSEWHERE), "unknown"),
        (change("dave", "NONE", ELSEWHERE), "maintainer"),
        (change("paid-helper", "NONE", ELSEWHERE), "staff"),
        (commit("eve", ELSEWHERE), "unknown"),
        (change("eve", "MEMBER", HERE, url=None), "unknown"),
        (change("eve", "MEMBER", HERE, url="javascript:alert(1)"), "unknown"),
    ],
)
def test_what_somebody_is_in_another_repository_says_nothing_of_them_here(closer: dict[str, Any], role: str) -> None:
    """But for members of the same owner, for those whom the catalog names, and for those who spoke in the thread
    here."""
    node = closed(
        closer,
        comments={"totalCount": 1, "nodes": [comment("dave", "COLLABORATOR")], "pageInfo": {"hasNextPage": False}},
    )
    found = cut(node, "fixed_by_role", "fix_url", "fixed_at")
    assert found == (role, closer["url"] if str(closer["url"]).startswith("https") else None, found[2]) and found[2]


def test_members_of_a_community_project_fix_as_its_maintainers() -> None:
    assert cut(closed(change("eve", "MEMBER")), "fixed_by_role", visit=COMMUNITY) == ("maintainer",)


@needs_recordings
def test_recorded_closings_are_read_as_they_happened() -> None:
    """Real events, up to a second after the closing that they report; none names a change, so none claims a fix."""
    events = [one for status, body in replayed() if status == 200 for one in _events(body)]
    assert len(events) > 3
    for one in events:
        stated = {
            "__typename": "ClosedEvent",
            "createdAt": one["created_at"],
            "actor": person(one["actor"]["login"]),
            "closer": None,
        }
        node = issue(closedAt=one["issue"]["closed_at"], timelineItems=timeline(stated))
        first, *fix = cut(node, "first_closed_at", *FIX)
        assert (first[:19], tuple(fix)) == (one["created_at"][:19], NO_FIX)
        assert 0 <= int(first[17:19]) - int(one["issue"]["closed_at"][17:19]) <= 1


def _events(body: Any) -> list[Any]:
    """Closings within a recorded answer, as REST tells them."""
    found = body if isinstance(body, list) else [body]
    return [one for one in found if isinstance(one, dict) and one.get("event") == "closed" and one.get("issue")]
