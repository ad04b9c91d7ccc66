"""Adoption: packages, questions by downloads, derivatives by downloads, and models of the same age."""

from datetime import timedelta
from typing import Any

import pytest

from tests.worlds.rows import NOW, Rows, cut, found, found_items, measure, one

DAY = timedelta(days=1)


def _model(rows: Rows, hub: str, model: str, age_days: int = 0, **cells: Any) -> None:
    """A look at a model, so many days ago."""
    rows.add(
        "models_daily",
        **{
            "model_id": model,
            "channel_id": hub,
            "family_id": hub.split(".")[0],
            "day_on": NOW.date() - age_days * DAY,
            "seen_at": NOW,
        }
        | cells,
    )


def _package(rows: Rows, family: str, name: str, days: range, downloads: int) -> None:
    """As many downloads on each day, counted back from today."""
    channel = rows.channel(family, "packages", "packages")
    for age in days:
        rows.add(
            "packages_daily", channel_id=channel, family_id=family, is_official=True, package_name=name,
            downloaded_on=NOW.date() - age * DAY, downloads_count=downloads + (1000 if age == 5 else 0), seen_at=NOW,
        )  # fmt: skip


def test_packages_are_added_over_thirty_told_days() -> None:
    """Thirty days of 10 with one of 1,010 are 1,300, their middle 10; older days do not count, and of ten stated days
    there is no sum."""
    rows = Rows()
    for family in ("whole", "young", "none"):
        rows.family(family)
    _package(rows, "whole", "client", range(1, 60), 10)
    _package(rows, "whole", "tool", range(1, 60), 20)
    _package(rows, "young", "client", range(1, 11), 10)
    _package(rows, "young", "tool", range(1, 60), 10)
    con = measure(rows)
    figures = {cut(row, "family_id", "segment", "statistic"): row for row in found(con, "package_downloads")}

    assert cut(figures["whole", "package:client", "rolling_30d"], "value", "n", "unit") == (1300, 30, "downloads")
    assert figures["whole", "all", "rolling_30d"]["value"] == 1300 + 1600
    assert figures["whole", "all", "daily_median"]["value"] == 30
    assert cut(figures["young", "all", "rolling_30d"], "value", "state") == (None, "not enough data")
    assert "Only 10 of the last 30 days were reported." in figures["young", "all", "rolling_30d"]["note"]
    assert figures["none", "all", "rolling_30d"]["state"] == "not collected"


def test_a_renamed_model_counts_under_its_new_name_only() -> None:
    """Also on the day of the move, when a list may have had the former name; one to which its maker has gone back
    counts."""
    rows = Rows()
    hub = rows.channel(rows.family("family"), "huggingface", "hub")
    today = NOW.date()
    _model(rows, hub, "old", 1, renamed_on=today, downloads_30d=100)
    _model(rows, hub, "new", downloads_30d=101)
    _model(rows, hub, "listed", renamed_on=today, downloads_30d=7)
    _model(rows, hub, "back", renamed_on=today - DAY, downloads_30d=50)
    con = measure(rows)
    (downloads,) = found(con, "model_downloads", family_id="family", statistic="rolling_30d")
    assert cut(downloads, "value", "n") == (151, 2)


def test_what_is_only_packed_smaller_is_not_changed() -> None:
    """Of forty derived models ten are only quantized; a model of which one count is unknown is excluded, and ten are
    too few."""
    rows = Rows()
    hub, small = (rows.channel(rows.family(family), "hub", "hub") for family in ("family", "small"))
    _model(rows, hub, "a", finetunes=10, adapters=5, quantized=8, merges=5)
    _model(rows, hub, "b", finetunes=10, adapters=0, quantized=2, merges=0)
    _model(rows, hub, "c", finetunes=99, adapters=9, quantized=None, merges=9)
    _model(rows, small, "d", finetunes=10, adapters=0, quantized=0, merges=0)
    con = measure(rows)
    figures = {row["family_id"]: cut(row, "value", "n", "state") for row in found(con, "changed_derivative_share")}

    assert figures["family"] == (0.75, 40, "measured")
    assert figures["small"] == (None, 10, "not enough data")


