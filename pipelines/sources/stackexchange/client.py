"""Speaks to the Stack Exchange API 2.3: its wrapper, its quota, its back-off, its filters."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from pipelines.contract import Visit
from pipelines.http.errors import BudgetSpent, Fatal
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.http.waits import LONGEST_SECONDS
from warehouse.faults import Fault

BASE_URL = "https://api.stackexchange.com/2.3"
PAGE = 100
"""Items a page: the most that it gives."""
IDS = 100
"""Questions that one address may name."""
LEAST_SHARE = 0.1
"""Of the quota of a day, left for others who share our address or key."""
JSON = ("application/json", "text/json")
WRAPPER = (
    "items",
    "has_more",
    "total",
    "backoff",
    "quota_max",
    "quota_remaining",
    "error_id",
    "error_name",
    "error_message",
)
QUESTION = (
    "question_id", "title", "link", "tags", "creation_date", "last_activity_date", "is_answered", "answer_count",
    "accepted_answer_id",
    "closed_date", "closed_reason", "owner", "body_markdown", "answers",
)  # fmt: skip
ANSWER = ("answer_id", "question_id", "creation_date", "last_activity_date", "is_accepted", "owner", "body_markdown")
USER = ("user_id", "user_type")
FIELDS = [
    f"{kind}.{name}"
    for kind, names in (("", WRAPPER), ("question", QUESTION), ("answer", ANSWER), ("shallow_user", USER))
    for name in names
]
"""All that is asked for: neither names nor pictures nor reputations come."""


class Site:
    """One site of the network during one visit."""

    def __init__(self, visit: Visit, kept: Mapping[str, Any]) -> None:
        self._visit = visit
        self._base = (visit.channel.base_url or BASE_URL).rstrip("/")
        self._filter = str(kept.get("filter") or "")
        self._waits = {str(method): float(until) for method, until in dict(kept.get("waits") or {}).items()}
        """When each method may be called again (epoch seconds): the API answers a call with the pause before the
        next."""
        self._is_spent = ""

    def mark(self) -> dict[str, Any]:
        """What the next visit need not ask again: the filter, which lasts for ever, and pauses that are not over."""
        now = self._visit.now.timestamp()
        return {
            "filter": self._filter,
            "waits": {method: until for method, until in self._waits.items() if until > now},
        }

    def search(self, **asked: object) -> dict[str, Any]:
        """Questions of any of the channel's tags: unlike `/questions`, where they must bear all of them."""
        return self._filtered("/search", tagged=";".join(self._visit.channel.sections), pagesize=PAGE, **asked)

    def questions(self, ids: Iterable[int]) -> list[dict[str, Any]]:
        """Questions by number; those that were deleted are not among them."""
        found: list[dict[str, Any]] = self._filtered(f"/questions/{';'.join(map(str, ids))}", pagesize=PAGE)["items"]
        return found

    def answers(self, ids: list[int]) -> list[dict[str, Any]]:
        """All answers of some questions, in as many pages as it takes."""
        found: list[dict[str, Any]] = []
        for page in range(1, 26):  # further pages need a key, and a hundred questions have no 2,500 answers
            data = self._filtered(
                f"/questions/{';'.join(map(str, ids))}/answers", pagesize=PAGE, page=page, order="asc", sort="creation"
            )
            found += data["items"]
            if not data.get("has_more"):
                break
        return found

    def _filtered(self, method: str, **asked: object) -> dict[str, Any]:
        if not self._filter:
            self._filter = self._new_filter()
        try:
            return self._call(method, site=self._visit.channel.target, filter=self._filter, **asked)
        except Fatal as error:
            if error.word != "bad_parameter":
                raise
        # A filter never ends, they say; should one have ended all the same, a new one is made, once.
        self._filter = self._new_filter()
        return self._call(method, site=self._visit.channel.target, filter=self._filter, **asked)

    def _new_filter(self) -> str:
        return _filter_id(self._call("/filters/create", include=";".join(FIELDS), base="none", unsafe="false"))

    def _call(self, method: str, **asked: object) -> dict[str, Any]:
        if self._is_spent:
            raise BudgetSpent(self._is_spent, Fault.THROTTLED)
        kind = method.strip("/").partition("/")[0] + method.rpartition("/")[2].strip("0123456789;")
        wait = self._waits.pop(kind, 0.0) - self._visit.now.timestamp()
        if wait > LONGEST_SECONDS:
            self._waits[kind] = wait + self._visit.now.timestamp()
            raise BudgetSpent(
                f"{self._visit.channel.target}: the API asks to wait {wait:.0f} s before it is asked for this again",
                Fault.THROTTLED,
            )
        if wait > 0:
            self._visit.http.pause(wait)
        key = self._visit.tokens.get("STACKEXCHANGE_KEY")
        query = urlencode({**asked, **({"key": key} if key else {})})
        data = _wrapper(self._visit.http.get(f"{self._base}{method}?{query}", accept=JSON).json())
        if data.get("backoff"):
            self._waits[kind] = self._visit.now.timestamp() + float(data["backoff"])
        self._watch(data)
        return data

    def _watch(self, data: Mapping[str, Any]) -> None:
        """Keeps a part of the day's quota: the next call is not made once less than that is left."""
        left, most = data.get("quota_remaining"), data.get("quota_max")
        if isinstance(left, int) and isinstance(most, int) and left < most * LEAST_SHARE:
            key = "" if "STACKEXCHANGE_KEY" in self._visit.tokens else "; STACKEXCHANGE_KEY gives ten thousand a day"
            self._is_spent = (
                f"{left} of the {most} requests that Stack Exchange allows a day are left; a later run will resume{key}"
            )


@raises_on_unexpected_shape("an answer of Stack Exchange")
def _wrapper(data: Any) -> dict[str, Any]:
    if not isinstance(data["items"], list):
        raise TypeError
    wrapper: dict[str, Any] = data
    return wrapper


@raises_on_unexpected_shape("a filter of Stack Exchange")
def _filter_id(data: Any) -> str:
    return str(data["items"][0]["filter"])
