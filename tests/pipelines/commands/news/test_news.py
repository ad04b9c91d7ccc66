"""`heartbeat news`, and the whole way of an item: from a family's file to the page, the feed, the command and a
message."""

import json
import shutil
from pathlib import Path

import feedparser
import pytest

from tests.pipelines.commands.conftest import Run
from tests.worlds.news.homes import make_item, publish_items
from tests.worlds.receivers import open_webhook
from warehouse.news.feed import NAME
from warehouse.settings import read_settings
from warehouse.snapshot import published_folder

PROMISE = """
[[fact]]
kind = "notice"
value = "At least {days} days"
days = {days}
url = "https://example.com/promise"
as_of_on = {read}
"""
MOVED = "Gpt, notice before the end of a model: now 180 days (before: 60)."


def test_the_command_lists_the_newest_first_with_links_and_filters(home: Path, heartbeat: Run) -> None:
    """For people and for programs."""
    publish_items(
        home, make_item(1), make_item(2), make_item(3, kind="verdict", family_ids=(), is_restated=True, url=""),
        make_item(4, corrects=make_item(2).news_id),
    )  # fmt: skip
    code, said = heartbeat("news")
    found = json.loads(heartbeat("news", "--json", "--kind", "end", "--family", "gpt", "--since", "2026-11-04")[1])

    assert code == 0 and said.splitlines() == [
        "2026-11-04 GPT: model 4 ends.", "           https://example.com/ends#4",
        "2026-11-03 GPT: model 3 ends. (ours)",
        "2026-11-02 GPT: model 2 ends. (withdrawn)", "           https://example.com/ends#2",
        "2026-11-01 News begins here, with 2 families.",
        "nobody receives these: set HEARTBEAT_NOTIFY, and HEARTBEAT_NEWS for how often",
    ]  # fmt: skip
    assert [(item["number"], item["corrects"], item["as_of_at"]) for item in found] == [
        (4, f"{2:016x}", "2026-11-04T06:00:00Z")
    ]


@pytest.mark.parametrize(
    ("count", "is_sample", "words", "says"),
    [
        (0, False, (), "no news yet"), (1, True, (), "is made up and makes no news"),
        (2, False, ("--family", "qwen"), "nothing like that has changed"),
        (2, False, ("--family", "qwn"), "did you mean qwen?"), (2, False, ("--since", "x"), "is not a day"),
        (40, False, (), "10 earlier: --since DAY lists them"),
    ],
)  # fmt: skip
def test_what_there_is_not_is_said(
    home: Path, heartbeat: Run, count: int, is_sample: bool, words: tuple[str, ...], says: str
) -> None:
    """An empty answer would look like a fault."""
    publish_items(home, *(make_item(number) for number in range(1, count + 1)), is_sample=is_sample)

    assert says in heartbeat("news", *words)[1]


def test_a_misspelt_family_to_be_told_of_is_named(home: Path, heartbeat: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else its news would never come, and nobody would know why."""
    publish_items(home, make_item(1))
    monkeypatch.setenv("HEARTBEAT_NOTIFY", "json://127.0.0.1:9/")
    monkeypatch.setenv("HEARTBEAT_NEWS_FAMILIES", "gpt,qwn")
    said = heartbeat("news")[1]

    assert "HEARTBEAT_NEWS_FAMILIES names no family here: 'qwn': did you mean qwen?" in said and "'gpt'" not in said


def _write_promise(families: Path, days: int, read: str) -> None:
    path = families / "gpt.toml"
    before = path.read_text(encoding="utf-8").partition(PROMISE[:20])[0]
    path.write_text(before + PROMISE.format(days=days, read=read), encoding="utf-8")


def test_a_promise_that_moved_goes_all_the_way_from_the_schedule_to_those_who_asked(
    published: Path, families: Path, heartbeat: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each publish of the schedule tells what is new, once; a place that refuses is named and gets it later."""
    from pipelines.flows import bring_up_to_date  # Prefect takes seconds to import

    own = shutil.copytree(families, tmp_path / "own")
    with open_webhook() as hook:
        for name, value in (("CATALOG", str(own)), ("NOTIFY", hook.address()), ("NEWS", "at-once")):
            monkeypatch.setenv(f"HEARTBEAT_{name}", value)
        _write_promise(own, 60, "2026-10-01")
        first = bring_up_to_date.fn(full=False)
        _write_promise(own, 180, "2026-11-01")
        hook.code = 500
        refused, named = bring_up_to_date.fn(full=False), heartbeat("news")[1]
        hook.code = 200
        reports = [bring_up_to_date.fn(full=False) for _ in range(2)]

    assert "published version" in first and "news:" not in first
    assert "news: place 1 of HEARTBEAT\\_NOTIFY \\(JSON\\): answered 500" in refused
    assert "answered 500; the next publish tries it again" in named and MOVED in named
    assert not any("news:" in report for report in reports)
    (message,) = hook.messages
    assert (
        message["title"] == "Heartbeat: Gpt, notice before the end of a model: now 180 …"
        and MOVED in message["message"]
    )
    feed = feedparser.parse((published_folder(read_settings(None).home) / NAME).read_bytes())
    assert [entry.title for entry in feed.entries] == [MOVED, "News begins here, with 1 family."]
