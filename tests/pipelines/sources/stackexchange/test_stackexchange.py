"""Stack Exchange against its emulator over HTTP: several tags at once, complete, cheap, resumable, within its quota."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.http.budget import Budget
from pipelines.http.errors import Fatal
from pipelines.sources import stackexchange as source
from tests.pipelines.sources.stackexchange.visits import CHANNEL, Held, collect, keep, stated, truth, visited
from tests.upstream import Upstream, faults
from tests.upstream.sites.stackexchange import FIRST_ID, Site


@pytest.fixture
def up() -> Iterator[Upstream]:
    with Upstream([CHANNEL], threads=1500) as running:
        yield running


@pytest.fixture
def site(up: Upstream) -> Site:
    return up.stackexchange.sites["stackoverflow"]


def test_a_first_visit_holds_every_question_of_any_tag_once_with_its_answers(up: Upstream, site: Site) -> None:
    """All tags by one address; a question under two tags is one row."""
    held: Held = {}
    pages = collect(up)
    keep(pages, held)
    keys = [row.key for page in pages for row in page.rows if not row.stream]
    assert stated(held) == truth(site)
    assert len(keys) == len(set(keys)) == pages[-1].total == pages[-1].expected
    assert len(up.requests) == 2
    body = held["questions"][keys[0]]
    assert body["url"] == f"https://stackoverflow.com/questions/{keys[0]}/question-{keys[0]}"
    assert {answer["url"] for answer in held["answers"].values()} == {
        f"https://stackoverflow.com/a/{key}" for key in held["answers"]
    }


def test_an_unchanged_channel_costs_one_request_however_many_tags_it_names(up: Upstream, site: Site) -> None:
    """And a change one more at most; the newest are looked at once a day."""
    held: Held = {}
    cursor = keep(collect(up), held)
    up.forget()
    pages = collect(up, cursor)
    assert (len(up.requests), pages[-1].is_unchanged, [page.rows for page in pages]) == (1, True, [[]])
    up.world.clock.now += 60
    site.threads.comment(2, 7)
    up.forget()
    cursor = keep(collect(up, cursor), held)
    assert len(up.requests) == 1
    assert stated(held)[FIRST_ID + 2] == truth(site)[FIRST_ID + 2]
    up.forget()
    assert collect(up, cursor)[-1].is_unchanged
    up.world.advance(24)
    up.forget()
    keep(collect(up, cursor), held)
    assert (len(up.requests), stated(held)) == (2, truth(site))


def test_an_answer_accepted_late_and_a_deleted_question_are_seen_by_the_next_day(up: Upstream, site: Site) -> None:
    """Neither counts as activity."""
    held: Held = {}
    cursor = keep(collect(up), held)
    late = next(item for item in site.items() if item["answers"] and "accepted_answer_id" not in item)
    site.accepted[late["question_id"] - FIRST_ID] = late["answers"][0]["answer_id"]
    dead = next(
        item["question_id"]
        for item in reversed(site.items())
        if item is not late and item["question_id"] != late["question_id"]
    )
    site.threads.delete_thread(dead - FIRST_ID)
    up.world.advance(24)
    cursor = keep(collect(up, cursor), held)
    assert held["questions"][str(dead)] == {"number": dead, "state": "gone"}
    assert stated(held) == truth(site)
    assert held["answers"][str(late["answers"][0]["answer_id"])]["is_accepted"] is True
    up.world.advance(24)
    assert not [row for page in collect(up, cursor) for row in page.rows if row.body.get("state") == "gone"]


def test_a_question_that_lost_its_tag_is_not_taken_for_deleted(up: Upstream, site: Site) -> None:
    held: Held = {}
    cursor = keep(collect(up), held)
    number = site.items()[-1]["question_id"]
    up.fail("stackexchange", "/search", faults.edited(lambda body: _without(body, number)))
    up.world.advance(24)
    keep(collect(up, cursor), held)
    assert held["questions"][str(number)]["state"] != "gone"


def test_an_emptied_answer_deletes_no_question(up: Upstream, site: Site) -> None:
    """All were gone by one answer: neither an emptied list nor an emptied answer by id is believed."""
    held: Held = {}
    cursor = keep(collect(up), held)
    nothing = faults.edited(_empty)
    up.world.advance(24)
    rule = up.fail("stackexchange", "/(search|questions)", nothing)
    with pytest.raises(Fatal, match="answer rejected"):
        collect(up, cursor)
    rule.stop()

    number = site.items()[-1]["question_id"]
    rules = [
        up.fail("stackexchange", "/search.*sort=creation", faults.edited(lambda body: _without(body, number))),
        up.fail("stackexchange", "/questions", nothing),
    ]
    keep(collect(up, cursor), held)
    for rule in rules:
        rule.stop()
    assert not [key for key, body in held["questions"].items() if body["state"] == "gone"]
    up.world.advance(24)
    keep(collect(up, cursor), held)
    assert stated(held) == truth(site)


def _empty(body: Any) -> Any:
    return {**body, "items": [], "total": 0, "has_more": False}


def _without(body: Any, number: int) -> Any:
    return {**body, "items": [item for item in body["items"] if item["question_id"] != number]}


@pytest.mark.parametrize("answers_inline", [0, 2])
def test_answers_that_do_not_come_along_are_fetched(up: Upstream, site: Site, answers_inline: int) -> None:
    """A hundred questions by one address."""
    up.stackexchange.answers_inline = answers_inline
    held: Held = {}
    keep(collect(up), held)
    assert stated(held) == truth(site)


def test_the_newest_come_first_and_a_small_budget_goes_on_where_it_stopped(
    up: Upstream, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With pages of seven; nothing is asked for twice but the question at the edge of a page."""
    monkeypatch.setattr("pipelines.sources.stackexchange.client.PAGE", 7)
    monkeypatch.setattr(source, "PAGE", 7)
    held: Held = {}
    cursor: Any = None
    seen: list[str] = []
    for _ in range(60):
        pages, error = visited(up, cursor, budget=Budget(4))
        seen += [row.key for page in pages for row in page.rows if not row.stream]
        cursor = keep(pages, held) if pages else cursor
        if error is None:
            break
    assert stated(held) == truth(site)
    assert seen == sorted(seen, reverse=True)
    assert len(seen) <= len(set(seen)) * 1.5


