"""What the real pages of each platform do that a simple reader would get wrong."""

import codecs
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.http.answers import Answer
from pipelines.http.errors import Fatal, Retriable
from pipelines.http.items import ItemReader
from pipelines.markup.feeds import FeedEntry
from pipelines.sources.status import betterstack_feed
from pipelines.sources.status.formats import (
    aws,
    betterstack,
    datadog,
    flashduty,
    google,
    incidentio,
    xai,
)
from pipelines.sources.status.formats.betterstack import Index
from pipelines.sources.status.incident import Incident, make_incident_row
from pipelines.sources.status.pages import convert_to_utf8, pick_worst_word
from tests.pipelines.sources.status.visits import bodies, pages, shown, visit
from tests.upstream import faults

T0 = datetime(2026, 9, 3, 13, 30, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def entry(
    code: str, title: str, html: str, minutes: float, published: float | None = None, link: str | None = None
) -> FeedEntry:
    return FeedEntry(code, title, link, None if published is None else at(published), at(minutes), html)


def rows(found: Iterable[Incident]) -> dict[str, Any]:
    """What would be landed, by key; fails where a key comes twice."""
    listed = [make_incident_row(one) for one in found]
    assert len({one.key for one in listed}) == len(listed)
    return {one.key: (one.source_time, one.body) for one in listed}


# Whatever order a feed is in, it tells the same.

GUIDS, WORDS = st.sampled_from("abc"), st.sampled_from(["Investigating", "Identified", "Monitoring", "Resolved"])
MINUTES = st.integers(0, 30)


def _monitors(items: list[tuple[str, str, int]]) -> list[FeedEntry]:
    verbs = {
        "Investigating": "went down",
        "Identified": "went down",
        "Monitoring": "recovered",
        "Resolved": "recovered",
    }
    return [
        entry(f"{place}", f"{name} {verbs[word]}", "x", minutes) for place, (name, word, minutes) in enumerate(items)
    ]


def _pairs(items: list[tuple[str, str, int]]) -> list[FeedEntry]:
    prefix = {"Resolved": "[已恢复]", "Monitoring": "[已解决] "}
    return [
        entry(
            f"urn:flashduty:change:{place}",
            prefix.get(word, "") + name,
            f"<p><strong>Status:</strong> {word}</p>",
            minutes,
        )
        for place, (name, word, minutes) in enumerate(items)
    ]


READERS: list[tuple[Callable[[Any], list[FeedEntry]], Callable[[list[FeedEntry]], Iterable[Incident]]]] = [
    (_monitors, lambda entries: betterstack_feed.parse_incidents(entries, ItemReader("https://s"))),
    (_pairs, lambda entries: flashduty.parse_incidents(entries, ItemReader("x"), {})),
]


@pytest.mark.parametrize(("make", "read"), READERS, ids=["betterstack", "flashduty"])
@given(items=st.lists(st.tuples(GUIDS, WORDS, MINUTES), max_size=12), data=st.data())
def test_entries_in_any_order_give_the_same_incidents(make: Any, read: Any, items: Any, data: st.DataObject) -> None:
    """Feeds are sorted by this or that instant, and some by none."""
    entries = make(items)
    assert rows(read(data.draw(st.permutations(entries)))) == rows(read(entries))


@given(items=st.lists(st.tuples(GUIDS, WORDS, MINUTES), max_size=12))
def test_every_sight_of_a_monitor_is_in_exactly_one_incident(items: Any) -> None:
    """No recovery closes two, and none is lost."""
    incidents = list(betterstack_feed.parse_incidents(_monitors(items), ItemReader("https://s")))
    found = rows(incidents)
    assert sum(len(incident.updates) for incident in incidents) == len(items)
    assert all(body["posted_at"] <= (body["resolved_at"] or "9") and body["is_automatic"] for _, body in found.values())


# Flashduty


def test_an_end_that_is_an_entry_of_its_own_goes_to_the_beginning_before_it() -> None:
    """Older entries are pairs; the newer form has one entry with its latest status."""
    found = rows(
        flashduty.parse_incidents(
            _pairs(
                [("a", "Investigating", 0), ("a", "Resolved", 20), ("a", "Investigating", 25), ("b", "Resolved", 9)]
            ),
            ItemReader("x"),
            {},
        )
    )
    minutes = {key: (body["posted_at"][14:16], (body["resolved_at"] or "")[14:16]) for key, (_, body) in found.items()}
    assert minutes == {
        "0": ("30", "50"), "2": ("55", ""), "3": ("39", "39"),
    }  # fmt: skip
    assert found["3"][1]["is_retro"]  # an end alone: nobody knows how long it was


def test_an_end_whose_beginning_left_the_feed_is_not_counted_anew() -> None:
    """Its incident was kept when the feed still had both."""
    with pages(5) as up:
        first = visit(up, "flashduty")
        pairs = first.cursor["folded"]
        assert pairs and not pairs.keys() & bodies(first).keys()
        # Entries enter at the top, the oldest leave: somewhere an end is left without its beginning.
        page, seen = shown(up, "flashduty"), []
        for _ in range(30):
            up.world.advance(0.5)
            page.tell(page.post("Another"))
            first = visit(up, "flashduty", first.cursor)
            seen.append(pairs.keys() & bodies(first).keys())
    assert not any(seen)


def test_the_beginning_comes_from_the_rss_feed() -> None:
    """Atom dates the last change only, with the offset of China."""
    html = (
        "<p><strong>Status:</strong> resolved</p><p><strong>Affected components:</strong> 对话服务(Chatservice), API "
        "服务(API Service)</p>"
    )
    stated = [
        entry(
            "urn:flashduty:change:6927183076287", "DeepSeek API 性能下降（DeepSeek API Degraded Performance）", html, 31
        )
    ]
    ((_, body),) = rows(flashduty.parse_incidents(stated, ItemReader("x"), {stated[0].id: at(0)})).values()
    assert (body["posted_at"][11:16], body["resolved_at"][11:16], body["is_retro"]) == ("13:30", "14:01", False)
    assert (
        body["component_names"] == ["API 服务(API Service)", "对话服务(Chatservice)"]
        and body["incident_id"] == "6927183076287"
    )
    ((_, alone),) = rows(flashduty.parse_incidents(stated, ItemReader("x"), {})).values()
    assert alone["is_retro"] and alone["posted_at"] == alone["resolved_at"]


# xAI

HTML = (
    "<h3>Status: {}</h3><p>Severity: {}</p>{}<div><p><strong>Thu, 03 Sep 2026 14:10:00 "
    "GMT</strong></p><h3>Mitigation</h3><p>x</p></div>"
    "<div><p><strong>Thu, 03 Sep 2026 13:30:00 GMT</strong></p><h3>Issue</h3><p>Resolved: soon</p></div>"
)


def test_a_state_of_xai_that_we_do_not_know_is_reported() -> None:
    ((_, body),) = rows(
        xai.parse_incidents([entry("INC1", "[API] x", HTML.format("PONDERING", "wobbly", ""), 0, 0)], ItemReader("x"))
    ).values()
    assert (body["severity"], body["is_over"], body["drift"]) == (None, False, ["impact: wobbly", "status: pondering"])


# AWS

EVENT = {
    "service": "BEDROCK", "region": "us-east-1", "typeCode": "AWS_BEDROCK_OPERATIONAL_ISSUE",
    "startTime": 1781314018000,
    "endTime": 1781547203000, "lastUpdatedTime": 1781547203532,
    "metadata": {"EVENT_LOG": json.dumps([
        {"summary": "Increased errors", "message": "x", "status": 1, "timestamp": 1781314018},
        {"summary": "[RESOLVED] Increased errors", "message": "x", "status": 3, "timestamp": 1781547203},
    ])},
}  # fmt: skip


def test_an_event_of_aws_has_its_instants_in_milliseconds_and_its_log_in_a_string() -> None:
    """64 h 47 min; other services are excluded."""
    ((key, (_, body)),) = rows(aws.parse_past_events([EVENT, EVENT | {"service": "EC2"}], ItemReader("x"), {})).items()
    assert key == "bedrock-us-east-1-1781314018" and body["title"] == "Increased errors"
    assert (body["started_at"], body["resolved_at"]) == ("2026-06-13T01:26:58.000000Z", "2026-06-15T18:13:23.000000Z")
    assert (body["severity"], body["component_ids"], body["is_over"]) == (3, ["us-east-1"], True)


def test_a_log_of_aws_that_is_no_json_has_changed_shape() -> None:
    """Not an event without severity."""
    with pytest.raises(Fatal, match="log is not JSON"):
        aws.parse_past_events([EVENT | {"metadata": {"EVENT_LOG": "soon"}}], ItemReader("x"), {})


def _answer(content: bytes, kind: str = "application/json;charset=utf-16") -> Answer:
    return Answer(200, {"content-type": kind}, content, "https://x/y", None, None)


@pytest.mark.parametrize(
    ("mark", "code"), [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (b"", "utf-8")]
)
def test_json_in_utf_16_is_read_by_its_mark(mark: bytes, code: str) -> None:
    assert convert_to_utf8(_answer(mark + '[{"a": "ü"}]'.encode(code))).json() == [{"a": "ü"}]


def test_utf_16_that_ends_within_a_character_is_cut_off() -> None:
    """The same request may work later."""
    with pytest.raises(Retriable, match="cut off"):
        convert_to_utf8(_answer(codecs.BOM_UTF16_BE + "[1]".encode("utf-16-be")[:-1]))


def test_aws_without_its_list_of_the_past_is_read_from_the_present() -> None:
    """An undocumented address may go."""
    with pages() as up:
        page = shown(up, "aws")
        page.post("Now", "critical")
        up.fail("aws.status.example", "public/events", faults.status(404))
        found = visit(up, "aws")
    assert "Now" in [row.body["title"] for row in found.rows if row.body["is_listed_open"]]


# Better Stack


def _index(*parts: dict[str, Any]) -> Index:
    return Index(_answer(json.dumps({"data": {"attributes": {"timezone": "UTC"}}, "included": list(parts)}).encode()))


@pytest.mark.parametrize("word", ["resolved", "recovered"])
def test_a_report_without_an_end_ends_with_the_update_that_says_so(word: str) -> None:
    """`ends_at` is empty on resolved reports of the real page; neither word says how ill a resource was."""
    touched = [{"status_page_resource_id": "7", "status": word}]
    report = {
        "type": "status_report", "id": "1050825",
        "relationships": {"status_updates": {"data": [{"id": "u1"}, {"id": "u2"}]}},
        "attributes": {"title": "t", "report_type": "manual", "starts_at": "2026-09-04T13:50:00Z", "ends_at": None,
                       "aggregate_state": "resolved", "affected_resources": touched},
    }  # fmt: skip
    updates = [
        {
            "type": "status_update",
            "id": name,
            "attributes": {"message": "m", "published_at": when, "affected_resources": resources},
        }
        for name, when, resources in (
            ("u2", "2026-09-04T19:53:00Z", touched),
            ("u1", "2026-09-04T14:00:00Z", [{"status_page_resource_id": "7", "status": "degraded"}]),
        )
    ]
    index = _index(report, *updates, {"type": "status_page_resource", "id": "7", "attributes": {"public_name": "API"}})
    body = make_incident_row(betterstack._make_report(report, index, "https://s")).body
    assert (body["started_at"][11:16], body["posted_at"][11:16], body["resolved_at"][11:16]) == (
        "13:50",
        "14:00",
        "19:53",
    )
    assert (body["severity"], body["component_names"], body["is_listed_open"], body["is_retro"]) == (
        1,
        ["API"],
        False,
        False,
    )


def test_posts_of_a_report_that_left_the_document_have_no_known_end() -> None:
    """Their words are prose."""
    posts = [
        entry("https://s/incident/9#a", "Slow", "It is fixed", minutes, link="https://s/incident/9")
        for minutes in (0, 50)
    ]
    ((key, (_, body)),) = rows(betterstack_feed.parse_incidents(posts, ItemReader("https://s"))).items()
    assert (key, body["resolved_at"], body["is_over"], body["is_listed_open"]) == ("9", None, False, False)


# Datadog


def test_datadogs_severity_is_that_of_the_course_and_not_of_now() -> None:
    """All components of what is over are `operational` by now; updates come in no order, written down weeks later."""

    def part(word: str) -> list[dict[str, str]]:
        return [{"id": "c", "name": "Video", "status": word}]

    def stated(state: str, when: str, word: str) -> dict[str, Any]:
        written, began = "2026-09-11T02:34:01Z", f"2026-09-04T{when}:00Z"
        return {"status": state, "startedAt": began, "createdAt": written, "componentsAffected": part(word)}

    item: dict[str, Any] = {
        "id": "2a3d", "title": "Degraded video", "currentStatus": "resolved", "resolved": True,
        "publishedDate": "2026-09-04T18:27:00Z",
        "resolvedDate": "2026-09-04T21:12:00Z", "lastModifiedAt": "2026-09-11T02:34:01Z",
        "componentsAffected": part("operational"),
        "timeline": [stated("investigating", "18:27", "degraded"), stated("resolved", "21:12", "operational")],
    }  # fmt: skip
    found = [
        make_incident_row(datadog._make_incident(item | {"timeline": course}, "https://s")).body
        for course in (item["timeline"], item["timeline"][::-1])
    ]
    assert found[0] == found[1] and (found[0]["severity"], found[0]["component_names"]) == (1, ["Video"])
    assert (found[0]["started_at"][:16], found[0]["resolved_at"][:16], found[0]["is_retro"]) == (
        "2026-09-04T18:27",
        "2026-09-04T21:12",
        True,
    )


# Google and incident.io


def test_a_product_of_google_that_was_renamed_is_found_by_either_name() -> None:
    """Vertex AI became Agent Platform in 2026."""
    product = {"title": "Vertex Gemini API", "current_title": "Gemini on Agent Platform", "id": "Z0FZJAMvEB4j3NbCJs6B"}
    item = {
        "id": "T",
        "external_desc": "x",
        "begin": "2026-09-01T00:00:00+00:00",
        "affected_products": [product],
        "end": None,
    }
    for pattern in ("Vertex Gemini API", "gemini on agent*", "Z0FZJAMvEB4j3NbCJs6B"):
        assert len(list(google.parse_incidents([item], ItemReader("x"), "https://s", (pattern,)))) == 1
    assert list(google.parse_incidents([item], ItemReader("x"), "https://s", ("Vertex AI*",))) == []


def test_incident_ios_components_come_from_the_feed_where_one_entry_only_fits() -> None:
    """The API's incidents name none; by title and minute of the first post."""

    def one(title: str, minutes: float, *names: str) -> Incident:
        return Incident(
            f"{title}{minutes}",
            title,
            None,
            None,
            (),
            posted_at=at(minutes),
            components=tuple(("", name) for name in names),
        )

    stated = [one("a", 0.5, "Responses"), one("b", 0, "Sora"), one("b", 0.2, "ChatGPT"), one("c", 60, "Files")]
    found = incidentio.add_components([one("a", 0), one("b", 0), one("c", 0), one("d", 0, "Own")], stated)
    assert [[name for _, name in each.components] for each in found] == [["Responses"], [], [], ["Own"]]


def test_of_several_words_an_unknown_one_counts_as_the_worst() -> None:
    """It might be."""
    assert pick_worst_word(["operational", "downtime", None, "degraded"]) == "downtime"
    assert (
        pick_worst_word(["downtime", "smouldering"]) == "smouldering"
        and pick_worst_word(["not_monitored", None]) is None
    )
