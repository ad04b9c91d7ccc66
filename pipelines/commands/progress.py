"""What a run says before it starts, while it goes on and when it ends: its cost, a bar, then a line a source with what came or why not."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipelines.catalog.entries import Family
from pipelines.collecting.run import Collected, Plan, collect
from pipelines.collecting.visit import Heard
from pipelines.commands.forecast import Expected, forecast
from pipelines.commands.pace import ROWS_A_REQUEST, Pace
from pipelines.contract import Forecast
from pipelines.steps import Refreshed
from warehouse.settings import Settings

COLUMNS = (
    TextColumn("{task.description:<12}"),
    BarColumn(),
    MofNCompleteColumn(),
    TextColumn("{task.fields[rows]:,} rows"),
    TimeElapsedColumn(),
    TextColumn("{task.fields[left]}"),
)
MOST_REASONS = 4
"""Reasons told a source: without a network every host has one of its own."""


def watch(console: Console, todo: Plan, settings: Settings) -> list[Collected]:
    """Collects, and says what it will cost, how far it is, and what it came to."""
    expected = forecast(todo, settings)
    tell_forecast(console, expected, todo.requests_per_channel)
    with bar(console, todo, expected) as (done, heard):
        results = collect(todo, settings, done, heard)
    tell(console, results)
    return results


def tell_forecast(console: Console, expected: Sequence[Expected], budget: int) -> None:
    """What the first visits will cost, a line a source; nothing where nothing is visited for the first time."""
    by_source: dict[str, list[Forecast]] = {}
    for one in expected:
        by_source.setdefault(one.channel.source, []).append(one.forecast)
    for source, found in sorted(by_source.items()):
        items, requests, points = (sum(getattr(one, name) for one in found) for name in ("items", "requests", "points"))
        allowed = max((one.allowed_points or 0 for one in found), default=0)
        hour = f", of {allowed:,} an hour" if allowed else ""
        console.print(
            f"{source}: first visits to {len(found)} of its channels; their {items:,} threads cost some {requests:,} requests"
            f" ({points:,} points{hour}); this run makes at most {budget:,} requests a channel, newest first, and the next goes on"
        )


@contextmanager
def bar(
    console: Console, todo: Plan, expected: Sequence[Expected] = ()
) -> Iterator[tuple[Callable[[Collected], None], Callable[[Heard], None]]]:
    """A bar a source while the channels are visited; gives the functions that hear of each channel as it ends and of each page."""
    totals = Counter(one.source for one in todo.channels)
    paces = {source: Pace(time.monotonic(), todo.requests_per_channel * ROWS_A_REQUEST) for source in totals}
    for one in expected:
        paces[one.channel.source].expect(one.channel.id, one.forecast.items)
    lock = Lock()
    with Progress(*COLUMNS, console=console, transient=True) as shown:
        tasks = {name: shown.add_task(name, total=total, rows=0, left="") for name, total in sorted(totals.items())}

        def show(source: str, ended: int) -> None:
            pace = paces[source]
            shown.update(tasks[source], advance=ended, rows=pace.rows, left=pace.words(time.monotonic()))

        def done(result: Collected) -> None:
            with lock:
                paces[result.channel.source].end(result.channel.id)
                show(result.channel.source, 1)

        def heard(page: Heard) -> None:
            with lock:
                paces[page.channel.source].hear(page, time.monotonic())
                show(page.channel.source, 0)

        yield done, heard


def tell(console: Console, results: Iterable[Collected]) -> None:
    """One line a source, and beneath it one a reason."""
    by_source: dict[str, list[Collected]] = {}
    for result in results:
        by_source.setdefault(result.channel.source, []).append(result)
    for source, channels in sorted(by_source.items()):
        console.print(f"{source}: {escape(_summary(channels))}")
        reasons = sorted(_reasons(channels).items(), key=lambda one: (-len(one[1]), one[0]))
        for reason, names in reasons[:MOST_REASONS]:
            console.print(f"    {escape(reason)} ({escape(_few(names))})")
        if len(reasons) > MOST_REASONS:
            console.print(
                f"    and {len(reasons) - MOST_REASONS} more reasons; `heartbeat doctor --source {source}` asks each endpoint"
            )


def _summary(channels: list[Collected]) -> str:
    outcomes = [outcome for channel in channels for outcome in channel.outcomes.values()]
    states = Counter(outcome.state for outcome in outcomes)
    rows, requests = sum(channel.rows for channel in channels), sum(outcome.requests for outcome in outcomes)
    points = sum(outcome.points for outcome in outcomes)
    cost = f"{requests:,} requests" + (f", {points:,} points" if points else "")
    said = ", ".join(
        f"{states[state]} {state}"
        for state in ("complete", "unchanged", "partial", "failed", "skipped")
        if states[state]
    )
    return f"{len(channels)} channels, {rows:,} rows, {cost}: {said}"


def _reasons(channels: list[Collected]) -> dict[str, list[str]]:
    reasons: dict[str, list[str]] = {}
    for channel in channels:
        for thing, outcome in channel.outcomes.items():
            if outcome.error:
                reasons.setdefault(f"{outcome.state}: {outcome.error}", []).append(
                    f"{thing} of {channel.channel.target}"
                )
    return reasons


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def tell_build(console: Console, result: Refreshed) -> None:
    """What was loaded, built and published, a line each; files that were refused by name."""
    console.print(f"loaded {result.loaded.rows:,} rows from {result.loaded.files:,} new files")
    for refusal in result.loaded.refused:
        console.print(f"    refused: {escape(refusal)}")
    console.print(f"built {len(result.report.built)} tables, {len(result.report.unchanged)} had not changed")
    if result.snapshot:
        console.print(f"published version {result.snapshot.version}")


def pairs(family: Family) -> str:
    """The family's half of each pair of channels that are compared, or the state of its absence."""
    kinds = {"code": ("tracker",), "questions": ("forum", "hub"), "subreddit": ("subreddit",), "tag": ("tag",)}
    said = []
    for pair, absent in kinds.items():
        halves = [channel.target for channel in family.channels if channel.pair == pair]
        states = [absence.state for kind in absent for absence in family.absences if absence.kind == kind]
        said.append(f"{pair}: {_few(halves) if halves else next(iter(states), 'not said')}")
    return "; ".join(said)
