"""Models to choose from: weights and price of one model, its memory, its announced end, and what nobody knows of it."""

from datetime import date
from typing import Any

import pytest

from tests.worlds.rows import NOW, Rows, cut, found, measure

DAY = NOW.date()


def _hub(rows: Rows, family: str, model: str, **cells: Any) -> None:
    rows.add(
        "models_daily", model_id=model, channel_id=f"{family}.hub", family_id=family, day_on=DAY, seen_at=NOW, **cells
    )


def _list(rows: Rows, family: str, listed_id: str, usd: float | None = None, **cells: Any) -> None:
    names = {"channel_id": "list", "family_id": family, "listed_id": listed_id}
    priced = {"priced_on": DAY, "input_usd": usd, "output_usd": usd} if usd is not None else {}
    rows.add("listed_models", **names | {"canonical_id": listed_id} | priced | cells)


def _notice(rows: Rows, family: str, model: str, ends_on: date | None, **cells: Any) -> None:
    number = len(rows.tables["notices"])
    rows.add(
        "notices",
        **{
            "notice_id": str(number), "family_id": family, "channel_id": f"{family}.deprecations.1", "model": model,
            "subject_kind": "model", "shutdown_on": ends_on, "shutdown_kind": "exact" if ends_on else "unknown",
            "is_latest": True, "is_listed": True, "url": f"https://example.org/{number}",
        }
        | cells,
    )  # fmt: skip


def test_weights_and_their_price_are_one_model() -> None:
    """By the weights that the list names, or by letters and digits; the cheaper of two entries counts, a packed copy
    and a model gone from the list do not."""
    rows = Rows()
    rows.family("open")
    rows.family("closed", "proprietary")
    _hub(rows, "open", "Maker/Big-7B", licence="mit", parameters=7_000_000_000, host_names="here, there")
    _hub(rows, "open", "Maker/Small-1B")
    _hub(rows, "open", "Maker/Big-7B-AWQ")
    _list(rows, "open", "maker/big-chat", 2.0, hub_id="maker/BIG-7B")
    _list(rows, "open", "maker/big-cheap", 1.0, hub_id="Maker/Big-7B")
    _list(rows, "open", "maker/small.1b", 0.5)
    _list(rows, "open", "maker/left", 0.1, gone_on=DAY)
    _list(rows, "closed", "maker/closed", 3.0)
    models = {row["model"]: row for row in found(measure(rows), "model_choices")}

    assert sorted(models) == ["Maker/Big-7B", "Maker/Small-1B", "maker/closed"]
    big = cut(models["Maker/Big-7B"], "listed_id", "blended_usd", "class_points", "has_weights", "host_names")
    assert big == ("maker/big-cheap", 1.0, 5, True, "here, there")
    assert cut(models["Maker/Small-1B"], "listed_id", "blended_usd") == ("maker/small.1b", 0.5)
    assert cut(models["maker/closed"], "side", "has_weights", "parameters") == ("proprietary", False, None)


def test_what_is_unknown_stays_empty() -> None:
    """Weights that only the list names have no licence and no size here; an open family's entry without weights may
    have some all the same."""
    rows = Rows()
    rows.family("open")
    _list(rows, "open", "maker/named", hub_id="Maker/Named")
    _list(rows, "open", "maker/unnamed")
    _hub(rows, "open", "Maker/Own", licence="other", licence_name="house")
    models = {row["model"]: row for row in found(measure(rows), "model_choices")}

    unknown = ("has_weights", "licence_code", "class_points", "parameters", "blended_usd")
    assert cut(models["Maker/Named"], *unknown) == (True, None, None, None, None)
    assert cut(models["maker/unnamed"], *unknown) == (None, None, None, None, None)
    assert cut(models["Maker/Own"], *unknown) == (True, "house", None, None, None)


def test_memory_is_that_of_what_is_loaded_and_what_is_trained() -> None:
    """A thousand million parameters, reckoned by hand: in full 16 bytes each, by LoRA 2 and a hundredth of 16, always
    with a fifth more."""
    rows = Rows()
    rows.family("open")
    _hub(rows, "open", "Maker/One", parameters=1_000_000_000)
    _hub(rows, "open", "Maker/Unsaid")
    _hub(rows, "open", "Maker/One-GPTQ", parameters=1_000_000_000)
    memory = {row["memory_use"]: row["memory_gib"] for row in found(measure(rows), "model_memory")}

    assert memory == {
        "4-bit": pytest.approx(0.559, abs=1e-3), "8-bit": pytest.approx(1.118, abs=1e-3),
        "bf16": pytest.approx(2.235, abs=1e-3), "QLoRA": pytest.approx(0.755, abs=1e-3),
        "LoRA": pytest.approx(2.414, abs=1e-3), "full": pytest.approx(17.881, abs=1e-3),
    }  # fmt: skip


def test_an_end_is_found_by_the_names_of_the_model() -> None:
    """By its own name before that of a version; of versions the last to end; not on another family's page; and a page
    that was never read says nothing."""
    rows = Rows()
    for family in ("closed", "blind"):
        rows.family(family, "proprietary")
    rows.channel("closed", "deprecations", "deprecations")
    for name in ("maker/nine", "maker/ten", "maker/ten-mini", "maker/eleven"):
        _list(rows, "closed", name)
    _list(rows, "blind", "other/nine")
    _notice(rows, "closed", "nine-2026-01-01", date(2026, 12, 1))
    _notice(rows, "closed", "nine-2026-03-01", date(2027, 5, 1))
    _notice(rows, "closed", "nine-2025-03-01", date(2025, 5, 1), is_latest=False)
    _notice(rows, "closed", "ten", date(2027, 1, 1))
    _notice(rows, "closed", "ten-2026-01-01", date(2028, 1, 1))
    _notice(rows, "closed", "eleven", date(2027, 1, 1), subject_kind="endpoint")
    ends = {row["model"]: cut(row, "shutdown_on", "is_page_read") for row in found(measure(rows), "model_ends")}

    assert ends == {
        "maker/nine": (date(2027, 5, 1), True), "maker/ten": (date(2027, 1, 1), True),
        "maker/ten-mini": (None, True), "maker/eleven": (None, True), "other/nine": (None, False),
    }  # fmt: skip
