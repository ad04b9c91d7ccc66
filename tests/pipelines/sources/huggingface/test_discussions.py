"""The Hub's discussions: a request a model if nothing moved, each thread that moved once, and nobody's words or
name."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from pipelines.http.errors import Fatal
from tests.upstream import NOW, Upstream, faults
from tests.upstream.sites.hub_boards import Board, Talk
from tests.upstream.world.draws import DAY
from tests.upstream.world.people import MAINTAINERS, STAFF
from tests.worlds.visits import make_visit

MODELS = ("acme/Kit-7B", "acme/Kit-70B")
CHANNEL = Channel(source="huggingface", target="acme", role="hub", family="kit", models=MODELS)
OUTSIDER, HELPER, INSIDER, KEEPER = 3, 4, STAFF + 1, MAINTAINERS


@pytest.fixture
def up() -> Iterator[Upstream]:
    """A hub with one organisation."""
    with Upstream([CHANNEL], seed=2, threads=10, now=NOW) as upstream:
        yield upstream


@pytest.fixture
def board(up: Upstream) -> Board:
    """The first model's discussions, those that were drawn and no other."""
    return up.world.model(MODELS[0]).board


def collect(up: Upstream, cursor: Any = None, channel: Channel = CHANNEL, **more: Any) -> list[Page]:
    """One visit: all its pages."""
    given: dict[str, Any] = {"now": up.world.now} | more
    visited = channel.model_copy(update={"base_url": up.url(CHANNEL)})
    return list(sources.collect_stream("huggingface", "discussions", make_visit(visited, cursor, **given)))


def last(pages: list[Page]) -> Any:
    return json.loads(json.dumps(pages[-1].cursor))


def bodies(pages: list[Page], thing: str = "") -> dict[str, dict[str, Any]]:
    """The rows of a thing by key; later ones win, as they do in the warehouse."""
    return {row.key: dict(row.body) for page in pages for row in page.rows if row.stream == thing}


def lists(up: Upstream) -> list[str]:
    """Paths of the lists that were asked for."""
    return [record.path for record in up.requests if "discussions?" in record.path]


def singles(up: Upstream) -> list[str]:
    """Numbers of the threads that were asked for."""
    return [record.path.partition("?")[0].rpartition("/")[2] for record in up.requests if "discussions/" in record.path]


def test_a_first_visit_brings_every_thread_with_all_that_was_said(up: Upstream) -> None:
    """Threads by model and number, comments but the first as replies."""
    pages = collect(up)
    threads, events = bodies(pages), bodies(pages, "discussion_events")
    there = [(name, talk) for name in MODELS for talk in up.world.model(name).board.talks()]
    assert set(threads) == {f"{name}#{talk.num}" for name, talk in there} and len(there) >= 3
    now = up.world.clock.now
    for name, talk in there:
        body, posts = threads[f"{name}#{talk.num}"], [post for post in talk.posts if post.at <= now]
        assert (body["number"], body["is_pull_request"], body["comments"]) == (talk.num, talk.is_pull, len(posts) - 1)
        replies = [one for one in events.values() if (one["model_id"], one["number"]) == (name, talk.num)]
        assert len(replies) == (0 if talk.is_pull else len(posts) - 1)
    assert (pages[-1].total, pages[-1].expected) == (len(there), len(there))
    assert len(lists(up)) == 2 and len(singles(up)) == sum(not talk.is_pull for _, talk in there)


def test_no_word_and_no_name_is_kept(up: Upstream, board: Board) -> None:
    """Titles are public facts of the page; texts and logins are not kept."""
    talk = board.open("A title", "The secret sentence of somebody. `code`", OUTSIDER)
    board.comment(talk.num, HELPER, "Another secret sentence with https://docs.example.com/guide/x")
    kept = json.dumps([dict(row.body) for page in collect(up) for row in page.rows])
    person = up.world.people.person(OUTSIDER)
    assert person and person.login not in kept and "secret sentence" not in kept
    event = next(one for one in bodies(collect(up), "discussion_events").values() if one["number"] == talk.num)
    assert event["words"] == 4


def test_roles_are_taken_from_what_the_hub_says_of_each_author(up: Upstream, board: Board) -> None:
    """Members of the official organisation are staff, the Hub's own people are not."""
    talk = board.open(who=OUTSIDER)
    for who in (INSIDER, KEEPER, OUTSIDER, HELPER):
        up.world.advance(1)
        board.comment(talk.num, who)
    roles = [one["role"] for one in bodies(collect(up), "discussion_events").values() if one["number"] == talk.num]
    assert roles == ["staff", "outsider", "asker", "outsider"]
    own = CHANNEL.model_copy(update={"official": False})
    roles = [
        one["role"]
        for one in bodies(collect(up, channel=own), "discussion_events").values()
        if one["number"] == talk.num
    ]
    assert roles == ["maintainer", "outsider", "asker", "outsider"]


