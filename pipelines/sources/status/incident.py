"""One incident of a status page, whatever the page speaks: its facts, never the texts of its updates."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from pipelines.contract import Row
from pipelines.sources.status import causes, severities
from pipelines.sources.status.stated_windows import stated
from pipelines.text.values import clean_line, format_instant

TITLE_LIMIT = 160


@dataclass(frozen=True, slots=True)
class Update:
    """One post about an incident."""

    at: datetime
    word: str
    text: str = ""
    """Read for the window of time, the cause and the fault of others that it may state; never kept."""


@dataclass(frozen=True, slots=True)
class Incident:
    """What a page says of an incident."""

    id: str
    title: str
    url: str | None
    severity_word: str | None
    updates: tuple[Update, ...]
    """Newest first, as pages give them; feeds give minutes only, so equal instants keep this order."""
    status_word: str | None = None
    posted_at: datetime | None = None
    started_at: datetime | None = None
    """Only where the page states it apart from the first post."""
    resolved_at: datetime | None = None
    updated_at: datetime | None = None
    components: tuple[tuple[str, str], ...] = ()
    """(id, name) of what it touches."""
    is_listed_open: bool | None = None
    """Whether the page's own list of open incidents has it; None where there is no such list."""
    notes: tuple[str, ...] = field(default=())
    """Words of the page that decide the kind beside the title."""
    is_automatic: bool = False
    """Whether a monitor posts such incidents by itself, also those of seconds."""
    parts: tuple[str, ...] = ()
    """Ids by which the page would call it if it had forgotten its beginning."""


def row(incident: Incident, page: str = "") -> Row:
    """The incident as it is landed; `page` is the address of the page, whose own name blames nobody else."""
    updates = list(incident.updates[::-1])
    updates.sort(key=attrgetter("at"))  # a stable sort: of one instant, the lower on the page stays the earlier
    level = severities.severity(incident.severity_word)
    title, texts = clean_line(incident.title, TITLE_LIMIT), [update.text for update in updates]
    body = {
        "incident_id": incident.id,
        "title": title,
        "url": incident.url,
        "severity_word": clean_line(incident.severity_word, 40) or None,
        "severity": level,
        "kind": severities.kind(" ".join((title, *incident.notes)), level, incident.severity_word, texts, page),
        "started_at": format_instant(incident.started_at),
        "identified_at": format_instant(_first(updates, {"identified"})),
        "monitoring_at": format_instant(_first(updates, {"monitoring"})),
        "is_listed_open": incident.is_listed_open,
        "is_automatic": incident.is_automatic,
        "has_cause": causes.has_cause(texts),
        "has_postmortem": causes.has_report((update.word for update in updates), texts),
        "updates_count": len(updates),
        "last_update_at": format_instant(updates[-1].at if updates else None),
        "component_ids": [clean_line(one, 80) for one, _ in incident.components],
        "component_names": [clean_line(name, 80) for _, name in incident.components],
        "rules_version": severities.RULES_VERSION,
    }
    changed = incident.updated_at or (updates[-1].at if updates else incident.posted_at or incident.started_at)
    return Row(incident.id, changed, body | _course(incident, updates))


def _course(incident: Incident, updates: list[Update]) -> dict[str, Any]:
    """When it was posted and over, in which state it is, and whether it was posted late; `updates` from the oldest."""
    status = incident.status_word or next(
        (update.word for update in reversed(updates) if update.word != "update"), None
    )
    posted = incident.posted_at or (updates[0].at if updates else incident.started_at)
    is_over = (status or "").lower() in severities.RESOLVED
    resolved = incident.resolved_at or (_first(reversed(updates), severities.ENDS) if is_over else None)
    is_first_post = bool(updates) and posted is not None and updates[0].at - posted < timedelta(minutes=1)
    was_posted_over = is_first_post and updates[0].word.lower() in severities.RESOLVED
    window = stated_window(incident)
    return {
        "status_word": clean_line(status, 40) or None,
        "posted_at": format_instant(posted),
        "resolved_at": format_instant(resolved),
        "window_start_at": format_instant(window[0]) if window else None,
        "window_end_at": format_instant(window[1]) if window else None,
        "is_over": is_over or resolved is not None,
        "is_retro": bool(was_posted_over or (resolved and posted and resolved < posted)),
        "drift": severities.drift(impact=incident.severity_word, status=status),
    }


def _first(updates: Iterable[Update], words: Iterable[str]) -> datetime | None:
    return next((update.at for update in updates if update.word.lower() in words), None)


def stated_window(incident: Incident) -> tuple[datetime, datetime] | None:
    """The stretch of time that the newest update to state one names; else that of the title."""
    updates = sorted(incident.updates, key=attrgetter("at"), reverse=True)
    said = [(update.text, update.at) for update in updates]
    if updates:
        said.append((incident.title, updates[0].at))
    return next((found for text, at in said if (found := stated(text, at))), None)
