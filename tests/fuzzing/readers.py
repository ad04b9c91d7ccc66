"""Every reader of strangers' text, with pieces of its grammar and the errors by which it may refuse an input."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import cast
from unittest.mock import patch
from urllib.parse import parse_qs

import httpx2
import streamlit as st

from dashboards.choose.fit import read_needs
from dashboards.choose.needs import QUESTIONS
from dashboards.frame import filters
from dashboards.menu import NEEDS
from dashboards.site.markdown import render_blocks, render_line
from dashboards.words.numbers import strip_markdown
from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.catalog.faults import CatalogError
from pipelines.catalog.mention_rules import list_mention_rules
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.collecting.cleaning import Cleaner
from pipelines.commands.ends.files import FileKind, classify_file
from pipelines.commands.ends.finder import IdFinder
from pipelines.commands.ends.windows import parse_window
from pipelines.contract import Row
from pipelines.http.answers import Answer, redact_url, to_web_link
from pipelines.http.client import Http
from pipelines.http.connections import is_public
from pipelines.http.errors import BudgetSpent, SourceError
from pipelines.http.robots import read_robots
from pipelines.http.waits import read_requested_wait
from pipelines.markup.dates import read_promise
from pipelines.markup.feeds import read_feed
from pipelines.markup.html_text import read_html
from pipelines.markup.page_blocks import is_html, read_html_blocks, read_markdown_blocks
from pipelines.people import determine_role
from pipelines.snapshots.places import open_source
from pipelines.sources import changelog, deprecations, status
from pipelines.sources.changelog.releases import make_entry_row
from pipelines.sources.deprecations.cells import classify_subject, split_names, split_replacements
from pipelines.sources.status.severities import classify_incident, list_unknown_words
from pipelines.sources.status.stated_windows import Setting, read_stated_window
from pipelines.sources.status.zones import read_offsets
from pipelines.text.features import count_features
from pipelines.text.mentions import Mentions
from pipelines.text.question_types import classify_question
from pipelines.text.values import clean_line, format_instant, parse_instant
from tests.worlds.visits import NOW, make_visit
from warehouse.ends.fates import judge_id
from warehouse.ends.model_ids import index_names, read_ids
from warehouse.faults import LandingError
from warehouse.manifest import parse_manifest
from warehouse.settings import Settings, SettingsError, read_settings

MARKS = (
    "<h2>", "</h2>", "<table>", "<tr>", "<td>", "<td rowspan=", "colspan=999999999", "<li>", "<![", "<!--", "-->", "<a href=",
    "</", "<div>", "<strong>", "<br />", "| ", " |\n", "|---|\n", "## ", "- ", "**", "```\n", "[x](", "&#", "&amp;", "Status: ",
    "2026-11-24", "June 31, 2026", "Model", "Shutdown date", "gpt-4o-0613", "not sooner than", "v1.2.3", "Breaking changes",
    " PST", "14:30", "Features", "Resolved", "Nov <var data-var='date'>24</var>, 12:00 UTC", "<Update label=\"",
)  # fmt: skip
FEED = (
    "<?xml version='1.0'?>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "</entry>", "<rss version='2.0'>", "<item>",
    "</item>", "<title>", "<link href='javascript:x'/>", "<updated>", "<![CDATA[", "]]>", "<!ENTITY a 'b'>", "&a;", "encoding='utf-16'",
)  # fmt: skip
VALUES = ('{"', '":', "[", "]", "{}", "null", '"id"', '"incidents"', '"created_at"', "1e400", '"updates"', '"status"')
DATES = (
    "2026-11-24", "2026-13-45", "Tue, 24 Nov 2026 12:00:00 GMT", "June 2026", "1790000000000", "T12:00:00Z", "+99:99",
    "9999-12-31T23:59:59.999999999-23:59", "Q3 2026", "no earlier than", " UTC", "PST", "12:30", " to ", "from ",
)  # fmt: skip
SAID = (
    "I get ", "Error: ", "how do I ", "thanks", "fixed in v1.2.3", "see #12", "@ann ", "caused by ", "https://github.com/a/b/blob/x.py#L1",
    "```python\n", "`x`", "> ", "- [x] ", "Traceback (most recent call last):\n", ". ", "? ", "谢谢", "GPT-4o", "<!-- ", "<details>", "not ",
    "Elevated errors", "major_outage", "Root cause", "`a` or `b`", "(and the alias `b`)", "⚠", "BREAKING CHANGE", "1.2.3-rc.1", "(#12)",
)  # fmt: skip
ADDRESS = (
    "https://",
    "user:pass@",
    "s.example",
    ":99999",
    "/../",
    "?key=x",
    "[::1]",
    "[",
    "javascript:",
    "%",
    "~",
    "s3://",
    "hf://",
)
HEADERS = (
    "200\n", "302\n", "429\n", "location: ", "//[", "https://localhost:99999/", "date: Fri, 31 Dec 9999 23:59:59 GMT", "age: 999999999",
    "retry-after: ", "x-ratelimit-reset: ", "etag: ", "content-encoding: gzip", "content-length: 9", "link: <https://localhost/c>; rel=next",
)  # fmt: skip
LISTED = {"family_id": None, "title": "", "side": "open", "place": "the Hub", "as_of_at": None}
NAMES = index_names([LISTED | {"model": name} for name in ("gpt-4o-2024-05-13", "claude-3-opus", "o3-mini")])
VARIABLES = tuple(str(field.alias) for field in Settings.model_fields.values())
ENTRY = (
    "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'><title>History</title><id>a</id><entry>"
    "<id>tag:github.com,2008:Repository/1/v1.2.3</id><title>%s</title><updated>2026-11-20T12:00:00Z</updated>"
    "<content type='html'><![CDATA[%s]]></content></entry></feed>"
)
MOST_REQUESTS = 60
"""Requests that a visit may spend on one document, which may name further pages for ever."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader of strangers' text."""

    read: Callable[[str], object]
    pieces: tuple[str, ...]
    refusals: tuple[type[Exception], ...] = ()


