"""What status pages tell, and how soon: counted by hand."""

import math
from datetime import datetime, timedelta
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


def test_the_first_post_comes_after_the_stated_beginning() -> None:
    """21 posted after 1 to 21 minutes: 11; with 20 more that state no beginning, 21 of 41 took a minute at least: the
    21st is 1."""
    rows, page = _page(20)
    for minutes in range(1, 22):
        rows.incident(page, BEGAN, 1, 2, posted_at=BEGAN + minutes * MINUTE)
    rows.incident(page, BEGAN, -1, 2, is_retro=True, posted_at=BEGAN + 30 * MINUTE)
    con = measure(rows)
    stated, least = (one(con, "acknowledgement_minutes", statistic=name, **WHOLE) for name in ("stated", "at_least"))

    assert cut(stated, "value", "n", "unit") == (11, 21, "minutes")
    assert left_out(stated) == "Left out: 1 posted when over, of unknown length, 20 without a stated beginning."
    assert cut(least, "value", "n") == (0.5, 42)


def test_a_post_before_the_beginning_is_no_negative_wait() -> None:
    """Announced before it began: left out of what is stated, and 0 at least."""
    rows, page = _page(0)
    for _ in range(20):
        rows.incident(page, BEGAN, 1, 2, posted_at=BEGAN - 5 * MINUTE)
    con = measure(rows)

    assert one(con, "acknowledgement_minutes", statistic="stated", **WHOLE)["state"] == "not enough data"
    assert one(con, "acknowledgement_minutes", statistic="at_least", **WHOLE)["value"] == 0


def test_what_was_copied_from_another_page_was_not_posted_late() -> None:
    """Twenty of half a year, all posted in one second when the page moved: the second tells nothing of any."""
    rows, page = _page(20, posted_at=BEGAN + 2 * MINUTE, is_retro=False)
    for day in range(20):
        rows.incident(
            page, BEGAN - day * DAY, 1, 2, posted_at=BEGAN + DAY, is_retro=True, identified_at=BEGAN + 2 * DAY
        )
    for _ in range(2):
        rows.incident(page, BEGAN, 1, 2, posted_at=BEGAN + 2 * DAY, is_retro=True)
    con = measure(rows)
    figures = [one(con, "acknowledgement_minutes", statistic=name, **WHOLE) for name in ("stated", "at_least")]
    late = one(con, "disclosure_share", statistic="retro_posted", **WHOLE)

    assert [cut(row, "value", "n") for row in figures] == [(2, 22)] * 2
    assert cut(late, "n_events", "n") == (2, 22)
    assert {left_out(row) for row in (*figures, late)} == {"Left out: 20 copied from another page."}
    assert one(con, "incident_stage_minutes", statistic="to_identified", **WHOLE)["n"] == 0


def test_each_stage_lasts_from_its_post_to_the_next() -> None:
    """Identified after 10 minutes, watched after 25, over after 60; one skips a stage, one goes on, one is told
    backwards."""
    rows, page = _page(20, identified_at=BEGAN + 10 * MINUTE, monitoring_at=BEGAN + 25 * MINUTE)
    rows.incident(page, BEGAN, 1, 2, monitoring_at=BEGAN + 25 * MINUTE)
    rows.incident(page, NOW - DAY, None, 2, end_state="open")
    rows.incident(page, BEGAN, 1, 2, identified_at=BEGAN + 30 * MINUTE, monitoring_at=BEGAN + 25 * MINUTE)
    con = measure(rows)
    figures = {row["statistic"]: row for row in found(con, "incident_stage_minutes", **WHOLE)}

    assert {name: cut(row, "value", "n") for name, row in figures.items()} == {
        "to_identified": (10, 21), "to_monitoring": (15, 20), "to_resolved": (35, 22), "to_first_remedy": (25, 22),
    }  # fmt: skip
    assert (
        left_out(figures["to_monitoring"])
        == "Left out: 1 posted in another order, 1 still ongoing, 1 without both posts."
    )


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


