"""Finds gaps between the numbers read, and explains or fills each of them.

GitHub numbers issues, pull requests and discussions in one sequence. This stream checks each number that the three
other streams lack once: it may be an issue, a pull request or a discussion, deleted or moved. It also reads the missed
issues and pull requests. Three keys of the other streams' cursors tell what they have read:

    numbers   `NumberSet.pack()` of every number ever read, in any order
    reach     the lowest number that the backfill (newest first, down to `since`) has reached
    is_whole  true once the backfill is complete
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from pipelines.contract import Page, Row, Visit
from pipelines.http.errors import Retriable
from pipelines.number_set import NumberSet
from pipelines.sources.github.client import Client, PageSize, load_queries
from pipelines.sources.github.issue_reader import make_thread_rows
from pipelines.sources.github.rows import pull_row
from pipelines.text import values

VERSION = 1
READS = ("issues", "pulls", "discussions")
COUNTED = ("issues", "pulls")
"""Streams that every repository has; gaps are sought only where both have been read."""
ASKED = 100
"""Numbers per query; without lists it costs one point."""
FILLED = 45
"""Issues or pull requests per query, for one point."""
TRIES = 3
"""Maximum number of visits that try to read an item."""
HEAD = (
    "query($owner: String!, $name: String!) { rateLimit { cost limit remaining resetAt }"
    " repository(owner: $owner, name: $name)"
)
WORDS = {"Issue": "issue", "PullRequest": "pull", "Discussion": "discussion"}


@dataclass(slots=True)
class _CheckedNumbers:
    """The missing numbers checked so far, as the cursor carries them."""

    settled: NumberSet
    """Numbers that need no further check."""
    tries: dict[str, int]
    """Failed attempts at existing items, by number."""

    @classmethod
    def load(cls, cursor: Mapping[str, Any]) -> Self:
        """Loads the numbers from a cursor; none if it is of another version."""
        trusted = cursor if cursor.get("v") == VERSION else {}
        tries = trusted.get("tries") if isinstance(trusted.get("tries"), dict) else {}
        settled = NumberSet.unpack(trusted.get("told"))
        return cls(settled, {str(number): int(count) for number, count in (tries or {}).items()})

    def to_cursor(self) -> dict[str, Any]:
        """Returns the cursor that carries the numbers to the next visit."""
        return {"v": VERSION, "told": self.settled.pack(), "tries": self.tries}

    def count_try(self, number: int, is_settled: bool) -> None:
        """Counts an attempt; a number that failed too often counts as settled."""
        count = self.tries.pop(str(number), 0) + 1
        if is_settled or count >= TRIES:
            self.settled.add([number])
        else:
            self.tries[str(number)] = count


def read_gaps(visit: Visit, client: Client) -> Iterator[Page]:
    """Checks all gaps, in batches; without any, it makes no request."""
    checked = _CheckedNumbers.load(visit.cursor)
    missing = [number for number in find_holes(visit.siblings) if number not in checked.settled]
    if not missing:
        yield Page([], visit.cursor, is_unchanged=True)
        return
    size, expected = PageSize(ASKED), len(missing)
    while missing:
        data = client.query_whole(size, partial(_query_kinds, client, missing))
        batch = [number for number in missing if f"n{number}" in data["repository"]]
        missing = missing[len(batch) :]
        kinds = {number: _classify_number(data["repository"], number) for number in batch}
        readable = [number for number, kind in kinds.items() if kind in ("issue", "pull")]
        filled, unread = _read_missed(visit, client, readable, kinds)
        for number in batch:
            checked.count_try(number, number not in unread)
        rows = [Row(str(number), visit.now, _make_body(visit, number, kind)) for number, kind in kinds.items()]
        skipped = tuple(f"{kinds[number]} {number}" for number in unread)
        yield Page([*rows, *filled], checked.to_cursor(), expected=expected, skipped=skipped)
        client.stop_when_spent(data)


def find_holes(siblings: Mapping[str, Mapping[str, Any]]) -> list[int]:
    """Finds the numbers that none of the streams has read, from the lowest that all of them have reached."""
    cursors = {name: siblings.get(name, {}) for name in READS}
    numbers = {name: NumberSet.unpack(cursor.get("numbers")) for name, cursor in cursors.items()}
    if not all(cursors[name].get("numbers") for name in COUNTED):
        return []
    reach = {name: int(cursor.get("reach") or 0) for name, cursor in cursors.items()}
    unfinished = [reach[name] for name in COUNTED if not cursors[name].get("is_whole")]
    if 0 in unfinished:
        return []
    lowest = max([*unfinished, min([reach[name] for name in COUNTED if reach[name]], default=0)])
    read = NumberSet()
    for numbers_read in numbers.values():
        read.join(numbers_read)
    return read.list_missing(lowest, max(numbers[name].highest for name in COUNTED)) if lowest else []


def _query_kinds(client: Client, numbers: Sequence[int], most: int) -> dict[str, Any]:
    """Queries the kinds of the first `most` numbers."""
    pair = (
        "n{0}: issueOrPullRequest(number: {0}) {{ __typename ... on Issue {{ number repository {{ nameWithOwner }} }}"
        " ... on PullRequest {{ number repository {{ nameWithOwner }} }} }} d{0}: discussion(number: {0}) {{ number }}"
    )
    items = " ".join(pair.format(number) for number in numbers[:most])
    return client.query(f"{HEAD} {{ nameWithOwner {items} }} }}", {}, may_miss=True)


def _classify_number(repository: Mapping[str, Any], number: int) -> str:
    """Classifies a number as issue, pull, discussion, moved or gone."""
    node = repository.get(f"n{number}")
    if node:
        # GitHub answers for a transferred item with its new repository and number.
        is_here = node["number"] == number and node["repository"]["nameWithOwner"] == repository["nameWithOwner"]
        return WORDS.get(node["__typename"], "gone") if is_here else "moved"
    return "discussion" if repository.get(f"d{number}") else "gone"


def _make_body(visit: Visit, number: int, kind: str) -> dict[str, Any]:
    return {"number": number, "kind": kind, "checked_at": values.format_instant(visit.now.isoformat())}


def _read_missed(
    visit: Visit, client: Client, numbers: list[int], kinds: Mapping[int, str]
) -> tuple[list[Row], list[int]]:
    """Reads missed issues and pull requests; returns their rows, and the numbers of unreadable ones."""
    rows, unread, size = list[Row](), list[int](), PageSize(FILLED)
    while numbers:
        try:
            data = client.query_whole(size, partial(_query_whole, client, numbers, kinds))
        except Retriable:
            client.check_service()
            unread.append(numbers.pop(0))
            continue
        batch = [number for number in numbers if f"n{number}" in data["repository"]]
        numbers = numbers[len(batch) :]
        nodes = {number: data["repository"][f"n{number}"] for number in batch if data["repository"][f"n{number}"]}
        issues = [node for number, node in nodes.items() if kinds[number] == "issue"]
        issue_rows, short = make_thread_rows(visit, client, issues)
        rows += [Row(row.key, row.source_time, row.body, row.stream or "issues") for row in issue_rows]
        pulls = [pull_row(visit, node) for number, node in nodes.items() if kinds[number] == "pull"]
        rows += [Row(row.key, row.source_time, row.body, "pulls") for row in pulls]
        unread += short
    return rows, unread


def _query_whole(client: Client, numbers: Sequence[int], kinds: Mapping[int, str], most: int) -> dict[str, Any]:
    """Queries the first `most` issues and pull requests, with the fields that their lists have."""
    field = {"issue": ("issue", "issueFields"), "pull": ("pullRequest", "pullFields")}
    items = " ".join(
        f"n{number}: {field[kinds[number]][0]}(number: {number}) {{ ...{field[kinds[number]][1]} }}"
        for number in numbers[:most]
    )
    names = {kinds[number] for number in numbers[:most]}
    fragments = load_queries(
        *(["issue", "comments"] if "issue" in names else []), *(["pull"] if "pull" in names else [])
    )
    return client.query(f"{HEAD} {{ {items} }} }}\n{fragments}", {}, may_miss=True)
