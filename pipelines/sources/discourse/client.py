"""Speaks to one Discourse forum: what its robots.txt allows, its lists of topics, a topic with its posts, and its own
totals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from urllib.parse import urlencode

from pipelines.contract import Visit
from pipelines.http.errors import Denied, Fatal, Gone
from pipelines.http.robots import RobotsRules, read_robots
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.text.values import format_instant
from warehouse.faults import Fault

PAUSE_SECONDS = 2.0
"""A forum allows more; this is what is polite."""
POSTS = 20
"""Posts that one answer brings."""
LONGEST_TOPIC = 200
"""Posts read of one topic: some run to ten thousand, and what counts is who answered first."""
READ = ("/latest", "/c/", "/t/", "/about", "/site")
JSON = ("application/json",)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as a list shows it."""

    id: int
    bumped_at: str
    """When it last came to the top; edits and moderators move it too, also back, so it is no time of anything else."""
    is_pinned: bool
    """Then it stands above all others, and not in its place."""
    stamp: str
    """Changes with whatever a list shows of its contents."""
    has_accepted: bool | None = None
    """Whether an answer was accepted; None: the list does not say."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list, the newest movement first."""

    topics: list[Topic]
    has_more: bool

    @property
    def unpinned(self) -> list[Topic]:
        """Those that stand in their place."""
        return [topic for topic in self.topics if not topic.is_pinned]


@dataclass(slots=True)
class Forum:
    """One forum during one visit. `kept` is what the last visit knew of it; asked anew once a day."""

    visit: Visit
    kept: Mapping[str, Any]
    base: str = ""
    rules: RobotsRules = field(default_factory=RobotsRules)
    total: int | None = None
    """Topics that it says it has: of the whole forum, or of the sections that are read."""
    solved: list[int] | None = None
    """Categories in which an answer may be accepted; None: it does not say."""
    day: str = field(default="", init=False)

    def __post_init__(self) -> None:
        self.base = (self.visit.channel.base_url or f"https://{self.visit.channel.target}").rstrip("/")
        self.day = self.visit.now.date().isoformat()

    def prepare(self) -> None:
        """Reads robots.txt and the forum's own figures where today has not seen them. Raises Denied where robots shut
        what we need."""
        figures = dict(self.kept) if self.kept.get("day") == self.day else {}
        lines = figures.get("robots")
        self.rules = (
            RobotsRules(tuple((str(path), bool(may)) for path, may in lines), float(figures["delay"]))
            if lines is not None
            else self._get_robots()
        )
        self.visit.http.keep_apart(max(PAUSE_SECONDS, self.rules.delay_seconds))
        for path in [make_list_path(section, 0) for section in self.visit.channel.sections or ("",)] + ["/t/1.json"]:
            self._require_allowed(path)
        if figures:
            self.total, self.solved = figures.get("total"), figures.get("solved")
        else:
            self._get_figures()

    def to_cursor(self) -> dict[str, Any]:
        """What the next visit of today need not ask again."""
        lines = [list(line) for line in self.rules.lines]
        return {
            "day": self.day,
            "robots": lines,
            "delay": self.rules.delay_seconds,
            "total": self.total,
            "solved": self.solved,
        }

    def get(self, path: str) -> Any:
        """Reads one address of the forum. Raises Denied where it wants a login, or robots.txt shuts the address."""
        self._require_allowed(path)
        try:
            return self.visit.http.get(self.base + path, accept=JSON).json()
        except Denied as error:
            if error.word != "not_logged_in":
                raise
            refused = Denied(
                f"{self.visit.channel.target} is open to members only; set enabled = false for it in the catalog"
            )
            refused.word = error.word
            raise refused from None

    def get_listing(self, section: str, page: int) -> Listing:
        """A page of the topics of a section (`slug/number`, empty: of all), counted from 0."""
        return _read_listing(self.get(make_list_path(section, page)))

    def topic(self, number: int) -> dict[str, Any] | None:
        """A topic with its first posts; None where it is deleted, unlisted or no longer public."""
        try:
            data = self.get(f"/t/{number}.json")
        except Gone:
            return None
        except Denied as error:
            if error.word != "invalid_access":
                raise
            return None
        return self._read_whole_topic(number, data)

    def _read_whole_topic(self, number: int, data: Any) -> dict[str, Any] | None:
        posts, stream = _read_stream(data)
        here = {post["id"] for post in posts}
        rest = [post_id for post_id in stream[:LONGEST_TOPIC] if post_id not in here]
        for start in range(0, len(rest), POSTS):
            query = urlencode([("post_ids[]", post_id) for post_id in rest[start : start + POSTS]])
            try:
                posts = posts + _read_stream(self.get(f"/t/{number}/posts.json?{query}"))[0]
            except Gone:
                return None
        whole: dict[str, Any] = {**data, "post_stream": {"posts": posts, "stream": stream}}
        return None if data.get("visible") is False else whole

    def _require_allowed(self, path: str) -> None:
        if not self.rules.allows(path):
            raise Denied(f"robots.txt of {self.visit.channel.target} shuts {path.partition('?')[0]}", Fault.ROBOTS)

    def _get_robots(self) -> RobotsRules:
        try:
            answer = self.visit.http.get(f"{self.base}/robots.txt")
        except Gone:
            return RobotsRules()
        except Denied as error:
            raise Denied(
                f"robots.txt of {self.visit.channel.target} is refused, so nothing of it is read: {error}",
                Fault.ROBOTS,
            ) from None
        return read_robots(answer.content, self.visit.user_agent).select_for(*READ)

    def _get_figures(self) -> None:
        """The forum's totals, and where answers can be accepted. Some forums hide them: that is no fault."""
        sections = self.visit.channel.sections
        about = None if sections else self._get_optional("/about.json")
        site = self._get_optional("/site.json")
        self.total = (
            _read_about_total(about) if about else _sum_section_topics(site, sections) if site and sections else None
        )
        self.solved = _find_solved(site) if site else None

    def _get_optional(self, path: str) -> Any:
        """What not every forum shows; one that lets nobody in is refused all the same."""
        try:
            return self.get(path) if self.rules.allows(path) else None
        except Gone:
            return None
        except Denied as error:
            if error.word in ("html", "not_logged_in"):
                raise
            return None


