"""The Stack Exchange API 2.3: searches by tag, questions, answers, filters, with its wrapper, its quota and its
back-off."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from pipelines.catalog.entries import Channel
from tests.upstream.messages import EXPIRED, Request, Response, json_answer
from tests.upstream.quota import Quota
from tests.upstream.sites.forums import threads_of
from tests.upstream.world.draws import mixed, token
from tests.upstream.world.people import BOTS, HINTED, Person
from tests.upstream.world.repositories import Repository
from tests.upstream.world.threads import Reply, Thread
from tests.upstream.world.world import World

FIRST_ID = 79_000_000
KEYLESS_PAGES = 25
MOST = 100
FAR = 2**40
Item = dict[str, Any]


@dataclass
class Site:
    """One site; a test may change what is accepted or closed, and its threads by hand."""

    name: str
    threads: Repository
    tags: list[str]
    accepted: dict[int, int] = field(default_factory=dict)
    """Answers accepted by hand: number of the thread, and the answer's own."""

    def items(self) -> list[Item]:
        """All questions with all their answers and every field."""
        self.threads.grow()
        tracker = self.threads.tracker
        return [
            self._item(Thread(self.threads, index)) for index in range(tracker.size) if index not in tracker.deleted
        ]

    def _item(self, thread: Thread) -> Item:
        replies = [one for one in thread.replies() if not _is_machine(one)]
        good = self.accepted.get(thread.number) or next((one.id for one in replies[:1] if thread.id % 3 == 0), None)
        number, draw = FIRST_ID + thread.number, mixed(thread.id, 21)
        tags = {self.tags[draw % len(self.tags)], self.tags[draw // 97 % len(self.tags)]}
        answers = [self._answer(number, one, one.id == good) for one in replies]
        item = {
            "question_id": number, "title": escape(thread.title),
            "link": f"https://{self.name}.com/questions/{number}/question-{number}",
            "tags": [*sorted(tags), "python"], "creation_date": thread.created, "answer_count": len(answers),
            "score": draw % 5,
            "last_activity_date": max([thread.created, *(one["last_activity_date"] for one in answers)]),
            "is_answered": bool(answers) and (good is not None or draw % 2 == 0), "owner": _owner(thread.author, draw),
            "body_markdown": escape(thread.body), "answers": answers,
        }  # fmt: skip
        item |= {"accepted_answer_id": good} if good is not None else {}
        closed = thread.closed if thread.id % 4 == 0 else None
        return item | (
            {"closed_date": closed, "closed_reason": "Needs details or clarity"} if closed is not None else {}
        )

    @staticmethod
    def _answer(number: int, one: Reply, is_accepted: bool) -> Item:
        return {
            "answer_id": one.id, "question_id": number, "creation_date": one.created, "last_activity_date": one.updated,
            "score": 1,
            "is_accepted": is_accepted, "owner": _owner(one.author, one.id), "body_markdown": escape(one.body),
        }  # fmt: skip


def _is_machine(one: Reply) -> bool:
    return one.author is not None and BOTS <= one.author.code < HINTED


def _owner(person: Person | None, draw: int) -> Item:
    """An account; of a deleted one only a name is left."""
    if person is None:
        return {"user_type": "does_not_exist", "display_name": f"user{draw % 9999}"}
    return {"user_id": person.id, "user_type": "registered", "display_name": person.login, "reputation": 1 + draw % 999}


class StackExchange:
    """All sites that the catalog names. `answers_inline` is how many answers a question brings along."""

    def __init__(self, world: World, channels: Iterable[Channel]) -> None:
        tags: dict[str, list[str]] = {}
        for channel in channels:
            tags.setdefault(channel.target, []).extend(channel.sections)
        mentions = tuple(word for family in world.catalog.families for word in family.mentions)
        size = max(8, min(80, world.threads // 30))
        self.sites = {
            name: Site(
                name,
                threads_of(world, f"{name}.com", 200 + place, size, is_official=False, mentions=mentions),
                sorted(set(tags[name])),
            )
            for place, name in enumerate(sorted(tags))
            if tags[name]
        }
        self.quota = Quota(world.clock, 10_000, 300, 86_400)
        self.filters: dict[str, frozenset[str]] = {}
        self.backoff: float = 0
        """Seconds that every answer asks to wait."""
        self.answers_inline = MOST

    def answer(self, request: Request) -> Response:
        """Answers a GET as the API would."""
        key = request.query.get("key", "")
        if key == EXPIRED:
            return _refused(400, "bad_parameter", "`key` doesn't match a known application")
        if not self.quota.spend(key):
            wait = self.quota.resets() - self.quota.now()
            return _refused(
                502, "throttle_violation", f"too many requests from this IP, more requests available in {wait} seconds"
            )
        if request.path == "/2.3/filters/create":
            return self._wrap(request, [self._filter(request)], False)
        if not key and int(request.query.get("page", 1)) > KEYLESS_PAGES:
            return _refused(403, "access_denied", "page above 25 requires access token or app key")
        site = self.sites.get(request.query.get("site", ""))
        if site is None or request.query.get("filter", "") not in self.filters:
            return _refused(400, "bad_parameter", "Invalid filter specified" if site else "No site found for name")
        for pattern, show in _ROUTES:
            if found := re.fullmatch(pattern, request.path):
                return self._page(request, show(site, request, *found.groups()))
        return _refused(404, "no_method", "no method found with this name")

    def _filter(self, request: Request) -> Item:
        fields = frozenset(request.query["include"].split(";"))
        name = "!" + token(12, *sorted(fields))
        self.filters[name] = fields
        return {"filter": name, "included_fields": sorted(fields), "filter_type": "safe"}

    def _page(self, request: Request, items: list[Item]) -> Response:
        size, page = min(MOST, int(request.query.get("pagesize", 30))), int(request.query.get("page", 1))
        shown = items[(page - 1) * size : page * size]
        return self._wrap(request, shown, page * size < len(items), len(items))

    def _wrap(self, request: Request, items: list[Item], has_more: bool, total: int | None = None) -> Response:
        key, fields = request.query.get("key", ""), self.filters.get(request.query.get("filter", ""))
        numbers = {"quota_max": self.quota.of(key), "quota_remaining": self.quota.remaining(key), "has_more": has_more}
        wrapper: Item = {"items": items if fields is None else [self._cut(one, fields) for one in items], **numbers}
        if fields and ".total" in fields:
            wrapper["total"] = total
        return json_answer(wrapper | ({"backoff": self.backoff} if self.backoff else {}))

    def _cut(self, item: Mapping[str, Any], fields: frozenset[str]) -> Item:
        """Only what the filter includes."""
        kind = "question" if "title" in item else "answer"
        kept = {name: value for name, value in item.items() if f"{kind}.{name}" in fields}
        if "owner" in kept:
            kept["owner"] = {name: value for name, value in kept["owner"].items() if f"shallow_user.{name}" in fields}
        if "answers" in kept:
            kept["answers"] = [self._cut(one, fields) for one in kept["answers"][: self.answers_inline]]
        return kept


def _refused(number: int, name: str, message: str) -> Response:
    status = number if number in (403, 404) else 400
    return json_answer({"error_id": number, "error_name": name, "error_message": message}, status)


def _search(site: Site, request: Request) -> list[Item]:
    wanted = set(request.query["tagged"].split(";"))
    name = {"activity": "last_activity_date", "creation": "creation_date"}[request.query.get("sort", "activity")]
    low, high = int(request.query.get("min", 0)), int(request.query.get("max", FAR))
    found = [one for one in site.items() if wanted & set(one["tags"]) and low <= one[name] <= high]
    return sorted(
        found, key=lambda one: (one[name], one["question_id"]), reverse=request.query.get("order", "desc") == "desc"
    )


def _questions(site: Site, request: Request, ids: str) -> list[Item]:
    wanted = {int(one) for one in ids.split(";")}
    return [one for one in site.items() if one["question_id"] in wanted]


def _answers(site: Site, request: Request, ids: str) -> list[Item]:
    return sorted(
        (answer for one in _questions(site, request, ids) for answer in one["answers"]),
        key=lambda one: one["creation_date"],
    )


_ROUTES: list[tuple[str, Callable[..., list[Item]]]] = [
    (r"/2\.3/search", _search),
    (r"/2\.3/questions/([\d;]+)", _questions),
    (r"/2\.3/questions/([\d;]+)/answers", _answers),
]
