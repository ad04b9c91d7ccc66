"""Status pages of vendors: incidents as the page tells them, the words of its components, and the downtime it counted,
day by day."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pipelines.contract import Page, Row, Stream, Visit
from pipelines.formats import find_format
from pipelines.http.errors import Fatal
from pipelines.sources.status import formats, severities
from pipelines.sources.status import incident as told
from pipelines.sources.status.incident import Incident
from pipelines.sources.status.pages import Component, Day, Pages, StatusFormat
from pipelines.text.values import clean_line, format_instant, parse_instant
from warehouse.faults import Fault

FORMATS = formats.FORMATS
STREAMS = {
    "incidents": Stream(order="whole", empty_is_normal=True),
    "components": Stream(order="whole", empty_is_normal=True),
    "days": Stream(order="whole", empty_is_normal=True),
}
SETTLED = timedelta(days=7)
"""A page may correct the days before its last one for so long."""


def incidents(visit: Visit) -> Iterator[Page]:
    """Every incident that the page still shows: some 25 to 50, or all of Google's. What it drops later stays in the
    warehouse."""
    spoken, asked = _ask(visit)
    found = spoken.incidents(asked)
    if found is None:
        yield Page([], visit.cursor, is_unchanged=True)
        return
    folded = _folded(found, visit.cursor.get("folded") or {})
    found = [one for one in found if one.id not in folded]
    if not found and spoken.keeps_history and visit.cursor.get("count"):
        raise Fatal(
            f"{asked.base}: no incident where there were {visit.cursor['count']} at the last visit; not believed",
            Fault.EMPTY,
        )
    cursor: dict[str, Any] = {"pages": asked.seen, "count": len(found)}
    if folded:
        cursor["folded"] = folded
    if spoken.is_forgetful:
        cursor["known"] = _known(found, visit.cursor.get("known") or {})
        found = [_completed(one, cursor["known"][one.id]) for one in found]
    yield Page([told.row(one, asked.base) for one in found], cursor, expected=len(found))


def components(visit: Visit) -> Iterator[Page]:
    """The components with their words of today. Where the format shows none, nothing is expected."""
    spoken, asked = _ask(visit)
    if spoken.components is None:
        yield Page([], expected=0)
        return
    found = spoken.components(asked)
    if found is None:
        yield Page([], visit.cursor, is_unchanged=True)
        return
    yield Page([_component(one, visit) for one in found], {"pages": asked.seen}, expected=len(found))


def days(visit: Visit) -> Iterator[Page]:
    """Seconds of downtime by component and day, where the page counts them: all its days at first, then those that may
    still change."""
    spoken, asked = _ask(visit)
    if spoken.days is None:
        yield Page([], expected=0)
        return
    found = spoken.days(asked)
    if found is None:
        yield Page([], visit.cursor, is_unchanged=True)
        return
    if not found:
        raise Fatal(f"{asked.base}: no day of any component, where the page counts some 90; it has changed shape")
    until, last = parse_instant(visit.cursor.get("until")), max(one.on for one in found)
    wanted = [one for one in found if until is None or one.on >= (until - SETTLED).date()]
    yield Page(
        [_day(one) for one in wanted],
        {"pages": asked.seen, "until": last.isoformat()},
        expected=len(wanted),
        total=len(found),
    )


def _ask(visit: Visit) -> tuple[StatusFormat, Pages]:
    return find_format(FORMATS, visit.channel), Pages(visit, formats.refuse_others)


def _folded(found: list[Incident], known: Mapping[str, str]) -> dict[str, str]:
    """Entries that are the end of an incident of another id, and which: also where the page has dropped its beginning
    since."""
    listed = {one.id for one in found}
    return {code: whole for code, whole in known.items() if code in listed} | {
        code: one.id for one in found for code in one.parts
    }


def _known(found: list[Incident], before: Mapping[str, Any]) -> dict[str, dict[str, str | None]]:
    """By incident, the last severity and the first post that any visit was told, of those that the page still shows."""
    return {one.id: _facts(one, before.get(one.id) or {}) for one in found}


def _facts(one: Incident, before: Mapping[str, Any]) -> dict[str, str | None]:
    first = one.posted_at or min((update.at for update in one.updates), default=None)
    posted = [at for at in (first, parse_instant(before.get("posted_at"))) if at]
    return {
        "severity_word": one.severity_word or before.get("severity_word"),
        "posted_at": format_instant(min(posted, default=None)),
    }


def _completed(one: Incident, known: Mapping[str, str | None]) -> Incident:
    """The incident with what the page no longer says of it."""
    posted = parse_instant(known["posted_at"])
    is_earlier = posted is not None and (not one.updates or posted < min(update.at for update in one.updates))
    return replace(one, severity_word=known["severity_word"], posted_at=posted if is_earlier else one.posted_at)


def _component(one: Component, visit: Visit) -> Row:
    code, day = clean_line(one.id, 80), visit.now.date().isoformat()
    body = {
        "component_id": code,
        "day_on": day,
        "name": clean_line(one.name, 80),
        "status_word": clean_line(one.word, 40) or None,
        "severity": severities.severity(one.word),
        "changed_at": format_instant(one.changed_at),
        "drift": severities.drift(status=one.word),
    }
    return Row(f"{code}@{day}", one.changed_at, body)


def _day(one: Day) -> Row:
    code, day = clean_line(one.component_id, 80), one.on.isoformat()
    body = {
        "component_id": code,
        "day_on": day,
        "name": clean_line(one.name, 80),
        "status_word": clean_line(one.word, 40) or None,
        "severity": severities.severity(one.word),
        "downtime_seconds": one.downtime_seconds,
        "maintenance_seconds": one.maintenance_seconds,
        "time_zone": one.time_zone,
        "drift": severities.drift(status=one.word),
    }
    return Row(f"{code}@{day}", None, body)
