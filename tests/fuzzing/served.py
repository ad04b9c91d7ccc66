"""Targets that are whole sources: a first visit to a host that answers everything with one document."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import cast

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.collecting.cleaning import Cleaner
from pipelines.http.anonymous import AnonymousAllowance
from pipelines.http.answers import Answer
from pipelines.http.client import Http
from pipelines.http.errors import BudgetSpent, SourceError
from pipelines.sources import changelog, deprecations, status
from tests.fuzzing.inputs import Grammar
from tests.fuzzing.running import Target
from tests.upstream.sites import changelog as changelog_pages
from tests.upstream.sites import changelog_dated
from tests.upstream.sites.deprecations import WRITERS
from tests.upstream.sites.further_ends import PROSE
from tests.upstream.status.pages import ANSWERS
from tests.upstream.status.statuspage import ANSWERS as STATUSPAGE
from tests.upstream.world.clock import Clock
from tests.upstream.world.ends import Ends
from tests.upstream.world.incidents import Page
from tests.upstream.world.releases import Releases
from tests.worlds.visits import NOW, make_visit

START = int(NOW.timestamp()) - 60 * 86_400
MARKS = (
    "<h2>", "</h2>", "<table>", "<tr>", "<td>", "</td>", "<td rowspan=", "colspan=999999999", "<ul>", "<li>", "<![", "<!--",
    "<a href=", "</", "<script>", "| ", " |\n", "|---|\n", "## ", "- ", "* ", "**", "```\n", "[x](", "&#", "&amp;", "&#0;",
    "2026-11-24", "June 31, 2026", "Tue, 24 Nov 2026 12:00:00 GMT", "Model", "Shutdown date", "Deprecated", "gpt-4o-0613",
    "not sooner than", "2026年11月24日", "v1.2.3", "1.2.3-rc.1", "Breaking changes", "effective", " PST", "14:30", "from ",
    "-->", "<!---->", "<Update label=\"", "<!doctype html>",
)  # fmt: skip
FEED = (
    "<?xml version='1.0'?>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "</feed>", "<entry>", "</entry>", "<rss version='2.0'>",
    "<channel>", "<item>", "</item>", "<title>", "</title>", "<link href='javascript:x'/>", "<id>", "</id>", "<updated>", "<pubDate>",
    "<![CDATA[", "]]>", "<!DOCTYPE x>", "<!ENTITY a 'b'>", "&a;", "<content type='html'>", "&lt;li&gt;", "xmlns:x='y'", "encoding='utf-16'",
)  # fmt: skip
POST = (
    "<small>", "</small>", "<br />", "<strong>", "</strong>", "<p>", "</p>", "<li>", "</li>", "<div>", "</div>", "<h3>", "</h3>",
    "Status: ", "Severity: ", "Resolved", "Investigating", "Affected components", "Nov <var data-var='date'>24</var>, 12:00 UTC", "(",
    "[Resolved] ", "Breaking Changes", "Features", "Bug Fixes", "<h2>", "</h2>", "Nov 24, 12:00 PST", " start: ", " end: ", "lasted ",
)  # fmt: skip
ENTRY = (
    "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'><title>History</title><id>a</id>"
    "<entry><id>tag:github.com,2008:Repository/1/v1.2.3</id><title>%s</title><updated>2026-11-20T12:00:00Z</updated>"
    "<published>2026-11-20T12:00:00Z</published><link href='https://s.example/1'/>"
    "<content type='html'><![CDATA[%s]]></content></entry></feed>"
)
"""A feed of one entry, with places for its title and its text."""
VALUES = (
    '{"',
    '":',
    "[",
    "]",
    "{}",
    "null",
    '"id"',
    '"incidents"',
    '"created_at"',
    "1e400",
    '"updates"',
    '"status"',
    '"impact"',
)


MOST_REQUESTS = 60
"""Requests that a visit may spend on one document, which may name further pages for ever."""


class OneAnswer:
    """A client that answers every address with one document."""

    def __init__(self, text: str) -> None:
        self.allowance, self._asked = AnonymousAllowance(), 0
        kind = {"{": "application/json", "[": "application/json", "<": "application/xml"}
        start = text.lstrip("\ufeff \t\r\n")[:1]
        self._content, self._kind = text.encode("utf-8", "surrogatepass"), kind.get(start, "text/markdown")

    def get(self, url: str, **_: object) -> Answer:
        """Answers, as long as the budget lasts."""
        self._asked += 1
        if self._asked > MOST_REQUESTS:
            raise BudgetSpent("the budget is spent")
        return Answer(200, {"content-type": self._kind}, self._content, url, None, None)

    def post(self, url: str, _content: bytes = b"", **_: object) -> Answer:
        """Answers a query in the same way."""
        return self.get(url)

    def pause(self, seconds: float) -> None:
        """Does not wait."""
        assert seconds >= 0

    keep_apart = pause


def make_visitor(channel: Channel, streams: Iterable[str], **tokens: str) -> Callable[[str], object]:
    """Makes a reader that visits a channel whose every answer is one text, and cleans the rows."""

    def read(text: str) -> None:
        visit = replace(make_visit(channel, tokens=tokens), http=cast("Http", OneAnswer(text)))
        for stream in streams:
            with suppress(SourceError):
                for page in sources.collect_stream(channel.source, stream, visit):
                    for _, key, _, body in Cleaner().clean_rows(page.rows, stream):
                        key.encode(), body.encode()

    return read


def _visit_page(source: str, form: str, streams: Iterable[str]) -> Callable[[str], object]:
    return make_visitor(
        Channel(source=source, target="s.example", role=source, format=form, base_url="https://s.example/page"), streams
    )


def make_source_targets() -> dict[str, Target]:
    """Makes a target of each form of changelog, deprecations and status page; forms of folders read single files."""
    page = Page(5, "s.example", ("Responses", "Batch"), Clock(NOW), START)
    targets: dict[str, Target] = {}
    for form in status.FORMATS:
        shown = [show(page).body.decode("utf-8", "replace") for show in ANSWERS.get(form, STATUSPAGE).values()]
        grammar = Grammar((*VALUES, *FEED, *MARKS[:12]), tuple(shown))
        targets[f"status/{form}"] = Target(_visit_page("status", form, status.STREAMS), grammar)
    for form, changelog_form in changelog.FORMATS.items():
        read = changelog_form.read_file
        grammar = Grammar((*MARKS, *FEED), tuple(_write_changelogs()))
        whole = Target(_visit_page("changelog", form, changelog.STREAMS), grammar)
        targets[f"changelog/{form}"] = (
            Target(partial(read, "2026-11-24.mdx"), grammar, (SourceError,)) if read else whole
        )
    ends = {form: write(Ends(5, f"{form}-models", Clock(NOW)).now()) for form, write in (WRITERS | PROSE).items()}
    for form, end_form in deprecations.FORMATS.items():
        read_file = end_form.read_file
        grammar = Grammar(MARKS, (ends[form],) if form in ends else ())
        whole = Target(_visit_page("deprecations", form, deprecations.STREAMS), grammar)
        targets[f"deprecations/{form}"] = (
            Target(partial(_read_model, read_file), grammar, (SourceError,)) if read_file else whole
        )
    return targets


def _read_model(read: Callable[[str, str], object], text: str) -> object:
    return read(text, "x.ts")


def make_entry_targets() -> dict[str, Target]:
    """Makes a target of what each form of feed reads in the text of an entry."""
    feeds = {"status": ("atom", "betterstack", "flashduty", "xai", "aws"), "changelog": ("atom", "rss")}
    streams = {"status": status.STREAMS, "changelog": changelog.STREAMS}
    return {
        f"entry/{source}/{form}": Target(
            partial(_read_entry, _visit_page(source, form, streams[source])), Grammar((*POST, *MARKS))
        )
        for source, forms in feeds.items()
        for form in forms
    }


def _read_entry(read: Callable[[str], object], text: str) -> None:
    html = "".join(sign for sign in text if sign in "\n\t" or sign.isprintable()).replace("]]>", "")
    read(ENTRY % (html[:200].replace("<", "&lt;").replace("&#", ""), html))


def _write_changelogs() -> Iterator[str]:
    """Writes the same releases in several forms."""
    releases, clock = Releases(5, "a/b", START, int(NOW.timestamp()), 9), Clock(NOW)
    out = releases.until(clock.now)
    yield changelog_pages.write_atom(changelog_pages.Page(releases, "atom", "a/b", clock, START), out)
    for write in (changelog_dated.updates, changelog_dated.months, changelog_dated.bold_days, changelog_dated.cards):
        yield write(out)
