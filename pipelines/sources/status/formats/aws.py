"""AWS Health's public lists, in UTF-16: past and present events of all services; those that affect Bedrock are kept."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from pipelines.http.answers import Answer, redact_url
from pipelines.http.errors import Fatal, Gone
from pipelines.http.items import ItemReader
from pipelines.http.keys import ItemKeys
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import (
    JSON,
    Pages,
    StatusFormat,
    list_objects,
    pick_worst_word,
    read_list,
)
from pipelines.text.values import clean_line, parse_instant

EVENTS, CURRENT = "/public/events", "/public/currentevents"
SERVICE, SEVERAL = "bedrock", "multiple_services"
WELL = "0"
"""The status of an event, or of a service among those it affects, once it is well again."""
PAGE = "https://health.aws.amazon.com/health/status"
_RESOLVED = re.compile(r"^\s*\[RESOLVED\]\s*", re.IGNORECASE)
_NAMED = re.compile(rf"\b{SERVICE}\b", re.IGNORECASE)
NUMBER = int | float | str
EVENTS_KEYS = ItemKeys(
    "past events", "",
    {
        "service": str, "region": str, "typeCode": str, "metadata": dict, "metadata.EVENT_LOG": str | list | None,
        "startTime": NUMBER, "endTime": NUMBER | None, "lastUpdatedTime": NUMBER | None,
    },
    only=("startTime", ""),
)  # fmt: skip
CURRENT_KEYS = ItemKeys(
    "current events", "",
    {
        "date": NUMBER, "arn": str, "service": str, "status": NUMBER, "summary": str, "event_log": list,
        "event_log.summary": str, "event_log.message": str, "event_log.timestamp": NUMBER, "event_log.status": NUMBER,
        "impacted_services": dict, "impacted_services.*.max": NUMBER, "impacted_services.*.current": NUMBER,
    },
    {"end_time": NUMBER | None},
    ("date", ""),
)  # fmt: skip
Known = Mapping[str, Mapping[str, Any]]
"""What earlier visits saw, by incident."""


def read_incidents(pages: Pages) -> list[Incident] | None:
    """Reads past and present events; only the present ones if the list of past events is gone."""
    known: Known = pages.visit.cursor.get("known") or {}
    try:
        answer = pages.get(EVENTS, JSON)
    except Gone:
        return _read_current_events(pages, pages.get(CURRENT, JSON, is_conditional=False))
    current = pages.get_optional(CURRENT, JSON, "events that go on", is_conditional=answer is None)
    if current and answer is None:
        # An event begins and changes while the list of past ones stands still.
        answer = pages.get(EVENTS, JSON, is_conditional=False)
    if answer is None:
        return None
    items = read_list(answer)
    if not any(isinstance(item, dict) and "service" in item and "startTime" in item for item in items):
        raise Fatal(f"{redact_url(answer.url)}: no event of any service; AWS keeps some, so the list has changed shape")
    past = {incident.id: incident for incident in parse_past_events(items, pages.make_item_reader(answer), known)}
    # An event in both lists is over: the past one knows its end.
    return list(({incident.id: incident for incident in _read_current_events(pages, current)} | past).values())


def _read_current_events(pages: Pages, answer: Answer | None) -> list[Incident]:
    """Reads the events of the list of ongoing ones, which names what has just ended, too; an empty list is a calm
    day."""
    return pages.make_item_reader(answer).read_each(read_list(answer), read_current_event) if answer else []


def parse_past_events(items: Iterable[Mapping[str, Any]], reader: ItemReader, known: Known) -> list[Incident]:
    """Reads the events of `/public/events`, with instants in milliseconds and the log as a string of JSON.

    An event of several services is Bedrock's if it names Bedrock, or if an earlier visit saw that it does (`known`).
    """
    return reader.read_each(items, partial(_read_past_event, known=known))


def _read_past_event(item: Mapping[str, Any], known: Known) -> Incident | None:
    service = str(item.get("service")).lower()
    if service not in (SERVICE, SEVERAL):
        return None
    start, end = parse_instant(item.get("startTime")), parse_instant(item.get("endTime"))
    if start is None:
        raise Fatal("an event without a beginning; the list has changed shape")
    region, metadata = str(item.get("region") or "global"), item.get("metadata") or {}
    code = _make_id(region, start)
    log = _read_log(metadata.get("EVENT_LOG"))
    if service == SEVERAL and code not in known and not _names_service(item, metadata, log):
        return None
    # Its log grades the event as a whole: for Bedrock, the grade seen while it went on is the better one.
    seen = (known.get(code) or {}).get("severity_word") if service == SEVERAL else None
    incident = _make_incident(region, start, log, str(item.get("typeCode") or ""), end, seen)
    return replace(incident, updated_at=parse_instant(item.get("lastUpdatedTime")))


def _names_service(item: Mapping[str, Any], metadata: Mapping[str, Any], log: Iterable[Mapping[str, Any]]) -> bool:
    """Returns whether an event of several services lists Bedrock, or, without a list, writes of it."""
    fields = (*item.items(), *metadata.items())
    lists = [value for name, value in fields if re.search("impacted|affected", name, re.IGNORECASE)]
    texts = [json.dumps(value) for value in lists if value] or [
        str(entry.get(part)) for entry in log for part in ("summary", "message")
    ]
    return any(_NAMED.search(text) for text in texts)


def read_current_event(item: Mapping[str, Any]) -> Incident | None:
    """Reads an event of `/public/currentevents`, with seconds as strings and the services that it affects."""
    start, affected = parse_instant(item.get("date")), item.get("impacted_services") or {}
    # Before the filter: a changed list must fail even on a day without an event of Bedrock.
    if start is None:
        raise Fatal("an event without a beginning; the list has changed shape")
    own = [code for code in (str(item.get("service")), *affected) if code.lower().partition("-")[0] == SERVICE]
    if not own:
        return None
    regions = sorted({code.lower().partition("-")[2] for code in own if "-" in code}) or ["global"]
    grades = [(affected[code].get("max"), affected[code].get("current")) for code in own if code in affected]
    worst = pick_worst_word(str(most) for most, _ in grades if most is not None)
    log, name = list_objects(item.get("event_log")), str(item.get("summary") or "")
    end, home = parse_instant(item.get("end_time")), _find_home(item, regions)
    incident = _make_incident(home, start, log, name, end, worst, regions)
    is_well = str(item.get("status")) == WELL or (grades and all(str(now) == WELL for _, now in grades))
    return replace(incident, status_word="resolved", is_listed_open=False) if is_well else incident


def _find_home(item: Mapping[str, Any], regions: list[str]) -> str:
    """Finds the region under which the past list will file an event: the one in its ARN, else Bedrock's first."""
    parts = str(item.get("arn") or "").split(":")
    return parts[3].lower() if len(parts) > 4 and parts[3] else regions[0]


