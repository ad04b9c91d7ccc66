"""What visits to GitHub's discussions bring, what they cost, and that nothing is lost between them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from graphql import parse
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import sources
from pipelines.contract import Page
from pipelines.http.budget import Budget
from pipelines.http.errors import BudgetSpent, Fatal
from pipelines.number_set import NumberSet
from pipelines.sources.github.client import load_queries
from pipelines.sources.github.lists import DISCUSSIONS
from pipelines.sources.github.threads import DISCUSSION_COMMENTS, DISCUSSION_REPLIES, write_query
from pipelines.text import values
from tests.pipelines.sources.github.visits import CHANNEL, GRAPHQL, TOKENS, collect, keys, last, passed
from tests.upstream import NOW, Upstream, faults
from tests.upstream.github.cost import cost
from tests.upstream.github.ids import node_id
from tests.upstream.sites.forum import Forum
from tests.worlds.visits import make_visit

ANSWERABLE = {"Q&A", "Help"}
Held = dict[int, tuple[str, frozenset[str]]]


def forum_of(up: Upstream) -> Forum:
    repo = up.world.repository("acme/kit")
    repo.has_discussions = True
    return repo.forum


def forum_numbers(up: Upstream) -> list[int]:
    return [talk.number for _, talk in forum_of(up).newest_first()]


@pytest.fixture
def up() -> Iterator[Upstream]:
    """A repository with some sixty discussions: three pages of them."""
    with Upstream([CHANNEL], seed=5, threads=1200, now=NOW) as upstream:
        forum_of(upstream)
        yield upstream


def held(*visits: list[Page]) -> Held:
    """What a warehouse would hold: of each discussion, when it changed last and what was said; the newest wins."""
    changed: dict[int, str] = {}
    said: dict[int, set[str]] = {}
    for row in (row for pages in visits for page in pages for row in page.rows):
        if row.stream:
            said.setdefault(row.body["number"], set()).add(row.key)
        else:
            number, at = row.body["number"], str(values.format_instant(row.source_time))
            changed[number] = max(changed.get(number, ""), at)
    return {number: (at, frozenset(said.get(number, ()))) for number, at in changed.items()}


def truth(forum: Forum) -> Held:
    """What the world holds now, comments and replies to them alike."""
    repo = forum.repository
    return {
        talk.number: (
            str(values.format_instant(forum.updated(talk))),
            frozenset(node_id("DiscussionComment", repo.id, talk.number, one.id) for one in forum.seen(talk.all())),
        )
        for _, talk in forum.newest_first()
    }


def test_a_first_visit_brings_every_discussion_and_all_that_was_said_in_it(up: Upstream) -> None:
    """Replies to comments too; nothing twice, the source's own count agrees, and each page costs one point."""
    budget = Budget(1000)
    pages = collect(up, "discussions", budget=budget)
    assert held(pages) == truth(forum_of(up))
    said = keys(pages, "discussion_comments")
    assert len(said) == len(set(said)) > 150
    assert len(keys(pages)) == len(set(keys(pages))) == pages[-1].total
    assert set(keys(pages)) == {
        str(one) for one in forum_numbers(up) if one in NumberSet.unpack(pages[-1].cursor["numbers"])
    }
    assert any(row.body["parent_id"] for page in pages for row in page.rows if row.stream)
    assert {record.points for record in up.requests} == {1}
    assert (budget.requests, budget.points) == (len(up.requests), up.points)


def test_a_page_is_as_large_as_one_point_allows() -> None:
    """24 discussions, 7 long ones, 20 comments with many replies: one more of the first two would cost a second
    point."""
    whole = parse(load_queries(DISCUSSIONS.stream, *DISCUSSIONS.files))
    assert [cost(whole, {"first": first}).points for first in (24, 25)] == [1, 2]
    for kind, most in ((DISCUSSION_COMMENTS, 7), (DISCUSSION_REPLIES, 20)):
        assert kind.at_once == most
        asked, values = write_query(kind, [(str(one), "x") for one in range(most)])
        assert cost(parse(asked), values).points == 1
    asked, values = write_query(DISCUSSION_COMMENTS, [(str(one), "x") for one in range(8)])
    assert cost(parse(asked), values).points == 2


def test_what_has_not_changed_for_longer_than_was_asked_for_is_counted_as_older(up: Upstream) -> None:
    """It explains the difference to the source's own count, even at a visit without news."""
    since = up.world.now - timedelta(days=60)
    pages = collect(up, "discussions", since=since)
    (again,) = collect(up, "discussions", last(pages), since=since)
    total = pages[-1].total
    assert total is not None and pages[-1].older == total - len(keys(pages)) > 0
    assert (again.is_unchanged, again.older) == (True, pages[-1].older)


def test_nothing_changed_costs_one_request_and_one_point(up: Upstream) -> None:
    """GraphQL has no 304, and nothing free reports replies: the probe is as cheap as it gets."""
    first = collect(up, "discussions")
    up.forget()
    again = collect(up, "discussions", last(first))
    assert [(len(page.rows), page.is_unchanged, page.total) for page in again] == [(0, True, first[0].total)]
    assert [record.points for record in up.requests] == [1]
    assert again[0].cursor == last(first)


