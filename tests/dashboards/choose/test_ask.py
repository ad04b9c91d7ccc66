"""Where to ask: which channel, how sure that is, and the threads that were helped there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards.choose import ask, runtimes, sentences_ask
from dashboards.frame.story import Figure
from tests.dashboards.test_pages import opened, seen, texts
from tests.worlds.hostile import HOSTILE
from tests.worlds.page_worlds import NOW, State, make_state

Home = Callable[[str], Path]
PAGE = "choose/ask.py"
CHANNELS = {
    "a": {
        "channel_id": "a",
        "family_id": "qwen",
        "source": "github",
        "target": "Qwen/a_b",
        "is_official": True,
        "url": "https://a.example",
    },
    "b": {
        "channel_id": "b",
        "family_id": "_shared",
        "source": "github",
        "target": "vllm/vllm",
        "is_official": False,
        "url": "https://b.example",
    },
}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the world was published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def row(channel: str, value: float | None, spread: float = 0.05, **more: Any) -> dict[str, Any]:
    """The share helped within a week in a channel."""
    low, high = (None, None) if value is None else (max(0.0, value - spread), value + spread)
    found = {
        "family_id": "qwen", "side": "open", "channel_id": channel, "channel_kind": "tracker", "channel_role": "model",
        "question_type": "all", "statistic": "within_7d", "window": "365d", "n": 40, "n_events": 10, "note": None,
    }  # fmt: skip
    return (
        found
        | {"value": value, "low": low, "high": high, "state": "measured" if value is not None else "not enough data"}
        | more
    )


def plain(text: str) -> str:
    """Without what keeps numbers and units together."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_channels_are_named_so_that_two_of_one_repository_and_shared_ones_stand_apart() -> None:
    """Issues and discussions; the vendor's own and one that many families share; one that nobody knows."""
    assert sentences_ask.name_channel(row("a", 0.1), CHANNELS) == "Qwen/a_b (GitHub issues)"
    assert sentences_ask.name_channel(row("a", 0.1, channel_kind="forum"), CHANNELS) == "Qwen/a_b (GitHub discussions)"
    assert sentences_ask.name_channel(row("b", 0.1), CHANNELS) == "vllm/vllm (GitHub issues, shared by many)"
    assert sentences_ask.name_channel(row("gone", 0.1), CHANNELS) == "gone"
    assert [sentences_ask.name_runner(CHANNELS.get(name)) for name in ("a", "b", "gone")] == [
        "official",
        "community",
        "not known",
    ]


def test_the_answer_names_the_channel_and_whom_it_cannot_be_told_from() -> None:
    """With its interval and its cases; names are made safe."""
    rows = [row("a", 0.4), row("b", 0.1), row("gone", None, n=3)]
    text = plain(sentences_ask.answer_page(rows, {"qwen": "Qwen"}, CHANNELS, ("qwen",)))
    assert text == "Qwen: 40 % (35–45 %) helped within 7 days in Qwen/a\\_b \\(GitHub issues\\), n = 40."
    level = sentences_ask.answer_page([row("a", 0.4), row("b", 0.36)], {"qwen": "Qwen"}, CHANNELS, ("qwen",))
    assert plain(level).endswith("n = 40; 2 of 2 channels share first place.")
    three = [row("a", 0.4), row("b", 0.36), row("gone", 0.1)]
    assert "2 of 3 channels share first place" in sentences_ask.answer_page(
        three, {"qwen": "Qwen"}, CHANNELS, ("qwen",)
    )


def test_a_channel_is_recommended_only_beside_like_ones() -> None:
    """Where kinds of places differ in what they show, or none is beside it, the largest share is no advice."""

    def judge(*rows: dict[str, Any]) -> str:
        return plain(sentences_ask.judge_page(rows, {"qwen": "Qwen"}, CHANNELS, ("qwen",)))

    named = "Qwen/a\\_b \\(GitHub issues\\)"
    assert judge(row("a", 0.4), row("b", 0.1)) == f"**Ask about Qwen in {named}**: 40 % are helped within a week."
    assert judge(row("a", 0.4), row("b", 0.1, channel_kind="forum")) == (
        f"**Help is visible most often in {named}**: 40 % within a week; places differ in what they show."
    )
    assert judge(row("a", 0.02)).startswith(f"**Only {named} has enough threads** about Qwen: 2.0 % are known")
    few = row("b", None, n=9, n_events=5)
    assert judge(row("a", 0.0, n_events=0), few).endswith("with Qwen within a week if there are enough threads.")


