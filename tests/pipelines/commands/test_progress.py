"""What a collect prints: a line a source, and one for each reason why something is missing."""

import io

from rich.console import Console

from pipelines.collecting.run import ChannelResult
from pipelines.commands import progress
from tests.pipelines.sources.github.visits import CHANNEL
from warehouse.faults import Fault
from warehouse.manifest import Outcome


def test_a_run_that_reaches_nobody_stays_readable() -> None:
    """Every host has a reason of its own then: they are one line, and so are the most common other reasons."""
    results = []
    for number in range(30):
        channel = CHANNEL.model_copy(update={"target": f"o/r{number}"})
        outcome = Outcome("failed", error="needs GITHUB_TOKEN", fault=Fault.CREDENTIALS)
        if 10 <= number < 20:
            outcome = Outcome("failed", error=f"host {number}: no address (DNS)", fault=Fault.UNREACHABLE)
        if number >= 20:
            outcome = Outcome("failed", error=f"answer {number} is no JSON", fault=Fault.UNEXPECTED_SHAPE)
        results.append(ChannelResult(channel, {"issues": outcome}))
    console = Console(file=io.StringIO(), width=400)
    progress.print_results(console, results)
    said = console.file.getvalue().splitlines()  # type: ignore[attr-defined]

    assert len(said) == 1 + progress.MOST_REASONS + 1
    assert "needs GITHUB_TOKEN (issues of o/r0, issues of o/r1, issues of o/r2 and 7 more)" in said[2]
    assert "host 10: no address (DNS); and 9 more (issues of o/r10, issues of o/r11" in said[1]
    assert "and 8 more reasons; `heartbeat status --json` lists them" in said[-1]


def test_a_source_counts_its_channels_and_their_parts_and_names_tags() -> None:
    """Four outcomes of two channels looked like a slip, and three tags of one host like one thing thrice."""
    results = [
        ChannelResult(
            CHANNEL.model_copy(update={"target": "stackoverflow", "sections": (tag,)}),
            {name: Outcome("failed", error="host: no address (DNS)") for name in ("questions", "totals")},
        )
        for tag in ("gemini", "claude")
    ]
    console = Console(file=io.StringIO(), width=400)
    progress.print_results(console, results)
    head, reason = console.file.getvalue().splitlines()  # type: ignore[attr-defined]

    assert head.endswith(": 2 channels, 0 rows, 0 requests; parts of channels: 4 failed")
    assert "(questions of stackoverflow [gemini], totals of stackoverflow [gemini], questions of stackoverfl" in reason