def test_one_that_changed_costs_two_requests(up: Upstream) -> None:
    """The probe, and a page that holds the change."""
    forum = forum_of(up)
    newest = forum.open("The newest, read again since its second may not be over")
    first = collect(up, "discussions")
    up.world.advance(1 / 60)
    talk = next(talk for _, talk in forum.newest_first()[5:] if len(talk.sayings) < 3)
    forum.say(talk, to=forum.say(talk))
    up.forget()
    again = collect(up, "discussions", last(first))
    assert len(up.requests) == 2
    assert keys(again) == [str(talk.number), str(newest.number)]
    assert held(first, again) == truth(forum)


def test_discussions_switched_off_are_one_request_and_no_failure(up: Upstream) -> None:
    """Nothing to read is not an error; and when they are switched on they are read."""
    repo = up.world.repository("acme/kit")
    repo.has_discussions = False
    first = collect(up, "discussions")
    assert [(page.rows, page.total, page.is_unchanged) for page in first] == [([], 0, False)]
    assert len(up.requests) == 1
    assert sources.get_streams("github")["discussions"].empty_is_normal
    assert collect(up, "discussions", last(first))[0].is_unchanged
    repo.has_discussions = True
    assert held(collect(up, "discussions", last(first))) == truth(repo.forum)


def test_an_answer_is_told_only_where_one_can_be_chosen(up: Upstream) -> None:
    """Elsewhere neither the discussion nor any comment is called unanswered."""
    forum = forum_of(up)
    talk = forum.open("How?", category=0)
    chosen = forum.say(talk)
    forum.say(talk, to=chosen)
    forum.choose(talk, chosen)
    rows = [row for page in collect(up, "discussions") for row in page.rows]
    for row in (row for row in rows if not row.stream):
        assert (row.body["is_answered"] is None) == (row.body["category"] not in ANSWERABLE)
        assert bool(row.body["answer_chosen_at"]) == bool(row.body["is_answered"])
    own = {row.key: row.body for row in rows if row.body["number"] == talk.number}
    assert own[str(talk.number)]["is_answered"] is True
    assert sorted(body["is_answer"] for body in own.values() if "is_answer" in body) == [False, True]
    general = {row.body["number"] for row in rows if not row.stream and row.body["category"] not in ANSWERABLE}
    assert {row.body["is_answer"] for row in rows if row.stream and row.body["number"] in general} == {None}
    assert {row.body["is_answered"] for row in rows if not row.stream} == {None, False, True}


def test_closed_discussions_say_why(up: Upstream) -> None:
    rows = [row.body for page in collect(up, "discussions") for row in page.rows if not row.stream]
    assert {body["state_reason"] for body in rows if body["state"] == "closed"} <= {"resolved", "outdated", "duplicate"}
    assert {bool(body["closed_at"]) for body in rows if body["state"] == "closed"} == {True}
    assert {body["state_reason"] for body in rows if body["state"] == "open"} == {None}


def test_long_discussions_come_whole_several_in_one_question(up: Upstream) -> None:
    """Sixty comments, and two hundred and fifty replies to one of them."""
    forum = forum_of(up)
    for number in range(3):
        talk = forum.open(f"Long {number}")
        comments = [forum.say(talk, 2 + place % 9) for place in range(60)]
        for place in range(250 if number else 21):
            forum.say(talk, 3 + place % 7, to=comments[-1])
    up.forget()
    pages = collect(up, "discussions")
    assert held(pages) == truth(forum)
    assert max(row.body["comments"] for page in pages for row in page.rows if not row.stream) == 310
    assert {record.points for record in up.requests} == {1}
    assert len([one for one in up.requests if b"$id0" in one.body]) < 3 * len(pages) + 6


def test_a_row_of_small_budgets_comes_to_the_end(up: Upstream) -> None:
    """What a run reads it keeps; no page is read twice."""
    kept: list[Page] = []
    for _ in range(20):
        channel = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})
        visit = make_visit(channel, last(kept) if kept else None, tokens=TOKENS, budget=Budget(4), now=up.world.now)
        try:
            kept.extend(sources.collect_stream("github", "discussions", visit))
            break
        except BudgetSpent:
            assert visit.budget.requests == 4
    assert held(kept) == truth(forum_of(up))
    assert kept[-1].cursor["seen"] and "after" not in kept[-1].cursor


Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(st.sampled_from(["say", "reply", "touch", "open", "delete", "unsay"]), st.integers(0, 60)), max_size=6
)


def _do(forum: Forum, step: Step) -> None:
    what, place = step
    order = forum.newest_first()
    talk = order[place % len(order)][1]
    said = forum.seen(talk.sayings)
    if what == "say" or (what in ("reply", "unsay") and not said):
        forum.say(talk)
    elif what == "reply":
        forum.say(talk, to=said[0])
    elif what == "touch":
        forum.touch(talk, "Touched")
    elif what == "open":
        forum.open("New")
    elif what == "delete" and len(order) > 30:
        forum.delete(talk)
    elif what == "unsay":
        forum.delete(talk, said[-1])


