"""What visits cost: the shipped catalog is collected twice from a small world, without a change in between."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipelines import sources
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.collecting import planning, run
from pipelines.collecting.run import ChannelResult
from tests.upstream.emulator import Upstream
from tests.upstream.quota import Quota
from warehouse.settings import TOKENS, Settings

pytestmark = pytest.mark.slow
NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)
SINCE = NOW - timedelta(days=730)
ENOUGH = 1_000_000
"""Requests and points of every allowance: no cost may wait for one."""
COSTLIER = {
    ("deprecations", "notices"): "one for each model card of Bedrock: its index does not say which one changed",
    ("huggingface", "discussions"): "one for each model: the Hub has no list of an organisation's discussions",
    ("reddit", "posts"): "a token, and one page of the list",
    ("status", "incidents"): "one for each list of AWS: what goes on changes while the list of the past stands still",
}
"""Streams whose unchanged visit costs a channel more than one request, and why it must."""
Visits = tuple[list[ChannelResult], list[ChannelResult]]


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    """The results of a first visit and of one that finds nothing new."""
    folder = tmp_path_factory.mktemp("costs")
    shipped = read_catalog([SHIPPED])
    with Upstream(shipped, 4, 150, NOW) as up:
        for quota in (one for one in vars(up).values() if isinstance(one, Quota)):
            quota.limit = quota.nameless_limit = ENOUGH
        catalog = read_catalog([up.catalog(folder / "catalog")], frozenset({"127.0.0.1"}))
        application = dict(zip(("REDDIT_CLIENT_ID", "REDDIT_CLIENT_SECRET"), up.reddit.app, strict=True))
        tokens: dict[str, Any] = dict.fromkeys(TOKENS, "sample") | application
        settings = Settings(
            HEARTBEAT_HOME=folder / "home", HEARTBEAT_NOW=NOW, HEARTBEAT_ALLOW_PRIVATE_HOSTS="127.0.0.1",
            HEARTBEAT_TERMS=",".join(sorted({channel.source for channel in catalog.channels})), **tokens,
            _env_file=None,
        )  # fmt: skip
        plan = planning.make_plan(settings, catalog, SINCE, ENOUGH)
        yield run.collect_plan(plan, settings).results, run.collect_plan(plan, settings).results


def test_every_stream_of_the_catalog_brings_rows_and_nothing_fails(visits: Visits) -> None:
    rows: dict[tuple[str, str], int] = defaultdict(int)
    for result in visits[0]:
        for stream, outcome in result.outcomes.items():
            rows[result.channel.source, stream] += outcome.rows
            assert not outcome.error, outcome.error
    collected = {channel.source for channel in read_catalog([SHIPPED]).channels}
    assert rows.keys() == {(source, stream) for source in collected for stream in sources.get_streams(source)}
    assert all(sources.get_streams(source)[stream].empty_is_normal for (source, stream), n in rows.items() if not n)


def test_an_unchanged_visit_costs_at_most_one_request_and_no_points(visits: Visits) -> None:
    """Discussions are in GraphQL only, which knows no conditions, as Stack Exchange does not: there the one question
    costs its one point."""
    most, points = Counter[tuple[str, str]](), defaultdict[tuple[str, str], list[int]](list)
    for result in visits[1]:
        for stream, outcome in result.outcomes.items():
            name = result.channel.source, stream
            most[name] = max(most[name], outcome.requests)
            points[name].append(outcome.points)
    assert {name for name, requests in most.items() if requests > 1} == COSTLIER.keys()
    costs = {name: sum(spent) / len(spent) for name, spent in points.items() if any(spent)}
    assert costs == {("github", "discussions"): 1.0, ("stackexchange", "questions"): 1.0}
