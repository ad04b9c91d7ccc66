"""Status pages: what a page says is kept word for word, what it does not say stays unknown."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from pipelines.http.errors import Fatal, Gone
from pipelines.sources import status
from tests.pipelines.sources.status.test_severities import post
from tests.worlds.raw_server import RawServer, answer, raw_server
from tests.worlds.visits import make_visit

INCIDENTS, SUMMARY, COMPONENTS, FEED = (
    "/api/v2/incidents.json",
    "/api/v2/summary.json",
    "/api/v2/components.json",
    "/history.atom",
)


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


def _json(value: Any, **headers: str) -> bytes:
    return answer(200, json.dumps(value).encode(), {"content-type": "application/json; charset=utf-8"} | headers)


def _atom(*entries: str, **headers: str) -> bytes:
    feed = (
        f'<?xml version="1.0"?><feed '
        f'xmlns="http://www.w3.org/2005/Atom"><id>x</id><title>t</title>{"".join(entries)}</feed>'
    )
    return answer(200, feed.encode(), {"content-type": "application/atom+xml"} | headers)


def _entry(
    code: str, html: str, published: str = "2026-08-21T00:37:20Z", updated: str = "", title: str = "Elevated errors"
) -> str:
    content = html.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (
        f"<entry><id>tag:status.example,2005:Incident/{code}9</id><published>{published}</published>"
        f"<updated>{updated or published}</updated>"
        f'<link rel="alternate" href="https://status.example//incidents/{code}"/><title>{title}</title>'
        f'<content type="html">{content}</content></entry>'
    )


def _visit(server: RawServer, form: str, **options: Any) -> list[Page]:
    thing = options.pop("thing", status.incidents)
    channel = Channel(
        source="status",
        target="status.example",
        role="status",
        format=form,
        base_url=server.url(""),
        components=options.pop("components", ()),
    )
    return list(thing(make_visit(channel, options.pop("cursor", None), **options)))


def _bodies(pages: list[Page]) -> dict[str, Any]:
    return {found.key: found.body for page in pages for found in page.rows}


ITEM: dict[str, Any] = {
    "id": "abc", "name": "Elevated errors \u202eon the API", "status": "resolved", "impact": "major",
    "shortlink": "https://stspg.io/x",
    "created_at": "2026-09-01T10:00:00.000Z", "started_at": "2026-09-01T09:50:00.000Z",
    "resolved_at": "2026-09-01T11:00:00.000Z",
    "updated_at": "2026-09-01T11:00:01.000Z", "components": [{"id": "k8", "name": "Claude API (api.anthropic.com)"}],
    "incident_updates": [
        {"status": "resolved", "display_at": "2026-09-01T11:00:00Z", "body": "canary text"},
        {"status": "monitoring", "display_at": "2026-09-01T10:40:00Z", "body": "canary text"},
        {"status": "identified", "created_at": "2026-09-01T10:20:00Z", "body": "canary text",
         "affected_components": [{"code": "k9", "name": "Claude Code", "new_status": "partial_outage"}]},
        {"status": "investigating", "display_at": "2026-09-01T10:00:00Z", "body": "canary text"},
    ],
}  # fmt: skip


def test_statuspage_gives_every_fact_of_an_incident_and_no_text(server: RawServer) -> None:
    """The facts that metrics read, and nothing that belongs to the vendor's writers."""
    server.script |= {INCIDENTS: [_json({"page": {}, "incidents": [ITEM]})], SUMMARY: [_json({"page": {"id": "p"}})]}
    (page,) = _visit(server, "statuspage")
    (found,) = page.rows
    assert found.key == "abc" and found.source_time == datetime(2026, 9, 1, 11, 0, 1, tzinfo=UTC) and page.expected == 1
    expected = {
        "title": "Elevated errors on the API", "url": "https://stspg.io/x", "severity": 2, "kind": "degraded",
        "posted_at": "2026-09-01T10:00:00.000000Z", "started_at": "2026-09-01T09:50:00.000000Z",
        "resolved_at": "2026-09-01T11:00:00.000000Z",
        "is_retro": False,
        "component_names": ["Claude API (api.anthropic.com)", "Claude Code"], "component_ids": ["k8", "k9"],
        "is_listed_open": False, "drift": [],
    }  # fmt: skip
    assert {name: found.body[name] for name in expected} == expected
    assert "canary" not in json.dumps(found.body)