def test_a_deleted_account_is_nobody_in_particular(up: Upstream, board: Board) -> None:
    """The Hub omits the author; the question is still the question."""
    talk = board.open(who=OUTSIDER)
    board.comment(talk.num, HELPER)
    for who in (OUTSIDER, HELPER):
        up.world.people.leave(who)
    pages = collect(up)
    thread = bodies(pages)[f"{MODELS[0]}#{talk.num}"]
    (event,) = [one for one in bodies(pages, "discussion_events").values() if one["number"] == talk.num]
    assert [(one["actor"], one["role"]) for one in (thread, event)] == [(None, "unknown")] * 2
    assert thread["comments"] == 1


def test_who_closed_a_thread_and_when(up: Upstream, board: Board) -> None:
    """The last change of status counts; a reopened thread has no end."""
    talk = board.open(who=OUTSIDER)
    board.act(talk.num, OUTSIDER, "closed")
    up.world.advance(1)
    board.act(talk.num, INSIDER, "open")
    assert bodies(collect(up))[f"{MODELS[0]}#{talk.num}"]["closed_at"] is None
    up.world.advance(1)
    board.act(talk.num, INSIDER, "closed")
    thread = bodies(collect(up))[f"{MODELS[0]}#{talk.num}"]
    assert (thread["state"], thread["closed_by_role"], thread["closed_at"][:13]) == ("closed", "staff", "2026-11-24T18")
    assert (thread["first_closed_at"][:13], thread["reopened_at"][:13]) == ("2026-11-24T16", "2026-11-24T17")


def test_a_thread_that_was_never_closed_was_never_opened_again(up: Upstream, board: Board) -> None:
    """A change of status to open alone is no re-opening."""
    talk = board.open(who=OUTSIDER)
    board.act(talk.num, INSIDER, "open")
    thread = bodies(collect(up))[f"{MODELS[0]}#{talk.num}"]
    assert (thread["first_closed_at"], thread["reopened_at"]) == (None, None)


def test_hidden_comments_and_reports_are_marked(up: Upstream, board: Board) -> None:
    """What the Hub shows in place of a hidden comment is not its text."""
    talk = board.open(who=OUTSIDER)
    talk.is_report = True
    board.comment(talk.num, HELPER, "A long advertisement for something else").hidden_reason = "Spam"
    board.comment(talk.num, HELPER, "Changed")
    pages = collect(up)
    events = [one for one in bodies(pages, "discussion_events").values() if one["number"] == talk.num]
    assert [(one["is_hidden"], one["hidden_reason"], one["words"]) for one in events] == [
        (True, "spam", 0), (False, None, 1),
    ]  # fmt: skip
    thread = bodies(pages)[f"{MODELS[0]}#{talk.num}"]
    assert thread["is_report"]


def test_an_unchanged_visit_costs_one_request_a_model_and_no_content(up: Upstream) -> None:
    """No list holds several models, so one a model is the least; all are 304."""
    first = collect(up)
    up.forget()
    (again,) = collect(up, last(first))
    assert again.is_unchanged and again.rows == []
    assert [record.status for record in up.requests] == [304, 304]
    assert last([again]) == last(first)


def test_without_conditional_answers_it_still_costs_one_request_a_model(up: Upstream) -> None:
    """Where the Hub gives no ETag the figures of the list tell that nothing moved."""
    up.fail("hub", None, lambda request, real: real().but(headers={"content-type": "application/json"}))
    first = collect(up)
    up.forget()
    (again,) = collect(up, last(first))
    assert again.is_unchanged and again.rows == []
    assert [record.status for record in up.requests] == [200, 200]


def test_only_threads_whose_figures_moved_are_read_again(up: Upstream, board: Board) -> None:
    """A reply, a closing and a new thread: three requests beside the lists."""
    talks = [board.open(who=OUTSIDER) for _ in range(5)]
    first = collect(up)
    up.world.advance(1)
    board.comment(talks[1].num, INSIDER)
    board.act(talks[3].num, OUTSIDER, "closed")
    new = board.open(who=HELPER)
    up.forget()
    again = collect(up, last(first))
    wanted = [talks[1].num, talks[3].num, new.num]
    assert sorted(map(int, singles(up))) == wanted
    assert set(bodies(again)) == {f"{MODELS[0]}#{num}" for num in wanted}
    assert again[-1].expected == 3


