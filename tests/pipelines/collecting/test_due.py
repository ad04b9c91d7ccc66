"""Whatever happens to the machine, a channel is visited at most once a cadence, and never later than it may be."""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.attempts import record_attempt
from pipelines.catalog.entries import Channel
from pipelines.collecting.due import (
    RETRY,
    PastVisits,
    find_due_time,
    read_past_visits,
    select_due,
)
from pipelines.http.clock import TOLERANCE
from warehouse.attempts.entries import AttemptKind
from warehouse.faults import Fault
from warehouse.landing import open_writer, open_zone
from warehouse.manifest import Outcome
from warehouse.settings import Settings

EVE = datetime(2026, 3, 28, 20, tzinfo=UTC)
"""Some hours before clocks go forward in Europe; two months reach no other change, and a year does."""
CHANNELS = [
    Channel(source=source, target=f"{source}{number}", role="sdk", family="fam", cadence_hours=hours)
    for source, hours in (("status", 1.0), ("github", 6.0), ("packages", 24.0), ("changelog", 168.0))
    for number in range(3)
]
VISIT = timedelta(minutes=2)
STEP = timedelta(minutes=15)
"""How often the schedule starts a run."""


@pytest.fixture(autouse=True)
def summer_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose local time leaps twice a year."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@dataclass
class Machine:
    """A machine with a schedule: what lives through a restart is in `landed` and `tried` only."""

    true_time: datetime = EVE
    ahead: timedelta = timedelta()
    """By how much its clock is ahead."""
    landed: dict[str, datetime] = field(default_factory=dict)
    tried: dict[str, datetime] = field(default_factory=dict)
    excuses: dict[str, timedelta] = field(default_factory=dict)
    """Time since a channel's last visit in which it could not be visited, or the clock was moved."""
    visits: int = 0

    @property
    def now(self) -> datetime:
        return self.true_time + self.ahead

    def excuse(self, duration: timedelta) -> None:
        for channel in CHANNELS:
            self.excuses[channel.id] = self.excuses.get(channel.id, timedelta()) + duration

    def sleep(self, hours: float) -> None:
        self.true_time += timedelta(hours=hours)
        self.excuse(timedelta(hours=hours))

    def set_clock(self, minutes: float) -> None:
        self.ahead += timedelta(minutes=minutes)
        self.excuse(timedelta(minutes=abs(minutes)))

    def run_until(self, end: datetime, killed_after: int | None = None) -> None:
        """Runs the schedule; with `killed_after`, the first run is killed after so many visits."""
        while True:
            if due := select_due(CHANNELS, PastVisits(self.landed, self.tried), self.now):
                self.run(due, killed_after)
                killed_after = None
            if self.true_time >= end:
                return
            self.true_time += STEP

    def run(self, due: tuple[Channel, ...], killed_after: int | None) -> None:
        began, visited = self.now, due[:killed_after]
        # What landed under a clock that was ahead is withdrawn, once hosts have stated the time.
        self.landed = {name: at for name, at in self.landed.items() if at <= began + TOLERANCE}
        if visited == due:
            self.tried |= dict.fromkeys((channel.id for channel in due), began)
        for channel in visited:
            self.visit(channel)
            self.true_time += VISIT
            self.excuse(VISIT)

    def visit(self, channel: Channel) -> None:
        cadence, last = timedelta(hours=channel.cadence_hours), self.landed.get(channel.id)
        if last is not None:
            waited, excuse = self.now - last, self.excuses.get(channel.id, timedelta())
            assert waited >= cadence, f"{channel.id} after {waited}"
            assert waited <= cadence + STEP + excuse, f"{channel.id} after {waited}, excused {excuse}"
        self.landed[channel.id], self.excuses[channel.id] = self.now, timedelta()
        self.visits += 1


EVENTS = st.one_of(
    st.tuples(st.just("run"), st.floats(0.1, 80)),
    st.tuples(st.just("sleep"), st.floats(0.1, 200)),
    st.tuples(st.just("restart"), st.just(0.0)),
    st.tuples(st.just("kill"), st.integers(0, 8).map(float)),
    st.tuples(st.just("clock"), st.floats(-50, 50)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=15))
