"""News is a message like any other: at once or weekly, each item once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.commands.alerting.watch import watch_home
from pipelines.notifying.alerts import AlertState
from pipelines.notifying.news import MOST, list_news
from tests.worlds.news.homes import make_item, publish_items
from tests.worlds.receivers import open_mailbox, open_webhook
from warehouse.settings import Settings

DAY = timedelta(days=1)
START = datetime(2026, 11, 1, 7, tzinfo=UTC)
PLACE = "json://127.0.0.1:9/"


def make_settings(home: Path, *places: str, at: datetime = START, **others: Any) -> Settings:
    named = {"HEARTBEAT_NEWS": "at-once", **others}
    return Settings(
        HEARTBEAT_HOME=home, HEARTBEAT_NOTIFY=" ".join(places), HEARTBEAT_NOW=at, _env_file=None, **named
    )  # fmt: skip


def publish(home: Path, count: int) -> None:
    """Publishes a version with the first items, up to a number."""
    publish_items(home, *(make_item(number) for number in range(1, count + 1)))


def test_news_reaches_a_webhook_and_a_mailbox_with_their_links_once(tmp_path: Path) -> None:
    """One line an item, with the source's page and the dashboard's; what no place accepted is sent by the next run."""
    with open_webhook() as hook, open_mailbox() as mailbox:
        public = "https://heartbeat.example.com/"
        settings = make_settings(tmp_path, hook.address(), mailbox.address(), HEARTBEAT_PUBLIC_URL=public)
        publish(tmp_path, 1)
        watch_home(settings)
        assert hook.messages == [], "what was published before a place was named is on the page"
        publish(tmp_path, 3)
        hook.code = 503
        watch_home(make_settings(tmp_path, hook.address()))
        hook.code = 200
        for _ in range(2):
            watch_home(settings)

    (message,), (mail,) = hook.messages, mailbox.mails
    assert message["title"] == mail["subject"] == "Heartbeat: 2 changes"
    assert message["message"].splitlines() == [
        "- GPT: model 3 ends. https://example.com/ends#3 https://heartbeat.example.com/changes?family=gpt",
        "- GPT: model 2 ends. https://example.com/ends#2 https://heartbeat.example.com/changes?family=gpt",
        "",
        "All news: https://heartbeat.example.com/overview",
    ]


def test_weekly_news_comes_once_a_week_together(tmp_path: Path) -> None:
    """And not at all in a week without any."""
    state, titles = AlertState(), list[str]()
    for day, count in ((0, 1), (1, 3), (6, 4), (7, 4), (8, 5), (13, 6), (15, 6), (22, 6), (30, 6)):
        publish(tmp_path, count)
        at = START + day * DAY
        state, messages = list_news(state, make_settings(tmp_path, PLACE, at=at, HEARTBEAT_NEWS="weekly"))
        for message in messages:
            titles.append(message.notice.title)
            state = state.model_copy(update=message.changes)

    assert titles == ["Heartbeat: 3 changes", "Heartbeat: 2 changes"]


@pytest.mark.parametrize("others", [{"HEARTBEAT_NEWS": "off"}, {"place": ""}, {"is_sample": True}])
def test_nothing_is_noted_if_nobody_asked_or_nothing_is_real(tmp_path: Path, others: dict[str, Any]) -> None:
    """Neither is a beginning."""
    publish_items(tmp_path, make_item(1), make_item(2), is_sample=others.pop("is_sample", False))

    settings = make_settings(tmp_path, others.pop("place", PLACE), **others)
    assert list_news(AlertState(), settings) == (AlertState(), [])


def test_a_long_message_says_how_many_it_leaves_out(tmp_path: Path) -> None:
    """Mail and chat services cut what is longer."""
    at = datetime(2026, 11, 30, 7, tzinfo=UTC)
    publish(tmp_path, 0)
    state, _ = list_news(AlertState(), make_settings(tmp_path, PLACE, at=START))
    publish(tmp_path, MOST + 12)
    _, (message,) = list_news(state, make_settings(tmp_path, PLACE, at=at))

    assert message.notice.body.count("- GPT") == MOST
    assert message.notice.body.endswith("And 12 more.\n\nAll news: `heartbeat news`")
