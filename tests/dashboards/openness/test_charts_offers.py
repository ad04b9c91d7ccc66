"""Bars of offers: where they begin and end, what is firm, and what is pale."""

from datetime import date
from typing import Any

from dashboards.charts.colours import LIGHT
from dashboards.openness import charts_offers
from tests.worlds.snapshots.rows import HOSTILE

TODAY = date(2026, 11, 1)
TITLES = {"gpt": "GPT", "llama": "Llama", "grok": "Grok"}
SIDES = {"gpt": "proprietary", "llama": "open", "grok": "proprietary"}


def offer(family: str = "gpt", **more: Any) -> dict[str, Any]:
    """An offer that was read not long ago and has no end."""
    return {
        "family_id": family, "tuning_method": "supervised", "offer_channel": "maker", "from_on": date(2023, 8, 22),
        "ended_on": None,
        "fact_words": "Tuning", "url": "https://example.com/", "as_of_on": date(2026, 10, 1), "is_stale": False,
    } | more  # fmt: skip


def drawn(*offers: dict[str, Any], titles: dict[str, str] = TITLES) -> dict[str, Any]:
    """The chart of some offers."""
    return charts_offers.draw_gantt(offers, titles, SIDES, TODAY, LIGHT)


def bars(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows behind the bars."""
    found: list[dict[str, Any]] = spec["layer"][0]["data"]["values"]
    return found


def test_a_bar_without_an_end_reaches_today_and_one_with_an_end_stops_there() -> None:
    """An end that is announced is not one that has come."""
    live, gone, coming = bars(drawn(offer(), offer(ended_on=date(2026, 1, 7)), offer(ended_on=date(2027, 1, 7))))
    assert (live["until"], live["word"], live["ends"]) == ("2026-11-01", "", "no known end")
    assert (gone["until"], gone["word"], gone["ends"]) == ("2026-01-07", "ended Jan 2026", "7 Jan 2026")
    assert (coming["until"], coming["word"]) == ("2027-01-07", "ends Jan 2027")


def test_what_was_read_long_ago_is_firm_only_up_to_the_day_of_reading() -> None:
    """Unless its end is known, which a later reading cannot undo."""
    old: dict[str, Any] = {"as_of_on": date(2025, 6, 30), "is_stale": True}
    pale, ended = bars(drawn(offer(**old), offer(**old, ended_on=date(2026, 1, 7))))
    assert (pale["sure"], pale["until"], pale["word"]) == ("2025-06-30", "2026-11-01", "read Jun 2025")
    assert (ended["sure"], ended["until"], ended["word"]) == ("2026-01-07", "2026-01-07", "ended Jan 2026")


def test_an_offer_without_a_first_day_says_so() -> None:
    """It is led to from the left edge and marked on the last day that is known."""
    row = bars(drawn(offer(), offer("llama", from_on=None, offer_channel="own weights")))[1]
    assert (row["since"], row["from_here"], row["glyph"], row["began"]) == (
        None,
        "2023-08-22",
        "2026-11-01",
        "start not stated",
    )


def test_sides_stand_apart_and_a_name_is_a_row_once() -> None:
    """Families under the heads of their sides; through whom is a shape, and a word where one way leads through two."""
    cloud = offer(offer_channel="cloud", tuning_method="supervised")
    spec = drawn(offer("llama", offer_channel="own weights"), offer(), cloud, offer(tuning_method="preference"))
    names = spec["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert names == [
        "● Open",
        "Llama",
        "□ Proprietary",
        "GPT · supervised, maker",
        "GPT · supervised, cloud",
        "GPT · preference",
    ]
    assert [row["shape"] for row in bars(spec)] == ["circle", "square", "diamond", "square"]
    assert len({tuple(row["dash"]) for row in bars(spec)}) == 2 and spec["height"] == charts_offers.STEP * len(names)


def test_words_of_others_are_data() -> None:
    """No name and no sentence of a page is part of an expression."""
    for text in HOSTILE:
        spec = drawn(offer(fact_words=text), titles=TITLES | {"gpt": text})
        assert bars(spec)[0]["words"] == text and bars(spec)[0]["family"] == text
        assert text not in str([layer.get("transform") for part in spec["layer"] for layer in part["layer"]])
