"""The page of news and its feed: every item with its links, ours told apart, nothing of strangers acting."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from dashboards.feed import send_feed
from dashboards.overview import news
from dashboards.words.numbers import escape_markdown
from tests.dashboards.test_pages import seen
from tests.warehouse.news.test_feed import ADDRESS, check_feed
from tests.worlds.news.homes import make_item, publish_items
from tests.worlds.page_worlds import NOW
from tests.worlds.snapshots.rows import HOSTILE

Home = Callable[[str], Path]


def test_the_page_lists_what_changed_day_by_day_and_says_how_much_of_each_kind(state_home: Home) -> None:
    """Each item leads to its page and its source; what was withdrawn and what is ours is marked."""
    story = news.story(seen(state_home("live")))
    verdict, rest = story.answer.split("\n\n")
    words = [part.text for part in story.parts if hasattr(part, "text")]

    assert verdict == (
        "**In the last four weeks, 6 ends were announced or moved, 9 verdicts flipped and 8 differences between "
        "families changed.**"
    )
    assert rest.startswith("News begins on 20 Oct 2026.")
    assert words[0] == "## 29 Oct 2026" and len(words) == 20
    last = (
        f"- {escape_markdown('GPT: model-27 ends on 3 Mar 2027.')} *Ours.* [more](changes?family=gpt) · "
        "[source](https://made-up.example/ends#%2827%29)"
    )
    assert words[1].splitlines()[-1] == last
    assert [line[:15] for line in "\n".join(words).splitlines() if "model\\-8 " in line] == ["- *Withdrawn:* "]


@pytest.mark.parametrize(("state", "says"), [("sample", "The sample world makes no news"), ("stale", "give no answer")])
def test_a_world_without_news_says_why(state_home: Home, state: str, says: str) -> None:
    """An empty page would look as if nothing ever changed."""
    story = news.story(seen(state_home(state)))

    assert says in story.answer and not story.parts


def test_nothing_of_strangers_is_markup_or_a_link(state_home: Home) -> None:
    """Names of models and addresses come from pages of others."""
    words = "\n".join(part.text for part in news.story(seen(state_home("hostile"))).parts if hasattr(part, "text"))

    assert "model" not in words and all(escape_markdown(text)[:20] in words for text in HOSTILE[:3] if text.strip())
    assert not re.search(r"(?<!\\)<|\]\((?!https://made-up|changes)", words)


def _ask(tag: str = "") -> Response:
    headers = [(b"if-none-match", tag.encode())] if tag else []
    return asyncio.run(send_feed(Request({"type": "http", "method": "GET", "headers": headers})))


def test_the_dashboard_serves_the_feed_of_what_it_shows_and_not_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A feed reader asks every hour; nothing is sent again while nothing changed."""
    monkeypatch.setenv("HEARTBEAT_HOME", str(tmp_path))
    monkeypatch.setenv("HEARTBEAT_PUBLIC_URL", f"{ADDRESS}/")
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())
    assert _ask().status_code == 404, "nothing is published yet"
    publish_items(tmp_path, make_item(1), make_item(2))
    first = _ask()
    tag = first.headers["etag"]
    text = bytes(first.body).decode()
    check_feed(text)

    assert (first.status_code, first.media_type) == (200, "application/atom+xml")
    assert f"{ADDRESS}/changes?family=gpt" in text
    assert (_ask(tag).status_code, bytes(_ask(tag).body)) == (304, b"")
    publish_items(tmp_path, make_item(1), make_item(2), make_item(3))
    assert _ask(tag).status_code == 200
    publish_items(tmp_path, make_item(1), is_sample=True)
    assert _ask().status_code == 404, "a sample world makes no news"