def _read_log(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, str) or not value.strip():
        return list_objects(value)
    try:
        return list_objects(json.loads(value))
    except ValueError:
        raise Fatal("an event's log is not JSON; the list has changed shape") from None


def _make_id(region: str, start: datetime) -> str:
    """Makes an id from service, region and beginning, so that both lists give the same one."""
    return f"{SERVICE}-{clean_line(region, 40)}-{int(start.timestamp())}"


def _make_incident(
    home: str,
    start: datetime,
    log: list[Mapping[str, Any]],
    name: str,
    end: datetime | None,
    worst: str | None,
    regions: Iterable[str] = (),
) -> Incident:
    """Makes an incident; `name` is its title without a log, `worst` Bedrock's own severity if the list tells it.

    `home` is the event's region, `regions` are those in which Bedrock is affected, if the list tells them.
    """
    updates = tuple(sorted(_read_updates(log), key=lambda update: update.at, reverse=True))
    oldest_first = sorted(log, key=lambda entry: str(entry.get("timestamp")))
    summaries = [str(entry.get("summary") or "") for entry in oldest_first]
    is_over = end is not None or _RESOLVED.match(name) is not None
    return Incident(
        id=_make_id(home, start),
        title=_RESOLVED.sub("", next(filter(None, summaries), "")) or _RESOLVED.sub("", name),
        url=PAGE,
        severity_word=worst
        or pick_worst_word(str(entry["status"]) for entry in log if entry.get("status") is not None),
        status_word="resolved" if is_over else None,
        updates=updates,
        posted_at=updates[-1].at if updates else start,
        started_at=start,
        resolved_at=end,
        components=tuple((region, f"Bedrock {region}") for region in regions or (home,)),
        is_listed_open=not is_over,
    )


def _read_updates(log: list[Mapping[str, Any]]) -> Iterator[Update]:
    for entry in log:
        if at := parse_instant(entry.get("timestamp")):
            # A log entry has no status word: only the summary's prefix marks the end.
            word = "resolved" if _RESOLVED.match(str(entry.get("summary"))) else "update"
            yield Update(at, word, str(entry.get("message") or ""))


FORMAT = StatusFormat(
    read_incidents=read_incidents,
    keys=(EVENTS_KEYS, CURRENT_KEYS),
    keeps_history=False,
    is_forgetful=True,
)
