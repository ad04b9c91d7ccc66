"""A page of deprecations: fetched if it has changed since the last visit, and read whole."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from pipelines.contract import Page, Visit
from pipelines.http.answers import Answer, redact_url
from pipelines.http.errors import Fatal
from pipelines.markup import page_blocks
from pipelines.sources.deprecations.changes import (
    Sighting,
    describe_hold,
    has_waited,
    keep_or_hold,
    load_memory,
    make_unchanged_page,
)
from pipelines.sources.deprecations.notice import DeprecationFormat, make_bodies
from pipelines.sources.deprecations.page_reader import note_unread_tables, read_page
from warehouse.faults import Fault

MARKDOWN = ("text/markdown", "text/x-markdown", "text/plain")
HTML = ("text/html", "application/xhtml+xml")


def read_document(visit: Visit, form: DeprecationFormat) -> Iterator[Page]:
    """Yields the changes on the page. Raises Fatal if it has no notice and does not say so, or holds back a burst."""
    answer = _get_page(visit)
    if answer.status == 304:
        yield make_unchanged_page(visit, visit.cursor)
        return
    blocks = _split_blocks(answer)
    notices, skipped = read_page(blocks, form)
    if not notices and not _says_none(blocks, form):
        raise Fatal(_describe_empty_page(answer, blocks))
    conditions = {"etag": answer.etag, "last_modified": answer.last_modified}
    memory = load_memory(visit)
    # A missing notice may be in a skipped table, so nothing counts as vanished then.
    scope = () if skipped else tuple(memory)
    sighting = Sighting(make_bodies(notices, redact_url(answer.url)), memory, scope, conditions)
    notes = note_unread_tables(blocks, form)
    for page in keep_or_hold(visit, sighting):
        yield replace(page, skipped=skipped, notes=notes)


def _get_page(visit: Visit) -> Answer:
    """Gets the page, conditionally on the last visit."""
    url = visit.channel.base_url or f"https://{visit.channel.target}"
    promises_markdown = urlsplit(url).path.endswith((".md", ".txt", ".mdx", ".markdown"))
    held = visit.cursor.get("held")
    # A burst that has waited long enough must be read again in full: a 304 could not confirm it.
    conditions: Mapping[str, Any] = {} if held and has_waited(visit, held) else held or visit.cursor
    answer = visit.http.get(
        url,
        accept=MARKDOWN if promises_markdown else (*HTML, *MARKDOWN),
        etag=conditions.get("etag"),
        last_modified=conditions.get("last_modified"),
    )
    if held and answer.status == 304:
        raise Fatal(describe_hold(visit, held), Fault.HELD_BACK)
    if promises_markdown and answer.status != 304 and page_blocks.is_html(_decode(answer)):
        raise Fatal(f"{redact_url(answer.url)}: HTML instead of Markdown; the page has changed shape")
    return answer


def _says_none(blocks: Sequence[page_blocks.PageBlock], form: DeprecationFormat) -> bool:
    """Returns whether the page says in its own words that nothing is about to end."""
    return bool(form.says_none) and any(re.search(form.says_none, block.text, re.IGNORECASE) for block in blocks)


def _describe_empty_page(answer: Answer, blocks: Sequence[page_blocks.PageBlock]) -> str:
    """Describes a page that tells no end, so that an overview in prose is known from a table in a new form."""
    tables = [" | ".join(block.header) for block in blocks if block.kind == "table"]
    found = f"its tables are headed {'; '.join(tables[:3])}" if tables else "it has no table"
    return (
        f"{redact_url(answer.url)}: 200, but without any notice: {found[:300]}. No end of a model is counted from it; "
        "give the channel the page that lists them, or report the new form"
    )


def _decode(answer: Answer) -> str:
    return answer.content.decode("utf-8-sig", "replace")


def _split_blocks(answer: Answer) -> list[page_blocks.PageBlock]:
    text = _decode(answer)
    return page_blocks.read_html_blocks(text) if page_blocks.is_html(text) else page_blocks.read_markdown_blocks(text)
