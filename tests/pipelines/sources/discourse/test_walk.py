"""The walk down a forum's list: nothing is lost, whatever moves, vanishes or breaks between two requests."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.contract import Row
from pipelines.http.errors import Fatal, Retriable
from pipelines.passed_over import PassedOver
from pipelines.sources.discourse import walk as discourse_walk
from pipelines.sources.discourse.client import Listing, Topic
from pipelines.sources.discourse.walk import REMEMBERED, TopicWalk
from pipelines.text.values import format_instant

START = datetime(2026, 11, 1, tzinfo=UTC)
SINCE = START - timedelta(days=30)
PER_PAGE = 3
Change = Callable[["Board"], None]
Held = dict[int, Any]
"""What a warehouse would hold: version by topic, or that it is gone."""


@dataclass
class Board:
    """A forum in memory, three topics a page; `changes` happen between requests, `breaks` are requests that fail."""

    times: dict[int, int] = field(default_factory=dict)
    """Hours (from the beginning) of each topic's last movement."""
    versions: dict[int, int] = field(default_factory=dict)
    pinned: set[int] = field(default_factory=set)
    changes: dict[int, Change] = field(default_factory=dict)
    breaks: set[int] = field(default_factory=set)
    requests: int = 0
    visits: int = 0
    hour: int = 1000
    day: str = "2026-11-24"
    total: int | None = None
    visit: Any = field(default_factory=lambda: SimpleNamespace(channel=SimpleNamespace(target="forum.example.org")))

    def _asked(self) -> None:
        self.requests += 1
        if change := self.changes.get(self.requests):
            change(self)
        if self.requests in self.breaks:
            raise Retriable("broke off")

    def _shown(self, number: int) -> Topic:
        at = format_instant(START + timedelta(hours=self.times[number]))
        return Topic(number, at or "", number in self.pinned, f"v{self.versions[number]}")

    def get_listing(self, section: str, page: int) -> Listing:
        self._asked()
        order = sorted(self.times, key=lambda number: (self.times[number], number), reverse=True)
        others = [number for number in order if number not in self.pinned]
        start = page * PER_PAGE - len(self.pinned)
        top = [*sorted(self.pinned), *others][:PER_PAGE]
        found = top if page == 0 else others[max(0, start) : start + PER_PAGE]
        return Listing([self._shown(number) for number in found], start + PER_PAGE < len(others))

    def read(self, topic: Topic) -> list[Row]:
        self._asked()
        if topic.id not in self.times:
            return [Row(str(topic.id), None, {"state": "gone"})]
        return [Row(str(topic.id), None, {"state": "open", "version": self.versions[topic.id]})]

    def put(self, number: int) -> None:
        """A topic is opened or answered: it moves to the top."""
        self.hour += 1
        self.times[number] = self.hour
        self.versions[number] = self.versions.get(number, 0) + 1

    def drop(self, number: int) -> None:
        """A topic is deleted."""
        self.times.pop(number, None)
        self.pinned.discard(number)


def board(size: int, **more: Any) -> Board:
    made = Board(**more)
    for number in range(1, size + 1):
        made.times[number], made.versions[number] = number * 10, 1
    return made


def visit(forum: Board, kept: dict[str, Any], held: Held) -> tuple[dict[str, Any], bool]:
    """One visit, kept page by page as the landing zone does; the cursor after it, and whether it came to its end."""
    # A week and more lies between two visits: whatever was skipped is asked again.
    passed = PassedOver.load(kept, START + timedelta(weeks=2 * forum.visits), "topic")
    walk = TopicWalk(forum, "", kept, forum.read, SINCE, passed)  # type: ignore[arg-type]
    forum.visits += 1
    try:
        for rows in walk.read_rows():
            held |= {int(row.key): row.body.get("version", "gone") for row in rows}
            kept = walk.to_cursor() | passed.to_cursor()
    except Retriable:
        return kept, False
    return walk.to_cursor() | passed.to_cursor(), True


def settle(forum: Board, kept: dict[str, Any], held: Held) -> dict[str, Any]:
    """Visits until one comes to its end, and once more."""
    for _ in range(200):
        kept, is_whole = visit(forum, kept, held)
        if is_whole and "passed_over" not in kept and forum.requests > max([*forum.changes, *forum.breaks, 0]):
            kept, is_whole = visit(forum, kept, held)
            assert is_whole
            return kept
    raise AssertionError("it never came to its end")


