"""Reddit's source: new posts once, comments when their number moves, and nothing kept of what its author took back."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from praw.config import Config

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.collecting import run as collecting
from pipelines.collecting.access import find_refusal, list_hosts, user_agent_for
from pipelines.contract import Page
from pipelines.http.budget import Budget
from pipelines.http.errors import BudgetSpent, Denied, Fatal, Gone, Retriable, Throttled
from pipelines.sources import reddit as source
from pipelines.sources.reddit import listing
from tests.paths import RECORDINGS
from tests.upstream import NOW, Upstream, faults
from tests.upstream.messages import Request, Response
from tests.upstream.sites.reddit_posts import Subreddit
from tests.upstream.world.people import MAINTAINERS
from tests.worlds.raw_server import answer, raw_server
from tests.worlds.visits import make_visit
from warehouse.settings import Settings

CHANNEL = Channel(source="reddit", target="KitAI", role="subreddit", official=False, family="kit", terms=source.TERMS)
TOKENS = {"REDDIT_CLIENT_ID": "app", "REDDIT_CLIENT_SECRET": "secret"}
ANOTHER = {"kind": "Listing", "data": {"children": [{"kind": "t5", "data": {}}]}}
EMPTY = {"kind": "Listing", "data": {"children": []}}
OUTSIDER, HELPER, KEEPER = 3, 4, MAINTAINERS


@pytest.fixture
def up() -> Iterator[Upstream]:
    """A Reddit with one subreddit."""
    with Upstream([CHANNEL], seed=3, threads=10, now=NOW) as upstream:
        yield upstream


@pytest.fixture
def sub(up: Upstream) -> Subreddit:
    """What is in it."""
    return up.reddit.subreddit("KitAI")


def collect(up: Upstream, cursor: Any = None, channel: Channel = CHANNEL, **more: Any) -> list[Page]:
    """One visit: all its pages."""
    given: dict[str, Any] = {"now": up.world.now, "tokens": TOKENS} | more
    visited = channel.model_copy(update={"base_url": up.url(CHANNEL)})
    return list(sources.collect_stream("reddit", "posts", make_visit(visited, cursor, **given)))


def last(pages: list[Page]) -> Any:
    return json.loads(json.dumps(pages[-1].cursor))


def bodies(pages: list[Page], thing: str = "") -> dict[str, dict[str, Any]]:
    """The rows of a thing by key; later ones win, as they do in the warehouse."""
    return {row.key: dict(row.body) for page in pages for row in page.rows if row.stream == thing}


def paths(up: Upstream) -> list[str]:
    """What was asked for, without the questions."""
    return [record.path.partition("?")[0] for record in up.requests]


def test_a_first_visit_brings_posts_of_text_with_their_comments(up: Upstream, sub: Subreddit) -> None:
    """As the world has them; what only links elsewhere is no question."""
    pages = collect(up)
    there = {post.id: post for post in sub.posts() if post.is_text}
    assert set(bodies(pages)) == set(there) and len(there) > 5
    assert set(bodies(pages)) < {post.id for post in sub.posts()}
    comments = bodies(pages, "comments")
    now = up.world.clock.now
    assert set(comments) == {one.id for post in there.values() for one in post.comments if one.at <= now}
    for name, body in bodies(pages).items():
        assert datetime.fromisoformat(body["created_at"]).timestamp() == there[name].at
        assert body["comments"] == sum(one["post_id"] == name for one in comments.values())
    assert all(tree["is_complete"] and tree["read"] == tree["said"] for tree in bodies(pages, "trees").values())
    assert set(bodies(pages, "trees")) == set(there)


def test_no_title_no_text_and_no_name_is_kept(up: Upstream, sub: Subreddit) -> None:
    """Not even in a link, which would hold the words of the title."""
    post = sub.submit(OUTSIDER, "The secret sentence of somebody.", title="A secret title")
    sub.reply(post, HELPER, "Another secret sentence with `code`.")
    kept = json.dumps([dict(row.body) for page in collect(up) for row in page.rows])
    people = [up.world.people.person(who) for who in (OUTSIDER, HELPER)]
    assert all(person and person.login not in kept for person in people)
    assert "secret" not in kept and "words_of_the_title" not in kept
    assert f"https://www.reddit.com/comments/{post.id}/" in kept


def test_roles_come_from_marks_and_never_from_doubt(up: Upstream, sub: Subreddit) -> None:
    """A moderator's mark makes a maintainer; the catalog names staff and trusted flairs."""
    post = sub.submit(OUTSIDER)
    for who in (OUTSIDER, KEEPER, HELPER):
        sub.reply(post, who)
    sub.reply(post, 5).flair = "Acme Staff"
    roles = [body["role"] for body in bodies(collect(up), "comments").values() if body["post_id"] == post.id]
    assert sorted(roles) == ["asker", "maintainer", "outsider", "outsider"]
    trusted = CHANNEL.model_copy(update={"groups": ("staff",)})
    roles = [
        body["role"] for body in bodies(collect(up, channel=trusted), "comments").values() if body["post_id"] == post.id
    ]
    assert sorted(roles) == ["asker", "maintainer", "outsider", "staff"]


