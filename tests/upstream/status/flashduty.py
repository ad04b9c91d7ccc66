"""Flashduty: the latest status of each incident in Atom, its beginning in RSS; older ones are two entries, the end with
a prefix."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from xml.sax.saxutils import escape

from tests.upstream.messages import Response, text_answer
from tests.upstream.status.rss import item, rfc822, rss
from tests.upstream.world.draws import DAY
from tests.upstream.world.incidents import BODIES, Incident, Page

NEWEST, ENDED = 40, "[已恢复]"
PAIRED_BEFORE = 60 * DAY
"""Incidents older than this were brought over from another platform, as pairs."""
CHINA = timezone(timedelta(hours=8))
Stated = tuple[int, int, str, str, str]
"""When it changed, when it began, number, title, HTML."""


def entries(page: Page) -> list[Stated]:
    """What both feeds tell, the last changed first."""
    return sorted(
        (stated for one in page.until() if not one.is_maintenance for stated in _told(page, one)), reverse=True
    )[:NEWEST]


def _told(page: Page, incident: Incident) -> Iterator[Stated]:
    updates = incident.until(page.clock.now)
    title, number, began = f"服务异常（{incident.name}）", str(incident.draw % 10**13), incident.posted
    ended = incident.resolved(page.clock.now)
    if incident.posted >= page.start - PAIRED_BEFORE:
        yield updates[0].at, began, number, title, _html(incident, updates[0].status)
        return
    yield began, began, number, title, _html(incident, "investigating")
    if ended is not None:
        yield max(began, ended), max(began, ended), f"7{number}", ENDED + title, _html(incident, "resolved")


def _html(incident: Incident, status: str) -> str:
    names = ", ".join(f"{one.name} 服务({one.name})" for one in incident.components)
    text = BODIES.get(status, "An update.")
    return (
        f"<p><strong>Status:</strong> {status}</p><p>正在处理。\n\n{text}</p><p><strong>Affected components:</strong> "
        f"{names}</p>"
    )


def _atom(page: Page) -> Response:
    parts = "".join(_entry(page, *stated) for stated in entries(page))
    head = f"<title>{escape(page.title)}</title><id>https://{page.host}</id>"
    text = f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">{head}\n{parts}</feed>'
    return text_answer(text, "application/atom+xml; charset=utf-8")


def _entry(page: Page, at: int, began: int, number: str, title: str, html: str) -> str:
    changed = datetime.fromtimestamp(at, UTC).astimezone(CHINA).isoformat()
    link = f'<link href="https://{page.host}/incidents/{number}" rel="alternate"></link>'
    return (
        f"<entry><title>{escape(title)}</title><updated>{changed}</updated><id>urn:flashduty:change:{number}</id>{link}"
        f'<summary type="html">{escape(html)}</summary></entry>\n'
    )


def _rss(page: Page) -> Response:
    items = (
        item(title, f"https://{page.host}/incidents/{number}", f"urn:flashduty:change:{number}", rfc822(began, 8), html)
        for _, began, number, title, html in entries(page)
    )
    return text_answer(rss(page.title, f"https://{page.host}", items), "application/rss+xml; charset=utf-8")


ANSWERS: dict[str, Callable[[Page], Response]] = {"/feed.atom": _atom, "/feed.rss": _rss}
