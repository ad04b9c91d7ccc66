"""Outlines of answers, for comparing two of them: their keys, elements or table heads, without any content; and the
HTTP client that records them."""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipelines.catalog.entries import Channel
from pipelines.collecting.access import list_hosts, user_agent_for
from pipelines.http.anonymous import AnonymousAllowance
from pipelines.http.answers import Answer
from pipelines.http.budget import Budget
from pipelines.http.client import Http
from pipelines.http.errors import Throttled
from pipelines.http.hosts import HostStates
from pipelines.text import values
from warehouse.settings import Settings

REQUEST_SECONDS = 15.0
DEEPEST = 7
SAMPLE = 50
"""Maximum number of list items to inspect."""
MAP = 40
"""Objects with more keys count as maps: their keys are names of things, not parts of the format."""
LONGEST = 4_000_000
"""Maximum number of bytes to inspect in an answer that is not JSON."""


@dataclass(slots=True)
class Outline:
    """The paths that all items have, those that only some have, and those that were empty."""

    always: set[str] = field(default_factory=set)
    at_times: set[str] = field(default_factory=set)
    blank: set[str] = field(default_factory=set)

    def add_answer(self, answer: Answer) -> None:
        """Adds the paths of one more answer."""
        always, ever = self._read_paths(answer.content, answer.headers.get("content-type", ""))
        self.always |= always
        self.at_times = (self.at_times | ever) - self.always

    def list_missing(self, before: set[str]) -> list[str]:
        """Returns the paths that were always present and are now absent; of nested ones only the topmost."""
        missing = {
            path
            for path in before - self.always - self.at_times
            if not any(path.startswith(blank) for blank in self.blank)
        }
        return sorted(
            path for path in missing if not any(path != other and path.startswith(other) for other in missing)
        )

    def _read_paths(self, content: bytes, kind: str) -> tuple[set[str], set[str]]:
        if "json" in kind or content.lstrip()[:1] in (b"{", b"["):
            try:
                return self._walk_keys(json.loads(content.decode("utf-8-sig")), "")
            except (ValueError, RecursionError):
                return set(), set()
        text = content[:LONGEST].decode("utf-8", "replace")
        names = _list_elements(text) if "xml" in kind or text.lstrip().startswith("<?xml") else _list_table_heads(text)
        return names, names

    def _walk_keys(self, value: Any, path: str, depth: int = 0) -> tuple[set[str], set[str]]:
        """Returns the paths that every sibling has, and those that at least one has."""
        if not value and value is not False and value != 0 and value != "":
            self.blank.add(path)
        if not isinstance(value, list | dict) or not value or depth > DEEPEST:
            return set(), set()
        if isinstance(value, dict) and len(value) <= MAP:
            inner = [self._walk_keys(child, f"{path}.{key}", depth + 1) for key, child in value.items()]
            own = {f"{path}.{key}" for key in value}
            return own.union(*(always for always, _ in inner)), own.union(*(ever for _, ever in inner))
        below = path + ("[]" if isinstance(value, list) else "{}")
        siblings = list(value.values() if isinstance(value, dict) else value)[:SAMPLE]
        inner = [self._walk_keys(child, below, depth + 1) for child in siblings]
        return set.intersection(*(always for always, _ in inner)), set[str]().union(*(ever for _, ever in inner))


def _list_elements(text: str) -> set[str]:
    """Returns the names of a feed's elements, ignoring quoted content."""
    bare = re.sub(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", "", text, flags=re.DOTALL)
    return {f"<{name}>" for name in re.findall(r"<([A-Za-z][\w:.-]*)", bare)}


def _list_table_heads(text: str) -> set[str]:
    """Returns the table heads of HTML or Markdown."""
    # A page that changes its columns changes what its cells mean.
    heads = re.findall(r"(?is)<th\b[^<>]*>(.{0,2000}?)</th>", text)
    cells = [" ".join(re.sub(r"<[^<>]+>", " ", head).split()) for head in heads]
    rows = re.findall(r"^[ \t]*(\|.*\|)[ \t]*\n[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*$", text, re.MULTILINE)
    cells += [cell.strip(" *") for row in rows for cell in row.strip("|").split("|")]
    return {f"|{cell[:60]}|" for cell in cells if cell}


class RecordingHttp(Http):
    """The HTTP client of all sources, except that it records the outline of answers and never retries or waits."""

    def __init__(
        self, channel: Channel, settings: Settings, budget: Budget, allowance: AnonymousAllowance, hosts: HostStates
    ) -> None:
        agent = user_agent_for(channel, settings)
        allowed, private = list_hosts(channel), settings.private_hosts
        super().__init__(
            allowed, private, agent, budget, settings.clock, REQUEST_SECONDS, sleep=_refuse_pause, attempts=1,
            allowance=allowance, hosts=hosts,
        )  # fmt: skip
        self.outline, self.formats = Outline(), set[str]()
        self.server_time: datetime | None = None

    def get(self, *args: Any, **kwargs: Any) -> Answer:
        """Reads an address and records the answer's outline."""
        return self._record_answer(super().get(*args, **kwargs))

    def post(self, *args: Any, **kwargs: Any) -> Answer:
        """Posts a query and records the answer's outline."""
        return self._record_answer(super().post(*args, **kwargs))

    def _record_answer(self, answer: Answer) -> Answer:
        self.outline.add_answer(answer)
        self.formats.add(answer.headers.get("content-type", "").partition(";")[0].strip().lower() or "none")
        self.server_time = values.parse_instant(answer.headers.get("date")) or self.server_time
        return answer


def _refuse_pause(seconds: float) -> None:
    raise Throttled(f"rate limited: asks for a pause of {seconds:.0f} s, longer than a check waits")
