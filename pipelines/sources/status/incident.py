"""One incident of a status page of any format: its facts, never the texts of its updates."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from pipelines.contract import Row
from pipelines.http.errors import Fatal
from pipelines.sources.status import causes, severities
from pipelines.sources.status.stated_windows import Setting, StatedWindow, read_stated_window
from pipelines.text.values import clean_line, format_instant

TITLE_LIMIT = 160


@dataclass(frozen=True, slots=True)
class Update:
    """One post about an incident."""

    at: datetime
    word: str
    text: str = ""
    """Read for a stated window, a cause or the blame of another firm; never stored."""
    written_at: datetime | None = None
    """When it was written, if the page gives that beside `at`, which may be dated back."""


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as its page describes it."""

    id: str
    title: str
    url: str | None
    severity_word: str | None
    updates: tuple[Update, ...]
    """Newest first, in the page's order."""
    status_word: str | None = None
    posted_at: datetime | None = None
    started_at: datetime | None = None
    """Set only if the page states it separately from the first post, or dates that one back."""
    resolved_at: datetime | None = None
    updated_at: datetime | None = None
    components: tuple[tuple[str, str], ...] = ()
    """(id, name) of each affected component."""
    is_listed_open: bool | None = None
    """True if the page's own list of open incidents has it; None without such a list."""
    notes: tuple[str, ...] = field(default=())
    """Words of the page that decide the kind together with the title."""
    is_automatic: bool = False
    """True if a monitor posts such incidents by itself, even those that last seconds."""
    parts: tuple[str, ...] = ()
    """Ids under which the page lists it once its first entry has dropped out."""


def make_incident_row(incident: Incident, page: str = "") -> Row:
    """Makes the landed row; `page` is the page's address, so that its own name blames nobody else.

    Raises Fatal for an incident without an id, which would be taken for any other one.
    """
    if not incident.id:
        raise Fatal("an incident whose id has no character that can be seen")
    updates = list(incident.updates[::-1])
    # Feeds give minutes only. The sort is stable: at one instant, the update lower on the page stays the earlier.
    updates.sort(key=attrgetter("at"))
    names = [clean_line(name, 80) for _, name in incident.components]
    body = {
        "incident_id": incident.id,
        "title": clean_line(incident.title, TITLE_LIMIT),
        "url": incident.url,
        "started_at": format_instant(incident.started_at),
        "is_listed_open": incident.is_listed_open,
        "is_automatic": incident.is_automatic,
        "is_beside": all(map(severities.is_beside_only, names or [clean_line(incident.title, TITLE_LIMIT)])),
        "last_update_at": format_instant(updates[-1].at if updates else None),
        "component_ids": [clean_line(code, 80) for code, _ in incident.components],
        "component_names": names,
    }
    changed = incident.updated_at or (updates[-1].at if updates else incident.posted_at or incident.started_at)
    return Row(incident.id, changed, body | _grade_words(incident, updates, page) | _describe_course(incident, updates))


def _grade_words(incident: Incident, updates: list[Update], page: str) -> dict[str, Any]:
    """Grades an incident by its words: severity, kind, and whether its cause and a report were stated."""
    level, texts = severities.grade_word(incident.severity_word), [update.text for update in updates]
    reported = [update for update in updates if causes.has_report((update.word,), (update.text,))]
    reports, posts = [update.text for update in reported], [update.text for update in updates if update not in reported]
    words = " ".join((clean_line(incident.title, TITLE_LIMIT), *incident.notes))
    return {
        "severity": level,
        "kind": severities.classify_incident(words, level, incident.severity_word, posts, page, reports),
        "has_cause": causes.has_cause(texts),
        "has_postmortem": causes.has_report((update.word for update in updates), texts),
    }


def _describe_course(incident: Incident, updates: list[Update]) -> dict[str, Any]:
    """Describes the incident's course: its first post, its end and its status. `updates`: oldest first."""
    # Readers file a post without a status of its own as `update`, which says nothing about the incident's status.
    status = incident.status_word or next(
        (update.word for update in reversed(updates) if update.word != "update"), None
    )
    posted = incident.posted_at or (updates[0].at if updates else incident.started_at)
    is_over = (status or "").lower() in severities.RESOLVED
    resolved = incident.resolved_at or (_find_first_instant(reversed(updates), severities.ENDS) if is_over else None)
    is_first_post = bool(updates) and posted is not None and updates[0].at - posted < timedelta(minutes=1)
    was_posted_over = is_first_post and updates[0].word.lower() in severities.RESOLVED
    is_retro = bool(was_posted_over or (resolved and posted and resolved < posted))
    # An incident posted while it went on had not ended before, whatever windows its posts state.
    window = find_stated_window(incident, None if is_retro else posted, resolved)
    return {
        "posted_at": format_instant(posted),
        "resolved_at": format_instant(resolved),
        "window_start_at": format_instant(window[0]) if window else None,
        "window_end_at": format_instant(window[1]) if window else None,
        "is_over": is_over or resolved is not None,
        "is_retro": is_retro,
        "drift": severities.list_unknown_words(impact=incident.severity_word, status=status),
    }


def _find_first_instant(updates: Iterable[Update], words: Iterable[str]) -> datetime | None:
    return next((update.at for update in updates if update.word.lower() in words), None)


def find_stated_window(
    incident: Incident, ends_after: datetime | None = None, begins_before: datetime | None = None
) -> StatedWindow | None:
    """Finds the window in the newest update that states one, else in the title; the instants are its limits."""
    updates = sorted(incident.updates, key=attrgetter("at"), reverse=True)
    dated_texts = [(update.text, update.at, update.written_at or update.at) for update in updates]
    if updates:
        dated_texts.append((incident.title, *dated_texts[0][1:]))
    settings = ((text, Setting(at, written, ends_after, begins_before)) for text, at, written in dated_texts)
    return next((window for text, setting in settings if (window := read_stated_window(text, setting))), None)
