"""One item that always fails blocks no other: passed over, named, counted as missing, asked again, and then read."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.catalog.entries import Channel
from pipelines.collecting.run import Plan, collect_channel, open_run
from pipelines.http import waits
from pipelines.sources import reddit
from tests.upstream import NOW, Upstream, faults
from tests.upstream.messages import Response
from tests.worlds.warehouse_rows import build_conformed, empty_warehouse
from warehouse.landing import Outcome, list_landed, open_zone, read_landed
from warehouse.load import load_new_files
from warehouse.settings import Settings

SINCE = datetime(2020, 1, 1, tzinfo=UTC)
FORUM = Channel(source="discourse", target="forum.example.org", role="forum", family="acme")
HUB = Channel(
    source="huggingface",
    target="acme",
    role="hub",
    family="acme",
    models=("acme/Kit-7B", "acme/Kit-70B", "acme/Kit-7B-Instruct"),
)
SUBREDDIT = Channel(
    source="reddit", target="KitAI", role="subreddit", official=False, family="acme", terms=reddit.TERMS
)
SITE = Channel(
    source="stackexchange", target="stackoverflow", role="tag", family="acme", official=False, sections=("openai-api",)
)
REPOSITORY = Channel(source="github", target="acme/kit", role="sdk", family="acme")
CHANNELS = (FORUM, HUB, SUBREDDIT, SITE, REPOSITORY)


@pytest.fixture(scope="module")
def up() -> Iterator[Upstream]:
    """All upstreams that have items, with few of each."""
    with Upstream(CHANNELS, seed=3, threads=120, now=NOW) as upstream:
        yield upstream


@pytest.fixture(autouse=True)
def _without_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waits, "choose_backoff", lambda attempt: 0.0)


@dataclass(frozen=True, slots=True)
class Case:
    """One item of one source, and the requests that it spoils."""

    channel: Channel
    stream: str
    rows: str
    """The stream whose rows are compared."""
    path: str
    key: str
    """The key of the item's row, or what it begins with."""
    name: str
    """What the outcome calls it."""


CASES = {
    "discourse": Case(FORUM, "topics", "topics", "/t/7[.]json", "7", "7"),
    "hub model": Case(HUB, "details", "details", "/api/models/acme/Kit-70B[?]", "acme/Kit-70B:", "acme/Kit-70B"),
    "hub board": Case(
        HUB, "discussions", "boards", "/api/models/acme/Kit-70B/discussions[?]", "acme/Kit-70B", "acme/Kit-70B"
    ),
    "hub thread": Case(
        HUB,
        "discussions",
        "discussions",
        "/api/models/acme/Kit-7B/discussions/3[?]",
        "acme/Kit-7B#3",
        "acme/Kit-7B#3",
    ),
    "post": Case(SUBREDDIT, "posts", "trees", "", "", ""),
}


def _post_with_comments(up: Upstream) -> str:
    return next(post.id for post in up.reddit.subreddit("KitAI").posts() if post.is_text and post.comments)


FAULTS: dict[str, tuple[Any, str]] = {
    "500": (faults.status(500), "server error"),
    "malformed": (
        Response(200, b'{"a": [1, }', {"content-type": "application/json"}),
        r"unexpected shape|incomplete answer",
    ),
}


@dataclass(slots=True)
class Home:
    """A landing zone, and what is in it."""

    up: Upstream
    folder: Path

    def visit(self, case: Case) -> tuple[Outcome, int]:
        """Visits a channel once; gives the outcome of the case's stream, and the requests of the visit."""
        settings = Settings(
            HEARTBEAT_HOME=self.folder, HEARTBEAT_NOW=self.up.world.now, HEARTBEAT_ALLOW_PRIVATE_HOSTS="127.0.0.1",
            HEARTBEAT_TERMS="reddit", GITHUB_TOKEN="ghp_canary", HF_TOKEN="", REDDIT_CLIENT_ID="app",
            REDDIT_CLIENT_SECRET="secret", STACKEXCHANGE_KEY="key", _env_file=None,
        )  # fmt: skip
        channel = case.channel.model_copy(update={"base_url": self.up.url(case.channel), "things": (case.stream,)})
        run = open_run(Plan((channel,), SINCE, 2000), settings)
        self.up.forgive()
        self.up.forget()
        result = collect_channel(channel, run)
        return result.outcomes[case.stream], len(self.up.requests)

    def keys(self, thing: str) -> set[str]:
        """The keys of all rows of a thing that were landed."""
        zone, found = open_zone(str(self.folder / "landing")), set[str]()
        for path in list_landed(zone):
            _, table = read_landed(zone, path)
            found |= {row["key"] for row in table.to_pylist() if row["thing"] == thing}
        return found

    def collection(self, case: Case) -> dict[str, Any]:
        """The row of the case's stream in the table that every page reads."""
        connection = empty_warehouse()
        load_new_files(connection, open_zone(str(self.folder / "landing")), NOW)
        build_conformed(connection, "collections")
        rows = connection.sql("from staging.collections").to_arrow_table().to_pylist()
        return next(row for row in rows if row["thing"] == case.stream)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", CASES)
def test_three_visits_pass_one_item_over_and_the_fourth_reads_it(
    up: Upstream, name: str, fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its neighbours come in the first visit; it is asked after an hour, then after four, and counts as missing."""
    case, (answer, word) = CASES[name], FAULTS[fault]
    if case is CASES["post"]:
        post = _post_with_comments(up)
        case = replace(case, path=f"/comments/{post}/", key=post, name=post)
    clean, home = Home(up, tmp_path / "clean"), Home(up, tmp_path / "home")
    began = time.process_time()
    usual = clean.visit(case)[1]
    rule = up.fail(case.channel.source.replace("huggingface", "hub"), case.path, answer)
    said = []
    for hours in (0.2, 2, 5):
        outcome, requests = home.visit(case)
        said.append((outcome, requests, rule.fitted))
        row = home.collection(case)
        print(
            f"{name}, {fault}: {requests} requests (usually {usual}), {outcome.state}, {outcome.rows} rows,"
            f" coverage {row['coverage_share']:.4f}: {outcome.fault}: {outcome.error}"
        )
        assert (outcome.state in ("complete", "unchanged"), outcome.passed_over, outcome.fault) == (
            True, 1, "items skipped",
        )  # fmt: skip
        assert re.search(f"^1 .*: {re.escape(case.name)} [(]({word})[)]; asked again from 2026-", outcome.error)
        assert row["passed_over_count"] == 1 and 0 < row["coverage_share"] < 1
        up.world.clock.now += round(hours * 3600)
    assert {key for key in clean.keys(case.rows) if key != case.key and not key.startswith(case.key)} <= home.keys(
        case.rows
    )
    # The second visit comes too early for the item, the third does not.
    (_, _, first), (_, _, second), (_, _, third) = said
    assert first == second and third > second
    rule.stop()
    outcome, _ = home.visit(case)
    assert (outcome.passed_over, outcome.fault, outcome.error) == (0, "none", "")
    assert any(key == case.key or key.startswith(case.key) for key in home.keys(case.rows))
    assert home.collection(case)["coverage_share"] == 1
    print(f"recovered; {time.process_time() - began:.2f} s of CPU")
