"""What status pages tell, and how soon: counted by hand."""

import math
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from scipy.stats import t as student
from statsmodels.stats.proportion import proportion_confint

from tests.worlds.rows import ACCURACY, NOW, Rows, alter, cut, found, left_out, measure, one

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
BEGAN = NOW - 20 * DAY
WHOLE = {"window": "90d", "segment": "api", "channel_role": "all"}


def _page(count: int, **cells: Any) -> tuple[Rows, str]:
    """A page with so many disturbances of an hour, 20 days ago."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    for _ in range(count):
        rows.incident(page, BEGAN, 1, 2, **cells)
    return rows, page


def test_what_was_copied_from_another_page_was_not_posted_late() -> None:
    """Twenty of half a year, all posted in one second when the page moved: the second tells nothing of any."""
    rows, page = _page(20, posted_at=BEGAN + 2 * MINUTE, is_retro=False)
    for day in range(20):
        rows.incident(page, BEGAN - day * DAY, 1, 2, posted_at=BEGAN + DAY, is_retro=True)
    for _ in range(2):
        rows.incident(page, BEGAN, 1, 2, posted_at=BEGAN + 2 * DAY, is_retro=True)
    con = measure(rows)
    late = one(con, "disclosure_share", statistic="retro_posted", **WHOLE)

    assert cut(late, "n_events", "n") == (2, 22)
    assert left_out(late) == "Left out: 20 copied from another page."


def _openness(rows: Rows) -> dict[str, dict[str, Any]]:
    return {row["statistic"]: row for row in found(measure(rows), "disclosure_share", **WHOLE)}


def test_openness_is_counted_over_what_could_be_told() -> None:
    """Of 24: what has no texts says nothing of causes, and what goes on or is young says nothing of reports yet."""
    rows, page = _page(15, has_cause=True, has_postmortem=True, has_components=True)
    for number in range(5):
        rows.incident(
            page, BEGAN, 1, 2, has_cause=False, has_postmortem=False, has_components=number > 2, is_retro=number == 0
        )
    for _ in range(2):
        rows.incident(page, NOW - 5 * DAY, 1, 2, has_cause=True, has_postmortem=False, has_components=True)
    rows.incident(page, NOW - DAY, None, 2, end_state="open", has_cause=False, has_components=True)
    rows.incident(page, BEGAN, 1, 2, posted_at=BEGAN + 5 * MINUTE)
    shares = _openness(rows)

    assert {name: cut(row, "n_events", "n") for name, row in shares.items()} == {
        "with_cause": (17, 22), "with_postmortem": (15, 20), "names_components": (20, 23), "states_start": (1, 24),
        "retro_posted": (1, 24),
    }  # fmt: skip
    assert left_out(shares["with_postmortem"]) == "Left out: 1 still ongoing, 2 too young, 1 without texts."
    assert shares["with_postmortem"]["value"] == 0.75


def test_a_weak_rule_for_causes_is_named_beside_the_share() -> None:
    """What is read of incidents is measured on status pages: it must reach the figure all the same."""
    rows, _ = _page(20, has_cause=True)
    con = measure(rows)
    found(con, "feature_accuracy")
    columns = "feature, class, part, channel_kind, language, weakness"
    alter(
        con,
        f"insert into {ACCURACY} ({columns}) values ('incident cause', 'yes', 'all', 'status', 'all', 'Causes are "
        f"missed.')",
    )

    assert one(con, "disclosure_share", statistic="with_cause", **WHOLE)["note"] == "Causes are missed."


def test_a_page_that_can_name_no_parts_is_not_blamed_for_it() -> None:
    """Its feed has no place for them: that is no 0."""
    row = _openness(_page(20, has_components=False)[0])["names_components"]

    assert cut(row, "state", "value", "n") == ("not applicable", None, 0)


def _points(named: bool, retro: int = 0) -> dict[str, Any]:
    """Half of 20 with causes, a quarter with reports, all or none with parts, some posted when over."""
    rows, page = _page(0)
    for number in range(20):
        told = {
            "has_cause": number < 10,
            "has_postmortem": number < 5,
            "has_components": named,
            "is_retro": number < retro,
        }
        rows.incident(page, BEGAN, 1, 2, posted_at=BEGAN + number * MINUTE, **told)
    return one(measure(rows), "disclosure_points", **WHOLE)


def test_the_points_are_the_mean_of_the_shares() -> None:
    """(0.5 + 0.25 + 1 + 0.8) / 4; of a page that can name no parts (0.5 + 0.25 + 0.8) / 3, and it is said. The ends
    are those of the shares, put together by numpy's correlations; what all have goes with nothing."""
    whole, short = _points(True, 4), _points(False, 4)

    assert cut(whole, "value", "n", "note") == (pytest.approx(63.75), 20, None)
    # All twenty began at once: alike by 0.05, they are worth about ten, with Student's quantile for four more runs.
    worth = 20 / (1 + 19 * 0.05) / (student.ppf(0.975, 4) / 1.959963984540054) ** 2
    shares = np.array((10, 5, 20, 16)) / 20
    limits = np.array([proportion_confint(share * worth, worth, method="wilson") for share in shares])
    places, alike = np.arange(20), np.eye(4)
    told = [0, 1, 3]
    alike[np.ix_(told, told)] = np.corrcoef([places < 10, places < 5, places >= 4])
    below, above = np.abs(limits - shares[:, None]).T
    reaches = [25 * math.sqrt(reach @ alike @ reach) for reach in (below, above)]
    assert cut(whole, "low", "high") == pytest.approx((63.75 - reaches[0], 63.75 + reaches[1]), rel=1e-3)
    assert short["value"] == pytest.approx(100 * 1.55 / 3) and "cannot name components" in short["note"]


def test_one_share_that_is_not_known_leaves_no_points() -> None:
    """A mean of what happens to be known would reward whoever hides the rest."""
    rows, _ = _page(20, has_cause=True, has_components=True, is_retro=False)

    assert cut(one(measure(rows), "disclosure_points", **WHOLE), "value", "state") == (None, "not enough data")


def test_points_that_rest_on_too_few_say_on_how_many() -> None:
    """Five incidents are not none, though no share of them is known yet."""
    told = {"has_cause": True, "has_postmortem": True, "has_components": True}
    few, none = (one(measure(_page(count, **told)[0]), "disclosure_points", **WHOLE) for count in (5, 0))

    assert [cut(row, "value", "state", "n", "note") for row in (few, none)] == [
        (None, "not enough data", 5, "Only 5 incidents."),
        (None, "not enough data", 0, "No incidents."),
    ]