def list_readers() -> dict[str, Reader]:
    """Lists all readers by name."""
    return _list_texts() | _list_documents() | _list_files() | dict(_list_visits())


def _list_texts() -> dict[str, Reader]:
    mentions = Mentions(list_mention_rules(read_catalog([SHIPPED]).families))
    return {
        "question": Reader(lambda text: classify_question(text, text, [text[:40], text]), SAID),
        "reply": Reader(lambda text: count_features(text), SAID),
        "mentions": Reader(mentions, SAID),
        "incident": Reader(_grade, SAID),
        "names": Reader(lambda text: (split_names(text), split_replacements(text), classify_subject(text, text)), SAID),
        "role": Reader(lambda text: determine_role(text, text[-3:], text[:6], True, [text[:3]], text[1:]), ("[bot]", "ghost", "İ")),
        "number": Reader(parse_instant, DATES),
        "drawn": Reader(lambda text: (strip_markdown(text), render_blocks(text), render_line(text)), MARKS),
        "resolved": Reader(is_public, ("::", "ffff:", "127.0.0.1", "%eth0", "."), (ValueError,)),
        "file-name": Reader(classify_file, (".", "/", ".env", "Dockerfile", ".yaml", "..")),
        "promise": Reader(read_promise, DATES),
        "instant": Reader(format_instant, DATES),
        "stated-window": Reader(lambda text: read_stated_window(text, Setting(NOW, NOW)), (*DATES, "started at ", " - ")),
        "window": Reader(lambda text: parse_window(text, date(2026, 11, 24)), ("30", "d", "y"), (ValueError,)),
        "drift": Reader(_check_drift, ("major", "resolved", "\x1b[31m", "\u202e")),
        "link": Reader(_check_link, ADDRESS),
        "address": Reader(redact_url, ADDRESS, (ValueError,)),
        "source": Reader(_open_source, ADDRESS, (SettingsError,)),
        "ids": Reader(_find_ids, ("gpt-4o", "-20240229", "@001", "openai:", "us.anthropic.", "ft:", "model = ", "sk-")),
    }  # fmt: skip


