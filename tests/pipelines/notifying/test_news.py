"""News reaches each place once: at once or weekly, whatever fails or restarts in between."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from pipelines.notifying import news
from pipelines.notifying.news import MOST_BYTES, compose_notice, read_sent, send_news
from pipelines.notifying.sending import Notice
from tests.worlds.news.homes import make_item, publish_items
from tests.worlds.news.states import offer
from tests.worlds.receivers import open_mailbox, open_webhook
from warehouse.lock import hold_lock
from warehouse.news.feed import NAME, write_feed
from warehouse.news.prices import tell_price
from warehouse.settings import Settings, SettingsError, read_settings
from warehouse.snapshot import published_folder

DAY = timedelta(days=1)
START = datetime(2026, 11, 1, 7, tzinfo=UTC)


def make_settings(home: Path, *places: str, at: datetime = START, **others: Any) -> Settings:
    named = {"HEARTBEAT_NEWS": "at-once", **others}
    return Settings(
        HEARTBEAT_HOME=home, HEARTBEAT_NOTIFY=" ".join(places), HEARTBEAT_NOW=at, _env_file=None, **named
    )  # fmt: skip


def publish(home: Path, count: int) -> None:
    """Publishes a version with the first items, up to a number."""
    publish_items(home, *(make_item(number) for number in range(1, count + 1)))


def test_news_reaches_a_webhook_and_a_mailbox_with_their_links(tmp_path: Path) -> None:
    """One line an item, with the page of the dashboard and the source's own."""
    with open_webhook() as hook, open_mailbox() as mailbox:
        settings = make_settings(
            tmp_path, hook.address(), mailbox.address(), HEARTBEAT_PUBLIC_URL="https://heartbeat.example.com/"
        )
        publish(tmp_path, 1)
        assert send_news(settings) == [] == hook.messages, "what was told before a place was named is on the page"
        publish(tmp_path, 3)
        assert [send_news(settings), send_news(settings)] == [[], []]

    (message,), (mail,) = hook.messages, mailbox.mails
    assert message["title"] == mail["subject"] == "Heartbeat: 2 changes: GPT"
    assert message["message"].splitlines() == [
        "- GPT: model 3 ends. https://example.com/ends#3 https://heartbeat.example.com/changes?family=gpt",
        "- GPT: model 2 ends. https://example.com/ends#2 https://heartbeat.example.com/changes?family=gpt",
        "",
        "All news: https://heartbeat.example.com/news",
    ]
    body = mail.get_body(("plain", "html"))
    assert body is not None and "GPT: model 2 ends." in body.get_content()


def test_a_price_reads_the_same_in_the_feed_a_webhook_and_a_mail(tmp_path: Path) -> None:
    """Old and new price, unit, day and the list's own page; the same build again sends nothing."""
    old = offer()
    price = tell_price(old, replace(old, value={**old.value, "input_usd": 1.0, "since_on": "2026-11-07"}))
    assert price is not None
    told = make_item(2, price.headline, kind=price.kind, family_ids=price.family_ids, page=price.page, url=price.url)
    with open_webhook() as hook, open_mailbox() as mailbox:
        settings = make_settings(tmp_path, hook.address(), mailbox.address(), HEARTBEAT_NEWS_FAMILIES="gpt")
        publish(tmp_path, 1)
        send_news(settings)
        for _ in range(2):
            publish_items(tmp_path, make_item(1), told)
            assert send_news(settings) == []
        write_feed(tmp_path, "")

    (entry, _) = feedparser.parse((published_folder(tmp_path) / NAME).read_bytes()).entries
    (message,), (mail,) = hook.messages, mailbox.mails
    body = mail.get_body(("plain", "html"))
    said = "GPT: gpt-5 is cheaper on OpenRouter (since 7 Nov 2026): input 1.25 → 1.00 USD per million tokens."
    assert entry.title == said and entry.link == "https://openrouter.ai/openai/gpt-5"
    assert message["title"] == mail["subject"] == "Heartbeat: GPT: gpt-5 is cheaper on OpenRouter (since 7 …"
    assert f"- {said} {entry.link}" in message["message"].splitlines()
    assert body is not None and f"{said} {entry.link}" in " ".join(body.get_content().split())


