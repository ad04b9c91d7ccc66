"""incident.io: Statuspage's v2 API with fewer fields, and its own feed where it drops that."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from pipelines.http.errors import Fatal, Gone, SourceError
from pipelines.markup.feeds import XML, read_feed
from pipelines.sources.status.formats import atom, statuspage
from pipelines.sources.status.incident import Incident
from pipelines.sources.status.pages import Pages, Shape, StatusFormat

_ULID = r"[0-9A-HJKMNP-TV-Z]{26}"
SAME_POST = timedelta(minutes=1)
"""How far apart the feed and the API may date the same first post."""


def incidents(asked: Pages) -> list[Incident] | None:
    """The 50 newest by the API, with the components that only the feed names; by the feed alone where the API is
    gone."""
    try:
        found = statuspage.api(asked)
    except (Gone, Fatal) as refused:
        try:
            return atom.incidents(asked)
        except SourceError:
            raise refused from None
    if not found or all(one.components for one in found):
        return found
    return list(with_components(found, _told_by_feed(asked)))


def _told_by_feed(asked: Pages) -> list[Incident]:
    """What the feed tells; nothing where it cannot be read: the components then stay unknown, which is no error."""
    answer = asked.aside(atom.FEED, XML)
    with suppress(SourceError):
        return list(atom.read(read_feed(answer), asked.base)) if answer else []
    return []


def with_components(found: Iterable[Incident], told: Iterable[Incident]) -> Iterator[Incident]:
    """The incidents with the components of their entry in the feed: the one of the same title whose first post is at
    the same minute.

    API and feed give an incident two ids, and no link between them. Where two entries would fit, none is taken.
    """
    by_title: dict[str, list[Incident]] = {}
    for one in told:
        by_title.setdefault(one.title, []).append(one)
    for one in found:
        fits = [
            entry
            for entry in by_title.get(one.title, [])
            if one.posted_at and entry.posted_at and abs(entry.posted_at - one.posted_at) <= SAME_POST
        ]
        yield replace(one, components=fits[0].components) if len(fits) == 1 and not one.components else one


def _recognise(shape: Shape) -> bool:
    """The v2 API or a feed with ids of 26 letters."""
    if shape.data is None:
        return "<feed" in shape.text[:2000] and re.search(rf"/incidents/{_ULID}\b", shape.text) is not None
    page = shape.data.get("page") if isinstance(shape.data, dict) else None
    return isinstance(page, dict) and re.fullmatch(_ULID, str(page.get("id"))) is not None


FORMAT = StatusFormat(
    platform="incident.io",
    incidents=incidents,
    components=statuspage.api_components,
    recognise=_recognise,
    kin=("statuspage", "atom"),
    html_marks=("statuspage-incident.io", "incident.io/status-pages"),
)