def test_a_deleted_account_is_nobody_in_particular(up: Upstream, sub: Subreddit) -> None:
    """The post may stand without its author."""
    post = sub.submit(OUTSIDER)
    up.world.people.leave(OUTSIDER)
    body = bodies(collect(up))[post.id]
    assert (body["actor"], body["role"], body["state"]) == (None, "unknown", "open")


def test_a_visit_without_news_costs_a_token_and_one_page(up: Upstream) -> None:
    """The page tells the figures of the newest hundred, too."""
    first = collect(up)
    up.forget()
    (again,) = collect(up, last(first))
    assert again.is_unchanged and again.rows == []
    assert paths(up) == ["/api/v1/access_token", "/r/KitAI/new"]


def test_only_posts_whose_number_of_comments_moved_are_read_again(up: Upstream, sub: Subreddit) -> None:
    """One of the last hours, and once a day those that have left the first page's overlap."""
    young, old = sub.submit(OUTSIDER), sub.submit(OUTSIDER, hours_ago=24 * 5)
    first = collect(up)
    up.world.advance(1)
    sub.reply(young, HELPER)
    sub.reply(old, HELPER)
    up.forget()
    second = collect(up, last(first))
    assert [path for path in paths(up) if path.startswith("/comments/")] == [f"/comments/{young.id}/"]
    up.world.advance(24)
    up.forget()
    third = collect(up, last(second))
    assert f"/comments/{old.id}/" in paths(up) and f"/comments/{young.id}/" not in paths(up)
    assert bodies(third, "trees")[old.id]["read"] == 1


def test_a_late_post_is_found_in_the_overlap(up: Upstream, sub: Subreddit) -> None:
    """Moderators let some through after an hour."""
    first = collect(up)
    late = sub.submit(OUTSIDER, hours_ago=1)
    sub.submit(HELPER)
    assert late.id in bodies(collect(up, last(first)))


@pytest.mark.parametrize("gone", ["deleted", "removed"])
def test_what_is_taken_back_leaves_only_that_it_was_there(up: Upstream, sub: Subreddit, gone: str) -> None:
    """Checked once a day for a month, whatever else happens."""
    post = sub.submit(OUTSIDER, "A text", hours_ago=24 * 20)
    first = collect(up)
    post.gone = gone
    up.world.advance(24)
    body = bodies(collect(up, last(first)))[post.id]
    assert (body.keys(), body["state"]) == ({"post_id", "created_at", "state"}, gone)
    assert post.id not in last(collect(up, last(first)))["posts"]


def test_what_reddit_does_not_give_any_more_counts_as_deleted(up: Upstream, sub: Subreddit) -> None:
    """Also where the post is not even named."""
    post = sub.submit(OUTSIDER, hours_ago=24 * 20)
    first = collect(up)
    post.vanished = True
    up.world.advance(24)
    assert bodies(collect(up, last(first)))[post.id]["state"] == "deleted"


