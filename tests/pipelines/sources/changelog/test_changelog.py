"""Changelogs: what was released when, counted again by other means; a page that is none is refused by name."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from pipelines.http.errors import Fatal, Retriable, SourceError
from pipelines.sources import changelog
from pipelines.sources.changelog.dated import read_versions
from pipelines.sources.changelog.releases import is_prerelease, make_release_row
from tests.worlds.raw_server import RawServer, answer, raw_server
from tests.worlds.visits import make_visit
from tests.worlds.warehouse_rows import build_conformed, empty_warehouse, fill


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


def _visit(server: RawServer, form: str, content: bytes | str, kind: str, cursor: Any = None) -> list[Page]:
    body = content.encode() if isinstance(content, str) else content
    server.script.setdefault("/a/b.md", [answer(200, body, {"content-type": kind, "etag": '"1"'}), answer(304, b"")])
    channel = Channel(source="changelog", target="a-b", role="changelog", format=form, base_url=server.url("/a/b.md"))
    return list(changelog.entries(make_visit(channel, cursor)))


def _markdown(server: RawServer, text: str) -> list[dict[str, Any]]:
    (page,) = _visit(server, "markdown", text, "text/plain; charset=utf-8")
    return [dict(row.body) for row in page.rows]


RELEASE_PLEASE = """# Changelog

## [3.0.0](https://h.example/compare/v2.9.0...v3.0.0) (2026-08-14)

### ⚠ BREAKING CHANGES

