"""Offers: prices, controls, tuning and support."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.analytics.metrics.test_access import fact
from tests.worlds.rows import NOW, Rows, cut, found, measure, one

DAY = timedelta(days=1)
LIST = "_shared.prices"


def _listed(rows: Rows, family: str, name: str, **cells: Any) -> str:
    """An entry of the shared list of prices, which names its weights."""
    listed_id = f"{family}/{name}"
    rows.add(
        "listed_models",
        **{"listed_id": listed_id, "channel_id": LIST, "family_id": family, "canonical_id": listed_id}
        | {"hub_id": listed_id}
        | cells,
    )
    return listed_id


def _price(rows: Rows, listed_id: str, read: float | None, written: float | None, **cells: Any) -> None:
    """What a million tokens cost."""
    (row,) = (row for row in rows.tables["listed_models"] if row["listed_id"] == listed_id)
    row |= {"priced_on": NOW.date(), "input_usd": read, "output_usd": written} | cells


def _list(rows: Rows) -> None:
    """The list itself, which belongs to nobody and is read for all."""
    rows.channel("_shared", "prices", "prices")
    rows.tables["channels"][-1]["channel_id"] = LIST
    rows.tables["collections"][-1]["channel_id"] = LIST


def test_prices_are_those_of_what_is_listed_and_sold() -> None:
    """Three models at 1, 2 and 8 read and thrice that written: blended is half as much again. Variants, trials,
    what depends and what is gone do not count."""
    rows = Rows()
    family = rows.family("family")
    rows.family("unlisted")
    _list(rows)
    for name, read in (("small", 1.0), ("middle", 2.0), ("large", 8.0)):
        _price(rows, _listed(rows, family, name), read, 3 * read, cache_read_usd=0.5 if name == "large" else None)
    _price(rows, _listed(rows, family, "small:free"), 0.0, 0.0)
    _price(rows, _listed(rows, family, "trial"), 0.0, 0.0)
    _price(rows, _listed(rows, family, "router"), 0.1, 0.1, is_price_variable=True)
    _price(rows, _listed(rows, family, "gone", gone_on=NOW.date()), 0.2, 0.2)
    con = measure(rows)
    figures = {cut(row, "segment", "statistic"): row for row in found(con, "price_usd", family_id="family")}

    assert cut(figures["input", "cheapest"], "value", "n", "note") == (1, 3, "Excluded: 2 without such a price.")
    assert [figures[name, "median"]["value"] for name in ("input", "output", "blended")] == [2, 6, 3]
    assert cut(figures["cached", "cheapest"], "value", "n") == (0.5, 1)
    assert one(con, "price_usd", family_id="unlisted", segment="input", statistic="median")["state"] == "not collected"


def test_prices_are_compared_between_models_of_like_kind() -> None:
    """Short ones at 1 and 4: the middle is 2, so they are 0.5 and 2 times it. Long ones of one side only, and one whose
    context nobody knows, are of no kind that both have; one with tools is of another kind than one without."""
    rows = Rows()
    _list(rows)
    for family, side, price in (("free", "open", 1.0), ("paid", "proprietary", 4.0)):
        rows.family(family, side)
        for name, cells in (
            ("short", {"context_tokens": 32_768}),
            ("unknown", {}),
            ("long", {"context_tokens": 1_000_000 if side == "open" else 100_000}),
            ("tools", {"context_tokens": 32_768, "supported_names": ["tools"] if side == "open" else ["reasoning"]}),
        ):
            _price(rows, _listed(rows, family, name, **cells), *([price] * 2 if name == "short" else [99.0] * 2))
    con = measure(rows)
    figures = {row["family_id"]: cut(row, "value", "n") for row in found(con, "like_price_ratio")}

    assert figures == {"free": (pytest.approx(0.5), 1), "paid": (pytest.approx(2.0), 1)}


def test_a_model_without_weights_does_not_stand_for_open_ones() -> None:
    """Open ones at 1 beside one that the maker keeps at 64 and with 9 controls, against 4: what is kept counts in no
    figure of its family, and a family of such models alone has none. Of proprietary families nobody names weights."""
    rows = Rows()
    _list(rows)
    for family, side, prices in (
        ("free", "open", (1.0, None)), ("kept", "open", (None,)), ("paid", "proprietary", (4.0,)),
    ):  # fmt: skip
        rows.family(family, side)
        for number, price in enumerate(prices):
            is_open = side == "open" and price is not None
            cells = {"context_tokens": 32_768, "hub_id": f"{family}/weights" if is_open else None}
            _price(rows, _listed(rows, family, f"model-{number}", **cells), *[price or 64.0] * 2)
    con = measure(rows)
    ratio_rows, price_rows = (
        {row["family_id"]: row for row in found(con, name, segment="blended", statistic="median")}
        for name in ("like_price_ratio", "price_usd")
    )
    stated = "Excluded: 1 without named weights."

    assert cut(ratio_rows["free"], "value", "n", "note") == (pytest.approx(0.5), 1, stated)
    assert cut(ratio_rows["paid"], "value", "n", "note") == (pytest.approx(2.0), 1, None)
    assert cut(price_rows["free"], "value", "n", "note") == (1, 1, stated)
    assert price_rows["paid"]["value"] == 4
    figure = price_rows["kept"]
    assert cut(figure, "value", "n", "state") == (None, 0, "not enough data") and stated in figure["note"]
    assert ratio_rows["kept"]["value"] is None


def test_a_method_is_open_between_its_days() -> None:
    """A wind-down: of three methods one ended yesterday, one ends today, one is to come. An end long ago is 0, none
    read is no 0."""
    rows = Rows()
    winding, ended, weights = (rows.family(name, "proprietary") for name in ("winding", "ended", "weights"))
    rows.family("unread")
    rows.channel(winding)
    today = NOW.date()
    for method, from_on, until_on in (
        ("supervised", date(2023, 8, 22), today - DAY), ("preference", date(2024, 12, 17), today),
        ("reinforcement", today + DAY, None),
    ):  # fmt: skip
        fact(rows, winding, "fine-tuning", method, tuning_method=method, from_on=from_on, until_on=until_on)
    fact(rows, ended, "fine-tuning", "Ended", tuning_method="supervised", until_on=date(2025, 9, 15), is_stale=True)
    fact(rows, weights, "fine-tuning", "Free", tuning_method="weights")
    fact(
        rows,
        weights,
        "fine-tuning",
        "Hosted",
        tuning_method="supervised",
        url="https://docs.aws.amazon.com/bedrock/",
        from_on=today,
    )
    con = measure(rows)
    figures = {cut(row, "family_id", "segment"): row for row in found(con, "tuning_offers_count")}

    assert cut(figures["winding", "all"], "value", "n") == (1, 3)
    assert cut(figures["ended", "all"], "value", "state") == (0, "measured")
    stated = "Ended (until 2025-09-15; read on 2026-11-01, too long ago to be relied on)."
    assert figures["ended", "all"]["note"] == stated
    assert [figures["weights", name]["value"] for name in ("all", "own weights", "cloud")] == [2, 1, 1]
    assert ("weights", "maker") not in figures
    assert cut(figures["unread", "all"], "value", "state") == (None, "not collected")
    assert one(con, "tuning_offers", tuning_method="preference")["ended_on"] == today + DAY
