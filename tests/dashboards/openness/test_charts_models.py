"""Models by age, size and day: what carries colour, what is not told, and which days may still change."""

from datetime import date, timedelta
from typing import Any

from dashboards.charts.colours import LIGHT
from dashboards.openness.charts import models

TITLES = {"qwen": "Qwen", "phi": "Phi"}
COLOURS = {"qwen": "#0b39c9"}
LAST = date(2026, 11, 1)


def model(family: str, downloads: int, parameters: int | None = 8_000_000_000, is_top: bool = True) -> dict[str, Any]:
    """The newest day of a model."""
    return {
        "model_id": f"{family}/model", "family_id": family, "age_months": 3, "downloads_30d": downloads,
        "parameters": parameters,
        "is_top": is_top,
    }  # fmt: skip


def day(back: int, per_day: float | None = 100.0, family: str = "qwen", is_anomaly: bool = False) -> dict[str, Any]:
    """A day of a model's counter, so many days before the last."""
    return {
        "family_id": family, "model_id": f"{family}/model", "day_on": LAST - timedelta(days=back), "said": "some",
        "is_anomaly": is_anomaly,
        "downloads_per_day": per_day,
    }  # fmt: skip


def test_what_carries_colour_lies_on_top_and_a_size_that_is_not_told_has_a_shape_of_its_own() -> None:
    """All others are hollow and grey."""
    spec = models.draw_ages([model("qwen", 900), model("phi", 0, None)], COLOURS, TITLES, LIGHT, 300)
    cloud, name = spec["layer"]
    assert [(row["family"], row["colour"], row["strength"]) for row in cloud["data"]["values"]] == [
        ("Phi", LIGHT.context, 0), ("Qwen", "#0b39c9", 0.75),
    ]  # fmt: skip
    assert [(layer["mark"]["shape"], layer["transform"][0]["filter"]) for layer in cloud["layer"]] == [
        ("circle", "isValid(datum.parameters)"), ("diamond", "!isValid(datum.parameters)"),
    ]  # fmt: skip
    assert name["data"]["values"] == [{"family": "Qwen"}]


def test_the_last_thirty_days_are_dashed_on_a_band_with_the_word() -> None:
    """The day between both is drawn with either, so that the line does not break there."""
    spec = models.draw_days([day(back) for back in range(60, -1, -1)], COLOURS, TITLES, LIGHT)
    band, lines, _ = spec["layer"]
    (shaded,) = band["data"]["values"]
    assert (shaded["day_on"], shaded["until"], shaded["word"]) == ("2026-10-02", "2026-11-01", "provisional")
    rows = lines["data"]["values"]
    assert [sum(row[name] for row in rows) for name in ("is_early", "is_late")] == [31, 31]
    assert ["strokeDash" in layer["mark"] for layer in lines["layer"][:2]] == [False, True]


def test_a_short_series_is_provisional_from_its_first_day() -> None:
    """Without a band that reaches before what was seen."""
    spec = models.draw_days([day(4), day(0)], COLOURS, TITLES, LIGHT)
    assert spec["layer"][0]["data"]["values"][0]["day_on"] == "2026-10-28"


def test_a_counter_that_fell_is_a_cross_and_no_value() -> None:
    """A difference below zero would be no number of downloads."""
    spec = models.draw_days([day(2), day(1, None, is_anomaly=True), day(0)], COLOURS, TITLES, LIGHT)
    rows = spec["layer"][1]["data"]["values"]
    assert [(row["value"], row["is_anomaly"]) for row in rows] == [(100.0, False), (None, True), (100.0, False)]
    assert spec["layer"][1]["layer"][3]["mark"]["shape"] == "cross"
