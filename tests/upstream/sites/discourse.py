"""Discourse: lists of topics, topics with their posts, totals and robots.txt, as old and as new versions write them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import SHARED
from tests.upstream.messages import Request, Response, json_answer, text_answer
from tests.upstream.quota import Quota
from tests.upstream.sites import discourse_bodies as bodies
from tests.upstream.sites.forums import threads_of
from tests.upstream.world.repositories import Repository
from tests.upstream.world.threads import Thread
from tests.upstream.world.world import World

PER_PAGE, POSTS = 30, 20
ROBOTS = (
    "User-agent: mauibot\nDisallow: /\n\nUser-agent: *\nDisallow: /admin/\nDisallow: /auth/\nDisallow: "
    "/search\nDisallow: /u/\n"
)
OTHERS = (("general", 1), ("announcements", 2))


@dataclass
class Forum:
    """One forum; a test may change every field, and its threads by hand."""

    host: str
    threads: Repository
    categories: list[tuple[str, int]]
    quota: Quota
    group: str = "staff"
    is_new: bool = True
    """Tags as objects, several accepted answers, new names of figures."""
    is_solved: bool = True
    """Whether answers can be accepted."""
    hides_figures: bool = False
    robots: str | None = ROBOTS
    pinned: list[int] = field(default_factory=list)
    unlisted: set[int] = field(default_factory=set)
    private: set[int] = field(default_factory=set)
    hidden_posts: set[int] = field(default_factory=set)
    lifted: dict[int, int] = field(default_factory=dict)
    """Topics that a moderator moved to an instant."""
    accepted: dict[int, int] = field(default_factory=dict)
    """Answers accepted by hand: topic, and the number of the post."""

    def topics(self) -> list["Topic"]:
        """All that a list shows, the last moved first."""
        self.threads.grow()
        tracker = self.threads.tracker
        hidden = self.unlisted | self.private
        found = [
            Topic(self, index)
            for index in range(tracker.size)
            if index not in tracker.deleted and index + 1 not in hidden
        ]
        return sorted(found, key=lambda one: (one.bumped, one.number), reverse=True)

    def topic(self, number: int) -> "Topic | None":
        """One that is there, listed or not."""
        self.threads.grow()
        tracker = self.threads.tracker
        return Topic(self, number - 1) if 0 < number <= tracker.size and number - 1 not in tracker.deleted else None


class Topic:
    """One topic as it is now."""

    def __init__(self, forum: Forum, index: int) -> None:
        self.forum, self.number = forum, index + 1
        self.thread = Thread(forum.threads, index)

    @cached_property
    def posts(self) -> list[bodies.Post]:
        """All posts in order of time, the closing among them."""
        return bodies.posts(self.thread, self.forum.group)

    @cached_property
    def replies(self) -> list[bodies.Post]:
        """What people wrote after the question."""
        return [post for post in self.posts if post.type == 1 and post.number > 1]

    @property
    def bumped(self) -> int:
        """When it last came to the top."""
        last = max((post.at for post in self.posts if post.type == 1), default=self.thread.created)
        return self.forum.lifted.get(self.number, last)

    @property
    def category(self) -> tuple[str, int]:
        """Slug and number of its category."""
        places = self.forum.categories
        return places[self.thread.id % len(places)]

    @property
    def accepted(self) -> int | None:
        """The number of the accepted post; it is accepted two hours after it was written, which moves nothing."""
        if not self.forum.is_solved:
            return None
        if self.number in self.forum.accepted:
            return self.forum.accepted[self.number]
        now, asker = self.forum.threads.clock.now, self.posts[0].name
        good = [post.number for post in self.replies if post.name not in (asker, None) and post.at + 7200 <= now]
        return good[0] if good and self.thread.id % 3 == 0 else None


class Discourse:
    """All forums of a catalog."""

    def __init__(self, world: World, channels: Iterable[Channel]) -> None:
        by_host: dict[str, list[Channel]] = {}
        for channel in channels:
            by_host.setdefault(channel.target, []).append(channel)
        mentions = tuple(word for family in world.catalog.families for word in family.mentions)
        self.forums = {
            host: self._forum(world, host, place, by_host[host], mentions) for place, host in enumerate(sorted(by_host))
        }

    @staticmethod
    def _forum(world: World, host: str, place: int, channels: list[Channel], mentions: tuple[str, ...]) -> Forum:
        sections = [section.rpartition("/") for channel in channels for section in channel.sections]
        named = [(slug.rpartition("/")[2], int(number)) for slug, _, number in sections]
        size = max(8, min(60, world.threads // 40))
        threads = threads_of(
            world,
            host,
            place,
            size,
            is_official=channels[0].official,
            mentions=mentions,
            family="" if channels[0].family == SHARED else channels[0].family,
        )
        group = next((group for channel in channels for group in channel.groups), "staff")
        return Forum(host, threads, [*named, *OTHERS], Quota(world.clock, 0, 100_000, 60), group, is_new=place % 2 == 0)

    def answer(self, request: Request) -> Response:
        """Answers a GET as the forum would."""
        forum = self.forums.get(request.host)
        if forum is None:
            return text_answer("no such forum here", "text/plain", 404)
        if not forum.quota.spend(""):
            wait = forum.quota.resets() - forum.quota.now()
            stated = {"errors": ["You have performed this action too many times."], "error_type": "rate_limit"}
            return json_answer({**stated, "extras": {"wait_seconds": wait}}, 429, retry_after=str(wait))
        if request.path == "/robots.txt":
            return text_answer(forum.robots, "text/plain") if forum.robots is not None else _missing()
        for pattern, show in _ROUTES:
            if found := re.fullmatch(pattern, request.path):
                return show(forum, request, *found.groups())
        return _missing()


def _missing() -> Response:
    return json_answer(
        {"errors": ["The requested URL or resource could not be found."], "error_type": "not_found"}, 404
    )


def _latest(forum: Forum, request: Request, number: str | None = None) -> Response:
    page = int(request.query.get("page", 0))
    topics = [one for one in forum.topics() if number is None or one.category[1] == int(number)]
    pinned = [one for one in topics if one.number in forum.pinned]
    others = [one for one in topics if one.number not in forum.pinned]
    start = page * PER_PAGE - len(pinned)
    found = [*pinned, *others][:PER_PAGE] if page == 0 else others[max(0, start) : start + PER_PAGE]
    listed: dict[str, Any] = {"per_page": PER_PAGE, "topics": [bodies.item(one) for one in found]}
    if start + PER_PAGE < len(others):
        listed["more_topics_url"] = f"/latest?no_definitions=true&order=activity&page={page + 1}"
    return json_answer({"users": [], "topic_list": listed})


def _topic(forum: Forum, request: Request, number: str) -> Response:
    found = forum.topic(int(number))
    if found is None:
        return _missing()
    if found.number in forum.private:
        return json_answer(
            {"errors": ["You are not permitted to view the requested resource."], "error_type": "invalid_access"}, 403
        )
    return json_answer(bodies.topic(found, POSTS))


def _posts(forum: Forum, request: Request, number: str) -> Response:
    found = forum.topic(int(number))
    if found is None:
        return _missing()
    wanted = {int(one) for one in request.query.getlist("post_ids[]")}
    shown = [bodies.post(found, one) for one in found.posts if one.id in wanted]
    return json_answer({"post_stream": {"posts": shown[:POSTS]}, "id": found.number})


def _about(forum: Forum, request: Request) -> Response:
    count = len(forum.topics())
    figures = {"topics_count": count} if forum.is_new else {"topic_count": count}
    return json_answer(
        {"about": {"title": forum.host, "version": "2026.11.0"} | ({} if forum.hides_figures else {"stats": figures})}
    )


def _site(forum: Forum, request: Request) -> Response:
    topics = forum.topics()
    fields = {"custom_fields": {"enable_accepted_answers": "true"}} if forum.is_solved else {}
    counted = [(slug, number, sum(one.category[1] == number for one in topics)) for slug, number in forum.categories]
    shown = [
        {"id": number, "slug": slug, "topic_count": count, "parent_category_id": None, **fields}
        for slug, number, count in counted
    ]
    return json_answer({"categories": shown})


_ROUTES: list[tuple[str, Callable[..., Response]]] = [
    (r"/latest\.json", _latest),
    (r"/c/.+/(\d+)/l/latest\.json", _latest),
    (r"/t/(\d+)\.json", _topic),
    (r"/t/(\d+)/posts\.json", _posts),
    (r"/about\.json", _about),
    (r"/site\.json", _site),
]
