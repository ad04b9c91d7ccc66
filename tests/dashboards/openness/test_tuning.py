"""Tuning: whose weights, through whom, what has ended, and how old the reading is."""

from datetime import date
from typing import Any

from dashboards.openness import sentences_openness as tuning

TODAY = date(2026, 11, 1)
FAMILIES: list[dict[str, Any]] = [
    {"family_id": "llama", "title": "Llama", "side": "open"},
    {"family_id": "gpt", "title": "GPT*", "side": "proprietary"},
    {"family_id": "grok", "title": "Grok", "side": "proprietary"},
]
TITLES = {one["family_id"]: one["title"] for one in FAMILIES}


def offer(family: str, channel: str = "maker", **more: Any) -> dict[str, Any]:
    """An offer that was read not long ago and has no end."""
    return {
        "family_id": family, "tuning_method": "supervised", "offer_channel": channel, "from_on": date(2023, 8, 22),
        "ended_on": None,
        "fact_words": "Tuning", "url": "https://example.com/", "as_of_on": date(2026, 10, 1), "is_stale": False,
    } | more  # fmt: skip


def answer(*offers: dict[str, Any], families: list[dict[str, Any]] = FAMILIES) -> str:
    """What is said of offers, if only Grok's were not read."""
    counts = [one | {"state": "not collected" if one["family_id"] == "grok" else "measured"} for one in families]
    return tuning.describe_tuning(offers, counts, families, TITLES, TODAY)


def test_the_answer_counts_both_sides_and_what_nobody_has_read() -> None:
    """What was not read is not none; names of others are words."""
    text = answer(offer("llama", "own weights"), offer("gpt"), offer("gpt", tuning_method="preference"))
    assert text == (
        "The weights of Llama may be tuned on the terms of their pages. 1 of 2 proprietary families offers tuning; 1 "
        "has not been checked."
    )
    assert answer(offer("gpt"), families=FAMILIES[1:2]) == "1 of 1 proprietary family offers tuning."
    assert answer() == ""


def test_what_has_ended_offers_nothing_today() -> None:
    """An end that is only announced has not come."""
    text = answer(offer("gpt", ended_on=date(2026, 1, 7)), offer("llama", "own weights", ended_on=date(2027, 1, 7)))
    assert "0 of 2 proprietary families offer tuning" in text and "Llama" in text
