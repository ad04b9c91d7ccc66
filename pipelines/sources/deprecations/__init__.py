"""Deprecations: what each vendor says of the end of its models, and how its word changes over time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http.answers import Answer, redact_url, to_web_link
from pipelines.http.errors import Fatal
from pipelines.markup import page_blocks
from pipelines.markup.github_folder import Folder, list_changed_files, make_page_url
from pipelines.sources.deprecations import changes, formats, mistral
from pipelines.sources.deprecations.changes import Changes, Memory
from pipelines.sources.deprecations.tables import Notice
from pipelines.text.values import clean_line, format_instant, parse_instant
from warehouse.faults import Fault

FORMATS = tuple(formats.FORMATS)
STREAMS = {"notices": Stream(order="whole", resumable=True, also=("notice_events",))}
MARKDOWN = ("text/markdown", "text/x-markdown", "text/plain")
HTML = ("text/html", "application/xhtml+xml")
FILES_AT_ONCE = 40
"""Files of a folder that a first visit reads before it lands them."""
Found = dict[str, dict[str, Any]]


def notices(visit: Visit) -> Iterator[Page]:
    """The notices that are new or say something else than at the last visit, and what happened to each.

    A page that has not changed costs one request. A burst of new and vanished rows is held back until the same is seen a day later.
    """
    form = formats.of_format(visit.channel.format)
    if form.is_folder:
        yield from _folder(visit)
        return
    answer = _page(visit)
    if answer.status == 304:
        yield _unchanged(visit, visit.cursor)
        return
    told, skipped = formats.read_page(_blocks(answer), form)
    if not told:
        raise Fatal(f"{redact_url(answer.url)}: 200, but no notice found in it; the page has changed shape")
    kept = {"etag": answer.etag, "last_modified": answer.last_modified}
    # What is missing may stand in a table that was passed over: then nothing is taken for vanished.
    scope = () if skipped else tuple(_memory(visit))
    for page in _judge(visit, _Look(_found(told, redact_url(answer.url)), _memory(visit), scope, kept)):
        yield replace(page, skipped=skipped)


@dataclass(frozen=True, slots=True)
class _Look:
    """What one visit saw."""

    found: Found
    memory: Memory
    scope: tuple[str, ...]
    """Remembered notices that are looked for."""
    kept: Mapping[str, Any]
    """What the next visit must know of the page."""
    is_first: bool = False
    """A first visit has nothing to compare with: whatever it sees is believed."""


def _memory(visit: Visit) -> Memory:
    return dict(visit.cursor.get("memory") or {})


def _page(visit: Visit) -> Answer:
    """The page, under the condition of the last visit; unconditionally where a held one has waited long enough to be judged again."""
    url = visit.channel.base_url or f"https://{visit.channel.target}"
    is_markdown = urlsplit(url).path.endswith((".md", ".txt", ".mdx", ".markdown"))
    held = visit.cursor.get("held")
    known: Mapping[str, Any] = {} if held and _has_waited(visit, held) else held or visit.cursor
    answer = visit.http.get(
        url,
        accept=MARKDOWN if is_markdown else (*HTML, *MARKDOWN),
        etag=known.get("etag"),
        last_modified=known.get("last_modified"),
    )
    if held and answer.status == 304:
        raise Fatal(_held_back(visit, held), Fault.HELD_BACK)
    if is_markdown and answer.status != 304 and page_blocks.is_html(_text(answer)):
        raise Fatal(f"{redact_url(answer.url)}: is HTML where Markdown is expected; the page has changed shape")
    return answer


def _text(answer: Answer) -> str:
    return answer.content.decode("utf-8-sig", "replace")


def _blocks(answer: Answer) -> list[page_blocks.PageBlock]:
    text = _text(answer)
    return page_blocks.read_html_blocks(text) if page_blocks.is_html(text) else page_blocks.read_markdown_blocks(text)


def _found(listed: list[Notice], page: str) -> Found:
    found: Found = {}
    for notice in listed:
        where = f"{page}#{notice.anchor}" if notice.anchor else page
        key = clean_line(notice.key, 250)
        found[key] = {
            **formats.body(notice),
            "notice_code": key,
            "url": to_web_link(where),
            "section": clean_line(notice.section, 160),
        }
    return found


def _unchanged(visit: Visit, cursor: Mapping[str, Any]) -> Page:
    return Page(
        [],
        {**cursor, "seen_at": format_instant(visit.now)},
        is_unchanged=True,
        total=_listed(cursor.get("memory") or {}),
    )


def _listed(memory: Mapping[str, Any]) -> int:
    return sum(1 for one in memory.values() if one[4])


def _judge(visit: Visit, look: _Look) -> Iterator[Page]:
    """Lands what changed, or holds it back."""
    seen = changes.compare(look.memory, look.found, look.scope)
    if seen.is_burst and not look.is_first and not _is_confirmed(visit, changes.whole(look.found, seen)):
        yield from _hold(visit, look, seen)
    after = changes.remember(look.memory, look.found, seen)
    cursor = {**look.kept, "memory": after, "seen_at": format_instant(visit.now), "holds": visit.cursor.get("holds", 0)}
    if not seen.events:
        yield _unchanged(visit, cursor)
        return
    rows = [Row(key, None, look.found[key]) for key, event in sorted(seen.events.items()) if event != "vanished"]
    told = changes.events(look.memory, after, seen, format_instant(visit.now) or "", visit.cursor.get("seen_at"))
    happened = [Row(f"{body['notice_code']}#{body['event_number']}", visit.now, body, "notice_events") for body in told]
    yield Page([*rows, *happened], cursor, expected=len(rows), total=_listed(after))


def _is_confirmed(visit: Visit, hash_: str) -> bool:
    held = visit.cursor.get("held") or {}
    return bool(held) and held["hash"] == hash_ and _has_waited(visit, held)


def _has_waited(visit: Visit, held: Mapping[str, Any]) -> bool:
    since = parse_instant(held["since"])
    return since is not None and visit.now - since >= timedelta(hours=changes.HELD_HOURS)


def _hold(visit: Visit, look: _Look, seen: Changes) -> Iterator[Page]:
    """Keeps in mind what was seen and since when, tells that it was held, and ends the visit as failed."""
    before = visit.cursor.get("held") or {}
    hash_ = changes.whole(look.found, seen)
    is_same = before.get("hash") == hash_
    held = {
        **look.kept,
        "hash": hash_,
        "since": before["since"] if is_same else format_instant(visit.now),
        "new": seen.count("first_seen", "returned"),
        "vanished": seen.count("vanished"),
        "known": seen.known,
    }
    number = visit.cursor.get("holds", 0) + (not is_same)
    body = {
        "notice_code": "(page)", "event_number": number, "event": "held", "changed_at": held["since"],
        "held_new_count": held["new"], "held_vanished_count": held["vanished"],
    }  # fmt: skip
    yield Page(
        [Row(f"(page)#{number}", visit.now, body, "notice_events")], {**visit.cursor, "held": held, "holds": number}
    )
    raise Fatal(_held_back(visit, held), Fault.HELD_BACK)


def _held_back(visit: Visit, held: Mapping[str, Any]) -> str:
    return (
        f"{visit.channel.target}: held back: {held['new']} new and {held['vanished']} vanished notices where {held['known']} were known;"
        f" taken over when the same is seen {changes.HELD_HOURS} hours after {held['since'][:16].replace('T', ' ')} UTC or later"
    )


def _folder(visit: Visit) -> Iterator[Page]:
    """The same of a folder of files: only those are read again that have changed. A first visit lands them as it goes."""
    folder = Folder(visit.channel.base_url, visit.http, visit.tokens.get("GITHUB_TOKEN"))
    known: dict[str, list[Any]] = dict(visit.cursor.get("files") or {})
    files = folder.list_files(None if visit.cursor.get("held") else visit.cursor.get("etag"), mistral.ENDINGS)
    if files is None:
        yield _unchanged(visit, visit.cursor)
        return
    todo = list(list_changed_files(files, {name: value[0] for name, value in known.items()}))
    gone = [name for name in known if name not in files]
    is_first = not visit.cursor.get("etag")
    memory = _memory(visit)
    batches = (
        [todo[start : start + FILES_AT_ONCE] for start in range(0, len(todo), FILES_AT_ONCE)] if is_first else [todo]
    )
    for place, batch in enumerate(batches or [[]]):
        is_last = place == max(len(batches), 1) - 1
        found, after, skipped = _files(visit, folder, batch, files, known)
        lost = gone if is_last else []
        seen = [name for name in (*batch, *lost) if after.get(name) != known.get(name) or name in lost]
        scope = [key for name in seen for key in known.get(name, ["", []])[1] if key in memory]
        known = {name: value for name, value in after.items() if name not in lost}
        kept = {"files": known, "etag": folder.etag if is_last else None}
        for page in _judge(visit, _Look(found, memory, tuple(scope), kept, is_first)):
            yield replace(page, skipped=skipped)
            memory = dict(page.cursor.get("memory") or {})


def _files(
    visit: Visit, folder: Folder, batch: list[str], files: Mapping[str, str], known: Mapping[str, list[Any]]
) -> tuple[Found, dict[str, list[Any]], tuple[str, ...]]:
    """The notices of some files; for each file its hash and the notices that it told; and files that had to be passed over, in words."""
    found: Found = {}
    after, skipped = dict(known), []
    for name in batch:
        try:
            told = mistral.read_model(folder.read(files[name]), name)
        except Fatal as refused:
            skipped.append(str(refused))
            continue
        own = _found(told, make_page_url(visit.channel.base_url, name))
        found |= own
        after[name] = [files[name], sorted(own)]
    if batch and len(skipped) == len(batch) and not known:
        raise Fatal(f"{skipped[0]}; nor could any other of {len(batch)} files be read")
    return found, after, tuple(skipped)
