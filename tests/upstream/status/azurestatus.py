"""Azure: a feed of what goes on now in all of Azure; what is over is gone, and on a calm day nothing is there."""

from collections.abc import Callable

from tests.upstream.messages import Response, text_answer
from tests.upstream.status.rss import item, rfc822, rss
from tests.upstream.status.state import listed
from tests.upstream.world.incidents import BODIES, Incident, Page


def _feed(page: Page) -> Response:
    items = (_item(page, one) for one in listed(page, is_open=True))
    return text_answer(rss("Azure Status", f"https://{page.host}/en-us/status/", items), "text/xml; charset=utf-8")


def is_ours(page: Page, incident: Incident) -> bool:
    """Whether its text names the service; the others are of other services."""
    return page.components[0] in incident.components


def _item(page: Page, incident: Incident) -> str:
    service = "Azure OpenAI Service" if is_ours(page, incident) else "Virtual Machines"
    latest = incident.until(page.clock.now)[0]
    link = f"https://{page.host}/en-us/status/{incident.code()}"
    return item(
        f"{service} - degraded experience",
        link,
        incident.code(),
        rfc822(latest.at),
        BODIES.get(latest.status, "An update."),
    )


ANSWERS: dict[str, Callable[[Page], Response]] = {"/en-us/status/feed/": _feed}
