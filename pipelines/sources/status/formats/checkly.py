"""Checkly: a feed that logs updates, several per incident, many of them posted by monitors."""

from collections.abc import Iterable, Iterator

from pipelines.http.answers import redact_url
from pipelines.http.errors import Fatal
from pipelines.markup.feeds import FeedEntry
from pipelines.sources.status.feeds import (
    get_feed,
    list_names_after,
    read_entries,
    read_status,
    sort_newest_first,
    strip_html,
)
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import Pages, Shape, StatusFormat
from pipelines.text.values import clean_line

ORDER = ("investigating", "identified", "monitoring", "update", "resolved", "postmortem")


def read_incidents(pages: Pages) -> list[Incident] | None:
    """Reads the incidents of the 50 newest updates; the oldest may have lost their first posts."""
    answer = get_feed(pages, "/feed.rss", "/feed.atom")
    return None if answer is None else list(parse_incidents(read_entries(answer), redact_url(answer.url)))


def parse_incidents(entries: Iterable[FeedEntry], where: str) -> Iterator[Incident]:
    """Yields one incident per guid, with the status at the head of its newest entry."""
    groups: dict[str, list[tuple[Update, FeedEntry]]] = {}
    for entry in entries:
        at, word = entry.published_at or entry.updated_at, read_status(entry.html)
        if at is None or word is None:
            raise Fatal(f"{where}: an entry without an instant or a status; the feed has changed shape")
        groups.setdefault(entry.id, []).append((Update(at, word, strip_html(entry.html)), entry))
    for code, group in groups.items():
        updates = sort_newest_first([update for update, _ in group], ORDER)
        # The title breaks ties, so that the feed's order never decides.
        _, newest = max(group, key=lambda pair: (pair[0].at, pair[1].title))
        names = {name for _, entry in group for name in list_names_after(entry.html, "Affected services")}
        yield Incident(
            id=clean_line(code.rstrip("/").rpartition("/")[2], 120),
            title=newest.title,
            url=newest.link,
            severity_word=None,
            updates=updates,
            status_word=updates[0].word,
            components=tuple(("", name) for name in sorted(names)),
            is_automatic=True,
        )


def _is_checkly(shape: Shape) -> bool:
    """Recognises Checkly's own word for components, and addresses of single incidents."""
    return shape.data is None and "Affected services" in shape.text and "/incident/" in shape.text


FORMAT = StatusFormat(
    platform="Checkly",
    read_incidents=read_incidents,
    recognise=_is_checkly,
    html_marks=("checklyhq.com",),
    is_forgetful=True,
)
