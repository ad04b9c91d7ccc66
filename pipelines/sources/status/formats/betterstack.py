"""Better Stack: reports, resources and their days in one JSON:API document, and a feed of what its monitors saw."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from pipelines.http.answers import Answer, redact_url, to_web_link
from pipelines.http.errors import Denied, Fatal, Gone
from pipelines.markup.feeds import XML, FeedEntry, read_feed
from pipelines.sources.status import betterstack_feed
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import JSON, Component, Day, Pages, Shape, StatusFormat, dicts, word, worst
from pipelines.text.values import clean_line, parse_instant

PATH = "/index.json"
STATES = ("operational", "degraded", "downtime", "maintenance")


def incidents(asked: Pages) -> list[Incident] | None:
    """Reports that people wrote, and incidents that monitors posted to the feed, each once.

    The document holds the state of every resource and report: where it has not changed, neither has the feed.
    """
    answer = asked.get(PATH, JSON)
    if answer is None:
        return None
    index = Index(answer)
    reports = [_report(item, index, asked.base) for item in index.of("status_report")]
    known = {one.id for one in reports}
    return [*reports, *(one for one in betterstack_feed.read(_feed(asked), asked.base) if one.id not in known)]


def _feed(asked: Pages) -> list[FeedEntry]:
    """The feed's entries; none where there is no feed, for monitors may have stopped posting to it."""
    with suppress(Gone, Denied):
        answer = asked.get("/feed", XML, is_conditional=False)
        return read_feed(answer) if answer else []
    return []


def components(asked: Pages) -> list[Component] | None:
    """The resources with their words of today."""
    answer = asked.get(PATH, JSON)
    if answer is None:
        return None
    return [Component(_id(one), _name(one), word(_of(one, "status"))) for one in Index(answer).resources()]


def days(asked: Pages) -> list[Day] | None:
    """What each resource's monitor counted day by day, some 90 days back."""
    answer = asked.get(PATH, JSON)
    if answer is None:
        return None
    index = Index(answer)
    return [
        found
        for one in index.resources()
        for day in dicts(_of(one, "status_history"))
        if (found := _day(one, day, index.time_zone))
    ]


class Index:
    """The document taken apart. Raises Fatal where it is none."""

    def __init__(self, answer: Answer) -> None:
        found = answer.json()
        data = found.get("data") if isinstance(found, dict) else None
        attributes = data.get("attributes") if isinstance(data, dict) else None
        if not isinstance(attributes, dict) or not isinstance(found.get("included"), list):
            raise Fatal(f"{redact_url(answer.url)}: no attributes or no included parts; the page has changed shape")
        self._where = redact_url(answer.url)
        self._included = dicts(found["included"])
        self.time_zone = clean_line(attributes.get("timezone"), 60) or "UTC"

    def of(self, kind: str) -> list[Mapping[str, Any]]:
        """All parts of a kind."""
        return [one for one in self._included if one.get("type") == kind]

    def resources(self) -> list[Mapping[str, Any]]:
        """The resources; a page without one has changed shape."""
        found = [one for one in self.of("status_page_resource") if one.get("id")]
        if not found:
            raise Fatal(f"{self._where}: no resource on the page; it has changed shape")
        return found

    def name(self, code: str) -> str:
        """The public name of a resource."""
        return next((_name(one) for one in self.of("status_page_resource") if _id(one) == code), "")

    def updates(self, report: Mapping[str, Any]) -> list[tuple[datetime, Mapping[str, Any]]]:
        """The updates of a report with their instants, oldest first."""
        linked = ((report.get("relationships") or {}).get("status_updates") or {}).get("data")
        wanted = {str(one.get("id")) for one in dicts(linked)}
        found = [
            (at, one)
            for one in self.of("status_update")
            if _id(one) in wanted and (at := parse_instant(_of(one, "published_at")))
        ]
        return sorted(found, key=lambda pair: (pair[0], _id(pair[1])))


def _report(item: Mapping[str, Any], index: Index, base: str) -> Incident:
    """`ends_at` may be empty although the report is resolved: then the update that says so is the end."""
    if not item.get("id"):
        raise Fatal(f"{base}: a report without an id; the page has changed shape")
    told = index.updates(item)
    touched = [
        one for part in (item, *(update for _, update in told)) for one in dicts(_of(part, "affected_resources"))
    ]
    named = {code: index.name(code) for code in (str(one.get("status_page_resource_id")) for one in touched)}
    code = clean_line(item["id"], 120)
    return Incident(
        id=code,
        title=str(_of(item, "title") or ""),
        url=to_web_link(f"{base}/incident/{code}"),
        severity_word=worst(one for one in (word(part.get("status")) for part in touched) if one != "resolved"),
        status_word=word(_of(item, "aggregate_state")),
        updates=tuple(_update(at, one) for at, one in reversed(told)),
        posted_at=told[0][0] if told else parse_instant(_of(item, "starts_at")),
        started_at=parse_instant(_of(item, "starts_at")),
        resolved_at=parse_instant(_of(item, "ends_at")) if _of(item, "aggregate_state") == "resolved" else None,
        components=tuple(sorted(((code, name) for code, name in named.items() if name), key=lambda one: one[::-1])),
        is_listed_open=_of(item, "aggregate_state") != "resolved",
        notes=("scheduled maintenance",) if _of(item, "report_type") == "maintenance" else (),
    )


def _update(at: datetime, item: Mapping[str, Any]) -> Update:
    """`resolved` where all that it names is; else no more than an update."""
    words = {word(one.get("status")) for one in dicts(_of(item, "affected_resources"))}
    return Update(
        at, "resolved" if words and words <= {"resolved", "operational"} else "update", str(_of(item, "message") or "")
    )


def _day(resource: Mapping[str, Any], day: Mapping[str, Any], time_zone: str) -> Day | None:
    """One row of a resource's history; None where it names no day."""
    try:
        on = date.fromisoformat(str(day.get("day")))
    except ValueError:
        return None
    seconds = (_seconds(day.get("downtime_duration")), _seconds(day.get("maintenance_duration")))
    return Day(_id(resource), _name(resource), on, word(day.get("status")), *seconds, time_zone)


def _seconds(value: Any) -> int | None:
    """Seconds of a day; what cannot be a part of one (25 hours at most, where clocks are put back) is not known."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return round(value) if is_number and 0 <= value <= 25 * 3600 else None


def _of(item: Mapping[str, Any], name: str) -> Any:
    return (item.get("attributes") or {}).get(name)


def _id(item: Mapping[str, Any]) -> str:
    return str(item.get("id"))


def _name(item: Mapping[str, Any]) -> str:
    return str(_of(item, "public_name") or "")


def _recognise(shape: Shape) -> bool:
    """JSON:API's `status_page`, or a feed of what went down and recovered."""
    data = shape.data.get("data") if isinstance(shape.data, dict) else None
    if isinstance(data, dict):
        return data.get("type") == "status_page" or (data.get("attributes") or {}).get("aggregate_state") in STATES
    return shape.data is None and betterstack_feed.is_one(shape.text)


FORMAT = StatusFormat(
    platform="Better Stack",
    incidents=incidents,
    components=components,
    days=days,
    recognise=_recognise,
    html_marks=("betterstack.com", "betteruptime.com"),
    keeps_history=False,
)
