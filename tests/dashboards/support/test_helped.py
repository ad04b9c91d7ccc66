"""Helped or only closed: what the page says of rows that are known."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards.frame.story import Figure, Words
from dashboards.support import helped as pages_helped
from dashboards.support.sentences import helped as sentences_helped
from tests.dashboards.test_pages import opened, seen, texts
from tests.worlds.page_worlds import NOW
from tests.worlds.snapshots.rows import HOSTILE

Home = Callable[[str], Path]
PAGE = "support/helped.py"
TITLES = {"qwen": "Qwen", "llama": "Llama", "gpt": "GPT", "claude": "Claude_"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the world was published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def row(family: str, statistic: str, value: float | None, spread: float = 0.05, **more: Any) -> dict[str, Any]:
    """A published figure; its interval reaches `spread` to both sides."""
    side = "proprietary" if family in ("gpt", "claude") else "open"
    low, high = (None, None) if value is None else (value - spread, value + spread)
    found = {"family_id": family, "side": side, "segment": "all", "statistic": statistic, "n": 100, "note": None}
    return (
        found
        | {"value": value, "low": low, "high": high, "state": "measured" if value is not None else "not enough data"}
        | more
    )


BOTH = [row("qwen", "closed", 0.4), row("qwen", "helped", 0.1), row("gpt", "closed", 0.6), row("gpt", "helped", 0.2)]


def plain(text: str) -> str:
    """Without what keeps numbers and units together."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_answer_lays_closed_beside_helped_with_the_gap_and_its_interval() -> None:
    """The family with most threads on each side; the verdict comes from the difference of the gaps."""
    gaps = [row("qwen", "in_30d", 0.3), row("gpt", "in_30d", 0.38, n=300), row("claude", "in_30d", 0.9, n=20)]
    text = plain(sentences_helped.answer_page(BOTH, gaps, TITLES))
    assert text.startswith("After 30 days: Qwen **40 % (35–45 %)** closed, **10 % (5.0–15 %)** known to be helped")
    assert "a gap of 30 points (25 to 35)" in text and "n = 100 and 300." in text
    assert "The gaps differ by **8.0 points (0.93 to 15)**, more than chance" in text
    apart = sentences_helped.answer_page(BOTH, [row("qwen", "in_30d", 0.1), row("gpt", "in_30d", 0.4)], TITLES)
    assert "The gaps differ by **30" in apart and apart.startswith("After")


def test_a_gap_that_may_be_none_is_said_so_and_one_below_none_has_its_sign() -> None:
    """Where more are helped than closed, that is no gap of closing."""
    gaps = [row("qwen", "in_30d", 0.02), row("gpt", "in_30d", -0.2)]
    assert "closed and helped do not differ clearly, 2 points (−3 to 7)" in plain(
        sentences_helped.answer_page(BOTH, gaps, TITLES)
    )
    told = {family: tuple(map(plain, words)) for family, words in sentences_helped.describe_gaps(gaps).items()}
    assert told == {
        "qwen": ("2 points (−3 to 7), may be none", "2 points"),
        "gpt": ("−20 points (−25 to −15)", "−20 points"),
    }
    assert plain(sentences_helped.format_points(row("qwen", "in_30d", -0.001), is_short=True)) == "0 points"
    assert sentences_helped.format_points(row("qwen", "in_30d", None)) == "not enough data"


def test_without_a_family_the_data_do_not_carry_an_answer() -> None:
    """Nor with one side alone is anything compared."""
    assert "give no answer" in sentences_helped.answer_page([], [], TITLES)
    assert "give no answer" in sentences_helped.answer_page(BOTH, [row("qwen", "in_30d", None)], TITLES)
    assert "The other side has no family" in sentences_helped.answer_page(
        BOTH, [row("qwen", "in_30d", 0.3), row("gpt", "in_30d", None)], TITLES
    )
    assert "other side" not in sentences_helped.answer_page(BOTH, [row("qwen", "in_30d", 0.3)], TITLES)


def test_a_gap_may_be_of_either_sign() -> None:
    """In forums more threads are helped than closed."""
    closed, helped = row("qwen", "in_30d", 0.32), row("gpt", "in_30d", -0.4)
    assert sentences_helped.judge_page([closed, helped], TITLES) == (
        "**More threads are closed than are known to be helped**: by 32 points for Qwen. "
        "**More threads are known to be helped than are closed**: by 40 points for GPT."
    )
    assert sentences_helped.judge_page([helped], TITLES).startswith("**More threads are known to be helped than")
    assert "helped: GPT" in sentences_helped.name_widest(BOTH, [closed, helped], TITLES)


