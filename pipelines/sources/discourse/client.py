"""A client of one Discourse forum: its robots.txt, lists of topics, topics with their posts, and totals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from hashlib import blake2b
from typing import Any, TypeVar
from urllib.parse import urlencode

from pipelines.contract import Visit
from pipelines.http.errors import Denied, Fatal, Gone, SourceError
from pipelines.http.keys import ItemKeys
from pipelines.http.robots import RobotsRules, read_robots
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.number_set import HIGHEST
from pipelines.passed_over import is_fault_of_item
from pipelines.sources.discourse import keys
from pipelines.text import values
from warehouse.faults import Fault

PAUSE_SECONDS = 2.0
"""Minimum pause between two requests, for politeness; forums allow shorter ones."""
POSTS = 20
"""Number of posts per answer."""
LONGEST_TOPIC = 200
"""Maximum number of posts read per topic: some run to ten thousand, but the first answers are what counts."""
CLOCK_SKEW = timedelta(hours=1)
HIGHEST_TYPE = 99
"""The forum's software numbers its types of posts from 1 to 4; a few may come."""
READ = ("/latest", "/c/", "/t/", "/about", "/site")
JSON = ("application/json",)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as a list shows it."""

    id: int
    bumped_at: str
    """The topic's position in the list; edits and moderators change it too, so it is not the time of any event."""
    is_pinned: bool
    """True if the topic stays on top, out of order."""
    stamp: str
    """Changes with every field that a list shows of the topic's contents."""
    has_accepted: bool | None = None
    """True if an answer was accepted; None if the list does not state it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list, latest activity first."""

    topics: list[Topic]
    has_more: bool
    unreadable: tuple[str, ...] = ()
    """Numbers of the entries that cannot be read."""
    has_unnamed: bool = False
    """True if an entry has no number."""

    @property
    def unpinned(self) -> list[Topic]:
        """The topics that are in order."""
        return [topic for topic in self.topics if not topic.is_pinned]