def test_what_the_maker_built_on_its_own_models_is_not_others() -> None:
    """Of 30 finetunes and 10 packed copies of the base the maker published two and five: 28 of 33 are changed. A packed
    copy of the tuned one is no child of the base, another family's model is another's, and a relation alone names no
    base. Fewer counted than are listed leave none."""
    rows = Rows()
    hub, other = (rows.channel(rows.family(family), "hub", "hub") for family in ("family", "other"))
    none = {"finetunes": 0, "adapters": 0, "quantized": 0, "merges": 0}
    _model(rows, hub, "Maker/base", finetunes=30, adapters=0, quantized=10, merges=0)
    tuned = ["Maker/Base", "finetune:Maker/Base"]
    for name in ("Maker/chat", "Maker/code"):
        _model(rows, hub, name, base_models=tuned, **none)
    for number in range(5):
        _model(rows, hub, f"Maker/base-{number}", base_models=["Maker/base", "quantized:Maker/base"], **none)
    _model(rows, hub, "Maker/chat-gguf", base_models=["Maker/chat", "quantized:Maker/chat"], **none)
    _model(rows, other, "Else/tuned", base_models=tuned, **none)
    con = measure(rows)
    items = {row["item_id"]: row for row in found_items(con, "changed_derivative_share")}
    figure = one(con, "changed_derivative_share", family_id="family")

    assert cut(items["Maker/base"], "finetunes", "adapters", "quantized", "merges") == (28, 0, 5, 0)
    assert cut(figure, "value", "n", "n_events", "state") == (pytest.approx(28 / 33), 33, 28, "measured")
    assert items["Maker/chat"]["quantized"] == 0


def test_models_are_compared_at_the_same_age() -> None:
    """Eleven models of like size at 90 days: each by the tenth. A bigger one and one that nobody watched at that age
    are not compared."""
    rows = Rows()
    rival = rows.channel(rows.family("rival"), "hub", "hub")
    hub = rows.channel(rows.family("family"), "hub", "hub")
    size = {"parameters": 8_000_000_000, "created_at": NOW - 91 * DAY}
    for number in range(10):
        _model(rows, rival, f"rival-{number}", 1, downloads_all_time=100 + 100 * number, **size)
        _model(rows, rival, f"rival-{number}", 0, downloads_all_time=99_999, **size)
    _model(rows, hub, "own", 1, downloads_all_time=5000, **size)
    _model(rows, hub, "own-gptq", 1, downloads_all_time=70_000, **size)
    _model(rows, hub, "own-late", 0, downloads_all_time=9000, parameters=8_000_000_000, created_at=NOW - 120 * DAY)
    _model(rows, hub, "own-big", 1, downloads_all_time=80_000, parameters=70_000_000_000, created_at=NOW - 91 * DAY)
    con = measure(rows)
    figures = {
        cut(row, "family_id", "statistic"): cut(row, "value", "n")
        for row in found(con, "relative_adoption_ratio", segment="90 days old")
    }

    assert figures["family", "best"] == (25, 1)
    assert figures["rival", "best"] == (5, 10)
    assert figures["rival", "median"] == (pytest.approx(2.75), 10)
    assert (
        one(con, "relative_adoption_ratio", family_id="family", segment="30 days old", statistic="best")["state"]
        == "not enough data"
    )


@pytest.mark.parametrize(("parameters", "size_class"), [(1.9e9, 2), (2e9, 9), (9e9, 40), (40e9, 150), (150e9, 1000)])
def test_ages_and_sizes_have_sharp_edges(parameters: float, size_class: int) -> None:
    """The nearest look within three days before an age counts; a size is of the class above."""
    rows = Rows()
    hub = rows.channel(rows.family("family"), "hub", "hub")
    for look in (27, 31, 86, 91, 176, 177, 180, 365, 366):
        size = {"parameters": int(parameters), "created_at": NOW - 400 * DAY}
        _model(rows, hub, "model", 400 - look, downloads_all_time=look, **size)
    _model(rows, hub, "model", 0, downloads_all_time=400)
    ages = {
        row["age_days"]: cut(row, "downloads_so_far", "size_class", "place")
        for row in found_items(measure(rows), "relative_adoption_ratio")
    }

    assert ages == {30: (27, size_class, 1), 180: (180, size_class, 1), 365: (365, size_class, 1)}
