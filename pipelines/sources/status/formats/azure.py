"""Azure: an RSS feed of what goes on now, empty on most days. Most incidents are shown to the customers concerned
only."""

import re
from collections.abc import Iterable, Iterator

from pipelines.http.answers import redact_url
from pipelines.http.errors import Fatal
from pipelines.markup.feeds import FeedEntry, read_feed
from pipelines.sources.status.feeds import feed, plain
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import Pages, Shape, StatusFormat
from pipelines.text.values import clean_line

FEED = "/en-us/status/feed/"
OURS = re.compile(r"\bAzure (?:OpenAI|AI Foundry)\b|\bFoundry\b", re.IGNORECASE)
"""Only what names the service counts: the feed tells of all of Azure."""


def incidents(asked: Pages) -> list[Incident] | None:
    """What the feed holds of Azure OpenAI and Foundry: no history, no severity, no components."""
    answer = feed(asked, FEED)
    return None if answer is None else list(read(read_feed(answer), redact_url(answer.url)))


def read(found: Iterable[FeedEntry], where: str) -> Iterator[Incident]:
    """Items that name the service; all of them go on, for what is over leaves the feed."""
    for entry in found:
        at = entry.updated_at or entry.published_at
        if at is None or not entry.id:
            raise Fatal(f"{where}: an item without an instant or an id; the feed has changed shape")
        text = f"{entry.title} {plain(entry.html)}"
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


def _recognise(shape: Shape) -> bool:
    """The feed's own title."""
    return shape.data is None and re.search(r"<title>\s*Azure Status\s*</title>", shape.text) is not None


FORMAT = StatusFormat(
    platform="Azure", incidents=incidents, recognise=_recognise, keeps_history=False, is_forgetful=True
)
