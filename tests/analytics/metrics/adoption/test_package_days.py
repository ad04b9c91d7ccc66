"""Downloads of a family: its packages added day by day, over the same days."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tests.worlds.rows import NOW, Rows, cut, found, measure

DAY = timedelta(days=1)
Figures = dict[tuple[Any, ...], dict[str, Any]]


def _measure(packages: dict[str, Sequence[int]], ages: dict[str, int] | None = None) -> Figures:
    """Measures a family whose packages had these downloads, from the newest reported day backwards."""
    rows = Rows()
    family = rows.family("family")
    for name, downloads in packages.items():
        channel = rows.channel(family, "packages", "packages")
        for age, count in enumerate(downloads, (ages or {}).get(name, 1)):
            if count >= 0:
                rows.add(
                    "packages_daily", channel_id=channel, family_id=family, is_official=True, package_name=name,
                    downloaded_on=NOW.date() - age * DAY, downloads_count=count, seen_at=NOW,
                )  # fmt: skip
    return {cut(row, "segment", "statistic"): row for row in found(measure(rows), "package_downloads")}


def test_the_median_day_of_a_family_is_one_of_its_days() -> None:
    """Three packages that are each downloaded a hundred times on every third day: a hundred a day together."""
    figures = _measure({"a": [100, 0, 0] * 10, "b": [0, 100, 0] * 10, "c": [0, 0, 100] * 10})

    assert cut(figures["all", "daily_median"], "value", "low", "high", "n", "note") == (100, 100, 100, 30, None)
    assert figures["package:a", "daily_median"]["value"] == 0
    assert cut(figures["all", "rolling_30d"], "value", "n") == (3000, 30)


def test_packages_are_added_over_the_same_days() -> None:
    """One that was last reported two days before the other: the thirty days end there for both."""
    figures = _measure({"late": [7, 7, *[10] * 30], "early": [1] * 40}, {"early": 3})

    assert cut(figures["all", "rolling_30d"], "value", "n", "state") == (330, 30, "measured")
    assert figures["all", "daily_median"]["value"] == 11
    assert figures["all", "rolling_30d"]["note"] == "Up to 2026-11-21, the last day that all packages have reported."
    assert cut(figures["package:late", "rolling_30d"], "value", "note") == (7 + 7 + 280, None)


def test_a_day_that_one_package_did_not_report_is_no_day_of_the_family() -> None:
    """Nor have packages a sum that share none of their last thirty days, though the older ones are held."""
    figures = _measure({"whole": [1] * 30, "holed": [1, -1, *[1] * 28]})
    apart = _measure({"living": [1] * 60, "dead": [1] * 30}, {"dead": 31})

    for found_figures, days in ((figures, 29), (apart, 0)):
        figure = found_figures["all", "daily_median"]
        assert cut(figure, "value", "n", "state") == (None, days, "not enough data")
        assert f"Only {days} of the last 30 days were reported." in figure["note"]
