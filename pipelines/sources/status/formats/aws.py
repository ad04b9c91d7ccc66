"""AWS Health's public lists, in UTF-16: past and present events of all services, of which those of Bedrock are kept."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from pipelines.http.answers import redact_url
from pipelines.http.errors import Denied, Fatal, Gone
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import (
    JSON,
    Pages,
    Shape,
    StatusFormat,
    list_objects,
    pick_worst_word,
    read_list,
)
from pipelines.text.values import clean_line, parse_instant

EVENTS, CURRENT = "/public/events", "/public/currentevents"
SERVICE = "bedrock"
PAGE = "https://health.aws.amazon.com/health/status"
_RESOLVED = re.compile(r"^\s*\[RESOLVED\]\s*", re.IGNORECASE)


def read_incidents(pages: Pages) -> list[Incident] | None:
    """Reads past and present events; only the present ones if the list of past events is gone."""
    try:
        answer = pages.get(EVENTS, JSON)
    except Gone:
        return list(parse_current_events(_get_current_events(pages) or []))
    if answer is None:
        return None
    items = read_list(answer)
    if not items or not any("service" in item and "startTime" in item for item in items):
        raise Fatal(f"{redact_url(answer.url)}: no event of any service; AWS keeps some, so the list has changed shape")
    incidents = {incident.id: incident for incident in parse_past_events(items, redact_url(answer.url))}
    with suppress(Gone, Denied):
        current = {incident.id: incident for incident in parse_current_events(_get_current_events(pages) or [])}
        # An event in both lists is over: the past one knows its end.
        incidents = current | incidents
    return list(incidents.values())


def _get_current_events(pages: Pages) -> list[Mapping[str, Any]] | None:
    """Gets the ongoing events; an empty list is a calm day."""
    answer = pages.get(CURRENT, JSON, is_conditional=False)
    return None if answer is None else read_list(answer)


def parse_past_events(items: list[Mapping[str, Any]], where: str) -> Iterator[Incident]:
    """Yields the events of `/public/events`, with instants in milliseconds and the log as a string of JSON."""
    for item in items:
        if str(item.get("service")).lower() != SERVICE:
            continue
        start, end = parse_instant(item.get("startTime")), parse_instant(item.get("endTime"))
        if start is None:
            raise Fatal(f"{where}: an event without a beginning; the list has changed shape")
        log = _read_log((item.get("metadata") or {}).get("EVENT_LOG"), where)
        yield _make_incident(
            str(item.get("region") or "global"),
            start,
            end,
            log,
            str(item.get("typeCode") or ""),
            parse_instant(item.get("lastUpdatedTime")),
        )


def parse_current_events(items: list[Mapping[str, Any]]) -> Iterator[Incident]:
    """Yields the events of `/public/currentevents`, with seconds as strings and a list of affected services."""
    for item in items:
        affected = [str(item.get("service")), *(item.get("impacted_services") or {})]
        region = next(
            (code.lower().partition(f"{SERVICE}-")[2] for code in affected if code.lower().startswith(f"{SERVICE}-")),
            None,
        )
        start = parse_instant(item.get("date"))
        # Before the filter: a changed list must fail even on a day without an event of Bedrock.
        if start is None:
            raise Fatal(f"{PAGE}: an event without a beginning; the list has changed shape")
        if region is None and SERVICE not in (code.lower() for code in affected):
            continue
        log = list_objects(item.get("event_log"))
        yield _make_incident(region or "global", start, None, log, str(item.get("summary") or ""), None)


def _read_log(value: Any, where: str) -> list[Mapping[str, Any]]:
    if not isinstance(value, str) or not value.strip():
        return list_objects(value)
    try:
        return list_objects(json.loads(value))
    except ValueError:
        raise Fatal(f"{where}: an event's log is not JSON; the list has changed shape") from None


def _make_incident(
    region: str,
    start: datetime,
    end: datetime | None,
    log: list[Mapping[str, Any]],
    name: str,
    updated: datetime | None,
) -> Incident:
    """Makes an incident with an id from service, region and beginning, so that both lists give the same one."""
    updates = tuple(sorted(_read_updates(log), key=lambda update: update.at, reverse=True))
    oldest_first = sorted(log, key=lambda entry: str(entry.get("timestamp")))
    summaries = [str(entry.get("summary") or "") for entry in oldest_first]
    return Incident(
        id=f"{SERVICE}-{clean_line(region, 40)}-{int(start.timestamp())}",
        title=_RESOLVED.sub("", next(filter(None, summaries), "")) or name,
        url=PAGE,
        severity_word=pick_worst_word(str(entry["status"]) for entry in log if entry.get("status") is not None),
        status_word="resolved" if end else None,
        updates=updates,
        posted_at=updates[-1].at if updates else start,
        started_at=start,
        resolved_at=end,
        updated_at=updated,
        components=((region, f"Bedrock {region}"),),
        is_listed_open=end is None,
    )


def _read_updates(log: list[Mapping[str, Any]]) -> Iterator[Update]:
    for entry in log:
        if at := parse_instant(entry.get("timestamp")):
            # A log entry has no status word: only the summary's prefix marks the end.
            word = "resolved" if _RESOLVED.match(str(entry.get("summary"))) else "update"
            yield Update(at, word, str(entry.get("message") or ""))


def _is_aws(shape: Shape) -> bool:
    """Recognises a list of events with a service and the log of either list."""
    first = next(iter(list_objects(shape.data)), {})
    return {"service", "typeCode"} <= first.keys() or {"event_log", "region_name"} <= first.keys()


FORMAT = StatusFormat(platform="AWS Health", read_incidents=read_incidents, recognise=_is_aws, keeps_history=False)
