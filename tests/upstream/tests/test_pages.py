"""The emulator's status pages and changelogs have the shapes that were recorded from the real ones."""

import json
import re
from collections.abc import Iterator
from functools import reduce
from itertools import pairwise
from typing import Any

import feedparser
import httpx2
import pytest

from tests.paths import RECORDINGS
from tests.upstream import Upstream
from tests.upstream.examples import CHANNELS, SDK, upstream
from tests.upstream.world.clock import iso
from tests.upstream.world.draws import DAY

STATUSPAGE, INCIDENT_IO, GOOGLE = "status.example.com", "status.other.com", "status.cloud.com"


@pytest.fixture
def up() -> Iterator[Upstream]:
    with upstream(50) as started:
        yield started


def status(up: Upstream, host: str, path: str, **headers: str) -> httpx2.Response:
    """A page of a status host."""
    return httpx2.get(
        f"{up.base('status')}/{host}{path}", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def changelog(up: Upstream, target: str, **headers: str) -> httpx2.Response:
    """The page of a changelog channel, by the address that the catalog gives it."""
    channel = next(one for one in CHANNELS if one.source == "changelog" and one.target == target)
    return httpx2.get(up.url(channel), headers={name.replace("_", "-"): value for name, value in headers.items()})


def recording(name: str) -> str:
    """A recorded page; the test is skipped, with the reason, where the recordings are absent."""
    path = RECORDINGS / name
    if not path.is_file():
        pytest.skip(f"{name} of ../shared/recordings is not here")
    return path.read_text(encoding="utf-8")


def shape(value: Any) -> Any:
    """Names of fields, all the way down; of a list the fields that any item has."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [reduce(merged, (shape(one) for one in value), None)]
    return None


def merged(one: Any, other: Any) -> Any:
    """Two shapes in one."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {name: merged(one.get(name), other.get(name)) for name in {**one, **other}}
    if isinstance(one, list) and isinstance(other, list):
        return [merged(one[0], other[0])]
    return one if other is None else other


def feed(text: str) -> Any:
    """A feed with its HTML as it came."""
    return feedparser.parse(text, sanitize_html=False, resolve_relative_uris=False)


def posted(up: Upstream, host: str) -> None:
    """An incident under way with two updates, so that every part of a page has something in it."""
    page = up.world.pages[host]
    incident = page.post("Under way", "major", page.components[:2])
    up.world.advance(0.5)
    page.tell(incident, "identified")


def test_a_statuspage_summary_has_every_field_of_the_recorded_one(up: Upstream) -> None:
    """Anthropic's, with an open incident."""
    real = shape(json.loads(recording("status/status.claude.com__api_v2_summary.json")))
    posted(up, STATUSPAGE)
    ours = shape(status(up, STATUSPAGE, "/api/v2/summary.json").json())
    assert (
        set(ours) == set(real) and set(ours["page"]) == set(real["page"]) and ours["components"] == real["components"]
    )
    assert set(real["incidents"][0]) <= set(ours["incidents"][0])
    updates = real["incidents"][0]["incident_updates"][0]
    assert ours["incidents"][0]["incident_updates"][0] == updates


def test_incident_ios_summary_lacks_what_the_recorded_one_lacks(up: Upstream) -> None:
    """No components of an incident, no short link, no instants of beginning and end, no maintenance."""
    real = shape(json.loads(recording("status/status.openai.com__api_v2_summary.json")))
    posted(up, INCIDENT_IO)
    assert shape(status(up, INCIDENT_IO, "/api/v2/summary.json").json()) == real


def test_googles_list_has_the_fields_of_the_recorded_one(up: Upstream) -> None:
    """One list of years, newest first, with offsets in its instants."""
    real = shape(json.loads(recording("status/status.cloud.google.com__incidents.json")))
    ours = status(up, GOOGLE, "/incidents.json").json()
    assert shape(ours) == real
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", one["begin"]) for one in ours)


def test_the_history_feed_is_built_like_the_recorded_one(up: Upstream) -> None:
    """Its HTML dates lack the year; `published` is the last update's."""
    real, ours = (
        feed(recording("status/www.githubstatus.com__history.atom")),
        feed(status(up, STATUSPAGE, "/history.atom").text),
    )
    assert not ours.bozo and len(ours.entries) == len(real.entries) == 25
    assert {name for entry in real.entries for name in entry} == {name for entry in ours.entries for name in entry}
    pattern = (
        r"<p> <small>[A-Z][a-z]{2} <var data-var='date'>[ \d]\d</var>, <var data-var='time'>\d\d:\d\d</var> "
        r"UTC</small><br> <strong>\w"
    )
    assert all(re.search(pattern, entry.content[0].value) for entry in [*real.entries, *ours.entries])
    assert all(
        re.match(r"tag:[^,]+,2005:Incident/\d+$", entry.id) and entry.published == entry.updated
        for entry in ours.entries
    )


def test_incident_ios_feed_tells_the_latest_status_and_the_components(up: Upstream) -> None:
    """And its addresses differ from the ids of the API."""
    posted(up, INCIDENT_IO)
    newest = feed(status(up, INCIDENT_IO, "/history.atom").text).entries[0]
    assert newest.content[0].value.startswith("<b>Status: Identified</b><br/>")
    assert (
        "<b>Affected components</b><ul><li>Responses (Partial outage)</li><li>Batch (Partial outage)</li></ul>"
        in newest.content[0].value
    )
    api = status(up, INCIDENT_IO, "/api/v2/incidents.json").json()["incidents"][0]["id"]
    assert re.search(r"//incidents/[0-9A-Z]{26}$", newest.link) and api not in newest.link


def test_only_the_fifty_newest_incidents_are_listed_and_no_maintenance_among_them(up: Upstream) -> None:
    """What a collector does not read in time is lost to it."""
    page = up.world.pages[STATUSPAGE]
    for number in range(60):
        page.tell(page.post(f"Incident {number}"))
    listed = status(up, STATUSPAGE, "/api/v2/incidents.json").json()["incidents"]
    assert len(listed) == 50 and all(one["name"].startswith("Incident") for one in listed)
    planned = status(up, STATUSPAGE, "/api/v2/scheduled-maintenances.json").json()["scheduled_maintenances"]
    assert planned and all(one["impact"] == "maintenance" and one["scheduled_for"] for one in planned)


def test_incidents_run_their_course_with_time_and_components_follow(up: Upstream) -> None:
    """Investigating, then resolved; the component's word with them."""
    page = up.world.pages[STATUSPAGE]
    incident = page.post("Course", "critical", page.components[:1])
    words = [one["status"] for one in status(up, STATUSPAGE, "/api/v2/components.json").json()["components"]]
    opened = status(up, STATUSPAGE, "/api/v2/incidents/unresolved.json").json()["incidents"][0]
    assert words[0] == "major_outage" and (opened["name"], opened["resolved_at"]) == ("Course", None)
    up.world.advance(2)
    page.tell(incident)
    ended = next(
        one for one in status(up, STATUSPAGE, "/api/v2/incidents.json").json()["incidents"] if one["name"] == "Course"
    )
    assert ended["resolved_at"].startswith(iso(up.world.clock.now)[:-1]) and ended["status"] == "resolved"


def test_a_page_has_the_oddities_of_real_ones(up: Upstream) -> None:
    """Told afterwards, begun and ended in one second, several components, overlapping, planned; drawn, not set."""
    now = up.world.clock.now
    found = [one for page in up.world.pages.values() for one in page.until()]
    plain = [one for one in found if not one.is_maintenance]
    spans = sorted((one.started, one.resolved(now) or now) for one in plain)
    assert any(one.posted > one.started for one in plain)
    assert any(one.resolved(now) == one.started for one in plain)
    assert any(len(one.components) > 1 for one in plain) and any(one.is_maintenance for one in found)
    assert any(later[0] < earlier[1] for earlier, later in pairwise(spans))
    assert all(one.posted <= now and all(update.at <= now for update in one.until(now)) for one in found)


@pytest.mark.parametrize(
    ("host", "path"),
    [(STATUSPAGE, "/history.atom"), (INCIDENT_IO, "/api/v2/incidents.json"), (GOOGLE, "/incidents.json")],
)
def test_an_unchanged_status_page_is_a_304(up: Upstream, host: str, path: str) -> None:
    """By ETag and by date; a new incident makes it whole again."""
    first = status(up, host, path)
    assert status(up, host, path, if_none_match=first.headers["etag"]).status_code == 304
    assert status(up, host, path, if_modified_since=first.headers["last-modified"]).status_code == 304
    up.world.advance(0.1)
    posted(up, host)
    assert status(up, host, path, if_none_match=first.headers["etag"]).status_code == 200
    assert status(up, host, path, if_modified_since=first.headers["last-modified"]).status_code == 200


def test_a_host_knows_its_own_format_only(up: Upstream) -> None:
    """What the real one lacks is a page of HTML with 404."""
    for host, path in ((GOOGLE, "/api/v2/incidents.json"), (STATUSPAGE, "/incidents.json")):
        assert status(up, host, path).status_code == 404


def test_a_changelog_has_both_headings_of_the_recorded_ones(up: Upstream) -> None:
    """Newer releases with a link, older ones without, each with its day."""
    linked = r"^## \[[\w.-]+\]\(https://github\.com/[^)]+/compare/v[^)]+\.\.\.v[^)]+\) \(\d{4}-\d\d-\d\d\)$"
    plain, item = (
        r"^## [\w.-]+ \(\d{4}-\d\d-\d\d\)$",
        r"^\* \*\*[\w-]+:\*\* .+ \(\[[0-9a-f]{7}\]\(https://[^)]+/commit/[0-9a-f]{40}\)\)$",
    )
    up.release(SDK, "99.0.0")
    for text in (recording("changelogs/openai-python__CHANGELOG.md"), changelog(up, "example-python").text):
        assert text.startswith("# Changelog\n\n## ")
        assert all(re.search(pattern, text, re.MULTILINE) for pattern in (linked, plain, item, r"^### Bug Fixes$"))


def test_the_file_the_feed_and_the_repository_tell_the_same_releases(up: Upstream) -> None:
    """One world behind three doors."""
    out = up.world.repository(SDK).releases.until(up.world.clock.now)
    versions = re.findall(r"^## \[?([\w.-]+)[\] ]", changelog(up, "example-python").text, re.MULTILINE)
    atom = feed(changelog(up, "releases").text)
    assert versions == [one.version for one in out]
    assert [entry.id.rpartition("/")[2] for entry in atom.entries] == [one.tag for one in out[:10]] and not atom.bozo


def test_a_vendors_feed_has_one_item_a_day_with_the_day_in_its_link(up: Upstream) -> None:
    """Edited in place when more comes on the same day."""
    before = feed(changelog(up, "feed").text)
    days = [entry.link.partition("#")[2] for entry in before.entries]
    assert (
        not before.bozo
        and len(days) == len(set(days)) > 3
        and all(re.fullmatch(r"[a-z]+-\d+-\d{4}", day) for day in days)
    )
    newest = up.world.releases("feed").until(up.world.clock.now)[0]
    up.release("feed", "9.9.9", newest.at + 1)
    after = feed(changelog(up, "feed").text)
    assert [entry.link for entry in after.entries] == [entry.link for entry in before.entries]
    assert len(after.entries[0].description) > len(before.entries[0].description)


def test_a_vendors_page_is_headed_by_month_and_day(up: Upstream) -> None:
    """The year stands in the month's heading only."""
    text = changelog(up, "platform").text
    assert re.search(r"^## [A-Z][a-z]+, 20\d\d$", text, re.MULTILINE) and re.search(
        r"^### [A-Z][a-z]{2} \d{1,2}$", text, re.MULTILINE
    )
    assert re.search(r"^(Feature|Fix) · Model: ", text, re.MULTILINE)


@pytest.mark.parametrize("target", ["example-python", "platform", "feed", "releases"])
def test_an_unchanged_changelog_is_a_304_until_something_comes_out(up: Upstream, target: str) -> None:
    """By ETag and by date."""
    first = changelog(up, target)
    assert changelog(up, target, if_none_match=first.headers["etag"]).status_code == 304
    assert changelog(up, target, if_modified_since=first.headers["last-modified"]).status_code == 304
    up.world.advance(300 * DAY / 3600)
    assert changelog(up, target, if_none_match=first.headers["etag"]).status_code == 200