def _list_documents() -> dict[str, Reader]:
    return {
        "feed": Reader(_read_entries, (*FEED, *DATES), (SourceError,)),
        "json": Reader(lambda text: _answer(text).json(), VALUES, (SourceError,)),
        "html": Reader(lambda text: (read_html(text), read_html_blocks(text)), MARKS, (SourceError,)),
        "markdown": Reader(lambda text: (is_html(text), read_markdown_blocks(text), count_features(text)), MARKS),
        "robots": Reader(_ask_robots, ("User-agent: *\n", "Disallow: /", "*", "$", "Crawl-delay: ", "/t/", "%2F")),
        "rows": Reader(_clean_row, VALUES, (ValueError, RecursionError)),
        "retry-after": Reader(_read_waits, (*DATES, "r=0", "t=", "available in ")),
        "answer": Reader(_receive, HEADERS, (SourceError,)),
        "query": Reader(_read_query, ("family=", "window=", "30d", "kind=", "gpu=", "24", "&", ";", "%00", "+", "=-1")),
    }


def _list_files() -> dict[str, Reader]:
    keys = ("[[channel]]\n", "source = ", '"github"', "mentions = [", "'''", "\\u0000", "{a=1}")
    variables = (
        *(f"{name}=" for name in VARIABLES),
        "\n",
        "0001-01-01T00:00:00+14:00",
        "~nobody",
        "s3://[",
        "${HOME}",
        "'",
    )
    return {
        "family": Reader(_read_family, keys, (CatalogError,)),
        "landed-manifest": Reader(lambda text: parse_manifest("a.parquet", _encode(text)), VALUES, (LandingError,)),
        "environment": Reader(_read_environment, variables, (SettingsError,)),
        "env-file": Reader(_read_env_file, variables, (SettingsError,)),
    }  # fmt: skip


def _list_visits() -> Iterator[tuple[str, Reader]]:
    """Lists a reader for each form of page, and for the text of each form of feed."""
    for module in (status, changelog, deprecations):
        source = module.__name__.rpartition(".")[2]
        for form in module.FORMATS:
            yield f"{source}/{form}", Reader(_visit(source, form), (*MARKS, *FEED, *VALUES))
    for source, form in (("status", "atom"), ("status", "betterstack"), ("status", "xai"), ("changelog", "atom")):
        yield f"entry/{source}/{form}", Reader(partial(_read_entry, _visit(source, form)), MARKS)
    yield "prices/openrouter", Reader(_visit("prices", "openrouter"), VALUES)


class _OneAnswer:
    """A client that answers every address with one document."""

    def __init__(self, text: str) -> None:
        self.asked = 0
        kind = {"{": "application/json", "[": "application/json", "<": "application/xml"}
        self.kind = kind.get(text.lstrip("\ufeff \t\r\n")[:1], "text/markdown")
        self.content = _encode(text)

    def get(self, url: str, **_: object) -> Answer:
        self.asked += 1
        if self.asked > MOST_REQUESTS:
            raise BudgetSpent("the budget is spent")
        return Answer(200, {"content-type": self.kind}, self.content, url, None, None)

    def pause(self, _seconds: float) -> None:
        """Does not wait."""


def _visit(source: str, form: str) -> Callable[[str], None]:
    channel = Channel(source=source, target="s.example", role=source, format=form, base_url="https://s.example/page")

    def read(text: str) -> None:
        visit = replace(make_visit(channel), http=cast("Http", _OneAnswer(text)))
        for stream in sources.get_streams(source):
            with suppress(SourceError):
                for page in sources.collect_stream(source, stream, visit):
                    list(Cleaner().clean_rows(page.rows, stream))

    return read


def _read_entry(read: Callable[[str], None], text: str) -> None:
    html = "".join(sign for sign in text if sign in "\n\t" or sign.isprintable()).replace("]]>", "")
    read(ENTRY % (html[:200].replace("<", "&lt;").replace("&#", ""), html))


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _answer(text: str) -> Answer:
    return Answer(200, {"content-type": "application/json"}, _encode(text), "https://s.example/x", None, None)


def _grade(text: str) -> None:
    classify_incident(text, 1, text[:30], [text], text[:60], [text])
    read_offsets(text)


def _check_drift(text: str) -> None:
    for word in list_unknown_words(status=text, impact=text):
        assert clean_line(word) == word.rstrip(), f"raw {word!r}"