def test_a_first_visit_goes_back_to_since_and_a_later_one_further_where_it_is_asked(up: Upstream, site: Site) -> None:
    """By the time of asking."""
    asked = sorted(item["creation_date"] for item in site.items())
    middle = asked[len(asked) // 2]
    held: Held = {}
    cursor = keep(collect(up, since=datetime.fromtimestamp(middle, UTC)), held)
    assert len(held["questions"]) == sum(at >= middle for at in asked)
    keep(collect(up, cursor, since=datetime(2015, 1, 1, tzinfo=UTC)), held)
    assert stated(held) == truth(site)


acts = st.dictionaries(st.integers(2, 24), st.sampled_from(["answer", "ask", "delete"]), max_size=8)


@pytest.mark.slow
@settings(max_examples=25)
@example(acts={2: "answer", 3: "answer"}, budgets=[3], is_before=False)  # answered between two looks of one visit
@given(acts=acts, budgets=st.lists(st.integers(3, 6), max_size=4), is_before=st.booleans())
def test_whatever_is_asked_answered_or_deleted_between_pages_nothing_is_lost(
    acts: dict[int, str], budgets: list[int], is_before: bool
) -> None:
    """Before or after any answer, with visits stopped anywhere; pages of five."""
    with Upstream([CHANNEL], threads=600) as up, pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.sources.stackexchange.client.PAGE", 5)
        patch.setattr(source, "PAGE", 5)
        site, count = up.stackexchange.sites["stackoverflow"], iter(range(1, 1000))

        def act() -> None:
            what, number = acts.get(next(count)), 1 + len(acts) % 5
            up.world.clock.now += 1
            if what == "ask":
                site.threads.open_thread()
            elif what == "delete" and number - 1 not in site.threads.tracker.deleted:
                site.threads.delete_thread(number)
            elif what == "answer" and 5 not in site.threads.tracker.deleted:
                site.threads.comment(6, 7)

        rule = up.fail("stackexchange", "search", faults.meanwhile(act, is_before))
        held: Held = {"questions": {}}
        cursor: Any = None
        for budget in [*budgets, 10_000, 10_000]:
            pages, _ = visited(up, cursor, budget=Budget(budget))
            cursor = keep(pages, held) if pages else cursor
        rule.stop()
        up.world.clock.now += 1
        cursor = keep(collect(up, cursor), held)
        there = truth(site)
        assert {number: stated(held).get(number) for number in there} == there