@pytest.mark.slow
@given(STEPS, STEPS, STEPS)
@settings(max_examples=15)
def test_whatever_changes_between_two_pages_is_not_lost(
    first: list[Step], second: list[Step], third: list[Step]
) -> None:
    """Two visits later everything is known."""
    with Upstream([CHANNEL], seed=8, threads=1200, now=NOW) as up:
        forum = forum_of(up)
        plan = iter([first, second, third])

        def drift() -> None:
            up.world.advance(1 / 3600)
            for step in next(plan, []):
                _do(forum, step)

        rule = up.fail("github", GRAPHQL, faults.meanwhile(drift))
        pages = collect(up, "discussions")
        rule.stop()
        up.world.advance(1 / 3600)
        found, there = held(pages, collect(up, "discussions", last(pages))), truth(forum)
        for number, (at, said) in there.items():
            assert found[number][0] == at and found[number][1] >= said, number


def test_what_changes_in_the_very_second_of_the_last_visit_is_read(up: Upstream) -> None:
    """Two changes in one second, the visit between them."""
    forum = forum_of(up)
    one, other = (talk for _, talk in forum.newest_first()[3:5])
    forum.touch(one, "First")
    first = collect(up, "discussions")
    forum.touch(other, "Second")
    titles = {
        row.body["title"] for page in collect(up, "discussions", last(first)) for row in page.rows if not row.stream
    }
    assert titles == {"First", "Second"}


def test_a_deletion_is_noticed_although_nothing_newer_is_there(up: Upstream) -> None:
    """The count is part of the probe."""
    forum = forum_of(up)
    first = collect(up, "discussions")
    forum.delete(forum.newest_first()[-1][1])
    assert not collect(up, "discussions", last(first))[-1].is_unchanged


def test_a_deleted_comment_with_replies_is_hidden_and_counted(up: Upstream) -> None:
    """Else the discussion would seem to have more replies than can be read."""
    forum = forum_of(up)
    talk = forum.open("Question")
    comment = forum.say(talk, body="```\ncode\n```")
    forum.say(talk, 3, to=comment)
    forum.delete(talk, comment)
    rows = [row for page in collect(up, "discussions") for row in page.rows if row.body["number"] == talk.number]
    (gone,) = [row.body for row in rows if row.stream and row.body["parent_id"] is None]
    assert (gone["hidden_reason"], gone["is_hidden"], gone["actor"], gone["role"], gone["words"]) == (
        "deleted",
        True,
        None,
        "unknown",
        0,
    )
    assert rows[0].body["comments"] == len(rows) - 1 == 2


@pytest.mark.parametrize("cursor", [
    {"v": 1, "updated_at": "2031-01-01T00:00:00Z"}, {"v": 99, "updated_at": "2026-11-24T15:00:00Z"},
    {"anything": ["else"]},
    {"v": 1, "updated_at": "2020-01-01T00:00:00Z", "since": "2020-01-01T00:00:00Z", "after": "bm9uc2Vuc2U="},
    {"v": 1, "updated_at": "2026-11-24T00:00:00Z", "since": "2026-11-01T00:00:00Z", "seen": "0"},
])  # fmt: skip
def test_a_cursor_that_leads_nowhere_starts_the_visit_again(up: Upstream, cursor: dict[str, Any]) -> None:
    """Skewed, of another version, a position that GitHub does not take any more, or one of somebody who looked less far
    back."""
    assert held(collect(up, "discussions", cursor)) == truth(forum_of(up))


def test_what_lies_before_since_is_left_alone(up: Upstream) -> None:
    """A first visit goes back to `since`, by last change."""
    since = up.world.now - timedelta(days=30)
    found = held(collect(up, "discussions", since=since))
    wanted = {number: one for number, one in truth(forum_of(up)).items() if one[0] >= str(values.format_instant(since))}
    assert found == wanted and 0 < len(wanted) < 40


def test_a_list_that_github_cannot_give_is_passed_over_and_named(up: Upstream) -> None:
    """Two hundred replies that never come whole do not hold up the others."""
    forum = forum_of(up)
    talk = forum.open("Endless")
    comment = forum.say(talk)
    for _ in range(220):
        forum.say(talk, 3, to=comment)
    up.graphql.heavy_nodes = 95
    pages = collect(up, "discussions")
    found, there = held(pages), truth(forum)
    assert passed(pages) == [str(talk.number)]
    assert {number: one for number, one in found.items() if number != talk.number} == {
        number: one for number, one in there.items() if number != talk.number
    }
    (row,) = [row for page in pages for row in page.rows if row.key == str(talk.number)]
    assert row.body["comments"] == 221 > len(found[talk.number][1])


def test_an_answer_of_another_shape_is_an_error_in_words(up: Upstream) -> None:
    """A category that GitHub does not give any more: named, not a crash and not an empty forum."""
    spoil = faults.When(path=GRAPHQL, nth={2})
    up.fail("github", spoil, lambda _, real: (stated := real()).but(body=stated.body.replace(b"category", b"group")))
    with pytest.raises(Fatal, match="category"):
        collect(up, "discussions")
