"""A token that was revoked is sent once in a run: a source that can do without it goes on, any other names it."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from pipelines.catalog.entries import Channel
from pipelines.collecting import planning
from pipelines.commands.progress import collect_with_progress
from pipelines.sources.reddit import TERMS
from tests.upstream.emulator import NOW, Upstream
from tests.upstream.messages import EXPIRED, Record
from warehouse.settings import Settings

CHANNELS = (
    *(Channel(source="github", target=f"acme/kit{n}", role="sdk", family="kit") for n in range(7)),
    *(
        Channel(source="huggingface", target=f"acme{n}", role="hub", family="kit", models=(f"acme{n}/Kit-7B",))
        for n in range(4)
    ),
    *(
        Channel(source="reddit", target=f"Kit{n}", role="subreddit", official=False, family="kit", terms=TERMS)
        for n in range(3)
    ),
    *(
        Channel(source="stackexchange", target=name, role="tag", official=False, family="kit", sections=("kit",))
        for name in ("stackoverflow", "datascience", "ai")
    ),
)
NAMES = {
    "github": "GITHUB_TOKEN",
    "huggingface": "HF_TOKEN",
    "reddit": "REDDIT_CLIENT_ID, REDDIT_CLIENT_SECRET",
    "stackexchange": "STACKEXCHANGE_KEY",
}
SENT = ["github", "hub", "reddit", "stackexchange"]
NEEDED = {"github", "reddit"}
"""Sources that cannot go on without their tokens."""


@pytest.fixture(scope="module")
def up() -> Iterator[Upstream]:
    """Some channels of each source that takes a token."""
    with Upstream(CHANNELS, seed=3, threads=60) as running:
        yield running


def _has_token(record: Record) -> bool:
    return "authorization" in record.headers or f"key={EXPIRED}" in record.path


def _settings(up: Upstream, folder: Path) -> Settings:
    return Settings(
        HEARTBEAT_HOME=folder / "home", HEARTBEAT_CATALOG=up.catalog(folder / "catalog"), HEARTBEAT_NOW=NOW,
        HEARTBEAT_CATALOG_ONLY=True, HEARTBEAT_ALLOW_PRIVATE_HOSTS="127.0.0.1", HEARTBEAT_TERMS="reddit",
        GITHUB_TOKEN=EXPIRED, HF_TOKEN=EXPIRED, STACKEXCHANGE_KEY=EXPIRED, REDDIT_CLIENT_ID=EXPIRED,
        REDDIT_CLIENT_SECRET="canary", _env_file=None,
    )  # fmt: skip


def test_a_revoked_token_is_sent_once_in_a_run_however_many_channels_there_are(up: Upstream, tmp_path: Path) -> None:
    """GitHub may suspend who goes on asking with it; lanes and streams of one run ask once together."""
    settings = _settings(up, tmp_path)
    console = Console(file=io.StringIO(), width=400)
    plan = planning.make_plan(settings, planning.open_catalog(settings))
    results = collect_with_progress(console, plan, settings).results
    said = console.file.getvalue()  # type: ignore[attr-defined]
    sent = [record.host for record in up.requests if _has_token(record)]

    assert sorted(sent) == SENT
    for source, names in NAMES.items():
        ended = [
            outcome
            for result in results
            if result.channel.source == source
            for outcome in result.outcomes.values()
            if outcome.fault.value == "denied"
        ]
        assert ended and {outcome.state == "failed" for outcome in ended} == {source in NEEDED}
        assert all(names in outcome.error for outcome in ended)
        assert f"{names}" in said
    assert "canary" not in said
    hub = [result for result in results if result.channel.source == "huggingface"]
    assert all(result.outcomes["models"].rows for result in hub) and "read without HF_TOKEN" in said
