"""AWS Health's two lists: what is over, what affects Bedrock among several services, and how grave it was for it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from pipelines.catalog.entries import Channel
from pipelines.http.items import ItemReader
from pipelines.sources import status
from pipelines.sources.status.formats import aws
from pipelines.sources.status.incident import make_incident_row
from tests.worlds.raw_server import RawServer, answer, raw_server
from tests.worlds.visits import make_visit

CHANNEL = Channel(source="status", target="s.example", role="status", format="aws")

START = 1_792_000_000
CODE = f"bedrock-eu-west-1-{START}"


def present(**changes: Any) -> dict[str, Any]:
    """An event of the current list that affects two services."""
    body: dict[str, Any] = {
        "date": str(START), "arn": "arn:aws:health:eu-west-1::event/X/1", "region_name": "Ireland", "status": "3",
        "service": "multipleservices-eu-west-1", "summary": "Lamps flicker",
        "event_log": [{"summary": "Lamps flicker", "message": "We look.", "status": 1, "timestamp": START}],
        "impacted_services": {"bedrock-eu-west-1": {"max": "3"}, "sts-eu-west-1": {"max": "1"}},
    }  # fmt: skip
    return body | changes


def past(message: str = "We look.", service: str = "MULTIPLE_SERVICES", **changes: Any) -> dict[str, Any]:
    """An event of the past list."""
    log = [{"summary": "Lamps flicker", "message": message, "status": 1, "timestamp": START}]
    body: dict[str, Any] = {
        "service": service, "region": "eu-west-1", "typeCode": "AWS_X_OPERATIONAL_ISSUE", "startTime": START * 1000,
        "endTime": (START + 3600) * 1000, "metadata": {"EVENT_LOG": json.dumps(log)},
    }  # fmt: skip
    return body | changes


def read_present(event: dict[str, Any]) -> dict[str, Any]:
    incident = aws.read_current_event(event)
    assert incident is not None
    return dict(make_incident_row(incident).body)


@pytest.mark.parametrize(
    "changes",
    [
        {"end_time": str(START + 3600), "status": "0", "summary": "[RESOLVED] Lamps flicker"},
        {"end_time": str(START + 3600), "status": "0"},
    ],
)
def test_an_event_with_an_end_is_over_even_in_the_list_of_current_ones(changes: dict[str, Any]) -> None:
    """AWS leaves an event there for hours after its end: read as open, it would last until today."""
    body = read_present(present(**changes))
    assert (body["is_over"], body["is_listed_open"]) == (True, False)
    assert (body["resolved_at"][11:16], body["title"], body["severity"]) == ("18:46", "Lamps flicker", 3)


def test_an_event_that_is_called_resolved_without_an_end_is_over() -> None:
    """Since when is not known, but it does not go on."""
    body = read_present(present(summary="[RESOLVED] Lamps flicker", status="0"))
    assert (body["is_over"], body["is_listed_open"], body["resolved_at"]) == (True, False, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "0"},
        {"impacted_services": {"bedrock-eu-west-1": {"max": "3", "current": "0"}, "sts-eu-west-1": {"current": "3"}}},
    ],
)
def test_an_event_that_is_well_again_for_bedrock_is_over(changes: dict[str, Any]) -> None:
    """AWS grades what is well as `0`, often before it writes an end, and while other services still suffer."""
    body = read_present(present(**changes))
    assert (body["is_over"], body["is_listed_open"], body["resolved_at"], body["severity"]) == (True, False, None, 3)


def test_an_event_of_several_regions_names_each_under_the_region_of_the_event() -> None:
    """The past list files it under that region, so that both lists give one incident."""
    services = {"bedrock-us-west-2": {"max": "2"}, "bedrock-ca-central-1": {"max": "3", "current": "3"}}
    body = read_present(present(impacted_services=services))
    assert (body["incident_id"], body["component_ids"], body["severity"]) == (CODE, ["ca-central-1", "us-west-2"], 3)
    assert body["is_over"] is False
    (past_event,) = aws.parse_past_events([past("Amazon Bedrock is affected.")], ItemReader("x"), {})
    assert past_event.id == CODE
    assert read_present(present(arn="", impacted_services=services))["incident_id"] == f"bedrock-ca-central-1-{START}"


def test_bedrocks_own_severity_counts_and_not_that_of_the_log() -> None:
    """The log grades each post, the list of services each service."""
    assert read_present(present())["severity"] == 3
    assert read_present(present(impacted_services={"bedrock-eu-west-1": {"max": "2"}}))["severity"] == 1
    assert read_present(present(impacted_services={"bedrock-eu-west-1": {}}))["severity"] == 0


@pytest.mark.parametrize(
    ("event", "is_ours"),
    [
        (past("Amazon Bedrock and AWS STS are affected."), True),
        (past("AWS STS is affected."), False),
        (past(metadata={"EVENT_LOG": "[]", "IMPACTED_SERVICES": '{"bedrock-eu-west-1": {}}'}), True),
        (past("Bedrock is well.", impacted_services={"sts-eu-west-1": {}}), False),
        (past(impacted_services={"bedrock-eu-west-1": {"max": "3"}}), True),
        (past(affectedServices=["Amazon Bedrock"]), True),
        (past(service="EC2", message="Amazon Bedrock"), False),
        (past(service="BEDROCK"), True),
    ],
)
def test_a_past_event_of_several_services_counts_if_bedrock_is_among_them(event: dict[str, Any], is_ours: bool) -> None:
    """Large outages are filed under MULTIPLE_SERVICES; a list of services, if there is one, is the last word."""
    assert len(aws.parse_past_events([event], ItemReader("x"), {})) == is_ours


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


def listed(*events: dict[str, Any], etag: str = "") -> bytes:
    """An answer in UTF-16, as AWS writes it."""
    headers = {"content-type": "application/json;charset=utf-16", "etag": etag}
    return answer(200, json.dumps(events).encode("utf-16"), headers)


def test_an_event_seen_as_bedrocks_stays_so_with_its_severity_when_it_is_past(server: RawServer) -> None:
    """The past list need not name the services: what an earlier visit read in the current one is remembered."""
    other = past(service="EC2", startTime=START * 1000 - 5000)
    server.script = {
        aws.EVENTS: [listed(other), listed(other, past())],
        aws.CURRENT: [listed(present()), listed()],
    }
    channel = CHANNEL.model_copy(update={"base_url": server.url("")})
    (first,) = status.incidents(make_visit(channel))
    (second,) = status.incidents(make_visit(channel, first.cursor))
    bodies = [page.rows[0].body for page in (first, second)]
    assert [row.key for page in (first, second) for row in page.rows] == [CODE, CODE]
    assert [(body["severity"], body["is_over"]) for body in bodies] == [(3, False), (3, True)]


def test_an_event_is_seen_while_the_list_of_past_ones_stands_still(server: RawServer) -> None:
    """AWS lists it there once it is over, often without its services: nobody would ever learn that it was Bedrock's."""
    other = past(service="EC2", startTime=START * 1000 - 5000)
    server.script = {
        aws.EVENTS: [listed(other, etag='"1"'), answer(304), listed(other, etag='"1"'), listed(other, past())],
        aws.CURRENT: [listed(etag='"a"'), listed(present(), etag='"b"'), listed()],
    }
    channel, seen = CHANNEL.model_copy(update={"base_url": server.url("")}), []
    cursor: Mapping[str, Any] = {}
    for _ in range(3):
        (page,) = status.incidents(make_visit(channel, cursor))
        cursor = page.cursor
        seen.append([(row.key, row.body["is_over"], row.body["severity"]) for row in page.rows])
    assert seen == [[], [(CODE, False, 3)], [(CODE, True, 3)]]


def test_lists_that_both_stand_still_are_not_read_anew(server: RawServer) -> None:
    """Two short answers, and what earlier visits saw is kept."""
    other = past(service="EC2", startTime=START * 1000 - 5000)
    server.script = {
        aws.EVENTS: [listed(other, etag='"1"'), answer(304)],
        aws.CURRENT: [listed(present(), etag='"a"'), answer(304)],
    }
    channel = CHANNEL.model_copy(update={"base_url": server.url("")})
    (first,) = status.incidents(make_visit(channel))
    (second,) = status.incidents(make_visit(channel, first.cursor))
    assert second.is_unchanged and second.cursor == first.cursor and len(server.requests) == 4


def test_an_empty_list_of_what_goes_on_is_a_calm_day(server: RawServer) -> None:
    """Nothing is missing then."""
    server.script = {aws.EVENTS: [listed(past("Amazon Bedrock"))], aws.CURRENT: [listed()]}
    channel = CHANNEL.model_copy(update={"base_url": server.url("")})
    (page,) = status.incidents(make_visit(channel))
    assert ([row.key for row in page.rows], page.skipped) == ([CODE], ())
