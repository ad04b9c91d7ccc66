"""The page of news and its feed: every item with its links, nothing of strangers acting."""

import asyncio
import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import feedparser
import pytest
from starlette.requests import Request
from starlette.responses import Response

from dashboards.feed import send_feed
from dashboards.frame.story import Words
from dashboards.overview import overview
from dashboards.words.numbers import escape_markdown
from tests.dashboards.test_pages import seen
from tests.warehouse.news.test_feed import ADDRESS, check_feed
from tests.worlds.hostile import HOSTILE
from tests.worlds.news.homes import make_item, publish_items
from tests.worlds.page_worlds import NOW
from warehouse.snapshot import Origin

Home = Callable[[str], Path]


def tell(home: Path, *chosen: str) -> list[str]:
    """What the section says."""
    parts = overview.list_news(dataclasses.replace(seen(home), chosen=chosen))
    return [part.text for part in parts if isinstance(part, Words)]


def test_the_newest_items_are_listed_with_their_day_page_and_source(state_home: Home) -> None:
    """The feed has the rest."""
    listed, follow = tell(state_home("live"))
    lines = listed.splitlines()
    assert len(lines) == overview.MOST and all(line.startswith("- 28 Nov 2026: ") for line in lines[:2])
    assert (
        f"{escape_markdown('GPT: model-27 ends on 3 Mar 2027.')} [more](changes?family=gpt){overview.SEPARATOR}"
        "[source](https://made-up.example/ends#%2827%29)"
    ) in listed
    assert re.match(r"\d+ more: `heartbeat news` lists them\. Follow this as a \[feed\]\(news\.atom\)", follow)


def test_of_chosen_families_only_their_news_is_listed(state_home: Home) -> None:
    """Every third item of the world is about Claude and Qwen, three a day; without any, that is said."""
    listed, follow = tell(state_home("live"), "qwen", "kimi")
    numbers = [int(number) for number in re.findall(r"model\\-(\d+)", listed)]
    assert numbers == list(range(29, 20, -3)) and "news.atom?family=qwen&family=kimi" in follow
    assert tell(state_home("live"), "kimi")[0] == "Nothing changed this week."


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("https://h.example/live", "Follow all news as a [feed](https://h.example/live/news.atom)."),
        ("/srv/set", ""),
    ],
)
def test_the_feed_of_a_followed_snapshot_is_its_publishers(state_home: Home, source: str, said: str) -> None:
    """Hosts that run one script serve no feed of ours."""
    page = seen(state_home("live"))
    followed = dataclasses.replace(page.snapshot, origin=Origin(source, "Somebody", "CC-BY-4.0", None, "0.1.0"))
    assert overview.word_feed(dataclasses.replace(page, snapshot=followed, chosen=("qwen",))) == said


def test_a_world_without_news_says_why(state_home: Home) -> None:
    """An empty list would look as if nothing ever changed."""
    assert tell(state_home("begun")) == [overview.WITHOUT]


def test_the_news_of_the_sample_world_is_that_of_its_visits(state_home: Home) -> None:
    """Ends and prices changed between its visits; what is made up has no source, and nobody follows it."""
    listed, follow = tell(state_home("sample"))
    assert "ends on" in listed and "[more](changes?family=" in listed
    assert "[source]" not in listed and "feed" not in follow


def test_nothing_of_strangers_is_markup_or_a_link(state_home: Home) -> None:
    """Names of models and addresses come from pages of others."""
    words = tell(state_home("hostile"))[0]
    assert any(escape_markdown(text)[:20] in words for text in HOSTILE[:3])
    assert "model" not in words and not re.search(r"(?<!\\)<|\]\((?!https://made-up|changes|openness|claims)", words)


def _ask(asked: str = "") -> Response:
    return asyncio.run(send_feed(Request({"type": "http", "method": "GET", "query_string": asked.encode()})))


def test_the_dashboard_serves_the_feed_of_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample world makes no news."""
    monkeypatch.setenv("HEARTBEAT_HOME", str(tmp_path))
    monkeypatch.setenv("HEARTBEAT_PUBLIC_URL", f"{ADDRESS}/")
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())
    assert _ask().status_code == 404, "nothing is published yet"
    publish_items(tmp_path, make_item(1), make_item(2))
    answer = _ask()
    text = bytes(answer.body).decode()
    check_feed(text)

    assert (answer.status_code, answer.media_type) == (200, "application/atom+xml")
    assert f"{ADDRESS}/changes?family=gpt" in text
    publish_items(tmp_path, make_item(1), is_sample=True)
    assert _ask().status_code == 404


def test_a_feed_of_some_families_holds_their_items_only_and_is_a_feed_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader may follow both; an entry has the same id in each, and the order of the families does not matter."""
    monkeypatch.setenv("HEARTBEAT_HOME", str(tmp_path))
    monkeypatch.setenv("HEARTBEAT_PUBLIC_URL", ADDRESS)
    publish_items(tmp_path, make_item(1), make_item(2), make_item(3, family_ids=("qwen", "claude")),
                  make_item(4, family_ids=(), kind="verdict"))  # fmt: skip
    every, qwen = (feedparser.parse(bytes(_ask(asked).body)) for asked in ("", "family=qwen"))
    both = [bytes(_ask(asked).body) for asked in ("family=qwen&family=gpt", "family=gpt&family=qwen&family=gpt")]
    check_feed(both[0].decode())

    assert [entry.title for entry in qwen.entries] == ["GPT: model 3 ends."]
    assert qwen.feed.title == "Heartbeat: what changed (Qwen)" and qwen.feed.id != every.feed.id
    assert [link.href for link in qwen.feed.links] == [
        f"{ADDRESS}/news.atom?family=qwen",
        f"{ADDRESS}/overview?family=qwen",
    ]
    assert qwen.entries[0].id in {entry.id for entry in every.entries} and len(every.entries) == 4
    assert both[0] == both[1] and len(feedparser.parse(both[0]).entries) == 3


def test_a_feed_of_a_family_without_news_is_empty_and_of_an_unknown_one_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that waits for a misspelt family would wait for ever."""
    monkeypatch.setenv("HEARTBEAT_HOME", str(tmp_path))
    publish_items(tmp_path, make_item(1), make_item(2))
    empty, unknown = _ask("family=qwen"), _ask("family=qwn")

    assert check_feed(bytes(empty.body).decode()).find("{http://www.w3.org/2005/Atom}entry") is None
    assert (unknown.status_code, bytes(unknown.body)) == (404, b"There is no family 'qwn' here.\n")
