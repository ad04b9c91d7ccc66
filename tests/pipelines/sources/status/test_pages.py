"""Status pages and changelogs against the emulator: what the world holds is what is read, also while it goes wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from pipelines.http.budget import Budget
from pipelines.http.errors import BudgetSpent, Fatal, Gone, Retriable, SourceError
from pipelines.sources.status.severities import SEVERITIES
from tests.upstream import faults
from tests.upstream.emulator import Upstream
from tests.upstream.sites import places
from tests.upstream.world.incidents import Incident
from tests.worlds.visits import make_visit

RAW = "https://raw.githubusercontent.com/a/b/main/CHANGELOG.md"


def _status(name: str, form: str) -> Channel:
    return Channel(source="status", target=f"status.{name}.example", role="status", format=form, family="x")


def _changelog(name: str, form: str, url: str) -> Channel:
    return Channel(source="changelog", target=name, role="changelog", format=form, base_url=url, family="x")


PAGE, IO, GOOGLE = _status("a", "statuspage"), _status("b", "incidentio"), _status("c", "google")
CHANGELOGS = (
    _changelog("please", "markdown", RAW),
    _changelog("days", "markdown", "https://docs.a.example/changelog.md"),
    _changelog("atom", "atom", "https://github.com/a/b/releases.atom"),
    _changelog("rss", "rss", "https://docs.a.example/feed.xml"),
    _changelog("openai", "openai", "https://docs.o.example/api/docs/changelog.md"),
    _changelog("gemini", "gemini", "https://ai.g.example/docs/changelog"),
    _changelog("mintlify", "mintlify", "https://docs.t.example/changelog.md"),
)
ALL = [(channel, "incidents") for channel in (PAGE, IO, GOOGLE)] + [(channel, "entries") for channel in CHANGELOGS]
NAMES = [channel.target for channel, _ in ALL]


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream((PAGE, IO, GOOGLE, *CHANGELOGS), seed=3, threads=10) as running:
        yield running


def _visit(upstream: Upstream, channel: Channel, thing: str, cursor: Any = None, **options: Any) -> list[Page]:
    there = channel.model_copy(update={"base_url": upstream.url(channel)})
    return list(
        sources.collect_stream(
            channel.source, thing, make_visit(there, cursor, now=upstream.world.clock.at(), **options)
        )
    )


def _bodies(pages: list[Page]) -> dict[str, Any]:
    return {row.key: row.body for page in pages for row in page.rows}


def _told(upstream: Upstream, channel: Channel) -> list[Incident]:
    return upstream.world.pages[channel.target].until()


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _near(text: str | None, seconds: int | None, minutes: int = 1) -> bool:
    found = _at(text)
    return (found is None) == (seconds is None) and (
        found is None or abs(found.timestamp() - (seconds or 0)) < 60 * minutes
    )


def test_the_feed_of_a_statuspage_gives_the_worlds_incidents(upstream: Upstream) -> None:
    """Where the page has no API: 25 of them, without severity, to the minute."""
    upstream.fail(PAGE.target, "/api/", faults.status(404))
    told = {one.code(): one for one in _told(upstream, PAGE)[:25]}
    found = _bodies(_visit(upstream, PAGE, "incidents"))
    assert found.keys() == told.keys() and len(found) == 25
    now = upstream.world.clock.now
    for code, body in found.items():
        assert _near(body["resolved_at"], told[code].resolved(now)), code
        assert _near(body["posted_at"], min(update.shown_at for update in told[code].updates if update.at <= now)), code
        assert body["severity"] is None and body["updates_count"] == len(told[code].until(now)) and body["drift"] == []
    assert {body["kind"] == "maintenance" for code, body in found.items() if told[code].is_maintenance} <= {True}
    assert {record.path for record in upstream.requests} == {"/api/v2/incidents.json", "/history.atom"}


def test_the_api_of_a_statuspage_gives_severities_components_and_open_incidents(upstream: Upstream) -> None:
    """50 of them, named as in the feed."""
    now = upstream.world.clock.now
    told = {one.code(): one for one in [one for one in _told(upstream, PAGE) if not one.is_maintenance][:50]}
    found = _bodies(_visit(upstream, PAGE, "incidents"))
    assert found.keys() == told.keys()
    for code, body in found.items():
        assert body["severity"] == SEVERITIES[told[code].impact]
        assert body["component_names"] == sorted({component.name for component in told[code].components})
        assert body["is_listed_open"] == (told[code].resolved(now) is None)
        assert _near(body["started_at"], told[code].started) and _near(body["resolved_at"], told[code].resolved(now))
    upstream.fail(PAGE.target, "/api/", faults.status(404))
    assert any(code in found for code in _bodies(_visit(upstream, PAGE, "incidents")))


def test_incidentio_gives_the_worlds_incidents_both_ways(upstream: Upstream) -> None:
    """Its API first; when that is gone, its feed."""
    now = upstream.world.clock.now
    told = sorted(one.posted for one in [one for one in _told(upstream, IO) if not one.is_maintenance][:50])
    found = _bodies(_visit(upstream, IO, "incidents"))
    assert sorted(int(at.timestamp()) for body in found.values() if (at := _at(body["posted_at"]))) == told
    assert sum(body["is_over"] for body in found.values()) == sum(
        one.resolved(now) is not None for one in [one for one in _told(upstream, IO) if not one.is_maintenance][:50]
    )
    upstream.fail(IO.target, "/api/", faults.status(404))
    fed = _bodies(_visit(upstream, IO, "incidents"))
    assert sorted(int(at.timestamp()) for body in fed.values() if (at := _at(body["posted_at"]))) == sorted(
        one.posted for one in _told(upstream, IO)[:25]
    )


def test_google_gives_every_incident_that_it_lists(upstream: Upstream) -> None:
    """One list for all products and years."""
    found = _bodies(_visit(upstream, GOOGLE, "incidents"))
    told = [one for one in _told(upstream, GOOGLE) if not one.is_maintenance]
    assert len(found) == len(told) and all(body["drift"] == [] for body in found.values())


def test_components_show_the_worlds_state_of_the_day(upstream: Upstream) -> None:
    """And only where the page speaks the API."""
    for channel in (IO, PAGE):
        page = upstream.world.pages[channel.target]
        words = {
            body["name"]: body["status_word"] for body in _bodies(_visit(upstream, channel, "components")).values()
        }
        assert words == {component.name: page.word(component) for component in page.components}


@pytest.mark.parametrize("channel", CHANGELOGS, ids=lambda channel: channel.target)
def test_a_changelog_gives_the_worlds_releases(upstream: Upstream, channel: Channel) -> None:
    """A file and a vendor's feed all of them, GitHub's feed its newest ten; days and breaks as they are."""
    repository, style = places.written(channel)
    told = upstream.world.releases(repository).until(upstream.world.clock.now)
    rows = _bodies(_visit(upstream, channel, "entries"))
    expected = told[:10] if style == "atom" else told
    days = sorted(f"{_at(body['published_at']):%Y-%m-%d}" for body in rows.values())
    assert (
        days == sorted(f"{datetime.fromtimestamp(one.at, UTC):%Y-%m-%d}" for one in expected)
        and len(rows) == len(expected) > 0
    )
    if style in ("please", "atom"):
        codes = {one.version if style == "please" else one.tag: one for one in expected}
        assert {code: (body["is_breaking"], body["is_prerelease"]) for code, body in rows.items()} == {
            code: (one.is_breaking, one.is_prerelease) for code, one in codes.items()
        }
        assert {code: body["fixes_count"] for code, body in rows.items()} == {
            code: len(one.sections().get("Bug Fixes", [])) for code, one in codes.items()
        }


@pytest.mark.parametrize(("channel", "thing"), ALL, ids=NAMES)
def test_a_second_visit_costs_one_unchanged_answer(upstream: Upstream, channel: Channel, thing: str) -> None:
    """Polite: what has not changed is not sent again; what has, is."""
    cursor = _visit(upstream, channel, thing)[-1].cursor
    upstream.forget()
    (again,) = _visit(upstream, channel, thing, cursor)
    assert again.is_unchanged and [record.status for record in upstream.requests] == [304]
    upstream.world.clock.now += int(timedelta(days=300).total_seconds())
    (later,) = _visit(upstream, channel, thing, again.cursor)
    assert later.rows and not later.is_unchanged and later.cursor != cursor


FAULTS: list[tuple[Any, type[SourceError]]] = [
    (faults.status(503), Retriable),
    (faults.throttled("3600"), Retriable),
    (faults.status(403), Fatal),
    (faults.status(404), Gone),
    (faults.html(200), Fatal),
    (faults.empty(200), Fatal),
    (faults.truncated(0.5), Retriable),
    (faults.truncated(0.5, is_coded=True), Retriable),
    (faults.reset(), Retriable),
    (faults.redirect("https://169.254.169.254/latest"), Fatal),
    (faults.redirect_loop(), Fatal),
]


@pytest.mark.parametrize(("fault", "error"), FAULTS)
@pytest.mark.parametrize(("channel", "thing"), ALL, ids=NAMES)
def test_a_fault_of_the_page_is_an_error_and_never_rows(
    upstream: Upstream, channel: Channel, thing: str, fault: Any, error: type[SourceError]
) -> None:
    """Half a page must not become a quiet month, and every error says what may be done about it."""
    upstream.fail("*", None, fault)
    with pytest.raises(error):
        _visit(upstream, channel, thing)


@pytest.mark.parametrize(
    ("channel", "thing"),
    [pair for pair in ALL if pair[0].format in ("incidentio", "google", "atom", "rss", "statuspage")],
)
def test_a_body_cut_off_without_a_told_length_is_not_believed(upstream: Upstream, channel: Channel, thing: str) -> None:
    """B3: HTTP cannot see it; JSON and XML can. (Of Markdown, nobody can.)"""
    upstream.fail("*", None, faults.truncated(0.5, is_length_told=False))
    with pytest.raises(Retriable, match="cut off"):
        _visit(upstream, channel, thing)


def test_the_budget_is_kept(upstream: Upstream) -> None:
    """incident.io needs two requests."""
    with pytest.raises(BudgetSpent):
        _visit(upstream, IO, "incidents", budget=Budget(1))
