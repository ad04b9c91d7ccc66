"""Stack Exchange against its emulator over HTTP: several tags at once, complete, cheap, resumable, within its quota."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import sources
from pipelines.catalog import Channel
from pipelines.errors import BudgetSpent, Fatal, SourceError, Throttled
from pipelines.http import Budget
from pipelines.sources import Page
from pipelines.sources import stackexchange as source
from tests.upstream import Upstream, faults
from tests.upstream.messages import json_answer
from tests.upstream.stackexchange import FIRST_ID, Site
from tests.visits import make_visit

CHANNEL = Channel(
    source="stackexchange", target="stackoverflow", role="tag", family="acme", official=False, sections=("openai-api", "gpt-4", "ollama")
)
KEY = {"STACKEXCHANGE_KEY": "canary-key-0123456789"}
Held = dict[str, dict[str, dict[str, Any]]]


@pytest.fixture
def up() -> Iterator[Upstream]:
    with Upstream([CHANNEL], threads=1500) as running:
        yield running


@pytest.fixture
def site(up: Upstream) -> Site:
    return up.stackexchange.sites["stackoverflow"]


def channel(up: Upstream) -> Channel:
    return CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})


def collect(up: Upstream, cursor: Any = None, **more: Any) -> list[Page]:
    given: dict[str, Any] = {"tokens": KEY, "now": up.world.now} | more
    return list(sources.visit("stackexchange", "questions", make_visit(channel(up), cursor, **given)))


def keep(pages: list[Page], held: Held) -> Any:
    for row in (row for page in pages for row in page.rows):
        held.setdefault(row.thing or "questions", {})[row.key] = dict(row.body)
    return json.loads(json.dumps(pages[-1].cursor))


def told(held: Held) -> dict[int, tuple[int, bool, str, set[str]]]:
    answers: dict[int, set[str]] = {}
    for key, body in held.get("answers", {}).items():
        answers.setdefault(body["number"], set()).add(key)
    shown = [body for body in held["questions"].values() if body["state"] != "gone"]
    return {body["number"]: (body["answers"], body["has_accepted"], body["state"], answers.get(body["number"], set())) for body in shown}


def truth(site: Site) -> dict[int, tuple[int, bool, str, set[str]]]:
    return {
        item["question_id"]: (
            item["answer_count"], "accepted_answer_id" in item, "closed" if "closed_date" in item else "open",
            {str(answer["answer_id"]) for answer in item["answers"]},
        )
        for item in site.items()
    }  # fmt: skip


def visited(up: Upstream, cursor: Any, **more: Any) -> tuple[list[Page], SourceError | None]:
    given: dict[str, Any] = {"tokens": KEY, "now": up.world.now} | more
    visit = sources.visit("stackexchange", "questions", make_visit(channel(up), cursor, **given))
    pages: list[Page] = []
    while True:
        try:
            pages.append(next(visit))
        except StopIteration:
            return pages, None
        except SourceError as error:
            return pages, error


def test_a_first_visit_holds_every_question_of_any_tag_once_with_its_answers(up: Upstream, site: Site) -> None:
    """All tags by one address; a question under two tags is one row."""
    held: Held = {}
    pages = collect(up)
    keep(pages, held)
    keys = [row.key for page in pages for row in page.rows if not row.thing]
    assert told(held) == truth(site)
    assert len(keys) == len(set(keys)) == pages[-1].total == pages[-1].expected
    assert len(up.requests) == 2
    body = held["questions"][keys[0]]
    assert body["url"] == f"https://stackoverflow.com/questions/{keys[0]}/question-{keys[0]}"
    assert {answer["url"] for answer in held["answers"].values()} == {f"https://stackoverflow.com/a/{key}" for key in held["answers"]}


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
    assert told(held)[FIRST_ID + 2] == truth(site)[FIRST_ID + 2]
    up.forget()
    assert collect(up, cursor)[-1].is_unchanged
    up.world.advance(24)
    up.forget()
    keep(collect(up, cursor), held)
    assert (len(up.requests), told(held)) == (2, truth(site))


def test_an_answer_accepted_late_and_a_deleted_question_are_seen_by_the_next_day(up: Upstream, site: Site) -> None:
    """Neither counts as activity."""
    held: Held = {}
    cursor = keep(collect(up), held)
    late = next(item for item in site.items() if item["answers"] and "accepted_answer_id" not in item)
    site.accepted[late["question_id"] - FIRST_ID] = late["answers"][0]["answer_id"]
    dead = next(item["question_id"] for item in reversed(site.items()) if item is not late and item["question_id"] != late["question_id"])
    site.threads.delete_thread(dead - FIRST_ID)
    up.world.advance(24)
    cursor = keep(collect(up, cursor), held)
    assert held["questions"][str(dead)] == {"number": dead, "state": "gone"}
    assert told(held) == truth(site)
    assert held["answers"][str(late["answers"][0]["answer_id"])]["is_accepted"] is True
    up.world.advance(24)
    assert not [row for page in collect(up, cursor) for row in page.rows if row.body.get("state") == "gone"]


def test_a_question_that_lost_its_tag_is_not_taken_for_deleted(up: Upstream, site: Site) -> None:
    """It stays as it was last seen."""
    held: Held = {}
    cursor = keep(collect(up), held)
    number = site.items()[-1]["question_id"]
    up.fail("stackexchange", "/search", faults.edited(lambda body: _without(body, number)))
    up.world.advance(24)
    keep(collect(up, cursor), held)
    assert held["questions"][str(number)]["state"] != "gone"


def _without(body: Any, number: int) -> Any:
    return {**body, "items": [item for item in body["items"] if item["question_id"] != number]}


@pytest.mark.parametrize("answers_inline", [0, 2])
def test_answers_that_do_not_come_along_are_fetched(up: Upstream, site: Site, answers_inline: int) -> None:
    """A hundred questions by one address."""
    up.stackexchange.answers_inline = answers_inline
    held: Held = {}
    keep(collect(up), held)
    assert told(held) == truth(site)


def test_the_newest_come_first_and_a_small_budget_goes_on_where_it_stopped(
    up: Upstream, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With pages of seven; nothing is asked for twice but the question at the edge of a page."""
    monkeypatch.setattr("pipelines.stackexchange_client.PAGE", 7)
    monkeypatch.setattr(source, "PAGE", 7)
    held: Held = {}
    cursor: Any = None
    seen: list[str] = []
    for _ in range(60):
        pages, error = visited(up, cursor, budget=Budget(4))
        seen += [row.key for page in pages for row in page.rows if not row.thing]
        cursor = keep(pages, held) if pages else cursor
        if error is None:
            break
    assert told(held) == truth(site)
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
    assert told(held) == truth(site)