def test_the_newest_threads_of_all_models_come_first(up: Upstream) -> None:
    """A visit that is cut short has what matters most today."""
    pages = collect(up)
    opened = [
        row.body["created_at"]
        for page in pages
        for row in page.rows
        if not row.stream and not row.body["is_pull_request"]
    ]
    assert opened == sorted(opened, reverse=True) and len(opened) > 2


def test_a_visit_looks_sixty_days_back_and_once_a_month_at_everything(up: Upstream, board: Board) -> None:
    """An answer to an old question is found, if late; the lists cost one page meanwhile."""
    board.page = 2
    old = board.open(who=OUTSIDER, days_ago=90)
    for _ in range(4):
        board.open(who=OUTSIDER, days_ago=70)
    recent = board.open(who=OUTSIDER)
    first = collect(up)
    board.comment(old.num, INSIDER)
    board.comment(recent.num, INSIDER)
    up.forget()
    second = collect(up, last(first), now=NOW + timedelta(days=1))
    assert singles(up) == [str(recent.num)]
    assert len([path for path in lists(up) if MODELS[0] in path]) == 1
    later = collect(up, last(second), now=NOW + timedelta(days=31))
    assert f"{MODELS[0]}#{old.num}" in bodies(later)


def test_a_pinned_thread_does_not_end_the_list(up: Upstream, board: Board) -> None:
    """It stands first however old it is."""
    board.page = 2
    board.open(who=OUTSIDER, days_ago=200).is_pinned = True
    fresh = [board.open(who=OUTSIDER) for _ in range(3)]
    first = collect(up)
    board.comment(fresh[0].num, INSIDER)
    assert f"{MODELS[0]}#{fresh[0].num}" in bodies(collect(up, last(first)))


def test_what_is_older_than_since_is_not_fetched(up: Upstream, board: Board) -> None:
    """A first run is bounded."""
    old = board.open(who=OUTSIDER, days_ago=40)
    young = board.open(who=OUTSIDER, days_ago=20)
    found = bodies(collect(up, since=NOW - timedelta(days=30)))
    assert f"{MODELS[0]}#{young.num}" in found and f"{MODELS[0]}#{old.num}" not in found


def test_pull_requests_are_marked_and_cost_no_request_of_their_own(up: Upstream, board: Board) -> None:
    """They are changes, not requests for help; the list says what is kept of them."""
    pull = board.open(who=OUTSIDER, is_pull=True)
    board.comment(pull.num, INSIDER)
    body = bodies(collect(up))[f"{MODELS[0]}#{pull.num}"]
    assert (body["is_pull_request"], body["comments"], body["role"]) == (True, 1, "unknown")
    assert str(pull.num) not in [path.partition("?")[0].rpartition("/")[2] for path in singles(up) if MODELS[0] in path]


@pytest.mark.parametrize("counts_opening", [True, False])
def test_replies_are_complete_whether_or_not_the_hub_counts_the_question(
    up: Upstream, board: Board, counts_opening: bool
) -> None:
    """Nobody documents it; a thread must not look part-seen for that."""
    board.is_opening_counted = counts_opening
    talk = board.open(who=OUTSIDER)
    board.comment(talk.num, INSIDER)
    assert bodies(collect(up))[f"{MODELS[0]}#{talk.num}"]["comments"] == 1


def test_events_cut_short_show_as_missing_replies(up: Upstream, board: Board) -> None:
    """If the Hub ever pages its events, the list's figure tells."""
    talk = board.open(who=OUTSIDER)
    for _ in range(3):
        board.comment(talk.num, INSIDER)
    shorten = faults.edited(lambda body: {**body, "events": body["events"][:2]})  # type: ignore[dict-item,index]
    up.fail("hub", f"{MODELS[0]}/discussions/{talk.num}", shorten)
    pages = collect(up)
    assert bodies(pages)[f"{MODELS[0]}#{talk.num}"]["comments"] == 3
    assert len([one for one in bodies(pages, "discussion_events").values() if one["number"] == talk.num]) == 1


@pytest.mark.parametrize("code", [403, 404, 410])
def test_discussions_switched_off_are_skipped_and_the_rest_goes_on(up: Upstream, board: Board, code: int) -> None:
    """One model's silence costs no other; once it speaks, it is read."""
    board.open(who=OUTSIDER)
    board.refusal = code
    first = collect(up)
    assert {body["model_id"] for body in bodies(first).values()} == {MODELS[1]}
    (again,) = collect(up, last(first))
    assert again.rows == []
    board.refusal = 0
    assert MODELS[0] in {body["model_id"] for body in bodies(collect(up, last([again]))).values()}