def test_where_nobody_is_helped_no_channel_is_recommended() -> None:
    """The largest of several zeros is no answer; nor is a channel with three threads."""
    assert "give no answer" in sentences_ask.answer_page([row("a", None)], {"qwen": "Qwen"}, CHANNELS, ("qwen",))
    nobody = sentences_ask.judge_page([row("a", 0.0)], {"qwen": "Qwen"}, CHANNELS, ("qwen",))
    assert nobody.startswith("**Nobody is known to have been helped** with Qwen")


def test_channels_stand_by_their_share_and_those_with_too_few_threads_last() -> None:
    """A day's share does not count for the order; among those with too few the larger stands first."""
    rows = [
        row("few", None, n=3),
        row("fewer", None, n=1),
        row("b", 0.1),
        row("a", 0.4),
        row("b", 0.9, statistic="within_24h"),
    ]
    assert [one["channel_id"] for one in sentences_ask.rank_channels(rows)] == ["a", "b", "few", "fewer"]
    assert sentences_ask.busiest_families([*rows, row("a", 0.1, family_id="gpt", n=100)], 1) == ["gpt"]


def figures(home: Path, **filters: Any) -> dict[str, Figure]:
    """The figures by name."""
    return {figure.name: figure for figure in ask.story(seen(home, **filters)).figures()}


def test_of_a_chosen_family_every_channel_stands_there_with_its_link(state_home: Home) -> None:
    """Those with too few threads say so instead of having a point."""
    found = figures(state_home("sample"), chosen=("qwen",))
    assert list(found) == ["ask-list", "ask-runtimes"]
    assert any(one["helped within 7 days"] == "not enough data" for one in found["ask-list"].shown)
    assert all(str(one["link"]).startswith("https://") for one in found["ask-list"].shown)
    assert {one["run by"] for one in found["ask-list"].shown} == {"official", "community"}


def test_of_several_families_those_asked_about_most_are_listed(state_home: Home) -> None:
    """Or those chosen; what is read too badly is set beside nothing, and says so."""
    story = ask.story(seen(state_home("sample")))
    assert story.answer.startswith("**Choose a family** to see")
    assert "Gemma" in ask.story(seen(state_home("one family"))).answer.partition("\n\n")[0], "there is no other"
    three = ask.story(seen(state_home("sample"), chosen=("qwen", "llama", "gpt")))
    for stated, count in ((story, ask.MOST), (three, 3)):
        assert len({one["family_id"] for one in stated.figures()[0].rows}) == count
    assert any(one["about"] == "GPT" and "suspect" in one["helped within 7 days"] for one in three.figures()[0].shown)
    alone = ask.story(seen(state_home("sample"), chosen=("gpt",)))
    assert alone.answer == "The data give no answer: every channel with enough threads has a suspect share."


def test_a_snapshot_without_the_measure_gives_no_answer(sample_home: Path, state_home: Home, tmp_path: Path) -> None:
    """One published by an older version, or one without rows."""
    make_state(sample_home, tmp_path / "home", State(statements=("drop table metrics.channel_help",)))
    for home in (tmp_path / "home", state_home("no rows")):
        assert "give no answer" in ask.story(seen(home)).answer


def test_names_and_titles_of_others_stay_text(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Channels are named by strangers."""
    app = opened(monkeypatch, state_home("hostile"), PAGE)
    assert not app.exception
    assert [bad for bad in HOSTILE if len(bad) < 300 and bad in texts(app) and bad != HOSTILE[4]] == []


def test_runtimes_are_counted_over_all_families_and_ranked_only_with_enough_threads(sample_home: Path) -> None:
    """Which runtime's tracker helps within a week most often: not the one with two threads, and none of a family."""
    shared = {"family_id": "_shared", "url": "https://c.example"}
    channels: dict[str, Any] = {name: {**shared, "target": name} for name in ("vllm", "ollama", "sglang")}
    channels["own"] = {"family_id": "gemma", "target": "gemma.cpp", "url": "https://d.example"}
    counts = [("vllm", 12, 3), ("vllm", 20, 9), ("ollama", 25, 5), ("sglang", 2, 2), ("own", 40, 40)]
    rows = [row(name, 0.5, n=n, n_events=events, channel_role="runtime") for name, n, events in counts]
    (figure,) = runtimes.draw_runtimes([*rows, row("vllm", 0.9, channel_role="sdk")], channels)
    assert figure.title == "Runtimes: vllm helps most often, 12 of 32 threads"
    assert [line["runtime"] for line in figure.shown] == ["vllm", "ollama", "sglang"]
    assert [plain(line["share"]) for line in figure.shown] == ["38 %", "20 %", "too few threads"]
    assert runtimes.name_first(runtimes.count_runtimes(rows[3:4], channels)).startswith("Too few threads about")
    (shown,) = [one for one in ask.story(seen(sample_home)).figures() if one.name == "ask-runtimes"]
    assert len(shown.shown) >= 5