def test_the_title_names_the_widest_gap_and_whom_it_cannot_be_told_from() -> None:
    """Names are made safe."""
    gaps = [row("qwen", "in_30d", 0.32), row("gpt", "in_30d", 0.4), row("claude", "in_30d", 0.38)]
    title = plain(sentences_helped.name_widest(BOTH, gaps, TITLES))
    assert title == (
        "Widest gap between closed and helped: GPT, 60 % closed and 20 % helped; no difference shown from Claude\\_ "
        "and Qwen"
    )
    assert sentences_helped.name_widest(BOTH, gaps[:1], TITLES).count("no difference") == 0
    assert sentences_helped.name_widest([], [], TITLES) == "Closed beside helped: no family has enough threads"


def test_what_others_would_show_is_said_with_both_numbers_and_their_cases() -> None:
    """And how far bare thanks would carry; nothing where either is missing."""
    naive = [row("qwen", "theirs", 0.7, n=120), row("qwen", "ours", 0.2)]
    text = plain(sentences_helped.describe_taken_for_solved(naive, [row("qwen", "any_or_thanked", 0.3)], TITLES))
    assert (
        "would show 70 % (65–75 %) of 120 threads about Qwen as solved; 20 % (15–25 %) of 100 are known to be helped"
        in text
    )
    assert "Counting bare thanks as help, it would be 30 % (25–35 %)." in text
    assert sentences_helped.describe_taken_for_solved(naive[:1], [], TITLES) == ""


def figures(home: Path, **filters: Any) -> dict[str, Figure]:
    """The figures by name."""
    return {figure.name: figure for figure in pages_helped.story(seen(home, **filters)).figures()}


def test_a_way_that_a_place_cannot_have_is_said_not_drawn(state_home: Home) -> None:
    """Trackers mark no answers; forums link no changes."""
    trackers, forums = (pages_helped.story(seen(state_home("sample"), kind=kind)) for kind in ("tracker", "forum"))
    assert "way-accepted" not in {one.name for one in trackers.figures()} and "way-fix-merged" in {
        one.name for one in trackers.figures()
    }
    assert [one.text for one in trackers.parts if isinstance(one, Words) and "not applicable" in one.text] == [
        "— An accepted answer: not applicable in issue trackers, as no answers are marked as accepted there."
    ]
    assert "way-fix-merged" not in {one.name for one in forums.figures()} and "way-confirmed" in {
        one.name for one in forums.figures()
    }


def test_what_cannot_be_seen_in_a_place_is_said_not_drawn(state_home: Home) -> None:
    """Of forums not every source says when a thread was closed, so that none can be said to be opened again."""
    trackers, forums = (pages_helped.story(seen(state_home("sample"), kind=kind)) for kind in ("tracker", "forum"))
    assert "reopened" in {one.name for one in trackers.figures()} and "reopened" not in {
        one.name for one in forums.figures()
    }
    assert [one.text[:10] for one in forums.parts if isinstance(one, Words) and "not observable" in one.text] == [
        "? Reopened"
    ]


def test_threads_that_bots_closed_are_listed_newest_first_with_their_links(state_home: Home) -> None:
    """All are counted and kept for the table, the newest are shown; of the chosen families only."""
    figure = figures(state_home("sample"), chosen=("qwen",))["bot-closed"]
    assert {one["family_id"] for one in figure.rows} == {"qwen"} and {one["outcome"] for one in figure.rows} == {
        "closed by bot unanswered"
    }
    opened_at = [one["opened"] for one in figure.shown]
    assert opened_at == sorted(opened_at, reverse=True) and all(
        one["link"].startswith("https://") for one in figure.shown
    )
    assert f"A bot closed {len(figure.rows)} threads" in figure.title
    whole = figures(state_home("sample"))["bot-closed"]
    assert len(whole.shown) == pages_helped.MOST < len(whole.rows)
    recent = figures(state_home("sample"), window="90d")["bot-closed"]
    assert 0 < len(recent.rows) < len(whole.rows)


def test_a_kind_of_place_without_such_threads_says_so(state_home: Home) -> None:
    """No empty table."""
    parts = pages_helped.story(seen(state_home("sample"), kind="subreddit")).parts
    assert any(
        isinstance(one, Words) and "No thread closed by a bot without an answer is known here" in one.text
        for one in parts
    )


@pytest.mark.parametrize("state", ["no rows", "older version", "hostile"])
def test_the_page_opens_and_says_what_it_lacks(state_home: Home, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    """Nothing breaks; text of others stays text."""
    app = opened(monkeypatch, state_home(state), PAGE)
    assert not app.exception
    assert ("give no answer" in texts(app)) == (state == "no rows")
    if state == "older version":
        assert "This snapshot was published without this measure." in texts(app)
    assert [bad for bad in HOSTILE if len(bad) < 300 and bad in texts(app) and bad != HOSTILE[4]] == []
