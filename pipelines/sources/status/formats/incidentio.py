"""incident.io: Statuspage's v2 API with fewer fields, and a feed with the rest."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from pipelines.http.answers import Answer
from pipelines.http.items import ItemReader
from pipelines.markup.feeds import XML, read_feed
from pipelines.sources.status.formats import atom, statuspage
from pipelines.sources.status.incident import Incident
from pipelines.sources.status.pages import Pages, StatusFormat

SAME_POST = timedelta(minutes=1)
"""Largest difference between the feed's and the API's date of the same first post."""


def read_incidents(pages: Pages) -> list[Incident] | None:
    """Reads the API's 50 newest incidents with the components that only the feed names; the feed alone if there is no
    API."""
    incidents = statuspage.read_incidents(pages)
    if not incidents or pages.notes or all(incident.components for incident in incidents):
        return incidents
    return list(add_components(incidents, _read_feed_incidents(pages)))


def _read_feed_incidents(pages: Pages) -> list[Incident]:
    """Reads the feed's incidents; none if it cannot be read: components then stay unknown, which is no error."""

    def read(answer: Answer) -> list[Incident]:
        return atom.parse_incidents(read_feed(answer), ItemReader(pages.base))

    return pages.read_supplement(atom.FEED, XML, read, "components of new incidents") or []


def add_components(incidents: Iterable[Incident], feed_incidents: Iterable[Incident]) -> Iterator[Incident]:
    """Yields the incidents with the components of their entries in the feed."""
    by_title: dict[str, list[Incident]] = {}
    for entry in feed_incidents:
        by_title.setdefault(entry.title, []).append(entry)
    # API and feed use different ids without a link between them: title and first post identify an incident.
    for incident in incidents:
        posted = incident.posted_at
        matches = [
            entry
            for entry in by_title.get(incident.title, [])
            if posted and entry.posted_at and abs(entry.posted_at - posted) <= SAME_POST
        ]
        # Two matches are ambiguous: no components are better than another incident's.
        is_certain = len(matches) == 1 and not incident.components
        yield replace(incident, components=matches[0].components) if is_certain else incident


FORMAT = StatusFormat(
    read_incidents=read_incidents,
    read_components=statuspage.read_components,
    keys=(statuspage.PAGE, statuspage.INCIDENTS, statuspage.COMPONENTS),
    # Components are in the feed only, which is shorter than the API and may fail by itself.
    is_forgetful=True,
)
