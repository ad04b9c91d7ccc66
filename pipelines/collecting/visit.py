"""A visit to one stream of a channel: lands pages as they arrive and turns every way it can end into an outcome."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from pipelines import sources
from pipelines.collecting.cleaning import LARGEST, Cleaner
from pipelines.contract import Page, Stream, Visit
from pipelines.http.anonymous import AnonymousAllowance
from pipelines.http.clock import ClockWatch
from pipelines.http.errors import (
    AllowanceSpent,
    BudgetSpent,
    Fatal,
    ShareSpent,
    TokenRefused,
    TokenWanted,
    Unreachable,
    classify_error,
    describe_error,
)
from pipelines.http.hosts import HostStates
from pipelines.http.keys import KeyWatch
from pipelines.passed_over import PassedOver
from pipelines.text.values import clean_line
from warehouse.faults import Fault
from warehouse.landing import Writer
from warehouse.manifest import Outcome
from warehouse.notes import merge_notes

ROUNDS = 3
"""Maximum number of turns per stream in one run, while its channel's budget lasts."""
LONGEST_ERROR = 2_000
NAMED = 5
"""Maximum number of skipped items that an outcome names."""


@dataclass(slots=True)
class CircuitBreaker:
    """Hosts and rate limits to leave alone for the rest of the run, with the reason; shared by all channels."""

    hosts: HostStates = field(default_factory=lambda: HostStates(clock=ClockWatch()))
    """Hosts that do not answer, refuse the token, or state another time."""
    allowances: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)
    """Exhausted rate limits by host and required tokens, since each of GitHub's two APIs has its own."""
    anonymous: AnonymousAllowance = field(default_factory=AnonymousAllowance)
    """What is left of each host's requests without a token."""

    def check(self, host: str, stream: Stream) -> None:
        """Raises the error that an earlier channel of the host met."""
        self.hosts.check(host)
        if why := self.allowances.get((host, stream.needs)):
            raise AllowanceSpent(why)

    def trip(self, host: str, stream: Stream, error: Exception) -> None:
        """Records an error that the host's other channels would meet as well."""
        if isinstance(error, Unreachable):
            self.hosts.close(host, str(error))
        if isinstance(error, AllowanceSpent):
            self.allowances[host, stream.needs] = str(error)


@dataclass(slots=True)
class Task:
    """One stream of one channel, ready to be visited."""

    name: str
    stream: Stream
    visit: Visit
    host: str
    writer: Writer
    breaker: CircuitBreaker
    outcome: Outcome = field(default_factory=Outcome)
    rows_landed: int = 0
    """Rows in parts landed before the visit ended."""
    skipped: list[str] = field(default_factory=list)
    passed_over: PassedOver | None = None
    """The items that the stream skips, as of its last page."""
    cleaner: Cleaner = field(default_factory=Cleaner)
    is_cut: bool = False
    """True when only the request budget stopped it from continuing."""
    refused: str = ""
    """How a token that the source can do without was refused."""

    def load_cursor(self, now: datetime) -> None:
        """Loads the current cursors."""
        cursor = self.writer.manifest.cursors.get(self.name, {})
        self.visit = replace(self.visit, cursor=cursor, now=now, keys=KeyWatch())

    def as_outcome(self, state: str = "") -> dict[str, Any]:
        """Returns the outcome to store in the next landed part, counting only that part's rows."""
        fields = asdict(self.outcome) | {"rows": self.outcome.rows - self.rows_landed}
        # If the process ends before the next part lands, this part already names the cause.
        return fields | {"state": state, "fault": Fault.INTERRUPTED} if state else fields


def run_rounds(tasks: Sequence[Task], clock: Callable[[], datetime], refusal: str) -> None:
    """Visits the streams of one channel in turn, each with its share of the budget."""
    # Streams cut short resume with the budget the others left.
    unfinished = list(tasks)
    for _ in range(ROUNDS):
        _run_round(unfinished, clock, refusal)
        unfinished = [task for task in unfinished if task.is_cut]


def _run_round(tasks: Sequence[Task], clock: Callable[[], datetime], refusal: str) -> None:
    for index, task in enumerate(tasks):
        # The first long stream must not use up the budget of the others.
        task.visit.budget.limit_share(len(tasks) - index)
        task.load_cursor(clock())
        run_task(task, refusal)
        task.writer.manifest.outcomes[task.name] = task.as_outcome()