def test_older_posts_are_checked_by_slices_so_that_each_has_its_turn_within_a_month(
    up: Upstream, sub: Subreddit
) -> None:
    """After the month of daily checks."""
    post = sub.submit(OUTSIDER, hours_ago=24 * 45)
    pages = collect(up)
    post.gone = "deleted"
    asked = 0
    for _ in range(31):
        up.world.advance(24)
        up.forget()
        pages = collect(up, last(pages))
        asked += any(post.id in record.path for record in up.requests)
        if bodies(pages).get(post.id, {}).get("state") == "deleted":
            break
    assert asked == 1


def test_what_is_too_old_to_be_checked_is_taken_out(up: Upstream, sub: Subreddit) -> None:
    """What cannot be checked must not be kept."""
    post = sub.submit(OUTSIDER, hours_ago=24 * 179)
    first = collect(up)
    assert bodies(first)[post.id]["state"] == "open"
    up.world.advance(48)
    assert bodies(collect(up, last(first)))[post.id]["state"] == "expired"


def test_a_deleted_comment_keeps_its_place_and_nothing_else(up: Upstream, sub: Subreddit) -> None:
    """One without answers vanishes from the tree; the reading says which comments there are."""
    post = sub.submit(OUTSIDER)
    kept, lone = sub.reply(post, HELPER, "A text"), sub.reply(post, HELPER, "Another")
    sub.reply(post, OUTSIDER, parent=kept.id)
    first = collect(up)
    kept.gone = lone.gone = "deleted"
    again = collect(up, last(first))
    comments = bodies(again, "comments")
    assert comments[kept.id].keys() == {"comment_id", "post_id", "created_at", "state"}
    assert lone.id not in comments
    assert bodies(again, "trees")[post.id]["read"] == 2


def test_comments_that_do_not_fit_are_asked_for_and_an_end_is_set(up: Upstream, sub: Subreddit) -> None:
    """Three further requests; what is then still missing makes the reading incomplete."""
    up.reddit.shown = 3
    small, large = sub.submit(OUTSIDER), sub.submit(OUTSIDER)
    for post, count in ((small, 5), (large, 40)):
        for _ in range(count):
            sub.reply(post, HELPER)
    pages = collect(up)
    trees = bodies(pages, "trees")
    assert (trees[small.id]["read"], trees[small.id]["is_complete"]) == (5, True)
    assert trees[large.id]["read"] < 40 and not trees[large.id]["is_complete"]
    assert sum(path == "/api/morechildren/" for path in paths(up)) <= 6


def test_the_list_of_reddit_is_read_to_its_end_and_a_gap_is_named(
    up: Upstream, sub: Subreddit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the first visit the end is history's; later it is a hole, and the visit is not whole."""
    monkeypatch.setattr(listing, "FULL_LIST", 250)
    up.reddit.longest = 260
    for hour in range(300):
        sub.submit(OUTSIDER, hours_ago=100 + hour / 100)
    first = collect(up)
    assert paths(up).count("/r/KitAI/new") == 3
    up.world.advance(24)
    for _ in range(300):
        sub.submit(OUTSIDER, hours_ago=0.5)
    kept: list[Page] = []
    visit = make_visit(
        CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)}), last(first), now=up.world.now, tokens=TOKENS
    )
    with pytest.raises(BudgetSpent, match="ended before the last visit's newest"):
        kept.extend(sources.collect_stream("reddit", "posts", visit))
    assert len(bodies(kept)) >= 250


