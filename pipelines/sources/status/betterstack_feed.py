"""Better Stack's feed: `X went down` and `X recovered`, which are one incident, beside posts about reports."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.http.answers import to_web_link
from pipelines.http.errors import Fatal
from pipelines.markup.feeds import FeedEntry
from pipelines.sources.status.incident import Incident, Update
from pipelines.text.values import clean_line

DOWN, UP = "went down", "recovered"
_AUTOMATIC = re.compile(rf"^(.+?)\s+({DOWN}|{UP})$", re.IGNORECASE)
_TITLE = re.compile(rf"<title>\s*(?:<!\[CDATA\[)?[^<]+ (?:{DOWN}|{UP})\s*(?:\]\]>)?\s*</title>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Sight:
    """What a monitor saw of a resource."""

    resource: str
    update: Update
    id: str


def is_one(text: str) -> bool:
    """Whether a feed's text has a title that only monitors write."""
    return _TITLE.search(text) is not None


def read(entries: Iterable[FeedEntry], base: str) -> Iterator[Incident]:
    """The incidents of the feed, whatever order its entries are in."""
    sights: dict[str, list[_Sight]] = {}
    others: dict[str, list[tuple[Update, FeedEntry]]] = {}
    for entry in entries:
        at = entry.published_at or entry.updated_at
        if not at or not entry.id:
            raise Fatal(f"{base}: a feed's entry without an instant or an id; the feed has changed shape")
        if found := _AUTOMATIC.match(entry.title):
            sights.setdefault(found[1], []).append(_Sight(found[1], Update(at, found[2].lower()), _code(entry)))
        else:
            others.setdefault(_code(entry), []).append((Update(at, "update"), entry))
    for resource in sorted(sights):
        yield from _paired(sights[resource])
    yield from (_posted(code, found) for code, found in sorted(others.items()))


def _code(entry: FeedEntry) -> str:
    """What all posts of one incident share: the end of its address where it has one, else its guid without the post's
    own part."""
    path = re.sub(r"^https?://[^/]+", "", entry.link or "").strip("/")
    return clean_line(
        path.rpartition("/")[2].partition("#")[0]
        if path
        else entry.id.partition("#")[0].rpartition("/")[2] or entry.id,
        120,
    )


def _paired(sights: list[_Sight]) -> Iterator[Incident]:
    """One resource's ups and downs in the order of time: what goes down is the same incident as the next recovery."""
    down: _Sight | None = None
    for sight in sorted(sights, key=lambda one: (one.update.at, one.update.word == UP, one.id)):
        if sight.update.word == DOWN:
            if down:  # it went down twice: when the first ended was never said
                yield _incident(down, down.update)
            down = sight
        else:
            yield _incident(down, sight.update, down.update, part=sight.id) if down else _incident(sight, sight.update)
            down = None
    if down:
        yield _incident(down, down.update)


def _incident(first: _Sight, *newest_first: Update, part: str = "") -> Incident:
    """An incident that a monitor posted: all of a resource went down, so far as it could see. `part` is the id of its
    recovery."""
    return Incident(
        id=first.id,
        title=f"{first.resource} {DOWN}",
        url=None,
        severity_word="downtime",
        updates=newest_first,
        components=(("", first.resource),),
        is_automatic=True,
        parts=(part,) if part not in ("", first.id) else (),
    )


def _posted(code: str, found: list[tuple[Update, FeedEntry]]) -> Incident:
    """Posts about a report that the page's document no longer holds: their words are prose, so only the instants are
    known."""
    ordered = sorted(found, key=lambda pair: (pair[0].at, pair[1].title), reverse=True)
    newest, updates = ordered[0][1], tuple(update for update, _ in ordered)
    return Incident(
        id=code,
        title=newest.title,
        url=to_web_link(newest.link),
        severity_word=None,
        updates=updates,
        is_listed_open=False,
    )