def test_weekly_news_comes_once_a_week_together(tmp_path: Path) -> None:
    """And not at all in a week without any."""
    with open_webhook() as hook:
        for day, count in ((0, 1), (1, 3), (6, 4), (7, 4), (8, 5), (13, 6), (15, 6), (22, 6), (30, 6)):
            publish(tmp_path, count)
            send_news(make_settings(tmp_path, hook.address(), at=START + day * DAY, HEARTBEAT_NEWS="weekly"))

    assert hook.titles == ["Heartbeat, this week: 3 changes: GPT", "Heartbeat, this week: 2 changes: GPT"]


def test_a_place_that_refuses_gets_the_same_later_and_the_others_get_nothing_twice(tmp_path: Path) -> None:
    """A failed delivery neither repeats nor loses anything; the command says which place it was."""
    with open_webhook() as good, open_webhook() as bad:
        settings = make_settings(tmp_path, good.address(), bad.address())
        publish(tmp_path, 1)
        send_news(settings)
        bad.code = 503
        publish(tmp_path, 2)
        refused = [send_news(settings) for _ in range(2)]
        assert [sent.trouble for sent in read_sent(settings).values()] == ["", "answered 503"]
        bad.code = 200
        publish(tmp_path, 3)
        assert send_news(settings) == []

    assert refused == [["place 2 of HEARTBEAT_NOTIFY (JSON): answered 503"]] * 2
    assert good.titles == ["Heartbeat: GPT: model 2 ends.", "Heartbeat: GPT: model 3 ends."]
    assert bad.titles == ["Heartbeat: 2 changes: GPT"] and {one.trouble for one in read_sent(settings).values()} == {""}


