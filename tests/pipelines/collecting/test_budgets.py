"""No source spends more than its limits, however often it is restarted, and none of its channels starves."""

import io
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from pipelines import sources
from pipelines.attempts import record_attempt
from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.collecting.limits import read_budget_limits
from pipelines.collecting.meters import SLICE, SourceMeter
from pipelines.collecting.run import CollectReport, Plan
from pipelines.commands.checks import run_checks
from pipelines.commands.progress import collect_with_progress
from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http.errors import BudgetSpent
from tests.upstream.emulator import NOW
from warehouse.attempts.amounts import UNSPENT, SourceLimits, SpendingLimits, Use
from warehouse.attempts.entries import AttemptKind
from warehouse.attempts.reader import read_attempts
from warehouse.attempts.spending import read_day_use
from warehouse.faults import Fault
from warehouse.landing import list_landed, open_zone, read_landed
from warehouse.settings import Settings, SettingsError

CHANNELS = tuple(Channel(source="packages", target=f"kit{n}", role="packages", family="fam") for n in range(3))


class Killed(BaseException):
    """The end of a process in the midst of a visit."""


class Installation:
    """Runs over channels with endless backlogs; what a restart leaves is in `ledger` and `visited` only."""

    def __init__(self, limits: SourceLimits, count: int, cost: int) -> None:
        self.limits, self.cost, self.now = limits, cost, datetime(2026, 3, 28, 22, tzinfo=UTC)
        self.visited = dict.fromkeys((f"c{n}" for n in range(count)), 0)
        """The last run that visited each channel."""
        self.ledger: dict[tuple[int, str], tuple[datetime, Use]] = {}
        self.sent: dict[str, int] = defaultdict(int)
        self.run_number = 0

    def read_others(self, at: datetime) -> Use:
        others = (spent for (run, _), spent in self.ledger.items() if run < self.run_number)
        return sum((use for then, use in others if then.date() == at.date()), UNSPENT)

    def run(self, most: int, killed_after: int | None) -> int:
        """Visits the channels, those of the longest ago first; returns how many requests it sent."""
        self.run_number += 1
        queue, requests = sorted(self.visited, key=self.visited.__getitem__), 0
        meter = SourceMeter(
            "toy", self.limits, len(queue), self.read_others,
            lambda name, use: self.ledger.update({(self.run_number, name): (self.now, use)}), lambda: self.now,
        )  # fmt: skip
        for channel in queue:
            if meter.explain_shortage():
                continue
            spent = 0
            try:
                with meter.measure_visit(channel, most) as budget:
                    while True:
                        budget.spend()
                        requests, spent = requests + 1, spent + 1
                        self.sent[f"{self.now:%Y-%m-%d}"] += 1
                        self.now += timedelta(seconds=40)
                        budget.spend(0, self.cost)
                        if requests == killed_after:
                            raise Killed
            except BudgetSpent:
                self.ledger[self.run_number, channel] = (self.now, Use(spent, spent * self.cost))
                self.visited[channel] = self.run_number
            except Killed:
                break
        return requests


@settings(max_examples=50, deadline=None)
@example(day=26, run=23, points=20, cost=3, count=2, events=[(3, 3, 0.0), (3, None, 0.0)])
@given(
    day=st.integers(4, 250),
    run=st.integers(4, 150),
    points=st.integers(20, 200),
    cost=st.integers(0, 3),
    count=st.integers(1, 7),
    events=st.lists(st.tuples(st.integers(1, 60), st.none() | st.integers(1, 40), st.floats(0, 30)), max_size=12),
)
def test_no_limit_is_passed_and_no_channel_starves_whatever_happens(
    day: int, run: int, points: int, cost: int, count: int, events: list[tuple[int, int | None, float]]
) -> None:
    """Kills, restarts and midnights in between, also the one before summer time."""
    limits = SourceLimits(run=SpendingLimits(requests=run), day=SpendingLimits(requests=day, points=points))
    installation = Installation(limits, count, cost)
    for most, killed_after, hours in events:
        assert installation.run(most, killed_after) <= run
        installation.now += timedelta(hours=hours)
    # Of a killed run, fewer requests than a slice are unknown.
    unknown = (SLICE - 1) * sum(killed_after is not None for _, killed_after, _ in events)
    assert max(installation.sent.values(), default=0) <= day + unknown
    # A request is dearer than any before it at most once a run: what is under way cannot be stopped.
    assert max(installation.sent.values(), default=0) * cost <= points + cost * (installation.run_number + unknown)

    before = installation.run_number
    for _ in range(count):
        installation.now += timedelta(days=1)
        assert installation.run(50, None) > 0
    assert min(installation.visited.values()) > before, "each is visited within as many days as there are channels"


def test_visits_side_by_side_share_alike_and_what_one_leaves_goes_to_those_to_come() -> None:
    """A host that may be asked three times at once would give the third what the first two had not spent yet."""
    meter = SourceMeter(
        "toy", SourceLimits(day=SpendingLimits(requests=160)), 4, lambda at: UNSPENT, lambda *_: None, lambda: NOW
    )
    with meter.measure_visit("a", 400) as first, meter.measure_visit("b", 400) as second:
        with meter.measure_visit("c", 400) as third:
            third.spend(5)
        with meter.measure_visit("d", 400) as last:
            pass

    assert [budget.limit for budget in (first, second, third, last)] == [40, 40, 40, 75]


