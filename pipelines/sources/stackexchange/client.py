"""A client of the Stack Exchange API 2.3, with its wrapper, quota, back-off and filters."""

from collections.abc import Iterable, Mapping
from math import inf
from typing import Any
from urllib.parse import urlencode

from pipelines.contract import Visit
from pipelines.http.errors import BudgetSpent, Fatal, TokenRefused
from pipelines.http.keys import ItemKeys
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.http.waits import LONGEST_SECONDS
from pipelines.sources.stackexchange.keys import ANSWERS, OWN_ANSWERS, PAGES, QUESTIONS
from warehouse.faults import Fault

BASE_URL = "https://api.stackexchange.com/2.3"
PAGE = 100
"""Items per page: the maximum that the API returns."""
IDS = 100
"""Maximum number of questions that one address may name."""
LONGEST_BACKOFF = 86_400.0
"""Longest pause in seconds that is believed, for any method: a day, after which its quota begins again."""
LEAST_SHARE = 0.1
"""Share of the day's quota left to others who use the same address or key."""
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
    "question_id", "title", "link", "tags", "creation_date", "last_activity_date", "answer_count",
    "accepted_answer_id", "closed_date", "closed_reason", "owner", "body_markdown", "answers",
)  # fmt: skip
ANSWER = ("answer_id", "question_id", "creation_date", "last_activity_date", "is_accepted", "owner", "body_markdown")
USER = ("user_id", "user_type")
FIELDS = [
    f"{kind}.{name}"
    for kind, names in (("", WRAPPER), ("question", QUESTION), ("answer", ANSWER), ("shallow_user", USER))
    for name in names
]
"""All requested fields; without names, pictures and reputations, the answers carry none."""


class Site:
    """One site of the network during one visit."""

    def __init__(self, visit: Visit, cursor: Mapping[str, Any]) -> None:
        self._visit = visit
        self._base = (visit.channel.base_url or BASE_URL).rstrip("/")
        self._filter = str(cursor.get("filter") or "")
        self._waits: dict[str, float] = dict(cursor.get("waits") or {})
        """Earliest time of the next call of each method (epoch seconds), since an answer may state a pause."""
        self._stop_reason = ""

    def to_cursor(self) -> dict[str, Any]:
        """Returns the part of the cursor that saves requests: the permanent filter, and the pauses still running."""
        now = self._visit.now.timestamp()
        return {
            "filter": self._filter,
            "waits": {method: until for method, until in self._waits.items() if until > now},
        }

    def search(self, **params: object) -> dict[str, Any]:
        """Searches for questions with any of the channel's tags; `/questions` would require all of them."""
        tags = ";".join(self._visit.channel.sections)
        return self._call_filtered("/search", QUESTIONS, OWN_ANSWERS, tagged=tags, pagesize=PAGE, **params)

    def get_questions(self, ids: Iterable[int]) -> list[dict[str, Any]]:
        """Gets questions by number; deleted ones are absent."""
        path = f"/questions/{';'.join(map(str, ids))}"
        questions: list[dict[str, Any]] = self._call_filtered(path, QUESTIONS, OWN_ANSWERS, pagesize=PAGE)["items"]
        return questions

    def get_answers(self, ids: list[int]) -> list[dict[str, Any]]:
        """Gets all answers of some questions, page by page."""
        answers: list[dict[str, Any]] = []
        for page in range(1, 26):  # further pages need a key, and a hundred questions hardly have 2,500 answers
            path = f"/questions/{';'.join(map(str, ids))}/answers"
            data = self._call_filtered(path, ANSWERS, pagesize=PAGE, page=page, order="asc", sort="creation")
            answers += data["items"]
            if not data.get("has_more"):
                break
        return answers

    def _call_filtered(self, method: str, *keys: ItemKeys, **params: object) -> dict[str, Any]:
        data = self._call_with_filter(method, **params)
        self._visit.keys.check(data, PAGES, *keys)
        return data

    def _call_with_filter(self, method: str, **params: object) -> dict[str, Any]:
        if not self._filter:
            self._filter = self._create_filter()
        try:
            return self._call_method(method, site=self._visit.channel.target, filter=self._filter, **params)
        except Fatal as error:
            if isinstance(error, TokenRefused) or error.word != "bad_parameter":
                raise
        # Filters never expire according to the documentation; should one have expired, a new one is made once.
        self._filter = self._create_filter()
        return self._call_method(method, site=self._visit.channel.target, filter=self._filter, **params)

    def _create_filter(self) -> str:
        return _read_filter_id(
            self._call_method("/filters/create", include=";".join(FIELDS), base="none", unsafe="false")
        )

    def _call_method(self, method: str, **params: object) -> dict[str, Any]:
        if self._stop_reason:
            raise BudgetSpent(self._stop_reason, Fault.THROTTLED)
        # Pauses hold per method, whatever the IDs in its path.
        kind = method.strip("/").partition("/")[0] + method.rpartition("/")[2].strip("0123456789;")
        wait = self._waits.pop(kind, 0.0) - self._visit.now.timestamp()
        if wait > LONGEST_SECONDS:
            self._waits[kind] = wait + self._visit.now.timestamp()
            raise BudgetSpent(
                f"{self._visit.channel.target}: the API asks for a pause of {wait:.0f} s; a later run will resume",
                Fault.THROTTLED,
            )
        if wait > 0:
            self._visit.http.pause(wait)
        key = self._visit.tokens.get("STACKEXCHANGE_KEY")
        query = urlencode({**params, **({"key": key} if key else {})})
        data = _check_wrapper(self._visit.http.get(f"{self._base}{method}?{query}", accept=JSON).json())
        if pause := _read_number(data.get("backoff")):
            self._waits[kind] = self._visit.now.timestamp() + min(pause, LONGEST_BACKOFF)
        self._visit.budget.spend(requests=0, points=1)
        self._watch_quota(data)
        return data

    def _watch_quota(self, data: Mapping[str, Any]) -> None:
        """Stops further calls once little of the day's quota is left."""
        left, most = data.get("quota_remaining"), data.get("quota_max")
        if not isinstance(left, int) or not isinstance(most, int):
            return
        if 0 <= left < most * LEAST_SHARE:
            key = "" if "STACKEXCHANGE_KEY" in self._visit.tokens else "; STACKEXCHANGE_KEY allows 10,000 a day"
            self._stop_reason = (
                f"only {left} of Stack Exchange's {most} requests a day are left; a later run will resume{key}"
            )


def _read_number(value: object) -> float:
    """Reads a positive, finite number; 0 for anything else."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return 0
    return value if 0 < value < inf else 0


@raises_on_unexpected_shape("an answer of Stack Exchange")
def _check_wrapper(data: Any) -> dict[str, Any]:
    if not isinstance(data["items"], list):
        raise TypeError
    wrapper: dict[str, Any] = data
    return wrapper


@raises_on_unexpected_shape("a filter of Stack Exchange")
def _read_filter_id(data: Any) -> str:
    made = data["items"][0]["filter"]
    if not isinstance(made, str) or not made.isascii():
        raise TypeError
    return made
