"""Numbers that nobody has read: GitHub counts issues, pull requests and discussions in one sequence, so a hole in it is told or filled.

It asks for what is missing between the numbers that the three things have read, each number once: what it is (an issue, a pull
request, a discussion), or that it is gone or moved. An issue or a pull request that was missed is read here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pipelines.contract import Page, Row, Visit
from pipelines.http.errors import Retriable
from pipelines.sources.github.client import Client, PageSize, question
from pipelines.sources.github.issue_reader import threads
from pipelines.sources.github.number_set import Numbers
from pipelines.sources.github.rows import pull_row
from pipelines.text import values

VERSION = 1
READS = ("issues", "pulls", "discussions")
COUNTED = ("issues", "pulls")
"""Those that every repository has: a hole is looked for only where both have been read."""
ASKED = 100
"""Numbers a question; it asks for no list, so it costs one point."""
FILLED = 45
"""Issues or pull requests that are read by one question for one point."""
TRIES = 3
"""Visits in which what cannot be read is tried again."""
HEAD = "query($owner: String!, $name: String!) { rateLimit { cost limit remaining resetAt } repository(owner: $owner, name: $name)"
WORDS = {"Issue": "issue", "PullRequest": "pull", "Discussion": "discussion"}


@dataclass(slots=True)
class _Asked:
    """What is known of the numbers that were missing; kept in the cursor."""

    told: Numbers
    """Those that need not be asked for again."""
    tries: dict[str, int]
    """How often what exists could not be read, by number."""

    @classmethod
    def of(cls, cursor: Mapping[str, Any]) -> "_Asked":
        kept = cursor if cursor.get("v") == VERSION else {}
        tries = kept.get("tries") if isinstance(kept.get("tries"), dict) else {}
        return cls(
            Numbers.unpack(kept.get("told")), {str(number): int(tried) for number, tried in (tries or {}).items()}
        )

    def cursor(self) -> dict[str, Any]:
        return {"v": VERSION, "told": self.told.pack(), "tries": self.tries}

    def note(self, number: int, is_told: bool) -> None:
        """Counts a try; what failed too often is not asked for again."""
        tried = self.tries.pop(str(number), 0) + 1
        if is_told or tried >= TRIES:
            self.told.add([number])
        else:
            self.tries[str(number)] = tried


def pages(visit: Visit, client: Client) -> Iterator[Page]:
    """All holes, in batches; without any, nothing is asked."""
    asked = _Asked.of(visit.cursor)
    missing = [number for number in holes(visit.siblings) if number not in asked.told]
    if not missing:
        yield Page([], visit.cursor, is_unchanged=True)
        return
    size, expected = PageSize(ASKED), len(missing)
    while missing:
        data = client.whole(size, partial(_asked_kinds, client, missing))
        batch = [number for number in missing if f"n{number}" in data["repository"]]
        missing = missing[len(batch) :]
        kinds = {number: _kind(data["repository"], number) for number in batch}
        filled, unread = _fill(
            visit, client, [number for number, kind in kinds.items() if kind in ("issue", "pull")], kinds
        )
        for number in batch:
            asked.note(number, number not in unread)
        rows = [Row(str(number), visit.now, _body(visit, number, kind)) for number, kind in kinds.items()]
        yield Page(
            [*rows, *filled],
            asked.cursor(),
            expected=expected,
            skipped=tuple(f"{kinds[number]} {number}" for number in unread),
        )
        client.stop_when_spent(data)


def holes(siblings: Mapping[str, Mapping[str, Any]]) -> list[int]:
    """Numbers that none of the things has read, above the lowest that all of them must have read."""
    kept = {name: siblings.get(name, {}) for name in READS}
    numbers = {name: Numbers.unpack(cursor.get("numbers")) for name, cursor in kept.items()}
    if not all(kept[name].get("numbers") for name in COUNTED):
        return []
    reach = {name: int(cursor.get("reach") or 0) for name, cursor in kept.items()}
    unfinished = [reach[name] for name in COUNTED if not kept[name].get("is_whole")]
    if 0 in unfinished:
        return []
    lowest = max([*unfinished, min([reach[name] for name in COUNTED if reach[name]], default=0)])
    held = Numbers()
    for one in numbers.values():
        held.join(one)
    return held.missing(lowest, max(numbers[name].highest for name in COUNTED)) if lowest else []


def _asked_kinds(client: Client, numbers: Sequence[int], most: int) -> dict[str, Any]:
    """Of which kind the first ones are."""
    part = (
        "n{0}: issueOrPullRequest(number: {0}) {{ __typename ... on Issue {{ number repository {{ nameWithOwner }} }}"
        " ... on PullRequest {{ number repository {{ nameWithOwner }} }} }} d{0}: discussion(number: {0}) {{ number }}"
    )
    asked = " ".join(part.format(number) for number in numbers[:most])
    return client.query(f"{HEAD} {{ nameWithOwner {asked} }} }}", {}, may_miss=True)


def _kind(repository: Mapping[str, Any], number: int) -> str:
    """issue, pull, discussion, moved or gone. Whatever answers under another number or place has moved there."""
    found = repository.get(f"n{number}")
    if found:
        is_here = found["number"] == number and found["repository"]["nameWithOwner"] == repository["nameWithOwner"]
        return WORDS.get(found["__typename"], "gone") if is_here else "moved"
    return "discussion" if repository.get(f"d{number}") else "gone"


def _body(visit: Visit, number: int, kind: str) -> dict[str, Any]:
    return {"number": number, "kind": kind, "checked_at": values.format_instant(visit.now.isoformat())}


def _fill(visit: Visit, client: Client, numbers: list[int], kinds: Mapping[int, str]) -> tuple[list[Row], list[int]]:
    """Rows of issues and pull requests that were missed, and the numbers of those that cannot be read."""
    rows, unread, size = list[Row](), list[int](), PageSize(FILLED)
    while numbers:
        try:
            data = client.whole(size, partial(_asked_whole, client, numbers, kinds))
        except Retriable:
            client.is_there()
            unread.append(numbers.pop(0))
            continue
        batch = [number for number in numbers if f"n{number}" in data["repository"]]
        numbers = numbers[len(batch) :]
        nodes = {number: data["repository"][f"n{number}"] for number in batch if data["repository"][f"n{number}"]}
        found, further = threads(visit, client, [node for number, node in nodes.items() if kinds[number] == "issue"])
        rows += [Row(row.key, row.source_time, row.body, row.stream or "issues") for row in found]
        pulls = [pull_row(visit, node) for number, node in nodes.items() if kinds[number] == "pull"]
        rows += [Row(row.key, row.source_time, row.body, "pulls") for row in pulls]
        unread += further
    return rows, unread


def _asked_whole(client: Client, numbers: Sequence[int], kinds: Mapping[int, str], most: int) -> dict[str, Any]:
    """The first issues and pull requests as their lists would bring them."""
    field = {"issue": ("issue", "issueFields"), "pull": ("pullRequest", "pullFields")}
    asked = " ".join(
        f"n{number}: {field[kinds[number]][0]}(number: {number}) {{ ...{field[kinds[number]][1]} }}"
        for number in numbers[:most]
    )
    names = {kinds[number] for number in numbers[:most]}
    fragments = question(*(["issue", "comments"] if "issue" in names else []), *(["pull"] if "pull" in names else []))
    return client.query(f"{HEAD} {{ {asked} }} }}\n{fragments}", {}, may_miss=True)
