"""What a collect prints: a line a source, and one for each reason why something is missing."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.collecting import planning
from pipelines.collecting.run import ChannelResult
from pipelines.commands import progress
from tests.pipelines.sources.github.visits import CHANNEL, TOKEN
from tests.upstream import NOW, Upstream, faults
from warehouse.faults import Fault
from warehouse.manifest import Outcome
from warehouse.settings import Settings

SINCE = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def up() -> Iterator[Upstream]:
    """A repository of some two hundred issues and seventy pull requests."""
    with Upstream([CHANNEL], seed=5, threads=200, now=NOW) as upstream:
        yield upstream


def _settings(up: Upstream, folder: Path, token: str = TOKEN) -> Settings:
    return Settings(
        HEARTBEAT_HOME=folder / "home", HEARTBEAT_CATALOG=up.catalog(folder / "catalog"), HEARTBEAT_CATALOG_ONLY=True,
        HF_TOKEN="",
        HEARTBEAT_ALLOW_PRIVATE_HOSTS="127.0.0.1", HEARTBEAT_NOW=up.world.now, GITHUB_TOKEN=token, _env_file=None,
    )  # fmt: skip


def _watched(settings: Settings) -> str:
    console = Console(file=io.StringIO(), width=400)
    plan = planning.make_plan(settings, planning.open_catalog(settings), SINCE, 400)
    progress.collect_with_progress(console, plan, settings)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_a_refused_token_is_noticed_once_a_run(up: Upstream, tmp_path: Path) -> None:
    """The other streams do not ask with it again, and each says why it was not read."""
    settings = _settings(up, tmp_path)
    up.fail("github", None, faults.status(401, "Bad credentials"))
    shown = _watched(settings)
    assert len(up.requests) == 1
    assert shown.count("401: the token is wrong, expired or revoked; set a new one (GITHUB_TOKEN)") == 1, shown


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
    assert "host 10: no address (DNS); 9 more hosts like it (issues of o/r10, issues of o/r11" in said[1]
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