def _check_link(text: str) -> None:
    link = to_web_link(text, "https://s.example/")
    assert link is None or (link.startswith(("https://", "http://")) and not set("<>\"'` \n") & set(link))


def _open_source(text: str) -> None:
    """Opens what a word names, short of an object store."""
    with patch("pipelines.snapshots.places.open_store"):
        open_source(Settings(_env_file=None), text)


def _find_ids(text: str) -> None:
    for asked in read_ids(text, NAMES).ids:
        judge_id(asked, NAMES, date(2026, 11, 25), date(2027, 5, 24))
    for kind in FileKind:
        list(IdFinder(NAMES).find(text, kind))


def _read_entries(text: str) -> None:
    for entry in read_feed(_answer(text)):
        make_entry_row(entry)


def _ask_robots(text: str) -> None:
    rules = read_robots(_encode(text), "heartbeat/1.0").select_for("/c/", "/t/")
    assert rules.delay_seconds <= 60
    rules.allows("/c/support/12/l/latest.json?page=12&order=created")


def _clean_row(text: str) -> None:
    body = json.loads(text)
    row = Row(text[:900], None, body if isinstance(body, dict) else {"x": body})
    for _, key, _, landed in Cleaner().clean_rows([row], "t"):
        key.encode(), landed.encode()


def _read_waits(text: str) -> None:
    for name in ("retry-after", "ratelimit", "date", "x-ratelimit-reset"):
        headers = {name: text, "x-ratelimit-remaining": "0"}
        wait = read_requested_wait(headers, datetime(2026, 11, 24, tzinfo=UTC), _encode(text))
        assert wait is None or wait >= 0


def _receive(text: str) -> None:
    """Sends one answer to a client for all that it asks: status, headers and body of the text."""
    head, _, body = text.partition("\n\n")
    status_line, *lines = head.split("\n")
    pairs = [line.partition(":")[::2] for line in lines]
    headers = [(name.strip().encode("utf-8", "replace"), value.strip().encode("utf-8", "replace"))
               for name, value in pairs if name.strip()]  # fmt: skip
    code = int(status_line) if status_line in ("301", "302", "429") else 200

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(code, headers=headers, stream=httpx2.ByteStream(_encode(body)))

    channel = Channel(source="prices", target="s.example", role="prices", base_url="https://localhost/a")
    client = httpx2.Client(transport=httpx2.MockTransport(answer))
    with make_visit(channel).http as http, patch.object(http, "_client", client):
        http.get("https://localhost/a")


class _Address:
    """The parameters of an address, as Streamlit gives them."""

    def __init__(self, text: str) -> None:
        self._asked = parse_qs(text, keep_blank_values=True)

    def __iter__(self) -> Iterator[str]:
        return iter(self._asked)

    def get_all(self, name: str) -> list[str]:
        return self._asked.get(name, [])

    def get(self, name: str, default: str) -> str:
        return self._asked.get(name, [default])[-1]


def _read_query(text: str) -> None:
    """Reads the parameters as the pages do: whatever is asked, only what is offered is chosen."""
    with patch.object(st, "query_params", _Address(text)):
        for name, words in filters.CHOICE_WORDS.items():
            assert set(filters.read_known(name, words)) <= set(words)
        needs = read_needs()
        assert all(getattr(needs, name) in QUESTIONS[name].choices for name in NEEDS)


def _read_file(name: str, text: str, read: Callable[[Path], object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(_encode(text))
        read(path)


def _read_family(text: str) -> None:
    _read_file("acme.toml", text, lambda path: read_catalog([path.parent]))


def _read_environment(text: str) -> None:
    """Sets the variables that the text names, as far as an environment can hold them."""
    pairs = dict(line.partition("=")[::2] for line in text.replace("\x00", "").split("\n"))
    known = {name: value.encode("utf-8", "replace").decode() for name, value in pairs.items() if name in VARIABLES}
    with patch.dict(os.environ, known):
        assert read_settings(None).clock().tzinfo is not None


def _read_env_file(text: str) -> None:
    _read_file(".env", text, lambda path: read_settings(str(path)).clock())
