"""Checkly: a log of updates in RSS, several items to an incident."""

from collections.abc import Callable

from tests.upstream.messages import Response, text_answer
from tests.upstream.status.rss import item, rfc822, rss
from tests.upstream.world.incidents import BODIES, Incident, Page, Update

NEWEST = 50


def _feed(page: Page) -> Response:
    log = [(update, one) for one in page.until() if not one.is_maintenance for update in one.until(page.clock.now)]
    log.sort(key=lambda pair: (pair[0].shown_at, pair[1].updates.index(pair[0])), reverse=True)
    items = (_item(page, one, update) for update, one in log[:NEWEST])
    return text_answer(
        rss(f"{page.title} Status Page", f"https://{page.host}", items), "application/rss+xml; charset=utf-8"
    )


def _item(page: Page, incident: Incident, update: Update) -> str:
    """The title stays that of the problem; the state stands at the head of the body."""
    link = f"https://{page.host}/incident/{incident.code(8)}"
    names = "".join(f"<li>{one.name}</li>" for one in incident.components)
    text = (
        f"Status: {update.status.capitalize()}<br/>{BODIES.get(update.status, 'An update.')}<br/><br/>Affected "
        f"services<ul>{names}</ul>"
    )
    return item(incident.name, link, link, rfc822(update.shown_at), text)


ANSWERS: dict[str, Callable[[Page], Response]] = {"/feed.rss": _feed}