def make_list_path(section: str, page: int) -> str:
    """The address of a list of topics."""
    path = f"/c/{section}/l/latest.json" if section else "/latest.json"
    return f"{path}?order=activity&no_definitions=true" + (f"&page={page}" if page else "")


@raises_on_unexpected_shape("Discourse's list of topics")
def _read_listing(data: Any) -> Listing:
    listed = data["topic_list"]
    return Listing([_read_topic(topic) for topic in listed["topics"]], bool(listed.get("more_topics_url")))


def _read_topic(topic: Mapping[str, Any]) -> Topic:
    names = (
        "title",
        "posts_count",
        "highest_post_number",
        "last_posted_at",
        "has_accepted_answer",
        "closed",
        "archived",
        "category_id",
    )
    stamp = blake2b(repr([topic.get(name) for name in names]).encode(), digest_size=5).hexdigest()
    bumped = format_instant(topic.get("bumped_at") or topic.get("last_posted_at") or topic["created_at"])
    if bumped is None:
        raise ValueError("no instant")
    is_pinned, accepted = bool(topic.get("pinned") or topic.get("pinned_globally")), topic.get("has_accepted_answer")
    return Topic(int(topic["id"]), bumped, is_pinned, stamp, None if accepted is None else bool(accepted))


@raises_on_unexpected_shape("a topic of Discourse")
def _read_stream(data: Any) -> tuple[list[dict[str, Any]], list[int]]:
    posts = [post for post in data["post_stream"]["posts"] if isinstance(post["id"], int)]
    return posts, [int(post_id) for post_id in data["post_stream"].get("stream", [])]


@raises_on_unexpected_shape("Discourse's page about itself")
def _read_about_total(data: Any) -> int | None:
    """Old forums count `topic_count`, new ones `topics_count`; one that hides its figures has neither."""
    stats = data["about"].get("stats") or {}
    count = stats.get("topics_count", stats.get("topic_count"))
    return int(count) if count is not None else None


@raises_on_unexpected_shape("Discourse's list of sections")
def _sum_section_topics(data: Any, sections: tuple[str, ...]) -> int | None:
    """Topics of the sections and of all within them."""
    categories = {int(category["id"]): category for category in data.get("categories", [])}
    wanted = {int(section.rpartition("/")[2]) for section in sections}
    if not wanted <= categories.keys():
        return None
    for _ in range(4):  # categories nest at most three deep
        wanted |= {number for number, category in categories.items() if category.get("parent_category_id") in wanted}
    return sum(int(categories[number].get("topic_count") or 0) for number in wanted)


@raises_on_unexpected_shape("Discourse's list of sections")
def _find_solved(data: Any) -> list[int] | None:
    """Categories where the forum lets answers be accepted; None where no category says so, since then tags or the whole
    site may."""
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
                f"section {section!r} of a forum is written slug/number, as in the address of its page",
                Fault.MISCONFIGURED,
            )