* **client:** the old way is gone ([#1](https://h.example/1))

### Features

* a ([#2](https://h.example/2))
  * nested, not counted
* b

### Bug Fixes

* c

### [2.9.0](javascript:alert(1)) (2026-08-01)

### Bug Fixes

* **breaking!:** names corrected

## 1.0.0-rc.1 (2023-11-15)

Initial.
"""


def test_release_please_is_read_in_both_forms_of_heading(server: RawServer) -> None:
    """With and without a link, of the second and the third level."""
    rows = {row["entry_id"]: row for row in _markdown(server, RELEASE_PLEASE)}
    facts = ("published_at", "is_prerelease")
    assert {code: tuple(row[fact] for fact in facts) for code, row in rows.items()} == {
        "3.0.0": ("2026-08-14T00:00:00.000000Z", False),
        "2.9.0": ("2026-08-01T00:00:00.000000Z", False),
        "1.0.0-rc.1": ("2023-11-15T00:00:00.000000Z", True),
    }
    assert rows["3.0.0"]["url"] == "https://h.example/compare/v2.9.0...v3.0.0"
    assert rows["2.9.0"]["url"] == server.url("/a/b.md"), "an address that is none is not kept"


def test_keep_a_changelog_and_bare_versions_are_read(server: RawServer) -> None:
    """`Unreleased` is no release; a version without a day has none."""
    rows = _markdown(
        server,
        "# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2026-01-02\n### Added\n- x\n### Fixed\n- y\n## 1.0.9\n- Fixed "
        "a\n",
    )
    listed = {(row["entry_id"], row["published_at"]) for row in rows}
    assert listed == {("1.1.0", "2026-01-02T00:00:00.000000Z"), ("1.0.9", None)}


DATED = """> moved
## September, 2026
### Sep 15
Feature · Model: x-1 · API: v1/responses

Body.
### Sep 10
Fix

Body.
### Sep 10
Update
## December, 2025
### Dec 30
Feature
"""


def test_a_page_with_a_heading_a_day_is_read(server: RawServer) -> None:
    """The year is in the heading above; the lower of two notes of a day is the first."""
    before = [row["entry_id"] for row in _markdown(server, DATED)]
    assert before == ["2025-12-30.1", "2026-09-10.1", "2026-09-10.2", "2026-09-15.1"]
    after = read_versions(DATED.replace("### Sep 10\nFix", "### Sep 10\nFeature\n### Sep 10\nFix"))
    assert {one.id: one.headline for one in after}["2026-09-10.2"] == "Fix"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("### September 22, 2026\n* a\n### Sept 18th, 2026\n* b", ["2026-09-22", "2026-09-18"]),
        ("## 2026-09-22: Retired\nx\n## 2026-02-31\n", ["2026-09-22"]),
        ("### Feb 29\n", []),
        ("## March, 2026\n### Feb 30\n", []),
    ],
)
def test_only_days_that_exist_are_days(text: str, days: list[str]) -> None:
    assert [one.title for one in read_versions(text)] == days


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.0.0", False), ("v1.0.0-rc.1", True), ("2.0b3", True), ("0.1.0-alpha", True), ("v0.12.0rc1", True),
        ("1.2.3.dev4", True),
        ("b4321", False), ("1.0.0-1", False), ("rust-v0.5.0-alpha.3", True), ("gguf-v0.1", False),
        ("1.0.0+build5", False),
    ],
)  # fmt: skip
def test_a_version_says_whether_it_is_a_prerelease(version: str, expected: bool) -> None:
    """Pre-releases are counted apart: nobody should rely on them."""
    assert is_prerelease(version) is expected


GITHUB = """<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:github.com,2008:x</id><title>Release notes</title>
<entry><id>tag:github.com,2008:Repository/1/v1.1.0</id><updated>2026-08-19T10:00:00Z</updated><title>v1.1.0</title>
<link rel="alternate" type="text/html" href="https://github.com/o/r/releases/tag/v1.1.0"/>
<content type="html">&lt;h3&gt;⚠ BREAKING CHANGES&lt;/h3&gt;&lt;ul&gt;&lt;li&gt;x&lt;/li&gt;&lt;/ul&gt;
&lt;h3&gt;Features&lt;/h3&gt;&lt;ul&gt;&lt;li&gt;a&lt;/li&gt;
&lt;li class="y"&gt;b&lt;/li&gt;&lt;/ul&gt;&lt;h3&gt;Bug Fixes&lt;/h3&gt;&lt;ul&gt;&lt;li&gt;c&lt;/li&gt;&lt;/ul&gt;</content></entry>
<entry><id>tag:github.com,2008:Repository/1/v1.1.0-rc.1</id><updated>2026-08-18T10:00:00Z</updated>
<title>v1.1.0-rc.1</title></entry></feed>"""


def test_githubs_feed_of_releases_is_read(server: RawServer) -> None:
    """Its id ends in the tag."""
    (page,) = _visit(server, "atom", GITHUB, "application/atom+xml; charset=utf-8")
    rows = {row.key: row for row in page.rows}
    first = rows["v1.1.0"]
    assert first.source_time == datetime(2026, 8, 19, 10, tzinfo=UTC)
    assert not first.body["is_prerelease"]
    assert rows["v1.1.0-rc.1"].body["is_prerelease"] and page.expected == 2


RSS = """<rss version="2.0"><channel><title>t</title>
<item><title>&lt;script&gt;x&lt;/script&gt; A day</title><guid>https://h.example/notes#september-28-2026</guid><link>{link}</link>
<pubDate>Mon, 28 Sep 2026 00:00:00 GMT</pubDate><description>canary text</description></item>
<item><title>Older</title><link>https://h.example/notes#september-22-2026</link><pubDate>Tue, 22 Sep 2026 00:00:00 GMT</pubDate></item>
<item><title>Older, once more</title><link>https://h.example/notes#september-22-2026</link></item></channel></rss>"""


def test_a_vendors_rss_is_read_and_its_text_is_not_kept(server: RawServer) -> None:
    """The fragment of the address is the key; an item that is there twice counts once."""
    (page,) = _visit(server, "rss", RSS.format(link="javascript:alert(1)"), "application/rss+xml")
    rows = {row.key: row.body for row in page.rows}
    assert list(rows) == ["https://h.example/notes#september-22-2026", "https://h.example/notes#september-28-2026"]
    newest = rows["https://h.example/notes#september-28-2026"]
    assert newest["url"] is None and newest["published_at"] == "2026-09-28T00:00:00.000000Z"
    assert rows["https://h.example/notes#september-22-2026"]["title"] == "Older" and "canary" not in json.dumps(rows)


def test_an_unchanged_changelog_is_a_success_without_rows(server: RawServer) -> None:
    """It is asked for with the condition of the last visit."""
    (first,) = _visit(server, "markdown", RELEASE_PLEASE, "text/markdown")
    (again,) = _visit(server, "markdown", "", "", first.cursor)
    assert again.is_unchanged and again.cursor == first.cursor and server.requests[1][1]["if-none-match"] == '"1"'


@pytest.mark.parametrize(
    ("form", "content", "kind", "error", "reason"),
    [
        ("markdown", "<!DOCTYPE html><h2>1.0.0</h2>", "text/html", Fatal, "expected text/markdown .* got text/html"),
        ("markdown", "\n <!doctype HTML>\n<h2>1.0.0</h2>", "text/plain", Fatal, "HTML instead of Markdown"),
        ("markdown", "# Changelog\n\nSee the releases page.", "text/plain", Fatal, "without any entry.*changed shape"),
        ("markdown", "", "text/plain", Fatal, "empty answer"),
        (
            "rss",
            "<rss version='2.0'><channel><title>t</title></channel></rss>",
            "text/xml",
            Fatal,
            "without any entry.*changed shape",
        ),
        ("rss", "<rss version='2.0'><channel><item><guid>1</guid>", "text/xml", Retriable, "cut off"),
        (
            "rss",
            "<rss version='2.0'><channel><item><title>t</title></item></channel></rss>",
            "text/xml",
            Fatal,
            "without an id or a link",
        ),
        ("atom", "<html><body>hello</body></html>", "application/xml", Fatal, "not an Atom or RSS"),
    ],
)
def test_a_page_without_an_entry_is_never_an_empty_success(
    server: RawServer, form: str, content: str, kind: str, error: type[SourceError], reason: str
) -> None:
    """200 with nothing in it is how a page says that it has changed."""
    with pytest.raises(error, match=reason):
        _visit(server, form, content, kind)


def test_releases_of_a_repository_and_its_changelog_stay_apart() -> None:
    """Both are kept under their channels, so that a metric can count one of them."""
    connection = empty_warehouse()
    for source, target, role in (("github", "o-r", "sdk"), ("changelog", "r", "changelog")):
        connection.execute(
            "insert into raw.catalog__channels (channel_id, family_id, source, role, channel_kind) values (?, 'x', ?, "
            "?, 'k')",
            [f"x.{source}.{target}", source, role],
        )
    seen = datetime(2026, 8, 20)
    own = {
        "release_id": 7,
        "version": "v1.0.0",
        "title": "v1.0.0",
        "released_at": "2026-08-19T10:00:00.000000Z",
        "is_prerelease": False,
    }
    (note,) = read_versions("## [1.0.0](https://h.example/1) (2026-08-19)\n")
    fill(connection, "github__releases", [("x.github.o-r", "7", seen, seen, own)])
    fill(
        connection,
        "changelog__entries",
        [("x.changelog.r", note.id, None, seen, make_release_row(note, "https://h.example/").body)],
    )
    build_conformed(connection, "releases")
    found = connection.execute(
        "select release_id, family_id, source, channel_role, released_at from staging.releases order by source"
    ).fetchall()
    assert found == [
        ("x.changelog.r#1.0.0", "x", "changelog", "changelog", datetime(2026, 8, 19)),
        ("x.github.o-r#v1.0.0", "x", "github", "sdk", datetime(2026, 8, 19, 10)),
    ]