@pytest.mark.parametrize(
    ("started", "shown", "status", "expected"),
    [
        (None, "14:43:00", "investigating", "14:43:00"),
        (None, "14:57:30", "investigating", None),  # within a minute: the page shows minutes
        (None, "14:43:00", "resolved", None),  # that is when it ended
        ("14:50:00", "14:43:00", "investigating", "14:50:00"),
    ],
)
def test_a_first_update_dated_back_tells_when_it_began(
    server: RawServer, started: str | None, shown: str, status: str, expected: str | None
) -> None:
    """OpenAI's page, as answered in September 2026, shows 14:43 of an incident that was written at 14:58."""
    first = {"status": status, "created_at": "2026-09-03T14:58:23Z", "display_at": f"2026-09-03T{shown}Z", "body": ""}
    item = {
        "id": "01M1KWEDH417T2CF44YYHZDFCR", "name": "Elevated errors", "status": "resolved", "impact": "minor",
        "created_at": "2026-09-03T14:58:23Z", "resolved_at": "2026-09-03T16:55:49Z", "incident_updates": [first],
        **({"started_at": f"2026-09-03T{started}Z"} if started else {}),
    }  # fmt: skip
    server.script |= {INCIDENTS: [_json({"page": {}, "incidents": [item]})], SUMMARY: [_json({"page": {"id": "p"}})]}
    (page,) = _visit(server, "incidentio")
    (body,) = _bodies([page]).values()
    assert body["started_at"] == (expected and f"2026-09-03T{expected}.000000Z")
    assert body["posted_at"] == "2026-09-03T14:58:23.000000Z"


@pytest.mark.parametrize("form", ["statuspage", "incidentio"])
@pytest.mark.parametrize("refusal", [404, 403, 405])
def test_a_page_without_its_api_is_read_from_the_feed_and_the_visit_says_what_is_missing(
    server: RawServer, form: str, refusal: int
) -> None:
    """Both platforms document the API and some pages switch it off; their incidents count worse without it."""
    server.script |= {
        INCIDENTS: [answer(refusal)],
        FEED: [_atom(_entry("abc", post("Aug 21", "00:37", "Resolved") + post("Aug 20", "14:43", "Investigating")))],
    }
    (page,) = _visit(server, form)
    assert [row.key for row in page.rows] == ["abc"] and page.expected == 1
    assert len(page.skipped) == 1 and "refuses its API" in page.skipped[0] and str(refusal) in page.skipped[0]
    (again,) = _visit(server, form, cursor=page.cursor)
    assert [row.key for row in again.rows] == ["abc"]


@pytest.mark.parametrize("code", [" ", "\u202e", "\x00"])
def test_an_incident_whose_id_cannot_be_seen_is_passed_over_alone(server: RawServer, code: str) -> None:
    """Two of them would be one row."""
    server.script |= {
        INCIDENTS: [_json({"incidents": [ITEM, ITEM | {"id": code, "shortlink": None}]})],
        SUMMARY: [_json({"page": {}})],
    }
    (page,) = _visit(server, "statuspage")
    assert [row.key for row in page.rows] == ["abc"] and page.expected == 2
    assert len(page.skipped) == 1 and "no character that can be seen" in page.skipped[0]


@pytest.mark.parametrize("form", ["statuspage", "incidentio"])
def test_the_feed_never_overwrites_what_the_api_told(server: RawServer, form: str) -> None:
    """It knows no severities: a day without the API would make notes and app outages count as the API's."""
    server.script |= {
        INCIDENTS: [_json({"incidents": [ITEM]}), answer(404)], SUMMARY: [_json({"page": {}})],
        FEED: [_atom(_entry("abc", post("Aug 21", "00:37", "Resolved")))],
    }  # fmt: skip
    (page,) = _visit(server, form)
    with pytest.raises(Gone, match="404"):
        _visit(server, form, cursor=page.cursor)


def test_incidentio_may_leave_out_nearly_everything(server: RawServer) -> None:
    """Its API has no instants of resolution, links or components for some incidents: unknown is not zero."""
    bare = {
        "id": "01M3",
        "name": "Elevated errors",
        "status": "investigating",
        "impact": "minor",
        "created_at": "2026-09-29T17:52:52Z",
    }
    done = {
        "id": "01M2", "name": "n", "status": "resolved", "impact": "none", "created_at": "2026-09-01T10:00:00Z",
        "incident_updates": [{"status": "resolved", "created_at": "2026-09-01T11:00:00Z",
        "body": ""}, {"status": "identified", "created_at": "x"}],
    }  # fmt: skip
    server.script |= {
        INCIDENTS: [_json({"incidents": [bare, done]})],
        SUMMARY: [_json({"page": {}, "incidents": [{"id": "01M3"}]})],
    }
    found = _bodies(_visit(server, "incidentio"))
    assert found["01M3"]["is_listed_open"] and not found["01M3"]["is_over"] and found["01M3"]["resolved_at"] is None
    assert found["01M3"]["url"] == server.url("/incidents/01M3") and found["01M3"]["component_names"] == []
    assert found["01M2"]["resolved_at"] == "2026-09-01T11:00:00.000000Z" and found["01M2"]["kind"] == "informational"


