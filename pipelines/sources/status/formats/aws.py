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
from pipelines.sources.status.pages import JSON, Pages, Shape, StatusFormat, dicts, listed, worst
from pipelines.text.values import clean_line, parse_instant

EVENTS, CURRENT = "/public/events", "/public/currentevents"
SERVICE = "bedrock"
PAGE = "https://health.aws.amazon.com/health/status"
_RESOLVED = re.compile(r"^\s*\[RESOLVED\]\s*", re.IGNORECASE)


def incidents(asked: Pages) -> list[Incident] | None:
    """Past and present events; only the present ones where the list of the past is gone."""
    try:
        answer = asked.get(EVENTS, JSON)
    except Gone:
        return list(current(_current(asked) or []))
    if answer is None:
        return None
    items = listed(answer)
    if not items or not any("service" in one and "startTime" in one for one in items):
        raise Fatal(f"{redact_url(answer.url)}: no event of any service; AWS keeps some, so the list has changed shape")
    found = {one.id: one for one in past(items, redact_url(answer.url))}
    with suppress(Gone, Denied):
        found = {one.id: one for one in current(_current(asked) or [])} | found
    return list(found.values())


def _current(asked: Pages) -> list[Mapping[str, Any]] | None:
    """The events that go on now: on a calm day there is none."""
    answer = asked.get(CURRENT, JSON, is_conditional=False)
    return None if answer is None else listed(answer)


def past(items: list[Mapping[str, Any]], where: str) -> Iterator[Incident]:
    """Events of `/public/events`: instants in milliseconds, a log of updates as a string of JSON."""
    for item in items:
        if str(item.get("service")).lower() != SERVICE:
            continue
        start, end = parse_instant(item.get("startTime")), parse_instant(item.get("endTime"))
        if start is None:
            raise Fatal(f"{where}: an event without a beginning; the list has changed shape")
        log = _log((item.get("metadata") or {}).get("EVENT_LOG"), where)
        yield _event(
            str(item.get("region") or "global"),
            start,
            end,
            log,
            str(item.get("typeCode") or ""),
            parse_instant(item.get("lastUpdatedTime")),
        )


def current(items: list[Mapping[str, Any]]) -> Iterator[Incident]:
    """Events of `/public/currentevents`: seconds as strings, and events of many services with those that they touch."""
    for item in items:
        touched = [str(item.get("service")), *(item.get("impacted_services") or {})]
        region = next(
            (code.lower().partition(f"{SERVICE}-")[2] for code in touched if code.lower().startswith(f"{SERVICE}-")),
            None,
        )
        start = parse_instant(item.get("date"))
        if start is None:
            raise Fatal(f"{PAGE}: an event without a beginning; the list has changed shape")
        if region is None and SERVICE not in (code.lower() for code in touched):
            continue
        yield _event(
            region or "global", start, None, dicts(item.get("event_log")), str(item.get("summary") or ""), None
        )


def _log(value: Any, where: str) -> list[Mapping[str, Any]]:
    if not isinstance(value, str) or not value.strip():
        return dicts(value)
    try:
        return dicts(json.loads(value))
    except ValueError:
        raise Fatal(f"{where}: an event's log is no JSON; the list has changed shape") from None


def _event(
    region: str,
    start: datetime,
    end: datetime | None,
    log: list[Mapping[str, Any]],
    name: str,
    updated: datetime | None,
) -> Incident:
    """Both lists name an event alike: by service, region and beginning."""
    updates = tuple(sorted(_updates(log), key=lambda one: one.at, reverse=True))
    summaries = [str(one.get("summary") or "") for one in sorted(log, key=lambda one: str(one.get("timestamp")))]
    return Incident(
        id=f"{SERVICE}-{clean_line(region, 40)}-{int(start.timestamp())}",
        title=_RESOLVED.sub("", next(filter(None, summaries), "")) or name,
        url=PAGE,
        severity_word=worst(str(one["status"]) for one in log if one.get("status") is not None),
        status_word="resolved" if end else None,
        updates=updates,
        posted_at=updates[-1].at if updates else start,
        started_at=start,
        resolved_at=end,
        updated_at=updated,
        components=((region, f"Bedrock {region}"),),
        is_listed_open=end is None,
    )


def _updates(log: list[Mapping[str, Any]]) -> Iterator[Update]:
    for one in log:
        if at := parse_instant(one.get("timestamp")):
            yield Update(
                at, "resolved" if _RESOLVED.match(str(one.get("summary"))) else "update", str(one.get("message") or "")
            )


def _recognise(shape: Shape) -> bool:
    """A list of events with a service and the log of either list."""
    first = next(iter(dicts(shape.data)), {})
    return {"service", "typeCode"} <= first.keys() or {"event_log", "region_name"} <= first.keys()


FORMAT = StatusFormat(platform="AWS Health", incidents=incidents, recognise=_recognise, keeps_history=False)