acts = st.dictionaries(st.integers(2, 24), st.sampled_from(["answer", "ask", "delete"]), max_size=8)


@settings(deadline=None, max_examples=25)
@given(acts=acts, budgets=st.lists(st.integers(3, 6), max_size=4), is_before=st.booleans())
def test_whatever_is_asked_answered_or_deleted_between_pages_nothing_is_lost(
    acts: dict[int, str], budgets: list[int], is_before: bool
) -> None:
    """Before or after any answer, with visits stopped anywhere; pages of five."""
    with Upstream([CHANNEL], threads=600) as up, pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.stackexchange_client.PAGE", 5)
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
        assert {number: told(held).get(number) for number in there} == there


def test_the_pause_that_an_answer_asks_for_is_kept_before_the_same_method_only(up: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also from one visit to the next."""
    monkeypatch.setattr("pipelines.stackexchange_client.PAGE", 30)
    monkeypatch.setattr(source, "PAGE", 30)
    up.stackexchange.backoff = 9
    waits: list[float] = []
    pages = collect(up, waits=waits)
    searches = len(up.requests_to("stackexchange", "/2.3/search"))
    assert searches > 1
    assert waits == [9.0] * (searches - 1)
    cursor = json.loads(json.dumps(pages[-1].cursor))
    later: list[float] = []
    collect(up, cursor, waits=later)
    assert later == [9.0]
    up.stackexchange.backoff = 900
    up.world.advance(24)
    _, error = visited(up, cursor)
    assert isinstance(error, BudgetSpent)
    assert "asks to wait 900 s" in str(error)


def test_a_tenth_of_the_day_s_quota_is_left_for_others(up: Upstream) -> None:
    """A stop and not a failure; what was read is kept."""
    up.stackexchange.quota.spend("", 290)
    pages, error = visited(up, None, tokens={})
    assert isinstance(error, BudgetSpent)
    assert "STACKEXCHANGE_KEY" in str(error)
    assert pages == []
    up.stackexchange.quota.forgive()
    assert visited(up, None, tokens={})[1] is None


def test_a_spent_quota_ends_the_visit_as_told_to_slow_down(up: Upstream) -> None:
    """The API says so with a 400, and for how long in words."""
    up.stackexchange.quota.exhaust("")
    _, error = visited(up, None, tokens={})
    assert isinstance(error, Throttled)
    assert "a later run goes on" in str(error)


def test_a_filter_is_made_once_and_made_anew_only_where_it_is_refused(up: Upstream) -> None:
    """It holds for ever, they say."""
    cursor = keep(collect(up), {})
    assert len(up.requests_to("stackexchange", "/2.3/filters")) == 1
    up.stackexchange.filters.clear()
    up.forget()
    collect(up, cursor)
    assert [record.path.partition("?")[0] for record in up.requests] == ["/2.3/search", "/2.3/filters/create", "/2.3/search"]


def test_neither_the_key_nor_a_name_is_in_any_row_cursor_or_error(up: Upstream) -> None:
    """Names are not even asked for."""
    pages = collect(up)
    kept = json.dumps([[dict(row.body) for row in page.rows] + [dict(page.cursor)] for page in pages])
    names = {up.world.people.person(code).login for code in range(40) if up.world.people.person(code)}  # type: ignore[union-attr]
    assert "canary" not in kept
    assert not any(name in kept for name in names)
    up.fail("stackexchange", "search", faults.status(404))
    _, error = visited(up, None)
    assert "canary" not in str(error)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (json_answer([]), "another shape"),
        (json_answer({"questions": []}), "lacks 'items'"),
        (json_answer({"items": {}}), "another shape"),
        (json_answer({"items": [{"question_id": 1}], "has_more": False}), "another shape|lacks"),
        (json_answer({"error_id": 400, "error_name": "bad_parameter"}, 400), "bad_parameter"),
        (faults.html(), "text/html"),
        (faults.html(403), "a page for people"),
        (faults.truncated(0.4, is_length_told=False), "cut off"),
        (faults.empty(), "nothing in it"),
    ],
)
def test_an_answer_of_another_shape_is_an_error_that_says_so(up: Upstream, answer: Any, says: str) -> None:
    """Never an empty success."""
    up.fail("stackexchange", "search", answer)
    _, error = visited(up, None)
    assert error is not None
    assert re.search(says, str(error))


def test_a_tag_that_nobody_uses_is_empty_and_that_is_normal(up: Upstream) -> None:
    """But a channel without tags would be the whole site: refused."""
    up.fail("stackexchange", "search", json_answer({"items": [], "has_more": False, "total": 0, "quota_max": 300, "quota_remaining": 299}))
    pages, error = visited(up, None)
    assert (error, pages[-1].total) == (None, 0)
    assert source.THINGS["questions"].empty_is_normal
    with pytest.raises(Fatal, match="sections"):
        list(sources.visit("stackexchange", "questions", make_visit(channel(up).model_copy(update={"sections": ()}))))
