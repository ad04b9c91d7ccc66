"""The Atom feed: valid by RFC 4287, the same for the same rows, and written whole."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.hostile import HOSTILE
from tests.worlds.news.homes import make_item, publish_items
from warehouse.news.feed import MOST, NAME, render_feed, write_feed
from warehouse.news.items import clean_link, clean_text
from warehouse.news.reader import load_news
from warehouse.snapshot import Snapshot, published_folder

ATOM = "{http://www.w3.org/2005/Atom}"
TAG = re.compile(r"tag:heartbeat\.invalid,2026:news:[0-9a-z:,-]+")
ADDRESS = "https://heartbeat.example.com/models"
SNAPSHOT = Snapshot(Path("nowhere"), 1, datetime.fromisoformat("2026-11-30T06:00:00+00:00"), is_sample=False)


def check_feed(text: str) -> ElementTree.Element:
    """Checks what RFC 4287 asks of a feed and its entries (sections 4.1.1 and 4.1.2), and gives its root."""
    root = ElementTree.fromstring(text.encode())  # noqa: S314  # we wrote it ourselves
    assert root.tag == f"{ATOM}feed" and feedparser.parse(text)["bozo"] == 0
    entries = root.findall(f"{ATOM}entry")
    ids = [one.findtext(f"{ATOM}id") or "" for one in (root, *entries)]
    assert len(set(ids)) == len(ids) and all(TAG.fullmatch(one) for one in ids)
    assert root.findtext(f"{ATOM}author/{ATOM}name"), "or each entry has one"
    for one in (root, *entries):
        names = [child.tag.removeprefix(ATOM) for child in one]
        assert [names.count(name) for name in ("id", "title", "updated")] == [1, 1, 1], names
        assert all(names.count(name) <= 1 for name in ("content", "generator", "published", "subtitle", "summary"))
        assert datetime.fromisoformat(one.findtext(f"{ATOM}updated") or "").utcoffset() == timedelta()
        links = [(link.get("rel"), link.get("type")) for link in one.findall(f"{ATOM}link")]
        assert len(set(links)) == len(links) and (one is root or "content" in names)
        for link in one.findall(f"{ATOM}link"):
            assert urlsplit(link.get("href") or "").scheme in ("http", "https")
    return root


def test_a_feed_has_an_entry_for_each_item_with_its_links_and_an_id_that_stays() -> None:
    """A reader shows an entry once, whatever follows."""
    items = [make_item(3), make_item(2), make_item(1)]
    root = check_feed(render_feed(SNAPSHOT, items, ADDRESS))
    first = root.find(f"{ATOM}entry")
    earlier = check_feed(render_feed(SNAPSHOT, items[1:], ADDRESS))

    assert first is not None and first.findtext(f"{ATOM}title") == "GPT: model 3 ends."
    assert [(link.get("rel"), link.get("href")) for link in first.findall(f"{ATOM}link")] == [
        ("alternate", f"{ADDRESS}/changes?family=gpt"), ("related", "https://example.com/ends#3")
    ]  # fmt: skip
    assert root.findtext(f"{ATOM}updated") == "2026-11-03T06:00:00Z"
    assert [one.findtext(f"{ATOM}id") for one in root.findall(f"{ATOM}entry")[1:]] == [
        one.findtext(f"{ATOM}id") for one in earlier.findall(f"{ATOM}entry")
    ]
    assert root.findtext(f"{ATOM}id") == earlier.findtext(f"{ATOM}id")


def test_without_a_public_address_a_feed_leads_to_the_sources_only() -> None:
    """Nobody else can open an address of this machine."""
    text = render_feed(SNAPSHOT, [make_item(2), make_item(1)])
    check_feed(text)

    assert re.findall(r'href="([^"]*)"', text) == ["https://example.com/ends#2"]


def test_a_feed_is_bounded_and_valid_while_it_is_empty() -> None:
    """However long an installation runs; and before its first item."""
    items = [make_item(number) for number in range(MOST + 20, 0, -1)]

    assert len(check_feed(render_feed(SNAPSHOT, items)).findall(f"{ATOM}entry")) == MOST
    assert check_feed(render_feed(SNAPSHOT, [])).findall(f"{ATOM}entry") == []


@settings(max_examples=50)
@given(st.one_of(st.text(max_size=80), st.sampled_from(HOSTILE)))
def test_what_strangers_wrote_stays_text(words: str) -> None:
    """Titles of models come from pages of others."""
    item = make_item(2, f"GPT: {clean_text(words)} ends.", url=clean_link(words))
    text = render_feed(SNAPSHOT, [item, make_item(1)], ADDRESS)
    entry = check_feed(text).find(f"{ATOM}entry")

    assert entry is not None and entry.findtext(f"{ATOM}title") == item.headline and "<script" not in text


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://user:pass@example.com/", "https://exa mple.com", "https://", "http://[x", ""],
)
def test_only_links_of_the_web_are_links(url: str) -> None:
    """A page may put anything where an address is expected."""
    assert clean_link(url) == "" and clean_link("https://example.com/a?b=c&d=%20#e") != ""


def test_a_snapshot_of_strangers_is_taken_at_no_word(tmp_path: Path) -> None:
    """A followed snapshot may hold anything in these columns."""
    evil: dict[str, object] = {"url": "javascript:x", "page": "../evil?x=<b>", "headline": f"{HOSTILE[0]}\u202e" * 400}
    (item, _) = load_news(publish_items(tmp_path, make_item(1), make_item(2, **evil))) or []  # type: ignore[arg-type]

    assert (item.url, item.page) == ("", "") and len(item.headline) <= 2_000 and "\u202e" not in item.headline


def test_the_feed_is_written_beside_the_snapshot_only_when_it_changed(tmp_path: Path) -> None:
    """Readers see a whole feed or the one before; the same rows are the same bytes."""
    publish_items(tmp_path, make_item(1))
    path = published_folder(tmp_path) / NAME

    assert [write_feed(tmp_path, ADDRESS), write_feed(tmp_path, ADDRESS)] == [True, False]
    before = path.read_bytes()
    publish_items(tmp_path, make_item(1), make_item(2))
    assert write_feed(tmp_path, ADDRESS) and path.read_bytes() != before
    assert [entry.title for entry in feedparser.parse(path.read_bytes()).entries] == [
        "GPT: model 2 ends.", "News begins here."
    ]  # fmt: skip


def test_a_sample_world_has_no_feed(tmp_path: Path) -> None:
    """It is made up."""
    publish_items(tmp_path, make_item(1), is_sample=True)

    assert not write_feed(tmp_path, "") and not (published_folder(tmp_path) / NAME).exists()
