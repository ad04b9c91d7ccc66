"""Visits to emulated status pages of every format, and what a page reports about an incident that a test posts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from pipelines.sources.status.formats import FORMATS
from tests.upstream import Upstream
from tests.upstream.schema import SchemaMissing, github_schema
from tests.upstream.world.incidents import Page as Shown
from tests.worlds.visits import make_visit

CHANNELS = {
    name: Channel(
        source="status",
        target=f"{name}.status.example",
        role="status",
        format=name,
        family="x",
        components=("Responses", "Batch", "Models"),
    )
    for name in FORMATS
}


@contextmanager
def pages(seed: int = 3) -> Iterator[Upstream]:
    """A page of every format; the test is skipped, with the reason, where the emulator cannot start."""
    try:
        github_schema()
    except SchemaMissing as missing:
        pytest.skip(str(missing))
    with Upstream(CHANNELS.values(), seed=seed, threads=0) as up:
        yield up


def shown(up: Upstream, name: str) -> Shown:
    """The page of a format in the emulated world."""
    return up.world.pages[CHANNELS[name].target]


def visit(
    up: Upstream, name: str, cursor: Any = None, thing: str = "incidents", channel: Channel | None = None
) -> Page:
    """One visit to the page of a format: its one page of rows."""
    known = channel or CHANNELS[name].model_copy(update={"base_url": up.url(CHANNELS[name])})
    (found,) = sources.collect_stream("status", thing, make_visit(known, cursor, now=up.world.now))
    return found


def bodies(found: Page) -> dict[str, Any]:
    """The rows' bodies by key."""
    return {row.key: row.body for row in found.rows}