def test_a_spent_budget_keeps_what_was_read_and_the_next_visit_goes_on(up: Upstream, sub: Subreddit) -> None:
    """No tree is read twice."""
    for _ in range(30):
        sub.reply(sub.submit(OUTSIDER), HELPER)
    kept: list[Page] = []
    visit = make_visit(
        CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)}), now=up.world.now, tokens=TOKENS, budget=Budget(25)
    )
    with pytest.raises(BudgetSpent):
        kept.extend(sources.collect_stream("reddit", "posts", visit))
    cursor = json.loads(json.dumps(kept[-1].cursor))
    done = set(bodies(kept, "trees"))
    assert done
    rest = collect(up, cursor)
    assert not done & set(bodies(rest, "trees"))
    assert done | set(bodies(rest, "trees")) == {post.id for post in sub.posts() if post.is_text}
    assert collect(up, last(rest))[0].is_unchanged


def test_reddit_s_limits_are_waited_for_or_end_the_visit(up: Upstream, sub: Subreddit) -> None:
    """It names seconds and fractions of requests; PRAW's own sleep is not used."""
    waited: list[float] = []
    limits = {"x_ratelimit_remaining": "0.0", "x_ratelimit_used": "100", "x_ratelimit_reset": "37"}
    up.fail("reddit", faults.When(path="/r/", nth={1}), lambda request, real: real().plus(**limits))
    sub.reply(sub.submit(OUTSIDER), HELPER)
    collect(up, waits=waited)
    assert waited == [37]
    waited.clear()
    up.fail("reddit", faults.When(path="/comments/", nth={1}), faults.status(429).plus(**limits))
    collect(up, waits=waited)
    assert 37 in waited
    long = limits | {"x_ratelimit_reset": "599"}
    up.fail("reddit", faults.When(path="/r/"), lambda request, real: real().plus(**long))
    with pytest.raises(Throttled, match="599"):
        collect(up)


def test_a_wrong_secret_is_named_and_never_shown(up: Upstream) -> None:
    with pytest.raises(Denied, match="REDDIT_CLIENT_SECRET") as refused:
        collect(up, tokens=TOKENS | {"REDDIT_CLIENT_SECRET": "wrong-secret"})
    assert "wrong-secret" not in str(refused.value)


@pytest.mark.parametrize(("code", "error"), [(403, Denied), (404, Gone)])
def test_a_private_or_banned_subreddit_is_an_error_by_name(
    up: Upstream, sub: Subreddit, code: int, error: type[Exception]
) -> None:
    sub.refusal = code
    with pytest.raises(error):
        collect(up)


def test_a_subreddit_that_is_not_there_is_refused(up: Upstream) -> None:
    """Reddit leads on to its search instead of saying no."""
    up.fail(
        "reddit",
        "/subreddits/search",
        faults.edited(lambda _: {"kind": "Listing", "data": {"children": [], "after": None}}),
    )
    with pytest.raises((Fatal, Gone)):
        collect(up, channel=CHANNEL.model_copy(update={"target": "NobodyHere"}))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.html(200), Fatal), (faults.status(500), Retriable), (faults.truncated(), Retriable),
        (faults.empty(), Fatal),
        (faults.edited(lambda _: []), Fatal), (faults.edited(lambda _: ANOTHER), Fatal),
        (faults.redirect("https://evil.example/x"), Fatal),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_used_is_an_error_by_name(up: Upstream, fault: Any, error: type[Exception]) -> None:
    up.fail("reddit", "/r/", fault)
    with pytest.raises(error):
        collect(up)


def test_the_credentials_go_to_the_token_s_address_only(up: Upstream, sub: Subreddit) -> None:
    """Everything else gets the token, and our own name."""
    sub.reply(sub.submit(OUTSIDER), HELPER)
    collect(up)
    sent = {
        record.path.partition("?")[0].split("/")[1]: record.headers["authorization"].split()[0]
        for record in up.requests
    }
    assert sent == {"api": "Basic", "r": "bearer", "comments": "bearer"}
    assert {record.headers["user-agent"] for record in up.requests} == {"heartbeat/test"}