def test_posts_are_counted_by_the_hour() -> None:
    """Three posts in two hours are 1.5 an hour; one of unknown length is left out."""
    rows, page = _page(0)
    for _ in range(20):
        rows.incident(page, BEGAN, 2, 2, updates_count=3)
    rows.incident(page, BEGAN, None, 2, updates_count=9)
    row = one(measure(rows), "incident_updates_rate", **WHOLE)

    assert cut(row, "value", "n", "unit") == (1.5, 20, "per hour")
    assert left_out(row) == "Left out: 1 of unknown length."


def _counts(titles: list[tuple[str, datetime]], **cells: Any) -> dict[str, float]:
    rows, page = _page(0)
    for title, posted_at in titles:
        rows.incident(page, posted_at, 1, 2, title=title, **cells)
    return {
        row["statistic"]: row["value"]
        for row in found(measure(rows), "incident_severity_count", window="30d", segment="api")
    }


def test_an_incident_told_for_each_model_is_one_of_a_group() -> None:
    """Three models within minutes are one trouble; another title, or the same an hour later, is another."""
    counts = _counts(
        [
            ("Elevated errors on Opus", BEGAN),
            ("Elevated errors on Sonnet", BEGAN + 4 * MINUTE),
            ("Elevated errors on Haiku.", BEGAN + 9 * MINUTE),
            ("Logins fail", BEGAN + 9 * MINUTE),
            ("Elevated errors on Opus", BEGAN + 70 * MINUTE),
        ]
    )

    assert (counts["any"], counts["grouped"], counts["partial"]) == (5, 3, 5)


def test_what_repeats_elsewhere_than_in_the_api_is_grouped_there() -> None:
    """Two posts on the chat: one trouble of all parts, and none of the interface."""
    rows, page = _page(0)
    for minute in (0, 1):
        rows.incident(page, BEGAN + minute * MINUTE, 1, 2, title="Chat is slow", is_api=False)
    repeats = found(measure(rows), "incident_repeats")

    assert [row["segment"] for row in repeats] == ["all"]


def test_no_incident_is_dropped_as_a_repeat_of_one_that_does_not_count() -> None:
    """The same trouble without named parts comes first: it does not count in the interface, so the other one does."""
    rows, page = _page(0)
    title = "Elevated errors on requests"
    rows.incident(page, BEGAN, 1, 2, title=title, is_api=False, is_unattributed=True)
    rows.incident(page, BEGAN + 5 * MINUTE, 1, 2, title=title)
    figures = found(measure(rows), "incident_severity_count", window="30d")
    counts = {cut(row, "segment", "statistic"): row["value"] for row in figures}

    assert (counts["api", "any"], counts["api", "grouped"]) == (1, 1)
    assert (counts["all", "any"], counts["all", "grouped"]) == (2, 1)


def test_a_page_without_trouble_counts_none() -> None:
    """What was watched and had no incident is a zero, and no hole."""
    rows, _ = _page(0)
    counts = found(measure(rows), "incident_severity_count", window="30d", segment="api")

    assert {cut(row, "value", "state") for row in counts} == {(0, "measured")}


def test_titles_in_any_script_are_compared() -> None:
    """DeepSeek's page is in Chinese: its words are no blanks."""
    counts = _counts(
        [
            ("API 服务异常", BEGAN),
            ("API 服务异常。", BEGAN + MINUTE),
            ("网页登录失败", BEGAN + MINUTE),
            ("", BEGAN),
            ("", BEGAN),
        ]
    )

    assert (counts["any"], counts["grouped"]) == (5, 4)


def test_each_severity_is_counted_and_none_is_lost() -> None:
    """Two outages, one partial, three degraded, one whose word we do not know; a suspension is none of them."""
    rows, page = _page(0)
    for severity in (3, 3, 2, 1, 1, 0, None):
        rows.incident(page, BEGAN, 1, severity, title=f"about {severity}")
    rows.incident(page, BEGAN, 1, 3, kind="suspension")
    counts = {
        row["statistic"]: row["value"]
        for row in found(measure(rows), "incident_severity_count", window="30d", segment="api")
    }

    assert counts | {"grouped": 0} == {"outage": 2, "partial": 1, "degraded": 3, "ungraded": 1, "any": 7, "grouped": 0}