@pytest.fixture
def without_look_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The daily look would hide what the walk itself had lost."""
    monkeypatch.setattr(TopicWalk, "_look_back", lambda self, head: iter(()))


puts = st.integers(1, 40).map(lambda number: ("put", number))
drops = st.integers(1, 30).map(lambda number: ("drop", number))
spaced = st.lists(st.tuples(st.integers(2, 9), st.one_of(puts, drops)), max_size=25)
moves = spaced.map(
    lambda drawn: {sum(gap for gap, _ in drawn[: place + 1]): act for place, (_, act) in enumerate(drawn)}
)
"""What happens before which request: one thing at most within two requests, as on a forum that is asked every two
seconds."""


def acts(drawn: dict[int, tuple[str, int]]) -> dict[int, Change]:
    def act(what: str, number: int) -> Change:
        return lambda forum: getattr(forum, what)(number)

    return {place: act(*one) for place, one in drawn.items()}


@pytest.mark.slow
@settings(max_examples=300)
@example(size=7, moves={2: ("put", 1), 4: ("put", 5)}, breaks={7})  # one gap ends on the page where the next begins
@example(size=19, moves={}, breaks={5, 41, 42})  # a page left earlier is read in part and fails again
@given(size=st.integers(4, 30), moves=moves, breaks=st.sets(st.integers(2, 80), max_size=6))
def test_whatever_moves_or_breaks_every_topic_is_held_as_it_last_was(
    size: int, moves: dict[int, Any], breaks: set[int]
) -> None:
    """Topics are opened, answered and deleted between requests, and visits stop anywhere."""
    forum, held = board(size, changes=acts(moves), breaks=breaks), Held()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TopicWalk, "_look_back", lambda self, head: iter(()))
        settle(forum, {}, held)
    assert {number: held.get(number) for number in forum.times} == {
        number: forum.versions[number] for number in forum.times
    }


@settings(max_examples=200)
@given(size=st.integers(4, 14), moves=moves, pinned=st.sets(st.integers(1, 4), max_size=2))
def test_after_the_look_of_the_next_day_what_moved_nothing_is_known_too(
    size: int, moves: dict[int, Any], pinned: set[int]
) -> None:
    """An accepted answer does not move its topic; pinned topics are out of order."""
    forum, held = board(size, pinned=pinned), Held()
    kept = settle(forum, {}, held)
    for what, number in moves.values():
        if what == "drop" and len(forum.times) > 2 and number in forum.times:
            forum.drop(number)
        elif number in forum.times:
            forum.versions[number] += 1
    forum.day = "2026-11-25"
    settle(forum, kept, held)
    gone = {number: "gone" for number in range(1, size + 1) if number not in forum.times}
    assert held == {number: forum.versions[number] for number in forum.times} | gone


@pytest.mark.usefixtures("without_look_back")
@pytest.mark.parametrize("stop", range(2, 70))
def test_a_first_visit_that_is_stopped_goes_on_and_reads_nothing_twice_but_a_batch(stop: int) -> None:
    """The work of an earlier visit is kept, wherever it was stopped."""
    forum, held = board(30, breaks={stop}), Held()
    read: list[int] = []
    kept: dict[str, Any] = {}
    original = forum.read

    def noted(topic: Topic) -> list[Row]:
        rows = original(topic)
        read.append(topic.id)
        return rows

    forum.read = noted  # type: ignore[method-assign]
    for _ in range(2):
        kept, _ = visit(forum, kept, held)
    assert held == forum.versions
    assert len(read) == 30


def test_a_topic_pinned_long_ago_is_read_though_it_stands_in_no_place_of_the_list() -> None:
    """It is on the first page only, above younger ones, and in no gap that is read later."""
    forum, held = board(20, pinned={1}), Held()
    settle(forum, {}, held)
    assert held == forum.versions
    before = forum.requests
    visit(forum, settle(forum, {}, {}), held)
    assert forum.requests > before


def test_asked_to_go_further_back_it_reads_the_rest_only() -> None:
    """A larger `--since` is honoured after the first visit too."""
    forum, held = board(12), Held()
    walk = TopicWalk(forum, "", {}, forum.read, START + timedelta(hours=65), PassedOver(START))  # type: ignore[arg-type]
    assert sorted(int(row.key) for rows in walk.read_rows() for row in rows) == [7, 8, 9, 10, 11, 12]
    more = TopicWalk(forum, "", walk.to_cursor(), forum.read, SINCE, PassedOver(START))  # type: ignore[arg-type]
    assert sorted(int(row.key) for rows in more.read_rows() for row in rows) == [1, 2, 3, 4, 5, 6]
    assert held == {}


def test_an_empty_list_and_a_list_that_repeats_itself_are_errors() -> None:
    """Neither is a forum without news."""
    with pytest.raises(Fatal, match="empty"):
        list(TopicWalk(Board(), "", {}, Board().read, SINCE, PassedOver(START)).read_rows())  # type: ignore[arg-type]
    forum = board(9)
    first = forum.get_listing("", 0)
    forum.get_listing = lambda section, page: first  # type: ignore[method-assign]
    with pytest.raises(Retriable, match="same page"):
        list(TopicWalk(forum, "", {}, forum.read, SINCE, PassedOver(START)).read_rows())  # type: ignore[arg-type]


def test_what_is_kept_for_the_next_visit_stays_small() -> None:
    """A cursor is in every landed file."""
    forum, held = board(REMEMBERED + 60), Held()
    kept = settle(forum, {}, held)
    assert len(kept["seen"]) == REMEMBERED
    assert len(held) == REMEMBERED + 60
    assert discourse_walk.BATCH == 10