@example([("run", 30.0), ("sleep", 72.0), ("run", 1.0)])
@example([("run", 800.0)])
@example([("restart", 0.0), ("run", 0.5)] * 40)
def test_each_channel_is_visited_once_a_cadence_and_in_time_whatever_happens(events: list[tuple[str, float]]) -> None:
    """Restarts, kills, sleep, a clock that is set, and summer time; `Machine.visit` holds both bounds."""
    machine = Machine()
    for what, amount in events:
        if what == "run":
            machine.run_until(machine.true_time + timedelta(hours=amount))
        elif what == "sleep":
            machine.sleep(amount)
        elif what == "clock":
            machine.set_clock(amount)
        elif what == "kill":
            machine.run_until(machine.true_time + timedelta(hours=8), int(amount))
        else:
            machine.tried = dict(machine.tried)
    machine.run_until(machine.true_time + timedelta(hours=1))

    for channel in CHANNELS:
        late = machine.now - machine.landed[channel.id]
        excuse = machine.excuses[channel.id] + timedelta(hours=1)
        assert late <= timedelta(hours=channel.cadence_hours) + STEP + excuse


def test_a_restart_reads_what_is_due_from_what_was_landed_and_tried(tmp_path: Path) -> None:
    """A run that ended by itself without a visit is tried again after an hour, one that was killed at once."""
    home = Settings(HEARTBEAT_HOME=tmp_path, _env_file=None)
    seen, refused, new = CHANNELS[3:6]
    now, zone = home.clock(), open_zone(home.landing_url)
    for hours in (40, 5):
        open_writer(zone, seen.id, seen.source, now - timedelta(hours=hours)).finish(now)
    with record_attempt(home, AttemptKind.COLLECT, [(refused, ["issues"])]) as attempt:
        attempt.conclude_collect()
    past, now, cadence = read_past_visits(home), home.clock(), timedelta(hours=6)

    assert abs(past.landed[seen.id] - (now - timedelta(hours=5))) < timedelta(seconds=9)
    assert find_due_time(seen, past, now) == past.landed[seen.id] + cadence
    assert timedelta(minutes=59) < find_due_time(refused, past, now) - now <= RETRY
    assert select_due([seen, refused, new], past, now) == (new,)
    assert select_due([seen, refused, new], past, now + timedelta(hours=2)) == (seen, refused, new)
    assert find_due_time(refused, past, now - timedelta(days=9)) == now - timedelta(days=9), "a clock set back"


@pytest.mark.parametrize(
    ("fault", "hours"), [(Fault.UNREACHABLE, 1), (Fault.DISK, 1), (Fault.GONE, 6), (Fault.SERVER_ERROR, 6)]
)
def test_what_this_machine_could_not_reach_is_tried_again_soon_and_what_was_refused_in_its_turn(
    tmp_path: Path, fault: Fault, hours: float
) -> None:
    """A machine that wakes has no network for a moment; each channel would wait for its next turn, a day away."""
    own, channel = Settings(HEARTBEAT_HOME=tmp_path, _env_file=None), CHANNELS[3]
    with record_attempt(own, AttemptKind.COLLECT, [(channel, ["issues"])]) as attempt:
        attempt.add_channel(channel, {"issues": Outcome("failed", fault=fault, error="no network")})
        open_writer(open_zone(own.landing_url), channel.id, channel.source, own.clock()).finish(own.clock())
        attempt.conclude_collect()
    now = own.clock()

    wait = find_due_time(channel, read_past_visits(own), now) - now
    assert abs(wait / timedelta(hours=1) - hours) < 0.1


@pytest.mark.parametrize(("state", "fault", "hours"), [("partial", Fault.THROTTLED, 5), ("partial", Fault.EMPTY, 24)])
def test_a_visit_that_its_budget_cut_short_goes_on_before_its_cadence_has_passed(
    tmp_path: Path, state: str, fault: Fault, hours: float
) -> None:
    """A first collection takes many visits, and a page that failed half-way is no reason to hurry."""
    own, channel = Settings(HEARTBEAT_HOME=tmp_path, HEARTBEAT_NOW=EVE, _env_file=None), CHANNELS[6]
    writer = open_writer(open_zone(own.landing_url), channel.id, channel.source, EVE)
    writer.manifest.outcomes["downloads"] = asdict(Outcome(state, fault=fault))
    writer.finish(EVE)

    assert find_due_time(channel, read_past_visits(own, CHANNELS), EVE) == EVE + timedelta(hours=hours)