def run_task(task: Task, refusal: str) -> None:
    """Visits the stream unless `refusal` forbids it; raises only what must end the process."""
    outcome, visit = task.outcome, task.visit
    missing, is_sample = task.stream.list_missing(visit.tokens), task.stream.is_sample(visit.tokens, visit.is_flagship)
    if refusal or (missing and not is_sample):
        outcome.state, outcome.error = "skipped", refusal or f"needs {' and '.join(missing)}"
        outcome.fault = Fault.TERMS if refusal else Fault.CREDENTIALS
        return
    costs_before = (visit.budget.requests, visit.budget.points)
    task.is_cut, outcome.error, outcome.fault = False, "", Fault.NONE
    try:
        task.breaker.check(task.host, task.stream)
        _land_pages_without_refused_token(task)
        _describe_end(task, missing if is_sample else ())
    except TokenWanted as stop:
        outcome.state, outcome.error, outcome.fault = "partial" if outcome.rows else "skipped", str(stop), stop.fault
    except BudgetSpent as stop:
        outcome.state, outcome.error, outcome.fault = "partial", str(stop), stop.fault
        task.is_cut = task.stream.resumable and isinstance(stop, ShareSpent)
        task.breaker.trip(task.host, task.stream, stop)
    except Exception as error:
        # A bug in one source must not stop the others.
        outcome.state, outcome.error, outcome.fault = "failed", describe_error(error), classify_error(error)
        task.breaker.trip(task.host, task.stream, error)
    # It may quote the upstream, and is printed to terminals.
    outcome.error = clean_line(outcome.error, LONGEST_ERROR)
    outcome.requests += visit.budget.requests - costs_before[0]
    outcome.points += visit.budget.points - costs_before[1]


def _describe_end(task: Task, missing: Sequence[str]) -> None:
    """Describes what a visit that came to its end excluded, and for want of which tokens."""
    passed_over = task.passed_over.describe() if task.passed_over else ""
    left_out = "; ".join(filter(None, (describe_skipped(task.skipped), passed_over)))
    sample = f"only the newest of the family's flagship: the rest needs {' and '.join(missing)}" if missing else ""
    task.outcome.error = "; ".join(filter(None, (left_out, sample, task.refused)))
    faults = (
        (bool(missing), Fault.CREDENTIALS),
        (bool(left_out), Fault.ITEMS_SKIPPED),
        (bool(task.refused), Fault.DENIED),
    )
    task.outcome.fault = next((fault for holds, fault in faults if holds), Fault.NONE)


def describe_skipped(skipped: list[str]) -> str:
    """Describes the items skipped so that the rest could be read."""
    if not skipped:
        return ""
    more = f" and {len(skipped) - NAMED} more" if len(skipped) > NAMED else ""
    return f"could not be read, so missing from the figures: {', '.join(skipped[:NAMED])}{more}; the rest was read"


def _land_pages_without_refused_token(task: Task) -> None:
    """Lands pages, and goes on without a refused token if the source can do without it."""
    try:
        _land_pages(task)
    except TokenRefused as refusal:
        visit = task.visit
        optional = [name for name in sources.list_optional_tokens(visit.channel.source) if name in visit.tokens]
        if not optional:
            raise
        tokens = {name: value for name, value in visit.tokens.items() if name not in optional}
        task.visit = replace(visit, tokens=tokens)
        task.refused = f"read without {' and '.join(optional)}: {refusal}"
        task.load_cursor(visit.now)
        _land_pages(task)


def _land_pages(task: Task) -> None:
    cursor, has_content, writer, outcome = None, False, task.writer, task.outcome
    for page in sources.collect_stream(task.visit.channel.source, task.name, task.visit):
        _land_page(task, page)
        has_content = has_content or bool(page.rows) or page.is_unchanged
        cursor = page.cursor or cursor
        if task.stream.resumable and cursor is not None and (page.rows or page.skipped or page.passed_over):
            writer.manifest.cursors[task.name] = dict(cursor)
            if writer.is_full:
                writer.manifest.outcomes[task.name] = task.as_outcome("partial")
                writer.rotate(task.visit.now)
                task.rows_landed = outcome.rows
        if page.is_unchanged:
            outcome.state = "unchanged"
    if not has_content and not task.stream.empty_is_normal:
        raise Fatal(
            f"{task.name} of {task.visit.channel.target}: the answer is empty; the page has changed or is broken",
            Fault.EMPTY,
        )
    outcome.notes = merge_notes([*outcome.notes, *task.visit.keys.take_notes()])
    # A cursor that cannot be resumed from counts only once the visit is complete.
    if cursor is not None:
        writer.manifest.cursors[task.name] = dict(cursor)
    if outcome.state != "unchanged" or outcome.rows:
        outcome.state = "complete"


def _land_page(task: Task, page: Page) -> None:
    outcome, name, rows = task.outcome, task.name, sum(row.stream in ("", task.name) for row in page.rows)
    for count in ("expected", "total", "waiting", "older"):
        if (number := getattr(page, count)) is not None:
            # What a source says may be any number: one that no ledger holds counts as not given.
            setattr(outcome, count, number if 0 <= number <= LARGEST else None)
    outcome.reach_at = page.reach_at or outcome.reach_at
    outcome.known_until = page.known_until or outcome.known_until
    task.visit.http.patience.renew()
    task.skipped += page.skipped
    if page.passed_over is not None:
        task.passed_over, outcome.passed_over = page.passed_over, len(page.passed_over)
    if page.rows:
        task.writer.add_rows(task.cleaner.clean_rows(page.rows, name), task.visit.now)
    outcome.notes = merge_notes(
        [*outcome.notes, *page.notes, *task.visit.keys.take_notes(), *task.cleaner.take_notes()]
    )
    outcome.rows += rows
