"""A changelog in one document, a page or a feed: fetched if it has changed since the last visit, and read whole."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from pipelines.contract import Page, Row, Visit
from pipelines.http.answers import Answer, redact_url
from pipelines.http.errors import Fatal
from pipelines.http.items import ItemReader
from pipelines.markup import page_blocks
from pipelines.markup.feeds import XML, read_feed
from pipelines.sources.changelog.releases import ChangelogFormat, make_release_row

MARKDOWN = ("text/markdown", "text/x-markdown", "text/plain")
HTML = ("text/html",)


def read_document(visit: Visit, form: ChangelogFormat) -> Iterator[Page]:
    """Yields all entries of the document at once. Raises Fatal if it has none."""
    # An address that ends in .md must not answer with HTML: that would be an error page or an application's shell.
    promises_markdown = urlsplit(visit.channel.base_url).path.endswith((".md", ".txt", ".mdx"))
    may_be_html = form.read_html is not None and not promises_markdown
    answer = visit.http.get(
        visit.channel.base_url or f"https://{visit.channel.target}",
        accept=XML if form.read_entry else (*MARKDOWN, *HTML) if may_be_html else MARKDOWN,
        etag=visit.cursor.get("etag"),
        last_modified=visit.cursor.get("last_modified"),
    )
    if answer.status == 304:
        yield Page([], visit.cursor, is_unchanged=True)
        return
    # A feed may list an entry twice: the first one, which is the newest, wins.
    reader = ItemReader(redact_url(answer.url))
    rows = {row.key: row for row in reversed(_read_rows(answer, form, may_be_html, reader))}
    if not rows:
        raise Fatal(f"{redact_url(answer.url)}: 200, but without any entry; the page has changed shape")
    cursor = {"etag": answer.etag, "last_modified": answer.last_modified}
    expected, skipped = len(rows) + len(reader.skipped), tuple(reader.skipped)
    yield Page(list(rows.values()), cursor, expected=expected, skipped=skipped)


def _read_rows(answer: Answer, form: ChangelogFormat, may_be_html: bool, reader: ItemReader) -> list[Row]:
    if form.read_entry:
        return reader.read_each(read_feed(answer), form.read_entry)
    text = answer.content.decode("utf-8-sig", "replace")
    is_html = page_blocks.is_html(text)
    if is_html and not may_be_html:
        raise Fatal(f"{redact_url(answer.url)}: HTML instead of Markdown; the page has changed shape")
    read_page = form.read_html if is_html else form.read_markdown
    releases = read_page(text) if read_page else []
    return reader.read_each(releases, lambda release: make_release_row(release, redact_url(answer.url)))
