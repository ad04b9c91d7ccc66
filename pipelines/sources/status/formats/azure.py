"""Azure: an RSS feed of ongoing incidents, empty on most days. Most incidents are shown to affected customers only."""

import re
from collections.abc import Iterable, Iterator

from pipelines.http.answers import redact_url
from pipelines.http.errors import Fatal
from pipelines.markup.feeds import FeedEntry, read_feed
from pipelines.sources.status.feeds import get_feed, strip_html
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import Pages, Shape, StatusFormat
from pipelines.text.values import clean_line

FEED = "/en-us/status/feed/"
OURS = re.compile(r"\bAzure (?:OpenAI|AI Foundry)\b|\bFoundry\b", re.IGNORECASE)
"""Names of the service; the feed covers all of Azure."""


def read_incidents(pages: Pages) -> list[Incident] | None:
    """Reads the ongoing incidents of Azure OpenAI and Foundry, without history, severity or components."""
    answer = get_feed(pages, FEED)
    # Not `read_entries`: here an empty feed is a calm day.
    return None if answer is None else list(parse_incidents(read_feed(answer), redact_url(answer.url)))


def parse_incidents(entries: Iterable[FeedEntry], where: str) -> Iterator[Incident]:
    """Yields the items that name the service; all are ongoing, as the feed drops an incident when it ends."""
    for entry in entries:
        at = entry.updated_at or entry.published_at
        if at is None or not entry.id:
            raise Fatal(f"{where}: an item without an instant or an id; the feed has changed shape")
        text = f"{entry.title} {strip_html(entry.html)}"
        if OURS.search(text):
            yield Incident(
                id=clean_line(entry.id.rstrip("/").rpartition("/")[2], 120),
                title=entry.title,
                url=entry.link,
                severity_word=None,
                updates=(Update(at, "update", text),),
                posted_at=entry.published_at or at,
                updated_at=at,
                is_listed_open=True,
            )


def _is_azure(shape: Shape) -> bool:
    """Recognises the feed's own title."""
    return shape.data is None and re.search(r"<title>\s*Azure Status\s*</title>", shape.text) is not None


FORMAT = StatusFormat(
    platform="Azure", read_incidents=read_incidents, recognise=_is_azure, keeps_history=False, is_forgetful=True
)