def test_no_file_of_this_machine_changes_where_the_credentials_go(
    up: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A praw.ini in the working folder could lead them elsewhere."""
    (tmp_path / "praw.ini").write_text(
        "[DEFAULT]\noauth_url=https://evil.example\nreddit_url=https://evil.example\nusername=x\npassword=y\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Config, "CONFIG", None)  # PRAW reads it once in a process
    monkeypatch.setenv("praw_site", "elsewhere")
    with pytest.warns(UserWarning, match="praw.ini"):
        assert bodies(collect(up))


def test_without_consent_nothing_is_asked_even_where_the_catalog_forgets_the_terms(tmp_path: Path) -> None:
    """The source knows its terms itself."""
    channel = CHANNEL.model_copy(update={"terms": ""})
    assert "HEARTBEAT_TERMS" in find_refusal(channel, Settings(HEARTBEAT_HOME=tmp_path, _env_file=None))
    assert find_refusal(channel, Settings(HEARTBEAT_HOME=tmp_path, HEARTBEAT_TERMS="reddit", _env_file=None)) == ""


def test_reddit_is_reached_at_two_hosts_and_told_our_name_in_its_own_form(tmp_path: Path) -> None:
    """Tokens come from one, everything else from the other; a mirror is one host."""
    assert list_hosts(CHANNEL) == {"oauth.reddit.com", "www.reddit.com"}
    assert list_hosts(CHANNEL.model_copy(update={"base_url": "https://mirror.example"})) == {"mirror.example"}
    named = user_agent_for(CHANNEL, Settings(HEARTBEAT_HOME=tmp_path, HEARTBEAT_CONTACT="/u/somebody", _env_file=None))
    assert named.startswith("python:heartbeat:") and named.endswith("(by /u/somebody)")


def test_the_collector_skips_it_until_both_settings_are_there(up: Upstream, tmp_path: Path) -> None:
    """Off by default, by the whole path."""
    channel = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})
    plan = collecting.Plan((channel,), datetime(2020, 1, 1, tzinfo=UTC), 1000)
    given = {
        "HEARTBEAT_HOME": tmp_path,
        "HEARTBEAT_TERMS": "reddit",
        "HEARTBEAT_NOW": up.world.now,
        "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
    }
    (result,) = collecting.collect_plan(plan, Settings(**given, REDDIT_CLIENT_ID="", _env_file=None)).results  # type: ignore[arg-type]
    assert (result.outcomes["posts"].state, up.requests) == ("skipped", [])
    (result,) = collecting.collect_plan(plan, Settings(**given, **TOKENS, _env_file=None)).results  # type: ignore[arg-type]
    assert result.outcomes["posts"].state == "complete" and result.rows > 0


def test_a_cursor_of_another_version_or_of_the_future_starts_again(up: Upstream) -> None:
    """Else what lies between would be skipped."""
    ahead = int((NOW + timedelta(days=3)).timestamp())
    for cursor in ({"v": 99}, {"v": 1, "newest": ahead, "checked_on": "", "posts": {}}):
        assert bodies(collect(up, cursor))


RECORDED = RECORDINGS / "reddit"


@pytest.mark.skipif(not RECORDED.is_dir(), reason="../shared/recordings/reddit is not here")
def test_a_recorded_list_becomes_posts_with_its_facts() -> None:
    """A hundred real posts of August 2025: those of text, each with its time and number of comments, none with its
    title."""
    stated = json.loads((RECORDED / "LocalLLaMA_new.json").read_text(encoding="utf-8"))
    there = {one["data"]["id"]: one["data"] for one in stated["data"]["children"] if one["data"]["is_self"]}
    newest = max(one["created_utc"] for one in there.values())
    stated["data"]["after"] = None
    with raw_server() as server:
        granted = {"access_token": "t", "token_type": "bearer", "expires_in": 3600, "scope": "*"}
        for path, body in (("/api/v1/access_token", granted), ("/r/LocalLLaMA/new", stated)):
            server.script[path] = [answer(200, json.dumps(body).encode(), {"content-type": "application/json"})]
        channel = CHANNEL.model_copy(update={"target": "LocalLLaMA", "base_url": server.url("")})
        page = next(
            sources.collect_stream(
                "reddit", "posts", make_visit(channel, now=datetime.fromtimestamp(newest + 60, UTC), tokens=TOKENS)
            )
        )
    found = bodies([page])
    assert set(found) == set(there) and 50 <= len(found) < 100
    for name, body in found.items():
        one = there[name]
        created = datetime.fromisoformat(str(body["created_at"])).timestamp()
        assert (created, body["comments"]) == (one["created_utc"], one["num_comments"])
        assert one["title"] not in json.dumps(body) and one["author"] not in json.dumps(body)
        assert (body["actor"] is None) == (one["author"] == "[deleted]")


def test_a_list_that_breaks_off_keeps_what_came_and_is_read_again(up: Upstream, sub: Subreddit) -> None:
    """The second page fails: the posts of the first are there, and the next visit brings the others."""
    for number in range(150):
        sub.submit(OUTSIDER, hours_ago=number / 10)
    there = {post.id for post in sub.posts() if post.is_text}
    rule = up.fail("reddit", "/new.*after=", faults.status(500))
    kept: list[Page] = []
    channel = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})
    with pytest.raises(Retriable, match="broke off, so older ones wait for the next visit"):
        kept.extend(sources.collect_stream("reddit", "posts", make_visit(channel, now=up.world.now, tokens=TOKENS)))
    assert 90 <= len(bodies(kept)) < len(there)
    rule.stop()
    up.world.advance(1)
    assert set(bodies(kept)) | set(bodies(collect(up, last(kept)))) >= there


def test_a_count_of_no_comments_is_believed_once_the_daily_check_repeats_it(up: Upstream, sub: Subreddit) -> None:
    """Both posts are too old to be watched: a false count must not hide comments for good, a true one cost nothing."""
    asked, bare = (sub.submit(OUTSIDER, hours_ago=24 * 45) for _ in range(2))
    comment = sub.reply(asked, HELPER)

    def lie(request: Request, real: faults.Real) -> Response:
        response = real()
        stated = json.loads(response.body)
        for child in stated["data"]["children"]:
            child["data"]["num_comments"] = 0
        return response.but(body=json.dumps(stated).encode())

    rule = up.fail("reddit", "/new", lie)
    pages = collect(up)
    rule.stop()
    assert comment.id not in bodies(pages, "comments")
    up.forget()
    pages = collect(up, last(pages))
    assert f"/comments/{asked.id}/" not in paths(up) and "/api/info/" not in paths(up)
    checked: list[set[str]] = []
    for _ in range(3):
        up.world.advance(24)
        up.forget()
        pages = collect(up, last(pages))
        batch = [record.path for record in up.requests if record.path.startswith("/api/info")]
        assert len(batch) == 1
        checked.append({post.id for post in (asked, bare) if post.id in batch[0]})
        if len(checked) == 1:
            assert paths(up).count(f"/comments/{asked.id}/") == 1 and comment.id in bodies(pages, "comments")
            assert f"/comments/{bare.id}/" not in paths(up)
    assert checked[0] == {asked.id, bare.id} and bare.id not in checked[1] & checked[2]


def test_an_empty_answer_to_the_daily_check_deletes_no_post(up: Upstream, sub: Subreddit) -> None:
    """A hundred posts would go by one damaged answer; what several visits do not return is gone."""
    pages = collect(up)
    posts = set(bodies(pages))
    rule = up.fail("reddit", "/api/info", lambda _, real: real().but(body=json.dumps(EMPTY).encode()))
    for visit in range(5):
        up.world.advance(24)
        pages = collect(up, last(pages))
        gone = {key for key, body in bodies(pages).items() if body["state"] == "deleted"}
        assert bool(gone) == (visit == 4), visit
        if visit == 1:
            kept = last(pages)
    rule.stop()
    pages = collect(up, kept)
    assert set(last(pages)["posts"]) >= posts and not last(pages).get("passed_over")
