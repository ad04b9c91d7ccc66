"""Damaged pages of deprecations and changelogs: no crash, and no notice or entry lost but the damaged one."""

import random
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import cast

import pytest

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.contract import Row
from pipelines.http.answers import Answer
from pipelines.http.client import Http
from pipelines.http.errors import SourceError
from tests.upstream.sites import changelog, changelog_dated
from tests.upstream.sites.deprecations import WRITERS
from tests.upstream.sites.further_ends import PROSE
from tests.upstream.world.clock import Clock
from tests.upstream.world.ends import Ends
from tests.upstream.world.releases import Releases
from tests.worlds import damage
from tests.worlds.visits import NOW, make_visit

START = int(NOW.timestamp()) - 150 * 86_400
SEEDS = range(4)
"""Enough to meet every kind of damage; thousands were tried once with these same functions."""
MARKDOWN, FEED = "text/markdown", "application/atom+xml"


def _deprecations() -> dict[str, str]:
    return {form: write(Ends(5, f"{form}-models", Clock(NOW)).now()) for form, write in (WRITERS | PROSE).items()}


def _changelogs() -> dict[str, tuple[str, str]]:
    """The text of a changelog in each form, and its type."""
    releases, clock = Releases(5, "a/b", START, int(NOW.timestamp()), 9), Clock(NOW)
    page = changelog.Page(releases, "atom", "a/b", clock, START)
    out = releases.until(clock.now)
    return {
        "atom": (changelog.write_atom(page, out), FEED), "rss": (changelog._rss(page, out), "application/rss+xml"),
        "markdown": (changelog._please(page, out), MARKDOWN), "mintlify": (changelog_dated.updates(out), MARKDOWN),
        "xai": (changelog_dated.months(out), MARKDOWN), "fireworks": (changelog_dated.bold_days(out), MARKDOWN),
        "minimax": (changelog_dated.cards(out), MARKDOWN),
    }  # fmt: skip


class Served:
    """A client with one answer."""

    def __init__(self, content: bytes, kind: str) -> None:
        self.answer = Answer(200, {"content-type": kind}, content, "https://s.example/page.md", None, None)

    def get(self, *_: object, **__: object) -> Answer:
        return self.answer


def _visit(source: str, form: str, content: bytes, kind: str = MARKDOWN) -> list[Row]:
    stream = {"deprecations": "notices", "changelog": "entries"}[source]
    channel = Channel(source=source, target="x", role=source, format=form, base_url="https://s.example/page.md")
    visit = replace(make_visit(channel), http=cast("Http", Served(content, kind)))
    rows = [row for page in sources.collect_stream(source, stream, visit) for row in page.rows]
    return [row for row in rows if row.stream == ""]


def _spoil_cell(text: str, chance: random.Random) -> str:
    """The page with one cell of one row of a table changed."""
    lines = text.split("\n")
    # The line of dashes under a header is none, and the header above it is no item.
    dashes = {number for number, line in enumerate(lines) if re.fullmatch(r"\|[ :|-]+", line)}
    rows = {number for number, line in enumerate(lines) if line.startswith("|")} - dashes - {n - 1 for n in dashes}
    number = chance.choice(sorted(rows))
    cells = lines[number].split("|")
    cells[chance.randrange(1, len(cells) - 1)] = chance.choice(damage.ODD_TEXTS)
    lines[number] = "|".join(cells)
    return "\n".join(lines)


def _count_lost(before: list[Row], after: list[Row]) -> int:
    stated = {row.key: dict(row.body) for row in after}
    return sum(stated.get(row.key) != dict(row.body) for row in before)


@pytest.mark.parametrize("form", WRITERS)
def test_an_odd_cell_costs_its_own_row_only(form: str) -> None:
    """A day that does not exist, a name of 40,000 characters, nothing at all."""
    text = _deprecations()[form]
    before = _visit("deprecations", form, text.encode())
    for seed in SEEDS:
        after = _visit("deprecations", form, _spoil_cell(text, random.Random(seed)).encode(errors="replace"))
        assert _count_lost(before, after) <= 1, seed


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_an_odd_entry_costs_no_other(form: str) -> None:
    """Nor does one without an id or a day."""
    text, kind = _changelogs()[form]
    before = _visit("changelog", form, text.encode(), kind)
    for seed in SEEDS:
        after = _visit("changelog", form, damage.damage_feed_item(text, random.Random(seed)).encode(), kind)
        assert _count_lost(before, after) <= 1, seed


DOCUMENTS: dict[str, Callable[[], dict[str, tuple[str, str]]]] = {
    "deprecations": lambda: {form: (text, MARKDOWN) for form, text in _deprecations().items()},
    "changelog": _changelogs,
}


@pytest.mark.parametrize("source", DOCUMENTS)
def test_a_page_that_is_no_page_is_refused_and_never_crashes(source: str) -> None:
    """Cut off, overwritten, in another encoding, or something else altogether."""
    for form, (text, kind) in DOCUMENTS[source]().items():
        for seed in SEEDS:
            with suppress(SourceError):
                _visit(source, form, damage.damage_bytes(text.encode(), random.Random(seed)), kind)
