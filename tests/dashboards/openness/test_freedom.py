"""Can you make it yours: whose weights, through whom, what has ended, and how far somebody has read."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboards.openness import freedom as pages_freedom
from dashboards.openness.sentences import freedom as sentences_freedom
from tests.dashboards.test_pages import figures, opened, seen, texts
from tests.worlds.page_worlds import NOW
from warehouse.wording import GAP

Home = Callable[[str], Path]
PAGE = "openness/freedom.py"
TODAY = date(2026, 11, 1)
FAMILIES = [
    {"family_id": "llama", "title": "Llama", "side": "open"},
    {"family_id": "gpt", "title": "GPT*", "side": "proprietary"},
    {"family_id": "grok", "title": "Grok", "side": "proprietary"},
]
TITLES = {one["family_id"]: one["title"] for one in FAMILIES}
SIDES = {one["family_id"]: one["side"] for one in FAMILIES}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the world was published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def offer(family: str, channel: str = "maker", **more: Any) -> dict[str, Any]:
    """An offer that was read not long ago and has no end."""
    return {
        "family_id": family, "tuning_method": "supervised", "offer_channel": channel, "from_on": date(2023, 8, 22),
        "ended_on": None,
        "fact_words": "Tuning", "url": "https://example.com/", "as_of_on": date(2026, 10, 1), "is_stale": False,
    } | more  # fmt: skip


def count(family: str, value: float | None) -> dict[str, Any]:
    """In how many ways a family can be tuned."""
    return {
        "family_id": family,
        "side": SIDES[family],
        "value": value,
        "state": "not collected" if value is None else "measured",
        "note": "",
    }


def points(family: str, statistic: str, value: float) -> dict[str, Any]:
    """What the weights of a family allow."""
    return {"family_id": family, "statistic": statistic, "value": value, "state": "measured"}


def answer(*offers: dict[str, Any]) -> str:
    """The answer, with plain spaces."""
    counts = [count("llama", 1), count("gpt", 1), count("grok", None)]
    return sentences_freedom.answer_page(offers, counts, FAMILIES, TITLES, TODAY).replace(GAP, " ")


def test_the_answer_counts_both_sides_and_what_nobody_has_read() -> None:
    """What was not read is not none; names of others are words."""
    text = answer(offer("llama", "own weights"), offer("gpt"), offer("gpt", tuning_method="preference"))
    assert text.startswith("The weights of **Llama** may be tuned by anyone who holds them, some under conditions.")
    assert (
        "Of 2 proprietary families **1** can be tuned through the maker or a cloud (GPT\\*); 1 has not been checked"
        in text
    )
    assert text.endswith("No offer is known to have ended. n = 3 offers, all read recently.")


def test_what_has_ended_is_named_with_its_day_and_offers_nothing_today() -> None:
    """An end that is only announced has not come."""
    text = answer(offer("gpt", ended_on=date(2026, 1, 7)), offer("llama", "own weights", ended_on=date(2027, 1, 7)))
    assert "**1 has ended**: GPT\\*'s supervised on 7 Jan 2026." in text
    assert "**0** can be tuned through the maker or a cloud; 1 has not been checked" in text and "**Llama**" in text


def test_what_was_read_long_ago_is_said_to_be_of_its_day() -> None:
    """All of it, or a part."""
    old: dict[str, Any] = {"is_stale": True, "as_of_on": date(2025, 6, 30)}
    assert "All 2 offers were read long ago, the last on 30 Jun 2025" in answer(
        offer("gpt", **old), offer("llama", "own weights", **old)
    )
    assert "1 of 2 offers was read long ago; whether" in answer(offer("gpt"), offer("llama", "own weights", **old))
    assert "**what has ended since is not known**" in answer(offer("gpt", **old))


@pytest.mark.parametrize(
    ("family", "offers", "said"),
    [
        (0, [offer("llama", "own weights")], "Anyone with the weights may tune the open family."),
        (1, [offer("gpt")], "The proprietary family offers tuning."),
        (1, [offer("llama")], "The proprietary family offers no tuning."),
        (2, [offer("gpt")], "The proprietary family was not checked."),
    ],
)
def test_of_one_family_the_verdict_counts_nothing(family: int, offers: list[dict[str, Any]], said: str) -> None:
    """And whom nobody checked is not said to offer nothing."""
    counts = [count("llama", 1), count("gpt", 1), count("grok", None)]
    shown = FAMILIES[family : family + 1]
    assert sentences_freedom.judge_page(offers, counts, shown, TODAY) == f"**{said}**"


def test_two_families_are_both() -> None:
    """All 2 is no English."""
    counts = [count("gpt", 1), count("grok", 1)]
    said = sentences_freedom.judge_page([offer("gpt"), offer("grok")], counts, FAMILIES[1:], TODAY)
    assert said == "**Both proprietary families offer tuning.**"


def test_without_offers_there_is_no_answer() -> None:
    """And the title says so."""
    assert "give no answer" in answer()
    assert sentences_freedom.answer_page([offer("gpt")], [], FAMILIES[1:2], TITLES, TODAY).startswith(
        "Of 1 proprietary family **1** can be tuned"
    )
    assert sentences_freedom.describe_offers([], TODAY) == "Tuning offers: nothing has been read"


def test_the_title_counts_the_offers_that_have_ended() -> None:
    """An end to come is none yet."""
    ended, open_ended = offer("gpt", ended_on=date(2024, 1, 1)), offer("gpt", ended_on=date(2099, 1, 1))
    title = sentences_freedom.describe_offers
    assert title([open_ended], TODAY) == "No offer to tune is known to have ended"
    assert title([ended, open_ended], TODAY) == "1 offer to tune has ended"
    assert title([ended, ended], TODAY) == "2 offers to tune have ended"


def test_freedom_is_told_for_all_models_or_for_some() -> None:
    """The lowest of a family says what holds for all of them."""
    rows = [
        points("llama", "lowest", 3),
        points("llama", "highest", 5),
        points("gpt", "lowest", 0),
        points("gpt", "highest", 0),
    ]
    assert (
        sentences_freedom.name_freest(rows, TITLES)
        == "All five freedoms: only for some models of Llama; none at all: GPT\\*"
    )
    assert (
        sentences_freedom.name_freest([points("llama", "lowest", 5), points("llama", "highest", 5)], TITLES)
        == "All five freedoms for every model: Llama"
    )
    assert (
        sentences_freedom.name_freest([points("llama", "lowest", 3), points("llama", "highest", 4)], TITLES)
        == "All five freedoms: no family"
    )
    assert sentences_freedom.name_freest([], TITLES) == "Freedom of the weights: no family has a number"


def test_who_cannot_be_seen_is_named_once_by_state() -> None:
    """However many rows say so."""
    rows = [count("grok", None), count("grok", None), count("llama", 2)]
    assert sentences_freedom.describe_unseen(rows, TITLES) == " ○ Grok: not collected."
    assert sentences_freedom.describe_unseen(rows[2:], TITLES) == ""


def test_the_title_of_controls_is_a_finding() -> None:
    """Who lets a request set most, alone or with others."""
    rows = [points("llama", "most", 14), points("gpt", "most", 14), points("grok", "most", 9)]
    said = sentences_freedom.name_most_controls(rows, TITLES)
    assert said == "Llama and GPT\\* let a request set up to 14 controls, no family more"
    alone = sentences_freedom.name_most_controls(rows[1:], TITLES)
    assert alone == "GPT\\* lets a request set up to 14 controls, more than any other"
    assert sentences_freedom.name_most_controls(rows[:2], TITLES).endswith("set up to 14 controls")
    assert "no family has a number" in sentences_freedom.name_most_controls([], TITLES)


def test_the_page_begins_with_the_bars_and_ends_with_what_was_read(state_home: Home) -> None:
    """Each offer in the chart is a row of the table, with its page and its day."""
    found = {figure.name: figure for figure in figures(state_home("sample"), PAGE)}
    assert list(found) == ["offers", "weights", "controls", "made", "read"]
    assert len(found["offers"].rows) == len(found["read"].shown) == 19
    assert all(str(row["link"]).startswith("https://") for row in found["read"].shown)
    late = ["◆" in row["read on"] for row in found["read"].shown]
    assert sum(late) == sum(bool(row["is_stale"]) for row in found["read"].rows) > 0
    assert {"Grok not collected", "Sonar not collected"} <= set(found["offers"].alt.split("; "))
    verdict, _, rests = pages_freedom.story(seen(state_home("sample"))).answer.partition("\n\n")
    assert verdict == (
        "**Anyone with the weights may tune all open families; 4 of 8 proprietary families offer tuning, 4 not "
        "checked.**"
    )
    assert "Of 8 proprietary families 4 can be tuned" in rests
    assert rests.startswith("The weights of 13 of 13 open families")


def test_links_of_others_that_cannot_be_followed_are_none(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hostile world has scripts for addresses."""
    found = {figure.name: figure for figure in figures(state_home("hostile"), PAGE)}
    assert {row["link"] for row in found["read"].shown} <= {
        None,
        *(row["url"] for row in found["read"].rows if row["url"].startswith("http")),
    }
    assert not opened(monkeypatch, state_home("hostile"), PAGE).exception


def test_an_older_snapshot_says_what_it_lacks(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """No offer is known, but what the weights allow is."""
    app = opened(monkeypatch, state_home("older version"), PAGE)
    assert "give no answer" in texts(app) and "This snapshot was published without this measure." in texts(app)
    assert "All five freedoms" in texts(app)