@settings_of(max_examples=40)
@given(st.lists(st.sampled_from(["publish", "send", "refuse", "answer", "kill"]), max_size=12))
def test_over_publishes_refusals_and_kills_each_item_arrives_once_and_in_order(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    """A kill between publish and send loses nothing; only one between a delivery and its note could repeat it."""
    home, count, arrived, is_open = tmp_path_factory.mktemp("home"), 1, list[str](), True

    def deliver(_: Settings, notice: Notice) -> list[tuple[str, str]]:
        if not is_open:
            return [("place", "refused")]
        lines = [line.removeprefix("- ") for line in notice.body.splitlines() if line.startswith("- ")]
        arrived.extend(reversed(lines))
        return [("place", "")]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(news, "deliver_notice", deliver)
        versions = [make_item(1)]
        patch.setattr(news, "read_published", lambda _: _Published())
        patch.setattr(news, "load_news", lambda _: list(reversed(versions)))
        settings = make_settings(home, "json://127.0.0.1:9/")
        send_news(settings)
        for step in [*steps, "answer", "send"]:
            if step in ("publish", "kill"):
                count += 1
                versions.append(make_item(count))
            is_open = {"refuse": False, "answer": True}.get(step, is_open)
            if step == "send":
                send_news(settings)

    assert [line.split(" https")[0] for line in arrived] == [f"GPT: model {one} ends." for one in range(2, count + 1)]


class _Published:
    is_sample = False


def test_only_the_kinds_and_families_that_are_asked_for_are_sent(tmp_path: Path) -> None:
    """What concerns no family is left out by its kind alone."""
    items = [
        make_item(1),
        make_item(2),
        make_item(3, kind="verdict", family_ids=()),
        make_item(4, family_ids=("qwen",)),
        make_item(5, kind="method", family_ids=()),
    ]
    with open_webhook() as hook:
        only: dict[str, Any] = {"HEARTBEAT_NEWS_KINDS": "end, verdict", "HEARTBEAT_NEWS_FAMILIES": "qwen"}
        settings = make_settings(tmp_path, hook.address(), **only)
        publish_items(tmp_path, items[0])
        send_news(settings)
        publish_items(tmp_path, *items)
        send_news(settings)
        publish_items(tmp_path, *items, make_item(6, kind="method", family_ids=()))
        send_news(settings)

    (message,) = hook.messages
    assert [line.split()[3] for line in message["message"].splitlines() if line.startswith("- ")] == ["4", "3"]
    assert read_sent(settings)[1].number == 6, "what is not asked for is not looked at again"


def test_a_disk_that_takes_no_note_has_nothing_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the same would be sent at every publish until somebody makes room."""

    def refuse(*_: object) -> None:
        raise OSError("No space left on device")

    with open_webhook() as hook:
        settings = make_settings(tmp_path, hook.address())
        publish(tmp_path, 1)
        send_news(settings)
        publish(tmp_path, 2)
        with monkeypatch.context() as full:
            full.setattr(news, "write_file", refuse)
            with pytest.raises(OSError, match="No space"):
                send_news(settings)
        assert hook.messages == []
        send_news(settings)

    assert len(hook.messages) == 1


def test_in_quiet_hours_news_waits(tmp_path: Path) -> None:
    """Nothing of it is urgent."""
    with open_webhook() as hook:
        for hour, count in ((7, 1), (8, 2), (13, 3)):
            publish(tmp_path, count)
            at = START.replace(hour=hour)
            send_news(make_settings(tmp_path, hook.address(), at=at, HEARTBEAT_QUIET="8:00-12:00 UTC"))

    assert hook.titles == ["Heartbeat: 2 changes: GPT"]


@pytest.mark.parametrize("state", ["{", '{"places": {"x": 1}}'])
def test_a_damaged_state_begins_with_what_is_published_next(tmp_path: Path, state: str) -> None:
    """Nothing that was told long ago comes again."""
    with open_webhook() as hook:
        settings = make_settings(tmp_path, hook.address())
        publish(tmp_path, 3)
        send_news(settings)
        (tmp_path / "news" / "sent.json").write_text(state)
        send_news(settings)
        publish(tmp_path, 4)
        send_news(settings)

    assert hook.titles == ["Heartbeat: GPT: model 4 ends."]


def test_two_runs_at_once_send_nothing_twice(tmp_path: Path) -> None:
    """The schedule runs two sources side by side; the second one leaves it to the first."""
    with open_webhook() as hook:
        settings = make_settings(tmp_path, hook.address())
        publish(tmp_path, 1)
        send_news(settings)
        publish(tmp_path, 2)
        with hold_lock(tmp_path / "news", "test", name="sending"):
            assert send_news(settings) == [] == hook.messages
        send_news(settings)

    assert len(hook.messages) == 1


@pytest.mark.parametrize(
    "others", [{"HEARTBEAT_NEWS": "off"}, {"HEARTBEAT_NOTIFY": ""}, {"is_sample": True}, {"is_published": False}]
)
def test_nothing_is_sent_where_nobody_asked_or_nothing_is_real(tmp_path: Path, others: dict[str, Any]) -> None:
    """No state is begun either."""
    if others.pop("is_published", True):
        publish_items(tmp_path, make_item(1), make_item(2), is_sample=others.pop("is_sample", False))

    assert send_news(make_settings(tmp_path, "json://127.0.0.1:9/").model_copy(update=_rename(others))) == []
    assert not (tmp_path / "news").exists()


def _rename(others: dict[str, Any]) -> dict[str, Any]:
    settings = Settings(_env_file=None, **others)
    return {"news": settings.news} if "HEARTBEAT_NEWS" in others else {"notify": settings.notify} if others else {}


def test_a_long_message_says_how_many_it_leaves_out_and_tells_ours_apart(tmp_path: Path) -> None:
    """Mail and chat services cut what is longer."""
    settings = make_settings(tmp_path, HEARTBEAT_NEWS="weekly")
    many = compose_notice([make_item(number, "x" * 1_000) for number in range(20, 1, -1)], settings)
    few = compose_notice([make_item(3), make_item(2, is_restated=True)], settings)

    assert len(many.body) < MOST_BYTES + 200 and many.body.endswith("And 12 more.\n\nAll news: `heartbeat news`")
    assert few.body.splitlines()[1:3] == ["", news.OURS] and "model 2" in few.body.splitlines()[3]


def test_an_unknown_kind_is_refused_with_the_nearest_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As every other setting."""
    monkeypatch.setenv("HEARTBEAT_NEWS_KINDS", "end,verdikt")

    with pytest.raises(
        SettingsError, match=r"HEARTBEAT_NEWS_KINDS: .*'verdikt' is not a kind of news: did you mean verdict\?"
    ):
        read_settings(None)
