"""Progress output of a collecting run: progress bars and one summary line per source."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipelines.catalog.entries import PAIR_KINDS, Channel, Family
from pipelines.collecting.run import ChannelResult, CollectReport, OnChannel, Plan, collect_plan
from pipelines.commands.tokens import describe_gain, group_by_token
from warehouse.faults import Fault, find_cause, join_causes
from warehouse.settings import Settings
from warehouse.wording import count_things

COLUMNS = (
    TextColumn("{task.description:<12}"),
    BarColumn(),
    MofNCompleteColumn(),
    TextColumn("{task.fields[rows]:,} rows"),
    TimeElapsedColumn(),
)
MOST_REASONS = 4
"""Maximum number of reasons printed per source: without a network every host has its own."""


def collect_with_progress(
    console: Console,
    plan: Plan,
    settings: Settings,
    on_finished: OnChannel = lambda _: None,
) -> CollectReport:
    """Collects the plan and prints the progress and the results; calls back per finished channel."""
    with show_progress_bars(console, plan) as on_channel:

        def finish_channel(result: ChannelResult) -> None:
            on_finished(result)
            on_channel(result)

        report = collect_plan(plan, settings, finish_channel)
    print_results(console, report.results)
    print_missing(console, report.results)
    return report


@contextmanager
def show_progress_bars(console: Console, plan: Plan) -> Iterator[OnChannel]:
    """Shows one progress bar per source; yields the callback for a finished channel."""
    totals, rows, lock = Counter(channel.source for channel in plan.channels), Counter[str](), Lock()
    with Progress(*COLUMNS, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks = {name: bars.add_task(name, total=total, rows=0) for name, total in sorted(totals.items())}

        def on_channel(result: ChannelResult) -> None:
            source = result.channel.source
            # The collector calls back from several threads.
            with lock:
                rows[source] += result.rows
                bars.update(tasks[source], advance=1, rows=rows[source])

        yield on_channel


def print_results(console: Console, results: Iterable[ChannelResult]) -> None:
    """Prints one line per source, followed by one per reason for a failure."""
    by_source: dict[str, list[ChannelResult]] = {}
    for result in results:
        by_source.setdefault(result.channel.source, []).append(result)
    for source, channels in sorted(by_source.items()):
        console.print(f"{source}: {escape(_summarize_channels(channels))}")
        reasons = sorted(_group_reasons(channels).items(), key=lambda entry: (-len(entry[1]), entry[0]))
        for reason, names in reasons[:MOST_REASONS]:
            console.print(f"    {escape(reason)} ({escape(_shorten_list(names))})")
        if more := len(reasons) - min(len(reasons), MOST_REASONS):
            noun = "reason" if more == 1 else "reasons"
            console.print(f"    and {more} more {noun}; `heartbeat status --json` lists them")


def print_missing(console: Console, results: Iterable[ChannelResult]) -> None:
    """Prints what was not collected for want of a token, one line per token, with the line that sets it."""
    missing = [
        (result.channel.source, name, outcome.state == "complete")
        for result in results
        for name, outcome in result.outcomes.items()
        if outcome.fault is Fault.CREDENTIALS
    ]
    for token, own in sorted(group_by_token(missing).items()):
        console.print(f"{token} is not set: it {escape(describe_gain(token, own))}")


def _summarize_channels(channels: list[ChannelResult]) -> str:
    outcomes = [outcome for channel in channels for outcome in channel.outcomes.values()]
    states = Counter(outcome.state for outcome in outcomes)
    rows, requests = sum(channel.rows for channel in channels), sum(outcome.requests for outcome in outcomes)
    points = sum(outcome.points for outcome in outcomes)
    cost = count_things(requests, "request") + (f", {count_things(points, 'point')}" if points else "")
    state_counts = ", ".join(
        f"{states[state]} {state}"
        for state in ("complete", "unchanged", "partial", "failed", "skipped")
        if states[state]
    )
    collected = f"{count_things(len(channels), 'channel')}, {count_things(rows, 'row')}, {cost}"
    return f"{collected}; parts of channels: {state_counts}"


def _group_reasons(channels: list[ChannelResult]) -> dict[str, list[str]]:
    """Groups what went wrong by its cause. Unreachable hosts are one group."""
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for channel in channels:
        for thing, outcome in channel.outcomes.items():
            if outcome.error:
                cause = outcome.fault if outcome.fault is Fault.UNREACHABLE else find_cause(outcome.error)
                what = f"{thing} of {_name_place(channel.channel)}"
                groups.setdefault((outcome.state, cause), []).append((outcome.error, what))
    return {
        f"{state}: {join_causes(error for error, _ in own)}": [what for _, what in own]
        for (state, _), own in groups.items()
    }


def _name_place(channel: Channel) -> str:
    """Names a channel by its host or repository, and its tags or categories, in which others of that place differ."""
    return f"{channel.target} [{', '.join(channel.sections)}]" if channel.sections else channel.target


def _shorten_list(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def describe_pairs(family: Family) -> str:
    """Describes the family's half of each pair of compared channels, or the state of its absence."""
    descriptions = []
    for pair, absent in PAIR_KINDS.items():
        halves = [channel.target for channel in family.channels if channel.pair == pair]
        states = [absence.state for kind in absent for absence in family.absences if absence.kind == kind]
        descriptions.append(f"{pair}: {_shorten_list(halves) if halves else next(iter(states), 'missing')}")
    return "; ".join(descriptions)
