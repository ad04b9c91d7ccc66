"""What is said before and while a run goes on: an estimate from the measured pace, never a promise beyond the
budget."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.catalog.entries import Channel
from pipelines.collecting import planning
from pipelines.collecting.results import ChannelResult
from pipelines.collecting.visit import PageProgress
from pipelines.commands import progress
from pipelines.commands.pace import Pace, format_duration, format_time
from pipelines.http.budget import Allowance
from tests.pipelines.sources.github.visits import CHANNEL, TOKEN
from tests.upstream import NOW, Upstream, faults
from warehouse.faults import Fault
from warehouse.manifest import Outcome
from warehouse.settings import Settings

ONE, TWO = (Channel(source="github", target=f"acme/{name}", role="sdk", family="acme") for name in ("one", "two"))
RESET = datetime(2026, 11, 24, 17, tzinfo=UTC)


def _heard(
    channel: Channel, rows: int, waiting: int | None, left: int | None = None, resets_at: datetime = RESET
) -> PageProgress:
    return PageProgress(channel, "issues", rows, waiting, None if left is None else Allowance(left, 5000, resets_at))


def test_the_rest_is_what_the_sources_still_hold_at_the_pace_so_far() -> None:
    """Known from each page."""
    pace = Pace(0, 10**6)
    pace.add_page(_heard(TWO, 0, 600), 1)
    pace.add_page(_heard(ONE, 50, 1000), 1)
    assert pace.describe_time_left(1) == ""
    pace.add_page(_heard(ONE, 50, 950), 10)
    assert (pace.count_remaining(), pace.describe_time_left(10)) == (1550, "about 3 min left")
    pace.drop_channel(ONE.id)
    assert (pace.count_remaining(), pace.describe_time_left(20)) == (600, "about 2 min left")


def test_no_more_is_promised_than_the_budget_can_bring() -> None:
    """A channel with a hundred thousand threads and forty requests will not bring them all in this run."""
    pace = Pace(0, 200)
    pace.add_page(_heard(ONE, 150, 100_000), 10)
    assert pace.count_remaining() == 50
    pace.add_page(_heard(ONE, 100, 99_900), 12)
    assert (pace.count_remaining(), pace.describe_time_left(12)) == (0, "")


def test_an_allowance_that_ends_first_is_told_with_when_it_is_whole_again() -> None:
    """Two hundred points in a minute, a thousand left: five minutes, and then until the reset."""
    pace = Pace(0, 10**6)
    pace.add_page(_heard(ONE, 100, 10_000, 1200), 10)
    pace.add_page(_heard(ONE, 100, 9_900, 1000), 70)
    assert pace.describe_time_left(70) == f"about 58 min left; rate limit lasts 5 min, resets at {format_time(RESET)}"
    pace.add_page(_heard(ONE, 100, 9_800, 4999, RESET + timedelta(hours=1)), 80)
    assert pace.describe_time_left(80) == "about 44 min left"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (70, "70 s"), (100, "2 min"), (5000, "83 min"), (9000, "2.5 h")]
)
def test_lengths_of_time_are_said_as_people_say_them(seconds: float, words: str) -> None:
    """Nobody waits for 4,321 seconds."""
    assert format_duration(seconds) == words


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
    assert "and 8 more reasons; see `heartbeat doctor --source github`" in said[-1]


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
