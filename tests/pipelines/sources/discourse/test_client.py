"""Discourse against its emulator over HTTP: complete, cheap, resumable, and polite."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.catalog.entries import Channel
from pipelines.http.errors import Denied, Fatal, Retriable, SourceError
from tests.pipelines.sources.discourse.visits import CHANNEL, Held, collect, keep, stated, truth
from tests.upstream import Upstream, faults
from tests.upstream.messages import json_answer
from tests.upstream.sites.discourse import Forum
from tests.worlds.visits import make_visit


@pytest.fixture
def up() -> Iterator[Upstream]:
    with Upstream([CHANNEL], threads=1800) as running:
        yield running


@pytest.fixture
def forum(up: Upstream) -> Forum:
    return up.discourse.forums[CHANNEL.target]


@pytest.mark.parametrize(("is_new", "is_solved"), [(True, True), (False, True), (True, False), (False, False)])
def test_a_first_visit_holds_all_that_the_forum_shows_in_old_and_new_shape(
    up: Upstream, forum: Forum, is_new: bool, is_solved: bool
) -> None:
    """Tags, accepted answers and totals have two forms; accepted answers need the plugin."""
    forum.is_new, forum.is_solved = is_new, is_solved
    held: dict[str, Held] = {}
    pages = collect(up)
    keep(pages, held)
    assert stated(held) == truth(forum)
    assert pages[-1].total == len(truth(forum)) > 30
    marks = {post["is_accepted"] for post in held["posts"].values()}
    assert marks == ({True, False} if is_solved else {None})


def test_an_unchanged_forum_costs_one_request_and_what_changed_its_own(up: Upstream, forum: Forum) -> None:
    """Once a day robots.txt, the totals and the newest pages are read as well."""
    held: dict[str, Held] = {}
    cursor = keep(collect(up), held)
    up.forget()
    pages = collect(up, cursor)
    assert (len(up.requests), pages[-1].is_unchanged, len(pages)) == (1, True, 1)
    cursor = keep(pages, held)
    up.world.clock.now += 60
    forum.threads.comment(3, 5)
    up.forget()
    cursor = keep(collect(up, cursor), held)
    assert [record.path.partition("?")[0] for record in up.requests] == ["/latest.json", "/t/3.json"]
    up.world.advance(24)
    up.forget()
    keep(collect(up, cursor), held)
    assert stated(held) == truth(forum)
    assert {"/robots.txt", "/about.json", "/site.json"} <= {record.path for record in up.requests}


def test_an_answer_accepted_late_a_closing_and_a_deletion_are_seen_by_the_next_day(up: Upstream, forum: Forum) -> None:
    """None of them moves a topic."""
    held: dict[str, Held] = {}
    cursor = keep(collect(up), held)
    open_one = next(one for one in forum.topics() if one.accepted is None and one.replies and one.thread.is_open)
    dead, unlisted, private = [one.number for one in forum.topics()[5:30:8] if one.number != open_one.number][:3]
    forum.accepted[open_one.number] = open_one.replies[0].number
    forum.threads.delete_thread(dead)
    forum.unlisted.add(unlisted)
    forum.private.add(private)
    up.world.advance(24)
    cursor = keep(collect(up, cursor), held)
    assert held["topics"][str(open_one.number)]["has_accepted"] is True
    for number in (dead, unlisted, private):
        assert held["topics"][str(number)] == {"number": number, "state": "gone"}
    assert stated(held) == truth(forum)
    up.forget()
    up.world.advance(24)
    assert not [row for page in collect(up, cursor) for row in page.rows if row.body.get("state") == "gone"]


def test_sections_are_read_each_by_its_own_list_and_counted(up: Upstream) -> None:
    """Two categories cost two requests when nothing changed."""
    channel = CHANNEL.model_copy(update={"sections": ("general/1", "announcements/2")})
    forum = up.discourse.forums[CHANNEL.target]
    held: dict[str, Held] = {}
    pages = collect(up, channel=channel)
    cursor = keep(pages, held)
    assert stated(held) == truth(forum)
    assert pages[-1].total == len(truth(forum))
    up.forget()
    collect(up, cursor, channel)
    assert [record.path.partition("?")[0] for record in up.requests] == [
        "/c/general/1/l/latest.json",
        "/c/announcements/2/l/latest.json",
    ]
    with pytest.raises(Fatal, match="slug/number"):
        collect(up, channel=CHANNEL.model_copy(update={"sections": ("general",)}))


def test_a_first_visit_goes_back_to_since_and_no_further(up: Upstream, forum: Forum) -> None:
    """By the last movement of a topic."""
    topics = forum.topics()
    middle = topics[len(topics) // 2].bumped
    held: dict[str, Held] = {}
    keep(collect(up, since=datetime.fromtimestamp(middle, UTC)), held)
    assert set(held["topics"]) == {str(one.number) for one in topics if one.bumped >= middle}


@pytest.mark.parametrize(
    ("robots", "refusal"),
    [
        ("User-agent: *\nDisallow: /\n", r"robots.txt of forum.example.org disallows /latest.json"),
        ("User-agent: heartbeat\nDisallow: /t/\n", r"robots.txt of forum.example.org disallows /t/1.json"),
        ("User-agent: *\nDisallow: /*.json$\nAllow: /latest\n", r"disallows /t/1.json"),
    ],
)
def test_what_robots_txt_shuts_is_not_read(up: Upstream, forum: Forum, robots: str, refusal: str) -> None:
    forum.robots = robots
    with pytest.raises(Denied, match=refusal):
        collect(up)
    assert [record.path for record in up.requests] == ["/robots.txt"]


def test_a_forum_without_robots_txt_or_figures_is_read_all_the_same(up: Upstream, forum: Forum) -> None:
    """A total that is hidden is unknown, not nought."""
    forum.robots, forum.hides_figures = None, True
    held: dict[str, Held] = {}
    pages = collect(up)
    keep(pages, held)
    assert pages[-1].total is None
    assert stated(held) == truth(forum)
    up.fail("discourse", "about|site", faults.status(404))
    up.world.advance(24)
    assert collect(up)[-1].total is None


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        (faults.status(500), None),
        (faults.truncated(0.5, is_length_told=False), None),
        (faults.edited(lambda body: {"categories": None}), None),
        (faults.edited(lambda body: mark_categories(body, 0)), False),
    ],
    ids=["error", "cut off", "other shape", "none marked"],
)
def test_a_day_on_which_categories_cannot_be_read_makes_no_topic_acceptable(
    up: Upstream, forum: Forum, site: Any, expected: bool | None
) -> None:
    """The plugin reports false in categories if it is off: topics there would count as without an accepted answer.

    Of a forum that marks no category nobody knows where the plugin is off.
    """
    rule = up.fail("discourse", "site", faults.edited(lambda body: mark_categories(body, 1)))
    held: dict[str, Held] = {}
    cursor = keep(collect(up), held)
    off = next(one for one in forum.topics() if one.category != forum.categories[0] and one.accepted is None)
    assert held["topics"][str(off.number)]["has_accepted"] is None
    rule.stop()
    up.fail("discourse", "site", site)
    up.world.advance(24)
    forum.threads.comment(off.number, 5)
    keep(collect(up, cursor), held)
    assert held["topics"][str(off.number)]["has_accepted"] is expected


def mark_categories(body: Any, count: int) -> Any:
    """The list of categories, of which only the first ones allow accepted answers."""
    others = [{**one, "custom_fields": {}} for one in body["categories"][count:]]
    return {"categories": body["categories"][:count] + others}


LOGIN = json_answer({"errors": ["You need to be logged in to do that."], "error_type": "not_logged_in"}, 403)


@pytest.mark.parametrize(
    ("answer", "kind", "says"),
    [
        (LOGIN, Denied, "open to members only"),
        (faults.html(403), Denied, "an HTML page"),
        (faults.html(), Fatal, "text/html"),
        (faults.truncated(0.5, is_length_told=False), Retriable, "cut off"),
        (faults.empty(), Fatal, "empty answer"),
        (faults.edited(lambda body: {"topics": []}), Fatal, "lacks 'topic_list'"),
        (faults.edited(lambda body: {"topic_list": {"topics": []}}), Fatal, "empty"),
        (
            faults.edited(lambda body: {"topic_list": {"topics": [{"id": 1, "created_at": "soon"}]}}),
            Fatal,
            "unexpected shape",
        ),
    ],
)
def test_a_list_that_is_refused_or_of_another_shape_is_an_error_that_says_so(
    up: Upstream, answer: Any, kind: type[SourceError], says: str
) -> None:
    """Never an empty success."""
    up.fail("discourse", "latest", answer)
    with pytest.raises(kind, match=says):
        collect(up)


def test_requests_to_a_public_forum_are_two_seconds_apart() -> None:
    """And further where its robots.txt asks for that; our own machine is asked at once."""
    made = make_visit(Channel(source="discourse", target="x", role="forum"))
    waits: list[float] = []
    made.http._sleep = waits.append
    made.http.keep_apart(2.0)
    for _ in range(3):
        made.http._await_turn("https://forum.example.org/latest.json")
    made.http._await_turn("http://127.0.0.1/latest.json")
    assert [round(wait) for wait in waits] == [2, 4]


def _listed(up: Upstream, cursor: Any, held: dict[str, Held]) -> tuple[Any, list[str]]:
    """A visit: the cursor that it leaves, and what it skips."""
    pages = collect(up, cursor)
    assert pages[-1].passed_over is not None
    return keep(pages, held), list(pages[-1].passed_over.items)


def test_a_page_with_an_entry_that_names_no_topic_is_read_again(up: Upstream, forum: Forum) -> None:
    """Below the pages that are checked each day nothing else would bring it."""

    def spoil(content: Any) -> Any:
        content["topic_list"]["topics"][3]["id"] = "seven"
        return content

    rule = up.fail("discourse", r"latest\.json\?.*page=1", faults.edited(spoil))
    held: dict[str, Held] = {}
    cursor, missing = _listed(up, None, held)
    rule.stop()
    assert len(missing) == 1 and len(stated(held)) == len(truth(forum)) - 1
    up.world.advance(2)
    assert _listed(up, cursor, held)[1] == [] and stated(held) == truth(forum)
