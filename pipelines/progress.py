"""What a run says while it goes on and when it ends: a bar, then one line a source with what came, or why nothing did."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipelines.catalog import Catalog, Family
from pipelines.collect import Collected, plan
from pipelines.steps import Refreshed

COLUMNS = (
    TextColumn("{task.description:<12}"),
    BarColumn(),
    MofNCompleteColumn(),
    TextColumn("{task.fields[rows]:,} rows"),
    TimeElapsedColumn(),
)


@contextmanager
def bar(console: Console, catalog: Catalog, source: str = "", family: str = "", channel: str = "") -> Iterator[Callable[[Collected], None]]:
    """A bar a source while the channels are visited; gives the function that hears of each channel as it ends."""
    totals = Counter(one.source for one in plan(catalog, datetime.now(UTC), 1, source, family, channel).channels)
    rows: Counter[str] = Counter()
    lock = Lock()
    with Progress(*COLUMNS, console=console, transient=True) as shown:
        tasks = {name: shown.add_task(name, total=total, rows=0) for name, total in sorted(totals.items())}

        def done(result: Collected) -> None:
            with lock:
                rows[result.channel.source] += result.rows
                shown.update(tasks[result.channel.source], advance=1, rows=rows[result.channel.source])

        yield done


def tell(console: Console, results: Iterable[Collected]) -> None:
    """One line a source, and beneath it one a reason."""
    by_source: dict[str, list[Collected]] = {}
    for result in results:
        by_source.setdefault(result.channel.source, []).append(result)
    for source, channels in sorted(by_source.items()):
        console.print(f"{source}: {escape(_summary(channels))}")
        for reason, names in sorted(_reasons(channels).items()):
            console.print(f"    {escape(reason)} ({escape(_few(names))})")


def _summary(channels: list[Collected]) -> str:
    outcomes = [outcome for channel in channels for outcome in channel.outcomes.values()]
    states = Counter(outcome.state for outcome in outcomes)
    rows, requests = sum(channel.rows for channel in channels), sum(outcome.requests for outcome in outcomes)
    points = sum(outcome.points for outcome in outcomes)
    cost = f"{requests:,} requests" + (f", {points:,} points" if points else "")
    said = ", ".join(f"{states[state]} {state}" for state in ("complete", "unchanged", "partial", "failed", "skipped") if states[state])
    return f"{len(channels)} channels, {rows:,} rows, {cost}: {said}"


def _reasons(channels: list[Collected]) -> dict[str, list[str]]:
    reasons: dict[str, list[str]] = {}
    for channel in channels:
        for thing, outcome in channel.outcomes.items():
            if outcome.error:
                reasons.setdefault(f"{outcome.state}: {outcome.error}", []).append(f"{thing} of {channel.channel.target}")
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