def test_what_a_killed_run_has_sent_counts(tmp_path: Path) -> None:
    """It is written down a slice at a time; a restart begins with it, and the next day without."""
    own = Settings(HEARTBEAT_HOME=tmp_path, _env_file=None)
    with suppress(Killed), record_attempt(own, AttemptKind.COLLECT, [(CHANNELS[0], ["things"])]) as attempt:
        meter = SourceMeter("packages", SourceLimits(), 1, lambda at: UNSPENT, attempt.note_use, own.clock)
        with meter.measure_visit(CHANNELS[0].id, 400) as budget:
            for _ in range(2 * SLICE + 1):
                budget.spend(0, 2)
                budget.spend(1)
            raise Killed
    now = own.clock()

    spent = read_day_use(read_attempts(tmp_path), now)["packages"]
    assert (spent.requests, spent.points) == (2 * SLICE, 4 * SLICE)
    assert read_day_use(read_attempts(tmp_path), now + timedelta(days=1)) == {}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages read of a source whose channels have fifty each, a request a page."""
    seen: list[str] = []

    def things(visit: Visit) -> Iterator[Page]:
        for number in range(int(visit.cursor.get("after", 0)) + 1, 51):
            visit.budget.spend()
            seen.append(f"{visit.channel.target}/{number}")
            yield Page([Row(str(number), NOW, {})], {"after": number}, expected=50, waiting=50 - number)

    module = ModuleType("toy")
    module.STREAMS = {"things": Stream("oldest-first", resumable=True, empty_is_normal=True)}  # type: ignore[attr-defined]
    module.things, module.BASE_URL = things, "https://toy.test"  # type: ignore[attr-defined]
    monkeypatch.setattr(sources, "load_source", lambda name: module)
    return seen


def _collect(home: Path, day: int, hours: float = 0, limit: str = "packages.day.requests=60") -> CollectReport:
    own = Settings(
        HEARTBEAT_HOME=home,
        HEARTBEAT_NOW=NOW + timedelta(days=day, hours=hours),
        HEARTBEAT_BUDGETS=limit,
        _env_file=None,
    )
    return collect_with_progress(Console(file=io.StringIO()), Plan(CHANNELS, NOW, 400), own)


def test_a_spent_day_leaves_visits_partial_and_the_next_goes_on_where_they_stopped(
    asked: list[str], tmp_path: Path
) -> None:
    """Each page is read once; a second run on the same day, in a new process, asks for nothing."""
    first = _collect(tmp_path, 0)
    said = {result.channel.target: result.outcomes["things"] for result in first.results}
    again = _collect(tmp_path, 0, hours=1)
    (left,) = {outcome.error for result in again.results for outcome in result.outcomes.values()}
    today = list(asked)
    for day in (1, 2):
        last = _collect(tmp_path, day)
    zone = open_zone(str(tmp_path / "landing"))
    rows = sum(read_landed(zone, path)[1].num_rows for path in list_landed(zone))

    assert today == [f"kit{n}/{page}" for n in range(3) for page in range(1, 21)]
    assert {(one.state, one.fault) for one in said.values()} == {("partial", Fault.BUDGET)}
    assert said["kit0"].error == (
        "its share of what packages has left, 20 requests, is used up; the next run resumes from here"
    )
    assert left == (
        "not visited, as too few are left of the 60 requests of packages for a day (HEARTBEAT_BUDGETS); a run after "
        "midnight UTC goes on from here"
    )
    assert (first.attempt.state, again.attempt.state, last.attempt.state) == ("done", "partial", "done")
    assert sorted(asked) == sorted(f"kit{n}/{page}" for n in range(3) for page in range(1, 51)) and rows == 150


def test_what_was_left_over_comes_first_and_a_run_has_a_limit_of_its_own(asked: list[str], tmp_path: Path) -> None:
    """The limit of a run is no limit of the day."""
    limit = "packages.run.requests=25 packages.day.points=900"
    for hours in (0, 1, 2):
        _collect(tmp_path, 0, hours, limit)

    assert asked == [f"kit{n}/{page}" for n in range(3) for page in range(1, 21)]


def test_each_source_has_limits_and_the_operators_own_stand_above_them(tmp_path: Path) -> None:
    """A key raises the quota; a wrong word is refused with the nearest right one."""

    def limits(words: str = "", **more: str) -> dict[str, SourceLimits]:
        return read_budget_limits(Settings(HEARTBEAT_HOME=tmp_path, HEARTBEAT_BUDGETS=words, _env_file=None, **more))  # type: ignore[arg-type]

    assert set(limits()) == set(sources.list_sources()) == {one.source for one in read_catalog([SHIPPED]).channels}
    assert limits()["stackexchange"].day.points == 270
    assert limits(STACKEXCHANGE_KEY="key")["stackexchange"].day.points == 9_000
    own = limits("github.day.points=20_000, status.run.minutes=2.5")
    assert (own["github"].day.points, own["github"].day.requests) == (20_000, limits()["github"].day.requests)
    assert own["status"].run.minutes == 2.5
    for words, said in (
        ("githb.day.points=1", "'githb' is none of .*; nearest: github"),
        ("github.month.points=1", "nearest: "),
        ("github.day.points=0", "not a number above 0"),
        ("github.day=4", "use SOURCE.run|day.requests"),
    ):
        with pytest.raises(SettingsError, match="HEARTBEAT_BUDGETS: .*" + said.replace("|", r"\|")):
            limits(words)
    own_home = Settings(HEARTBEAT_HOME=tmp_path, HEARTBEAT_BUDGETS="github.day=4", _env_file=None)
    told = [check.words for check in run_checks(own_home, read_catalog([SHIPPED])) if check.name == "budgets"]
    assert len(told) == 1 and "use SOURCE.run|day." in told[0], "the doctor says so before a run is refused for it"
