"""Finds gaps between the numbers read, and explains or fills each of them.

GitHub numbers issues, pull requests and discussions in one sequence. This stream checks each number that the three
other streams lack once: it may be an issue, a pull request or a discussion, deleted or moved. It also reads the missed
issues and pull requests. Three keys of the other streams' cursors tell what they have read:

    numbers   `NumberSet.pack()` of every number ever read, in any order
    reach     the lowest number that the backfill (newest first, down to `since`) has reached
    is_whole  true once the backfill is complete
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from pipelines.contract import Page, Row, Visit
from pipelines.http.errors import Fatal
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.number_set import NumberSet
from pipelines.passed_over import KEY, PassedOver
from pipelines.sources.github.client import Client, PageSize
from pipelines.sources.github.thread_reader import HEAD, read_by_number
from pipelines.text import values

VERSION = 1
READS = ("issues", "pulls", "discussions")
COUNTED = ("issues", "pulls")
"""Streams that every repository has; gaps are sought only where both have been read."""
ASKED = 100
"""Numbers per query; without lists it costs one point."""
WORDS = {"Issue": "issue", "PullRequest": "pull", "Discussion": "discussion"}


@dataclass(slots=True)
class _CheckedNumbers:
    """The missing numbers checked so far, as the cursor carries them."""

    settled: NumberSet
    """Numbers that need no further check."""
    passed: PassedOver
    """Existing threads that could not be read."""

    @classmethod
    def load(cls, visit: Visit) -> Self:
        """Loads the numbers from a visit's cursor; none if it is of another version."""
        trusted = visit.cursor if visit.cursor.get("v") == VERSION else {}
        passed = PassedOver.load(trusted, visit.now, "thread")
        return cls(NumberSet.unpack(trusted.get("told")), passed)

    def to_cursor(self) -> dict[str, Any]:
        """Returns the cursor that carries the numbers to the next visit."""
        return {"v": VERSION, "told": self.settled.pack(), **self.passed.to_cursor()}


def read_gaps(visit: Visit, client: Client) -> Iterator[Page]:
    """Checks all gaps, in batches; without any, it makes no request."""
    checked = _CheckedNumbers.load(visit)
    passed, holes = checked.passed, find_holes(visit.siblings)
    passed.keep_only(str(number) for number in holes)
    missing = [number for number in holes if number not in checked.settled and not passed.is_paused(str(number))]
    if not missing:
        yield Page([], checked.to_cursor() if visit.cursor else {}, passed_over=passed, is_unchanged=True)
        return
    # What another stream passes over is asked again by that stream.
    elsewhere = {key for name in READS for key in (visit.siblings.get(name, {}).get(KEY) or {})}
    size, expected = PageSize(ASKED), len(missing)
    while missing:
        data = client.query_whole(size, partial(_query_kinds, client, missing))
        batch = [number for number in missing if f"n{number}" in data["repository"]]
        if not batch:
            raise Fatal("GitHub's answer has none of the numbers that were asked for; its interface has changed")
        missing = missing[len(batch) :]
        kinds = _classify_numbers(data["repository"], batch, passed)
        readable = [number for number in kinds if kinds[number] in ("issue", "pull") and str(number) not in elsewhere]
        filled = read_by_number(visit, client, readable, kinds, passed)
        for number in kinds:
            if number not in readable:
                passed.forget(str(number))
        checked.settled.add(number for number in batch if str(number) not in passed.items)
        rows = [Row(str(number), visit.now, _make_body(visit, number, kind)) for number, kind in kinds.items()]
        yield Page([*rows, *filled], checked.to_cursor(), expected=expected, passed_over=passed)
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
    # Where every list came to its first thread, also the very first number must be there.
    is_all = all(cursors[name].get("is_all") for name in COUNTED)
    lowest = 1 if is_all else max([*unfinished, min([reach[name] for name in COUNTED if reach[name]], default=0)])
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


def _classify_numbers(repository: Mapping[str, Any], numbers: Sequence[int], passed: PassedOver) -> dict[int, str]:
    """Classifies numbers; one whose answer has another shape is passed over."""
    kinds = {}
    for number in numbers:
        try:
            kinds[number] = _classify_number(repository, number)
        except Fatal as error:
            passed.add(str(number), error)
    return kinds


@raises_on_unexpected_shape("GitHub's answer on a number")
def _classify_number(repository: Mapping[str, Any], number: int) -> str:
    """Classifies a number as issue, pull, discussion, moved or gone."""
    node, discussion = repository[f"n{number}"], repository.get(f"d{number}")
    if node is None:
        return "gone" if discussion is None else "discussion" if discussion["number"] == number else "moved"
    # GitHub answers for a transferred item with its new repository and number.
    names = [_require_name(place["nameWithOwner"]) for place in (node["repository"], repository)]
    is_here = values.read_number(node["number"]) == number and names[0] == names[1]
    return WORDS[node["__typename"]] if is_here else "moved"


def _require_name(name: object) -> str:
    """Returns the name of a repository. Raises ValueError for what is none."""
    if not isinstance(name, str) or not re.fullmatch(r"[\w.-]+/[\w.-]+", name):
        raise ValueError("not the name of a repository")
    return name.lower()


def _make_body(visit: Visit, number: int, kind: str) -> dict[str, Any]:
    return {"number": number, "kind": kind, "checked_at": values.format_instant(visit.now.isoformat())}