@dataclass(slots=True)
class Forum:
    """One forum during one visit."""

    visit: Visit
    cursor: Mapping[str, Any]
    """The rules and totals that the last visit read; read again once a day."""
    base: str = ""
    rules: RobotsRules = field(default_factory=RobotsRules)
    total: int | None = None
    """The forum's own number of topics, in all or in the collected sections."""
    solved: list[int] | None = None
    """IDs of the categories in which an answer may be accepted; None if the forum does not state them."""
    day: str = field(default="", init=False)
    _pages: dict[str, Any] = field(default_factory=dict, init=False)
    """What was read of the forum itself, by path."""

    def __post_init__(self) -> None:
        self.base = (self.visit.channel.base_url or f"https://{self.visit.channel.target}").rstrip("/")
        self.day = self.visit.now.date().isoformat()

    def load_rules(self) -> None:
        """Loads robots.txt and the forum's totals, from the cursor if it is of today.

        Raises Denied if robots.txt disallows a path that the visit needs.
        """
        today = dict(self.cursor) if self.cursor.get("day") == self.day else {}
        lines = today.get("robots")
        self.rules = (
            RobotsRules(tuple((str(path), bool(is_allowed)) for path, is_allowed in lines), float(today["delay"]))
            if lines is not None
            else self._get_robots()
        )
        self.visit.http.keep_apart(max(PAUSE_SECONDS, self.rules.delay_seconds))
        for path in [make_list_path(section, 0) for section in self.visit.channel.sections or ("",)] + ["/t/1.json"]:
            self._require_allowed(path)
        if today:
            self.total, self.solved = today.get("total"), today.get("solved")
        else:
            self._read_totals()

    def to_cursor(self) -> dict[str, Any]:
        """Returns what later visits of the same day need not request again."""
        lines = [list(line) for line in self.rules.lines]
        stated = {"total": self.total, "solved": self.solved}
        return {"day": self.day, "robots": lines, "delay": self.rules.delay_seconds, **stated}

    def get(self, path: str, *kinds: ItemKeys) -> Any:
        """Reads one path of the forum. Raises Denied if it requires a login, or robots.txt disallows it."""
        self._require_allowed(path)
        try:
            return self.visit.keys.check(self.visit.http.get(self.base + path, accept=JSON).json(), *kinds)
        except Denied as error:
            if error.word != "not_logged_in":
                raise
            refused = Denied(
                f"{self.visit.channel.target} is open to members only; set enabled = false for it in the catalog"
            )
            refused.word = error.word
            raise refused from None

    def get_listing(self, section: str, page: int) -> Listing:
        """Gets a page, counted from 0, of the topics of a section (`slug/number`; empty for all)."""
        return _read_listing(self.get(make_list_path(section, page), keys.LISTED), self.visit.now)

    def get_topic(self, number: int) -> dict[str, Any] | None:
        """Gets a topic with its first posts; None if it is deleted, unlisted or no longer public."""
        try:
            data = self.get(f"/t/{number}.json", keys.TOPIC, keys.POSTS)
        except Gone:
            return None
        except Denied as error:
            if error.word != "invalid_access":
                raise
            return None
        return self._complete_topic(number, data)

    def _complete_topic(self, number: int, data: Any) -> dict[str, Any] | None:
        """Adds the posts beyond a topic's first page, up to the limit."""
        posts, stream = _read_stream(data)
        if type(data.get("id")) is not int or data["id"] != number:
            raise Fatal(f"{self.visit.channel.target}: asked for topic {number}, the forum returned another one")
        first_page = {post["id"] for post in posts}
        rest = [post_id for post_id in stream[:LONGEST_TOPIC] if post_id not in first_page]
        for start in range(0, len(rest), POSTS):
            query = urlencode([("post_ids[]", post_id) for post_id in rest[start : start + POSTS]])
            try:
                posts = posts + _read_stream(self.get(f"/t/{number}/posts.json?{query}", keys.POSTS))[0]
            except Gone:
                return None
        whole: dict[str, Any] = {**data, "post_stream": {"posts": posts, "stream": stream}}
        return None if data.get("visible") is False else whole

    def _require_allowed(self, path: str) -> None:
        if not self.rules.allows(path):
            raise Denied(f"robots.txt of {self.visit.channel.target} disallows {path.partition('?')[0]}", Fault.ROBOTS)

    def _get_robots(self) -> RobotsRules:
        try:
            answer = self.visit.http.get(f"{self.base}/robots.txt")
        except Gone:
            return RobotsRules()
        except Denied as error:
            raise Denied(
                f"{self.visit.channel.target} denies access to its robots.txt, so it is not visited: {error}",
                Fault.ROBOTS,
            ) from None
        return read_robots(answer.content, self.visit.user_agent).select_for(*READ)

    def _read_totals(self) -> None:
        """Reads the forum's number of topics, and the categories with accepted answers; some forums hide them."""
        sections = self.visit.channel.sections
        about = None if sections else self._read_optional("/about.json", _read_about_total)
        by_section = self._read_optional("/site.json", partial(_sum_section_topics, sections=sections))
        total = by_section if sections else about
        self.total = self.cursor.get("total") if total is None else total
        # In a tuple, since a forum that marks no category is not one whose categories could not be read.
        solved = self._read_optional("/site.json", lambda page: (_find_solved(page),))
        self.solved = self.cursor.get("solved") if solved is None else solved[0]

    def _read_optional(self, path: str, read: Callable[[Any], Value | None]) -> Value | None:
        """Reads a page that a forum may hide; None if it cannot be read, since no topic depends on it.

        Raises Denied only if the forum shuts out everybody.
        """
        try:
            if path not in self._pages and self.rules.allows(path):
                self._pages[path] = self.get(path, *keys.PAGES[path])
            return read(self._pages[path]) if self._pages.get(path) else None
        except SourceError as error:
            if error.word in ("html", "not_logged_in") or not is_fault_of_item(error):
                raise
            return None


def make_list_path(section: str, page: int) -> str:
    """Makes the path of a list of topics."""
    path = f"/c/{section}/l/latest.json" if section else "/latest.json"
    return f"{path}?order=activity&no_definitions=true" + (f"&page={page}" if page else "")


