"""A page of deprecations: asked for under the condition of the last visit, and read whole."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from pipelines.contract import Page, Visit
from pipelines.http.answers import Answer, redact_url
from pipelines.http.errors import Fatal
from pipelines.markup import page_blocks
from pipelines.sources.deprecations.holding import (
    Sighting,
    describe_hold,
    has_waited,
    keep_or_hold,
    load_memory,
    make_unchanged_page,
)
from pipelines.sources.deprecations.notice import DeprecationFormat, make_bodies
from pipelines.sources.deprecations.page_reader import read_page
from warehouse.faults import Fault

MARKDOWN = ("text/markdown", "text/x-markdown", "text/plain")
HTML = ("text/html", "application/xhtml+xml")


def read_document(visit: Visit, form: DeprecationFormat) -> Iterator[Page]:
    """Yields what changed on the page. Raises Fatal where it holds no notice at all, and where a burst is held back."""
    answer = _get_page(visit)
    if answer.status == 304:
        yield make_unchanged_page(visit, visit.cursor)
        return
    notices, skipped = read_page(_split_blocks(answer), form)
    if not notices:
        raise Fatal(f"{redact_url(answer.url)}: 200, but no notice found in it; the page has changed shape")
    conditions = {"etag": answer.etag, "last_modified": answer.last_modified}
    memory = load_memory(visit)
    # What is missing may stand in a table that was passed over: then nothing is taken for vanished.
    scope = () if skipped else tuple(memory)
    sighting = Sighting(make_bodies(notices, redact_url(answer.url)), memory, scope, conditions)
    for page in keep_or_hold(visit, sighting):
        yield replace(page, skipped=skipped)


def _get_page(visit: Visit) -> Answer:
    """The page, under the condition of the last visit; unconditionally where a held one has waited long enough to be
    judged again."""
    url = visit.channel.base_url or f"https://{visit.channel.target}"
    promises_markdown = urlsplit(url).path.endswith((".md", ".txt", ".mdx", ".markdown"))
    held = visit.cursor.get("held")
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
        raise Fatal(f"{redact_url(answer.url)}: is HTML where Markdown is expected; the page has changed shape")
    return answer


def _decode(answer: Answer) -> str:
    return answer.content.decode("utf-8-sig", "replace")


def _split_blocks(answer: Answer) -> list[page_blocks.PageBlock]:
    text = _decode(answer)
    return page_blocks.read_html_blocks(text) if page_blocks.is_html(text) else page_blocks.read_markdown_blocks(text)