@pytest.mark.parametrize("later", [_atom(), answer(403)], ids=["gone from the feed", "feed refused"])
def test_incidentio_keeps_the_components_that_an_earlier_feed_named(server: RawServer, later: bytes) -> None:
    """The feed is shorter than the API and may fail by itself; known components are not withdrawn."""
    known = {"id": "01M3", "name": "Elevated errors", "status": "identified", "created_at": "2026-08-21T00:37:20Z"}
    html = "<b>Status: Identified</b><br/>x<br/><b>Affected components</b><ul><li>Responses (Degraded)</li></ul>"
    server.script |= {
        INCIDENTS: [_json({"incidents": [known]})], SUMMARY: [_json({"page": {}, "incidents": []})],
        FEED: [_atom(_entry("01K", html))],
    }  # fmt: skip
    (first,) = _visit(server, "incidentio")
    server.script[FEED] = [later]
    (second,) = _visit(server, "incidentio", cursor=first.cursor)

    assert [_bodies([page])["01M3"]["component_names"] for page in (first, second)] == [["Responses"]] * 2
    assert any("components of new incidents (" in words for words in second.skipped) == (later == answer(403))


def test_incidentio_falls_back_to_its_feed(server: RawServer) -> None:
    """The borrowed API may go; the feed gives the latest status, the first post and the components."""
    touched = "<ul><li>Responses (Operational)</li><li>Batch (Operational)</li></ul>"
    html = f"<b>Status: Resolved</b><br/>All good<br/><b>Affected components</b>{touched}"
    server.script |= {
        INCIDENTS: [answer(404)],
        FEED: [_atom(_entry("01K", html, "2026-08-21T00:00:00Z", "2026-08-21T02:00:00Z"))],
    }
    body = _bodies(_visit(server, "incidentio"))["01K"]
    assert (body["posted_at"], body["resolved_at"]) == ("2026-08-21T00:00:00.000000Z", "2026-08-21T02:00:00.000000Z")
    assert body["component_names"] == ["Batch", "Responses"] and not body["is_retro"]


def test_without_a_feed_either_the_first_reason_is_told(server: RawServer) -> None:
    """The reader of the error wants to know why the API failed."""
    server.script[INCIDENTS] = [_json({"incidents": None})]
    with pytest.raises(Fatal, match=r"incidents\.json.*no list 'incidents'"):
        _visit(server, "incidentio")


GOOGLE = {
    "id": "Ta", "begin": "2022-07-01T13:37:44+00:00", "created": "2022-07-01T20:05:02+00:00",
    "end": "2022-07-01T19:25:45+00:00",
    "modified": "2022-07-01T19:25:46+00:00", "external_desc": "Lower throughput", "status_impact": "SERVICE_OUTAGE",
    "severity": "high",
    "uri": "incidents/Ta", "updates": [{"when": "2022-07-01T19:25:45+00:00", "status": "AVAILABLE", "text": "x"}],
    "most_recent_update": {"status": "AVAILABLE"}, "affected_products": [{"title": "Vertex AI Training", "id": "v1"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("products", "expected"), [((), ["Ta", "Tb"]), (("Vertex AI*",), ["Ta"]), (("v2",), ["Tb"]), (("Nothing",), [])]
)
def test_google_lists_all_products_and_ours_are_picked(
    server: RawServer, products: tuple[str, ...], expected: list[str]
) -> None:
    """By title, which Google changes, or by id; a calm product is calm, not an error."""
    other = GOOGLE | {"id": "Tb", "affected_products": [{"title": "BigQuery", "id": "v2"}], "end": None}
    server.script["/incidents.json"] = [_json([GOOGLE, other])]
    found = _bodies(_visit(server, "google", components=products))
    assert list(found) == expected
    if "Ta" in found:
        assert (
            found["Ta"]["kind"] == "outage"
            and found["Ta"]["is_retro"]
            and found["Ta"]["url"] == server.url("/incidents/Ta")
        )


def test_a_page_that_forgets_everything_is_not_believed(server: RawServer) -> None:
    """B10: nothing if there were fifty is a fault of the page; an empty page from the start is calm."""
    server.script |= {INCIDENTS: [_json({"incidents": []})], SUMMARY: [_json({"page": {}})]}
    (page,) = _visit(server, "statuspage")
    assert page.rows == [] and not page.is_unchanged
    with pytest.raises(Fatal, match="no incidents, although the last visit read 50"):
        _visit(server, "statuspage", cursor={"count": 50})


def test_a_new_word_is_reported_and_has_no_severity(server: RawServer) -> None:
    """B11: never mapped to operational."""
    server.script |= {
        INCIDENTS: [_json({"incidents": [ITEM | {"impact": "catastrophic", "status": "pondering"}]})],
        SUMMARY: [_json({"page": {}})],
    }
    body = _bodies(_visit(server, "statuspage"))["abc"]
    assert body["severity"] is None
    assert body["drift"] == ["impact: catastrophic", "status: pondering"]
