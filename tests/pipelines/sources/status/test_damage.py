"""Damaged answers of status pages: no crash, no row that cannot be written, and no item lost but the damaged one."""

import random
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, cast

import pytest

from pipelines.catalog.entries import Channel
from pipelines.collecting.cleaning import Cleaner
from pipelines.contract import Row, Visit
from pipelines.http.answers import Answer
from pipelines.http.client import Http
from pipelines.http.errors import Gone, SourceError
from pipelines.sources import status
from pipelines.sources.status.pages import convert_to_utf8
from tests.upstream.status.pages import ANSWERS
from tests.upstream.status.statuspage import ANSWERS as STATUSPAGE
from tests.upstream.world.clock import Clock
from tests.upstream.world.incidents import Page
from tests.worlds import damage
from tests.worlds.visits import NOW, make_visit

START = int(NOW.timestamp()) - 20 * 86_400
LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "aws": ("/public/events", ()), "betterstack": ("/index.json", ("included",)),
    "datadog": ("/config.json", ("incidents",)), "google": ("/incidents.json", ()),
    "incidentio": ("/api/v2/incidents.json", ("incidents",)),
    "statuspage": ("/api/v2/incidents.json", ("incidents",)),
}  # fmt: skip
"""Where each format of JSON lists its incidents: the path, and the keys down to the list."""
FEEDS = {"atom": "/history.atom", "betterstack": "/feed", "flashduty": "/feed.atom", "xai": "/feed.xml"}
SEEDS = range(4)
"""Enough to meet every kind of damage; thousands were tried once with these same functions."""


class Served:
    """A client that answers from memory."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = answers

    def get(self, url: str, **_: Any) -> Answer:
        path = url.removeprefix("https://s.example")
        if path not in self.answers:
            raise Gone(f"{url}: 404")
        return self.answers[path]


def served(form: str) -> dict[str, Answer]:
    """What the emulated page of a format answers, by path."""
    page = Page(5, "s.example", ("Responses", "Batch"), Clock(NOW), START)
    responses = {path: show(page) for path, show in ANSWERS.get(form, STATUSPAGE).items()}
    return {
        path: Answer(200, one.headers, one.body, f"https://s.example{path}", None, None)
        for path, one in responses.items()
    }


def visit(form: str, answers: Mapping[str, Answer], stream: str = "incidents") -> list[Row]:
    """The rows of a first visit; each can be written."""
    channel = Channel(source="status", target="s.example", role="status", format=form)
    made: Visit = replace(make_visit(channel), http=cast("Http", Served(answers)))
    rows = [row for page in getattr(status, stream)(made) for row in page.rows]
    for _, key, _, body in Cleaner().clean_rows(rows, stream):
        assert key and body.encode()
    return rows


def spoil(answers: Mapping[str, Answer], path: str, content: bytes) -> dict[str, Answer]:
    return {**answers, path: replace(answers[path], content=content)}


def spoil_item(form: str, answers: Mapping[str, Answer], chance: random.Random) -> dict[str, Answer]:
    """Answers in which one incident holds one odd value."""
    path, keys = LISTS[form]
    document: Any = convert_to_utf8(answers[path]).json()
    items: Any = document
    for key in keys:
        items = items[key]
    reports = [n for n, one in enumerate(items) if form != "betterstack" or one["type"] == "status_report"]
    place = chance.choice(reports)
    items[place] = damage.damage_value(items[place], chance)
    return spoil(answers, path, damage.write_json(document))


def count_lost(before: list[Row], after: list[Row]) -> int:
    """How many incidents are not told as before."""
    told = {row.key: dict(row.body) for row in after}
    return sum(told.get(row.key) != dict(row.body) for row in before)


@pytest.mark.parametrize("form", LISTS)
def test_an_odd_value_in_one_incident_costs_no_other(form: str) -> None:
    """A type that changed, a number that no column holds, a text of 40,000 characters."""
    answers = served(form)
    before = visit(form, answers)
    assert len(before) > 3
    for seed in SEEDS:
        assert count_lost(before, visit(form, spoil_item(form, answers, random.Random(seed)))) <= 1, seed


@pytest.mark.parametrize("form", FEEDS)
def test_an_odd_text_in_one_entry_costs_no_other(form: str) -> None:
    """A day that does not exist, a state that nobody knows, an empty id."""
    answers, path = served(form), FEEDS[form]
    before = visit(form, answers)
    assert len(before) > 3
    for seed in SEEDS:
        feed = damage.damage_feed_item(answers[path].content.decode(), random.Random(seed))
        assert count_lost(before, visit(form, spoil(answers, path, feed.encode()))) <= 1, seed


@pytest.mark.parametrize("form", status.FORMATS)
def test_an_answer_that_is_no_answer_is_refused_and_never_crashes(form: str) -> None:
    """Cut off, overwritten, in another encoding, or something else altogether."""
    answers = served(form)
    for seed in SEEDS:
        chance = random.Random(seed)
        path = chance.choice(list(answers))
        broken = spoil(answers, path, damage.damage_bytes(answers[path].content, chance))
        for stream in status.STREAMS:
            with suppress(SourceError):
                visit(form, broken, stream)
