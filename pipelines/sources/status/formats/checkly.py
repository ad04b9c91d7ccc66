"""Checkly: a feed that is a log of updates, several to an incident, many of them posted by monitors."""

from collections.abc import Iterable, Iterator

from pipelines.http.answers import redact_url
from pipelines.http.errors import Fatal
from pipelines.markup.feeds import FeedEntry
from pipelines.sources.status.feeds import entries, feed, items, ordered, plain, status
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import Pages, Shape, StatusFormat
from pipelines.text.values import clean_line

ORDER = ("investigating", "identified", "monitoring", "update", "resolved", "postmortem")


def incidents(asked: Pages) -> list[Incident] | None:
    """The incidents of the 50 newest updates. Of the oldest of them the first posts may have left the feed."""
    answer = feed(asked, "/feed.rss", "/feed.atom")
    return None if answer is None else list(read(entries(answer), redact_url(answer.url)))


def read(found: Iterable[FeedEntry], where: str) -> Iterator[Incident]:
    """One incident a guid, its state at the head of the newest body; the title stays that of the problem."""
    groups: dict[str, list[tuple[Update, FeedEntry]]] = {}
    for entry in found:
        at, word = entry.published_at or entry.updated_at, status(entry.html)
        if at is None or word is None:
            raise Fatal(f"{where}: an entry without an instant or a status; the feed has changed shape")
        groups.setdefault(entry.id, []).append((Update(at, word, plain(entry.html)), entry))
    for code, group in groups.items():
        updates = ordered([update for update, _ in group], ORDER)
        _, newest = max(group, key=lambda pair: (pair[0].at, pair[1].title))
        names = {name for _, one in group for name in items(one.html, "Affected services")}
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


def _recognise(shape: Shape) -> bool:
    """Its own word for components, and addresses of single incidents."""
    return shape.data is None and "Affected services" in shape.text and "/incident/" in shape.text


FORMAT = StatusFormat(
    platform="Checkly", incidents=incidents, recognise=_recognise, html_marks=("checklyhq.com",), is_forgetful=True
)
