"""Pages that some vendors lack: one that never was is said to be missing, one that has gone fails the visit."""

from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.http.errors import Denied, Gone, SourceError
from tests.pipelines.sources.status.visits import CHANNELS, bodies, pages, shown, visit
from tests.upstream import Upstream, faults

OPTIONAL = [
    ("betterstack", "incidents", "/feed", "incidents that monitors post"),
    ("statuspage", "components", "/api/v2/components.json", "components"),
    ("incidentio", "components", "/api/v2/components.json", "components"),
    ("aws", "incidents", "/public/currentevents", "events that go on"),
]
REFUSALS: list[tuple[Any, type[SourceError]]] = [(faults.status(403), Denied), (faults.status(404), Gone)]
SUPPLEMENTS = [
    ("incidentio", "history", "components of new incidents"),
    ("flashduty", "rss", "when new incidents began"),
]
UNREADABLE = [faults.status(403), faults.html(200), faults.truncated(0.5, is_length_told=False)]


@pytest.fixture
def up() -> Iterator[Upstream]:
    with pages() as started:
        yield started


@pytest.mark.parametrize(("name", "thing", "path", "lost"), OPTIONAL)
@pytest.mark.parametrize(("refusal", "error"), REFUSALS, ids=["403", "404"])
def test_a_page_that_answered_before_and_is_refused_fails_the_visit(
    up: Upstream, name: str, thing: str, path: str, lost: str, refusal: Any, error: type[SourceError]
) -> None:
    """What it listed would be missing without a word, at every visit from then on."""
    first = visit(up, name, thing=thing)
    assert first.rows and not first.skipped
    up.world.advance(2)
    shown(up, name).post("Anything else", "major")
    up.fail(CHANNELS[name].target, path, refusal)
    for _ in range(2):
        with pytest.raises(error, match=path):
            visit(up, name, first.cursor, thing)


@pytest.mark.parametrize(("name", "thing", "path", "lost"), OPTIONAL)
@pytest.mark.parametrize("refusal", [refusal for refusal, _ in REFUSALS], ids=["403", "404"])
def test_a_page_that_never_answered_is_said_to_be_missing(
    up: Upstream, name: str, thing: str, path: str, lost: str, refusal: Any
) -> None:
    """A page may have no monitors that post, or no API: the rest of it is read at every visit."""
    rule, cursor = up.fail(CHANNELS[name].target, path, refusal), None
    for _ in range(2):
        found = visit(up, name, cursor, thing)
        (stated,) = found.skipped
        assert stated.startswith(f"{lost} (") and path in stated and found.expected == len(found.rows)
        cursor = found.cursor
        up.world.advance(2)
        shown(up, name).post("Anything else", "major")
    rule.stop()
    assert visit(up, name, cursor, thing).skipped == ()


@pytest.mark.parametrize(("name", "path", "lost"), SUPPLEMENTS)
@pytest.mark.parametrize("unreadable", UNREADABLE, ids=["403", "HTML", "cut off"])
def test_what_only_adds_to_a_page_is_said_to_be_missing_and_read_once_it_is_back(
    up: Upstream, name: str, path: str, lost: str, unreadable: Any
) -> None:
    """The API answers 304 as soon as it is asked whether it has changed: the feed would not be asked any more."""
    gained = {"incidentio": "component_names", "flashduty": "posted_at"}[name]
    rule = up.fail(CHANNELS[name].target, path, unreadable)
    poor = visit(up, name)
    assert poor.rows and [words.startswith(f"{lost} (") for words in poor.skipped] == [True]
    rule.stop()
    rich = visit(up, name, poor.cursor)
    assert rich.skipped == () and bodies(rich).keys() == bodies(poor).keys()
    assert [row.body[gained] for row in rich.rows] != [row.body[gained] for row in poor.rows]


@pytest.mark.parametrize(("name", "path", "lost"), SUPPLEMENTS)
def test_what_adds_to_a_page_and_never_was_costs_no_reading_of_all_the_rest(
    up: Upstream, name: str, path: str, lost: str
) -> None:
    """It is said once, when the page is read; a feed that was there and is gone is asked for until it is back."""
    rule = up.fail(CHANNELS[name].target, path, faults.status(404))
    bare = visit(up, name)
    assert [words.startswith(f"{lost} (") for words in bare.skipped] == [True]
    assert visit(up, name, bare.cursor).is_unchanged
    rule.stop()
    up.world.advance(2)
    shown(up, name).post("Anything else", "major")
    whole = visit(up, name, bare.cursor)
    up.world.advance(2)
    shown(up, name).post("And more", "major")
    rule = up.fail(CHANNELS[name].target, path, faults.status(404))
    lacking = visit(up, name, visit(up, name, whole.cursor).cursor)
    assert lacking.skipped and not lacking.is_unchanged
    rule.stop()
    assert visit(up, name, lacking.cursor).skipped == ()


def test_a_feed_that_cannot_be_read_does_not_make_the_visit_forget_that_the_page_had_an_api(up: Upstream) -> None:
    """Else the feed, which knows no severities, would overwrite at the next visit what the API stated."""
    page = CHANNELS["incidentio"].target
    rule = up.fail(page, "history", faults.status(503))
    poor = visit(up, "incidentio")
    rule.stop()
    up.fail(page, "/api/", faults.status(404))
    with pytest.raises(Gone):
        visit(up, "incidentio", poor.cursor)


def test_flashduty_s_rss_as_its_only_feed_lacks_nothing(up: Upstream) -> None:
    """Each entry is dated by its first post there."""
    up.fail(CHANNELS["flashduty"].target, "atom", faults.status(404))
    found = visit(up, "flashduty")
    assert found.rows and found.skipped == ()
