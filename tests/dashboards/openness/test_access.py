"""Can you get in: licences, cards and prices as they are said, and the facts with the day on which they were read."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboards.openness import access as pages_access
from dashboards.openness.sentences import access as sentences_access
from dashboards.openness.sentences import levels
from dashboards.words import numbers
from tests.dashboards.test_pages import figures, opened, seen, texts
from tests.worlds.page_worlds import NOW
from warehouse.wording import GAP

Home = Callable[[str], Path]
PAGE = "openness/access.py"
TITLES = {"qwen": "Qwen", "phi": "Phi", "olmo": "OLMo", "gpt": "GPT*", "nova": "Nova", "grok": "Grok"}
OPEN = ("qwen", "phi", "olmo")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the world was published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def row(family: str, statistic: str, value: float | None, segment: str = "all", n: int = 3) -> dict[str, Any]:
    """A published figure."""
    side = "open" if family in OPEN else "proprietary"
    state = "measured" if value is not None else "not applicable"
    return {
        "family_id": family,
        "side": side,
        "segment": segment,
        "statistic": statistic,
        "value": value,
        "n": n,
        "state": state,
        "note": "",
    }


def classes(family: str, lowest: float, highest: float) -> list[dict[str, Any]]:
    """The licence classes of a family."""
    return [row(family, "lowest", lowest), row(family, "highest", highest)]


def cheapest(*prices: tuple[str, float]) -> list[dict[str, Any]]:
    """The cheapest price of each family."""
    return [row(family, "cheapest", value, "blended") for family, value in prices]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "$0.00"), (0.0883, "$0.088"), (0.2432, "$0.24"), (1.707, "$1.71"), (12.4, "$12"), (1234.0, "$1,234")],
)
def test_prices_are_said_in_cents_below_ten_dollars(value: float, text: str) -> None:
    """As prices are; smaller ones need their tenths of a cent."""
    assert numbers.format_usd(value) == text


def test_licences_are_told_for_some_and_for_all_models() -> None:
    """The strictest says what holds for all; class 1 of a closed family is hosted only."""
    rows = [*classes("qwen", 2, 5), *classes("phi", 5, 5), *classes("olmo", 2, 3), *classes("gpt", 1, 1)]
    text = sentences_access.describe_free(rows, TITLES)
    assert text.startswith("**Qwen and Phi** license the weights of some models, Phi of all, for any use without a cap")
    assert text.endswith("; 1 is hosted only.")
    some, every = (sentences_access.describe_free(classes("qwen", low, 5), TITLES) for low in (2, 5))
    assert some == "**Qwen** licenses the weights of some models for any use without a cap."
    assert every == "**Qwen** licenses the weights of all models for any use without a cap."
    gates = [{"family_id": "qwen", "statistic": "auto", "value": 0.2}]
    assert sentences_access.describe_free(classes("qwen", 5, 5), TITLES, gates).endswith(
        "of all models for any use without a cap (some behind a form or approval)."
    )
    assert (
        sentences_access.describe_free(classes("gpt", 1, 1), TITLES)
        == "None of 1 family licenses weights for any use without a cap; 1 is hosted only."
    )
    assert (
        sentences_access.name_freest(rows, TITLES)
        == "Freest licences: approved by OSI (Qwen and Phi); hosted only: GPT\\*"
    )
    assert (
        sentences_access.name_freest([], TITLES) == "Licences: no family has a number"
        and sentences_access.describe_free([], TITLES) == ""
    )


def test_a_card_holds_what_is_no_larger_than_it() -> None:
    """Exactly as large fits."""
    memory = [
        row("qwen", "median", 24.0, "4-bit"),
        row("phi", "median", 24.1, "4-bit"),
        row("qwen", "median", 96.0, "bf16"),
    ]
    assert (
        "the median model of 1 of 2 families with known sizes fits one 24 GiB card, by estimate"
        in sentences_access.describe_small(memory, TITLES)
    )
    assert sentences_access.name_smallest(memory) == "Unquantized, the median model of 0 of 1 family fits a 24 GiB card"
    assert "the median model of Qwen fits" in sentences_access.describe_small(memory[:1], TITLES)
    assert sentences_access.describe_small([row("gpt", "median", None, "4-bit")], TITLES) == ""


def test_prices_are_told_by_side_with_their_ends() -> None:
    """Prices are known in full, so that their ranges test nothing; dollars never make a formula."""
    apart = cheapest(("qwen", 0.1), ("phi", 0.2), ("olmo", 0.3), ("gpt", 0.4), ("nova", 1.0), ("grok", 2.0))
    assert (
        "**\\$0.10 (Qwen) to \\$0.30 (OLMo)** for 3 open families and **\\$0.40 (GPT\\*) to"
        in sentences_access.describe_cost(apart, TITLES)
    )
    assert "so few families say nothing about their sides" in sentences_access.describe_cost(apart[1:], TITLES)
    assert (
        sentences_access.describe_cost(apart[:3], TITLES).endswith("per million tokens.")
        and sentences_access.describe_cost([], TITLES) == ""
    )


def test_the_answer_says_what_is_known_and_only_that() -> None:
    """Nothing known is no answer."""
    text = sentences_access.answer_page(classes("qwen", 2, 5), [], cheapest(("qwen", 0.1)), TITLES).replace(GAP, " ")
    assert "24 GiB" not in text and text.endswith("per million tokens.")
    assert "give no answer" in sentences_access.answer_page([], [], [], TITLES)


def test_who_stands_first_together_is_named_together() -> None:
    """Counts tie often: one of four would be a wrong winner."""
    rows = [row("qwen", "most", 5), row("phi", "most", 5), row("gpt", "most", 3)]
    assert levels.name_first(rows, TITLES, "Most", levels.format_level) == "Most: Qwen and Phi, 5"
    assert levels.name_first(rows, TITLES, "Least", numbers.format_usd, is_less=True) == "Least: GPT\\*, \\$3.00"
    many = [row(family, "most", 5) for family in ("qwen", "phi", "olmo", "nova")]
    assert levels.name_first(many, TITLES, "Most", levels.format_level) == "Most: 4 families, 5"
    assert (
        levels.name_first([row("gpt", "most", None)], TITLES, "Most", numbers.format_usd)
        == "Most: no family has a number"
    )


def test_a_fact_bears_the_day_on_which_it_was_read(state_home: Home) -> None:
    """A mark where that is long ago; an offer without an end is not said to hold still."""
    fact = {
        "family_id": "qwen", "fact_kind": "fine-tuning", "tuning_method": "weights", "fact_words": "Anybody",
        "from_on": date(2025, 4, 28),
        "until_on": None, "as_of_on": date(2025, 6, 30), "is_stale": True, "url": "javascript:alert(1)",
    }  # fmt: skip
    page = seen(state_home("sample"))
    shown = pages_access.describe_fact(fact, page)
    assert (shown["about"], shown["until"], shown["read on"], shown["link"]) == (
        "fine-tuning, weights",
        "no known end",
        "2025-06-30 ◆",
        None,
    )
    assert (
        pages_access.describe_fact(fact | {"is_stale": False, "from_on": None, "url": "https://a.example/"}, page)[
            "until"
        ]
        == ""
    )
    read = {grade: pages_access.describe_fact(fact | {"evidence": grade}, page)["read on"] for grade in "ABC"}
    assert read == {
        "A": "2025-06-30 ◆", "B": "2025-06-30 ◆, in a recorded answer", "C": "2025-06-30 ◆, by another reader",
    }  # fmt: skip


def test_the_page_shows_prices_memory_and_licence_first_and_facts_last(state_home: Home) -> None:
    """Both sides in the prices; hosts of which nothing is known are not drawn, but stay in the rows."""
    found = {figure.name: figure for figure in figures(state_home("sample"), PAGE)}
    assert list(found) == [
        "like-price",
        "price",
        "memory",
        "licence",
        "setup",
        "setup-wait",
        "gates",
        "hosts",
        "prices",
        "facts",
    ]
    assert {row["side"] for row in found["price"].rows if row["state"] == "measured"} == {"open", "proprietary"}
    names = found["price"].chart["layer"][0]["encoding"]["y"]["scale"]["domain"] if found["price"].chart else []
    assert "Qwen" in names and "Together" not in names and any(row["side"] == "host" for row in found["price"].rows)
    assert "estimate" in found["memory"].subtitle.lower() and "No legal advice" in found["licence"].subtitle
    facts, stale = found["facts"].rows, sum(row["is_stale"] for row in found["facts"].rows)
    assert len(found["facts"].shown) == len(facts) > 40 and stale
    assert found["facts"].title == f"{len(facts)} facts were read by hand, {stale} of them long ago"


@pytest.mark.parametrize(
    ("state", "text"), [("older version", "This snapshot was published without"), ("no rows", "give no answer")]
)
def test_what_a_snapshot_lacks_is_said(
    state_home: Home, monkeypatch: pytest.MonkeyPatch, state: str, text: str
) -> None:
    """And nothing breaks."""
    app = opened(monkeypatch, state_home(state), PAGE)
    assert not app.exception and text in texts(app)