@raises_on_unexpected_shape("Discourse's list of topics")
def _read_listing(data: Any, now: datetime) -> Listing:
    """Reads a list entry by entry, so that a broken one costs only itself. Raises Fatal if no entry can be read."""
    topic_list, topics, unreadable = data["topic_list"], list[Topic](), list[str]()
    for entry in topic_list["topics"]:
        try:
            topic = _read_topic(entry)
            # A time from the future would hide whatever comes before it from all later visits.
            if topic.bumped_at > (values.format_instant(now + CLOCK_SKEW) or ""):
                raise ValueError("an activity in the future")
            topics.append(topic)
        except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError):
            number = entry.get("id") if isinstance(entry, Mapping) else None
            unreadable.append(str(number) if is_number(number) else "")
    if unreadable and not topics:
        raise Fatal("Discourse's list of topics has an unexpected shape: no topic of it can be read")
    return Listing(topics, bool(topic_list.get("more_topics_url")), tuple(filter(None, unreadable)), "" in unreadable)


def is_number(value: object) -> bool:
    """Returns whether a value can be the number of a topic."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= HIGHEST


def _read_topic(topic: Mapping[str, Any]) -> Topic:
    names = (
        "title", "posts_count", "highest_post_number", "last_posted_at", "has_accepted_answer", "closed", "archived",
        "category_id",
    )  # fmt: skip
    stamp = blake2b(repr([topic.get(name) for name in names]).encode(), digest_size=5).hexdigest()
    bumped = values.format_instant(topic.get("bumped_at") or topic.get("last_posted_at") or topic["created_at"])
    if bumped is None or not is_number(topic["id"]):
        raise ValueError("neither number nor instant")
    is_pinned, accepted = bool(topic.get("pinned") or topic.get("pinned_globally")), topic.get("has_accepted_answer")
    return Topic(int(topic["id"]), bumped, is_pinned, stamp, None if accepted is None else bool(accepted))


@raises_on_unexpected_shape("a topic of Discourse")
def _read_stream(data: Any) -> tuple[list[dict[str, Any]], list[int]]:
    posts = list(data["post_stream"]["posts"])
    for post in posts:
        for name, most in (("id", 2**53), ("post_number", 2**53), ("post_type", HIGHEST_TYPE)):
            values.read_number(post[name], most=most)
    return posts, [values.read_number(post_id) for post_id in data["post_stream"].get("stream", [])]


@raises_on_unexpected_shape("Discourse's page about itself")
def _read_about_total(data: Any) -> int | None:
    """Reads the number of topics; None if the forum hides it."""
    # Old versions of Discourse write `topic_count`, new ones `topics_count`.
    stats = data["about"].get("stats") or {}
    count = stats.get("topics_count", stats.get("topic_count"))
    return int(count) if count is not None else None


@raises_on_unexpected_shape("Discourse's list of sections")
def _sum_section_topics(data: Any, sections: tuple[str, ...]) -> int | None:
    """Sums the topics of the sections and their subsections; None if a section is missing."""
    categories = {int(category["id"]): category for category in data.get("categories", [])}
    section_ids = {int(section.rpartition("/")[2]) for section in sections}
    if not section_ids <= categories.keys():
        return None
    for _ in range(4):  # categories nest at most three deep
        section_ids |= {
            number for number, category in categories.items() if category.get("parent_category_id") in section_ids
        }
    return sum(int(categories[number].get("topic_count") or 0) for number in section_ids)


@raises_on_unexpected_shape("Discourse's list of sections")
def _find_solved(data: Any) -> list[int] | None:
    """Finds the categories that allow accepted answers; None if no category is marked."""
    # Without a mark, the plugin may be enabled by tag or for the whole site.
    categories = [
        category
        for category in data.get("categories", [])
        if str((category.get("custom_fields") or {}).get("enable_accepted_answers")) == "true"
    ]
    return sorted(int(category["id"]) for category in categories) or None


def check_sections(sections: tuple[str, ...]) -> None:
    """Raises Fatal for a section that is not written `slug/number`."""
    for section in sections:
        if not section.rpartition("/")[2].isdigit():
            raise Fatal(
                f"section {section!r} of a forum: write slug/number, as in the address of its page",
                Fault.MISCONFIGURED,
            )
