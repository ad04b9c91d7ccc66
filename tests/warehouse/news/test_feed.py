"""The Atom feed: valid by RFC 4287, and nothing that strangers wrote acts in it."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.hostile import HOSTILE
from tests.worlds.news.homes import make_item, publish_items
from warehouse.news.feed import MOST, render_feed
from warehouse.news.items import clean_text, load_news
from warehouse.snapshot import Snapshot

ATOM = "{http://www.w3.org/2005/Atom}"
TAG = re.compile(r"tag:heartbeat\.invalid,2026:news:[0-9a-z:-]+")
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
        assert names.count("content") == (one is not root)
        assert datetime.fromisoformat(one.findtext(f"{ATOM}updated") or "").utcoffset() == timedelta()
        links = [link.get("rel") for link in one.findall(f"{ATOM}link")]
        assert len(set(links)) == len(links)
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


def test_a_feed_is_bounded_and_valid_while_it_is_empty() -> None:
    """However long an installation runs; and before its first item."""
    items = [make_item(number) for number in range(MOST + 20, 0, -1)]

    assert len(check_feed(render_feed(SNAPSHOT, items)).findall(f"{ATOM}entry")) == MOST
    assert check_feed(render_feed(SNAPSHOT, [])).findall(f"{ATOM}entry") == []


@settings(max_examples=50)
@given(st.one_of(st.text(max_size=80), st.sampled_from(HOSTILE)))
def test_what_strangers_wrote_stays_text(words: str) -> None:
    """Titles of models come from pages of others."""
    item = make_item(2, headline=clean_text(f"GPT: {words} ends."))
    text = render_feed(SNAPSHOT, [item, make_item(1)], ADDRESS)
    entry = check_feed(text).find(f"{ATOM}entry")

    assert entry is not None and entry.findtext(f"{ATOM}title") == item.headline and "<script" not in text


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "https://user:pass@example.com/", "https://exa mple.com", "https://", "http://[x",
        "https://example.com/a\n", "",
    ],
)  # fmt: skip
def test_a_snapshot_of_strangers_is_not_trusted(tmp_path: Path, url: str) -> None:
    """A followed snapshot may hold anything in these columns; only links of the web are links."""
    evil = make_item(2, url=url, headline=f"{HOSTILE[0]}\u202e" * 400, family_ids=("../x?y=<b>",))
    item, good = load_news(publish_items(tmp_path, make_item(1, url="https://example.com/a?b=c&d=%20#e"), evil)) or []

    assert item.url == "" and item.page == "changes?family=..%2Fx%3Fy%3D%3Cb%3E"
    assert len(item.headline) <= 500 and "\u202e" not in item.headline
    assert good.url == "https://example.com/a?b=c&d=%20#e"