def test_a_thread_deleted_before_it_is_read_keeps_nothing_and_one_refused_what_the_list_said(
    up: Upstream, board: Board
) -> None:
    """Neither is asked for again until it moves."""
    gone, refused = board.open(who=OUTSIDER), board.open(who=OUTSIDER)
    board.comment(refused.num, HELPER)
    up.fail("hub", f"{MODELS[0]}/discussions/{gone.num}", faults.status(404))
    up.fail("hub", f"{MODELS[0]}/discussions/{refused.num}", faults.status(403))
    pages = collect(up)
    assert f"{MODELS[0]}#{gone.num}" not in bodies(pages)
    assert bodies(pages)[f"{MODELS[0]}#{refused.num}"]["comments"] == 1
    assert collect(up, last(pages))[0].is_unchanged


def test_a_renamed_model_keeps_its_threads_under_the_name_that_the_catalog_has(up: Upstream, board: Board) -> None:
    """Else one thread would be two; its link is the new one."""
    talk = board.open(who=OUTSIDER)
    first = collect(up)
    up.world.model(MODELS[0]).rename("acme/Kit-7B-v2")
    board.comment(talk.num, INSIDER)
    body = bodies(collect(up, last(first)))[f"{MODELS[0]}#{talk.num}"]
    assert "/acme/Kit-7B-v2/discussions/" in body["url"]


def test_a_thread_of_another_shape_is_an_error_by_name(up: Upstream) -> None:
    up.fail("hub", "discussions/", faults.edited(lambda stated: {**stated, "events": [{"id": "x"}]}))  # type: ignore[dict-item]
    with pytest.raises(Fatal, match="unexpected shape"):
        collect(up)


def test_words_that_we_do_not_know_are_said_and_never_taken_for_a_known_one(up: Upstream, board: Board) -> None:
    talk = board.open(who=OUTSIDER)
    board.act(talk.num, INSIDER, "poll-started")
    board.act(talk.num, INSIDER, "title-change")
    change = faults.edited(lambda stated: {**stated, "status": "parked"})  # type: ignore[dict-item]
    up.fail("hub", f"{MODELS[0]}/discussions/{talk.num}", change)
    body = bodies(collect(up))[f"{MODELS[0]}#{talk.num}"]
    assert (body["state"], body["drift"]) == ("unknown", ["parked", "poll-started"])


def test_a_page_that_comes_again_and_again_ends_the_reading_of_its_model(up: Upstream, board: Board) -> None:
    """Else it would never end; the boards of the other models are read."""
    board.page = 2
    for _ in range(8):
        board.open(who=OUTSIDER)
    up.fail("hub", faults.When(path=f"{MODELS[0]}/discussions?"), faults.repeats())
    page = collect(up)[-1]
    assert page.passed_over is not None and list(page.passed_over.items) == [MODELS[0]]
    assert "keeps returning the same page" in str(page.passed_over.last_error)


def test_a_cursor_of_another_version_starts_again(up: Upstream) -> None:
    assert bodies(collect(up, {"v": 99}))


@pytest.mark.slow
@given(st.lists(st.sampled_from(["open", "delete", "comment", "close"]), max_size=5), st.integers(0, 3))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_is_lost_whatever_moves_between_pages(acts: list[str], page: int) -> None:
    """Threads come, go and change while the list is read; one further visit makes the picture whole."""
    with Upstream([CHANNEL], seed=2, threads=10, now=NOW) as up:
        board = up.world.model(MODELS[0]).board
        board.page = 3
        for _ in range(9):
            board.open(who=OUTSIDER)

        def meddle() -> None:
            for number, act in enumerate(acts):
                _meddle(board, act, number)

        up.fail("hub", faults.When(path=f"{MODELS[0]}/discussions?", nth={page + 1}), faults.meanwhile(meddle))
        first = collect(up)
        whole = {**bodies(first), **bodies(collect(up, last(first)))}
        for talk in board.talks():
            found = _figures(whole[f"{MODELS[0]}#{talk.num}"])
            # What is older than the watched days may be a sweep behind, but it is there.
            assert found == _truth(talk, up.world.clock.now) or up.world.clock.now - talk.created > 60 * DAY


def _meddle(board: Board, act: str, number: int) -> None:
    talks = board.talks()
    if act == "open":
        board.open(who=HELPER)
    elif act == "delete":
        board.delete(talks[-1 - 2 * number % len(talks)].num)
    elif act == "comment":
        board.comment(talks[number % len(talks)].num, INSIDER)
    else:
        board.act(talks[-1 - number % len(talks)].num, INSIDER, "closed")


def _figures(body: dict[str, Any]) -> tuple[str, int]:
    return body["state"], body["comments"]


def _truth(talk: Talk, now: int) -> tuple[str, int]:
    return talk.status(now), sum(post.at <= now for post in talk.posts) - 1
