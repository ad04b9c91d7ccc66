"""Status pages of vendors: incidents, and the components that each page lists."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http.errors import Fatal
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.sources.status.formats import FORMATS
from pipelines.sources.status.incident import TITLE_LIMIT, Incident, make_incident_row
from pipelines.sources.status.pages import Component, Pages, StatusFormat
from pipelines.text.values import clean_line, format_instant, parse_instant
from warehouse.faults import Fault

STREAMS = {
    "incidents": Stream(empty_is_normal=True),
    "components": Stream(empty_is_normal=True),
}


def incidents(visit: Visit) -> Iterator[Page]:
    """Yields every incident that the page still shows: the 25 to 50 newest, or all of Google's."""
    form, pages = _open_pages(visit)
    with raises_on_unexpected_shape(pages.base):
        listed = form.read_incidents(pages)
    if listed is None:
        yield Page([], visit.cursor, is_unchanged=True)
        return
    folded = _find_folded_ids(listed, visit.cursor.get("folded") or {})
    listed = [incident for incident in listed if incident.id not in folded]
    # A page that suddenly lists nothing is more likely broken than without history.
    if not listed and form.keeps_history and visit.cursor.get("count"):
        raise Fatal(
            f"{pages.base}: no incidents, although the last visit read {visit.cursor['count']}; answer rejected",
            Fault.EMPTY,
        )
    cursor: dict[str, Any] = {"pages": pages.seen, "count": len(listed)}
    if folded:
        cursor["folded"] = folded
    if form.is_forgetful:
        cursor["known"] = _remember_incidents(listed, visit.cursor.get("known") or {})
        listed = [_restore_facts(incident, cursor["known"][incident.id]) for incident in listed]
    rows = pages.make_item_reader().read_each(listed, lambda incident: make_incident_row(incident, pages.base))
    expected = len(rows) + len(pages.skipped)
    yield Page(rows, cursor, expected=expected, skipped=(*pages.notes, *pages.skipped))


def components(visit: Visit) -> Iterator[Page]:
    """Yields the components that the page lists today; none if the format shows none."""
    form, pages = _open_pages(visit)
    if form.read_components is None:
        yield Page([], expected=0)
        return
    with raises_on_unexpected_shape(pages.base):
        listed = form.read_components(pages)
    if listed is None:
        yield Page([], visit.cursor, is_unchanged=True)
        return
    rows = [_make_component_row(component, visit) for component in listed]
    expected = len(rows) + len(pages.skipped)
    yield Page(rows, {"pages": pages.seen}, expected=expected, skipped=(*pages.notes, *pages.skipped))


def _open_pages(visit: Visit) -> tuple[StatusFormat, Pages]:
    form = FORMATS[visit.channel.format]
    return form, Pages(visit, form.keys)


def _find_folded_ids(listed: list[Incident], folded_before: Mapping[str, str]) -> dict[str, str]:
    """Finds entries that are the end of an incident with another id, and maps each to that id."""
    listed_ids = {incident.id for incident in listed}
    # Once the page drops the beginning, its end looks like an incident of its own: only the cursor knows better.
    return {code: whole for code, whole in folded_before.items() if code in listed_ids} | {
        code: incident.id for incident in listed for code in incident.parts
    }


def _remember_incidents(listed: list[Incident], before: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Remembers the title, last severity, first post and all components that visits saw, of incidents still listed."""
    return {incident.id: _remember_facts(incident, before.get(incident.id) or {}) for incident in listed}


def _remember_facts(incident: Incident, before: Mapping[str, Any]) -> dict[str, Any]:
    first = incident.posted_at or min((update.at for update in incident.updates), default=None)
    posted = [at for at in (first, parse_instant(before.get("posted_at"))) if at]
    return {
        "title": clean_line(incident.title, TITLE_LIMIT),
        "severity_word": clean_line(incident.severity_word, 40) or before.get("severity_word"),
        "posted_at": format_instant(min(posted, default=None)),
        # A feed that is cut after so many items may have lost those that named the other components.
        "components": [list(pair) for pair in dict.fromkeys((*incident.components, *_list_components(before)))],
    }


def _list_components(remembered: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(code, name) for code, name in remembered.get("components") or []]


def _restore_facts(incident: Incident, remembered: Mapping[str, Any]) -> Incident:
    """Restores the facts that the page no longer gives."""
    posted = parse_instant(remembered["posted_at"])
    is_earlier = posted is not None and (not incident.updates or posted < min(update.at for update in incident.updates))
    return replace(
        incident,
        severity_word=remembered["severity_word"],
        posted_at=posted if is_earlier else incident.posted_at,
        components=tuple(_list_components(remembered)),
    )


def _make_component_row(component: Component, visit: Visit) -> Row:
    code, day = clean_line(component.id, 80), visit.now.date().isoformat()
    body = {
        "component_id": code,
        "day_on": day,
        "name": clean_line(component.name, 80),
    }
    return Row(f"{code}@{day}", None, body)
