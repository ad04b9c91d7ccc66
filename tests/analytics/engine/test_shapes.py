"""Shares and medians: what is put around the items of a metric, checked against independent libraries."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, norm
from scipy.stats import t as student
from statsmodels.stats.proportion import proportion_confint

from analytics.engine.headers import Header
from analytics.engine.models import read_models
from tests.analytics.engine.toy_shapes import figures, show
from tests.tools.reckonings import weekly_worth
from tests.worlds.rows import Rows, cut, found, measure
from warehouse.wording import count_things


def _figure(shape: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The figure of one family's items, through the real templates."""
    return figures(shape, {"family": rows})["family"]


@pytest.mark.slow
@settings(max_examples=25)
@given(yes=st.integers(0, 60), no=st.integers(0, 60))
def test_a_share_has_wilsons_interval(yes: int, no: int) -> None:
    """The same as statsmodels gives; none at all is a share of 0 with an upper end."""
    figure = _figure("share", [{"is_yes": n < yes} for n in range(yes + no)])

    assert cut(figure, "n", "n_events") == (yes + no, yes)
    if yes + no < 20:
        assert cut(figure, "state", "value", "note") == (
            "not enough data", None, f"Only {count_things(yes + no, 'thing')}." if yes + no else "No things.",
        )  # fmt: skip
    else:
        low, high = proportion_confint(yes, yes + no, method="wilson")
        assert cut(figure, "value", "low", "high") == pytest.approx((yes / (yes + no), low, high), abs=1e-9)


@pytest.mark.slow
@settings(max_examples=25)
@given(amounts=st.lists(st.integers(-1000, 1000), min_size=20, max_size=80))
def test_a_median_has_the_interval_of_its_order(amounts: list[int]) -> None:
    """The middle is numpy's; the ends lie between items of which the outer hold it in 95 of 100 samples at least, and
    the inner in fewer than 97."""
    figure = _figure("median", [{"amount": float(one)} for one in amounts])
    n = len(amounts)
    first = (n + 1 - norm.ppf(0.975) * np.sqrt(n)) / 2
    inner, outer = (
        binom.cdf(n - place, n, 0.5) - binom.cdf(place - 1, n, 0.5) for place in np.floor((first + 1, first))
    )

    assert figure["value"] == pytest.approx(float(np.median(amounts)))
    ends = np.interp((first, n + 1 - first), np.arange(1, n + 1), np.sort(amounts))
    assert cut(figure, "low", "high") == pytest.approx(tuple(ends))
    assert inner < 0.97 and outer > 0.94


def test_what_is_left_out_is_counted_and_told() -> None:
    """The note has each reason with its number."""
    left_out: list[dict[str, Any]] = [
        {"is_yes": None, "exclusion_reason": reason} for reason in ("too young", "not seen", "too young")
    ]
    figure = _figure("share", [*({"is_yes": True} for _ in range(30)), *left_out])

    assert cut(figure, "n", "value", "note") == (30, 1, "Excluded: 1 not seen, 2 too young.")


def test_what_was_not_seen_may_be_either() -> None:
    """Up to a twentieth widens the interval to both extremes; the value stays that of what was seen."""
    seen = [{"is_yes": n < 60} for n in range(190)]
    figure = _figure("share", [*seen, *({"is_yes": None, "is_unseen": True} for _ in range(10))])
    low, _ = proportion_confint(60, 200, method="wilson")
    _, high = proportion_confint(70, 200, method="wilson")

    assert cut(figure, "n", "n_events", "state") == (190, 60, "measured")
    assert cut(figure, "value", "low", "high") == pytest.approx((60 / 190, low, high), abs=1e-9)
    assert figure["note"] == "10 more were not seen: the interval allows for either."


def test_what_was_hardly_seen_has_bounds_and_no_value() -> None:
    """One more than a twentieth, and also if nothing was seen; an excluded item is not asked whether it was seen."""
    seen: list[dict[str, Any]] = [{"is_yes": n < 60} for n in range(190)]
    excluded: dict[str, Any] = {"is_unseen": True, "exclusion_reason": "too young"}
    unseen: list[dict[str, Any]] = [{"is_unseen": True} for _ in range(11)]

    assert cut(_figure("share", [*seen, *unseen, excluded]), "state", "value", "low", "note") == (
        "not enough data", None, None,
        "11 of 201 were not seen: the share lies between 29.9 and 35.3 %. Excluded: 1 too young.",
    )  # fmt: skip
    assert cut(_figure("share", unseen), "state", "value", "note") == (
        "not enough data", None, "11 of 11 were not seen: the share lies between 0.0 and 100.0 %.",
    )  # fmt: skip


def test_labels_put_a_share_right_and_widen_it() -> None:
    """The mean of label minus rule is added, and the squares of both distances; a share below 0 is 0, and its interval
    as wide as any other."""
    items: list[dict[str, Any]] = [{"is_yes": n < 30} for n in range(100)]
    shifts = {"read": (0.05, 0.03**2), "less": (-0.4, 0.01), "same": (0.0, 0.01)}
    figure = figures("share", dict.fromkeys(shifts, items), shifts=shifts)
    low, high = proportion_confint(30, 100, method="wilson")

    assert cut(figure["read"], "value", "low", "high") == pytest.approx(
        (
            0.35,
            0.35 - np.hypot(0.3 - low, 1.959963984540054 * 0.03),
            0.35 + np.hypot(high - 0.3, 1.959963984540054 * 0.03),
        ),
        abs=1e-9,
    )
    assert figure["read"]["note"] == "Corrected with 132 hand-checked labels (raw: 30.0 %)."
    assert figure["same"]["note"] == "Checked with 132 hand-checked labels, which move nothing."
    assert cut(figure["less"], "value", "low") == (0, 0)
    assert figure["less"]["high"] == pytest.approx(np.hypot(high - 0.3, 1.959963984540054 * 0.1), abs=1e-9)


@pytest.mark.parametrize(("yes", "shift", "value"), [(0, -0.2, 0), (100, 0.2, 1)])
def test_labels_that_contradict_a_rule_leave_an_interval_in_which_the_share_lies(
    yes: int, shift: float, value: float
) -> None:
    """All that both errors allow is below 0, or above 1: an end there would leave out the value."""
    items: list[dict[str, Any]] = [{"is_yes": n < yes} for n in range(100)]
    figure = figures("share", {"read": items}, shifts={"read": (shift, 0.03**2)})["read"]
    _, reach = proportion_confint(0, 100, method="wilson")

    assert figure["value"] == value
    assert sorted((figure["low"], figure["high"])) == [figure["low"], figure["high"]]
    assert figure["high"] - figure["low"] == pytest.approx(np.hypot(reach, 1.959963984540054 * 0.03), abs=1e-9)


def test_items_of_one_cluster_are_worth_less_than_as_many_alone() -> None:
    """The interval is Wilson's for the number that they are worth, of ten weeks of four that agree in all but one; too
    few of them are no figure."""
    yes = [4, 0, 0, 4, 0, 4, 1, 0, 4, 0]
    clustered: list[dict[str, Any]] = [
        {"is_yes": n % 4 < yes[n // 4], "cluster_id": f"week {n // 4}"} for n in range(40)
    ]
    figure, share = _figure("share", clustered), 17 / 40
    _, worth = weekly_worth([4] * 10, [one - 4 * share for one in yes], 40 * share * (1 - share))
    low, high = proportion_confint(share * worth, worth, method="wilson")

    assert cut(figure, "value", "low", "high") == pytest.approx((share, low, high), abs=1e-4)
    few: list[dict[str, Any]] = [{"is_yes": n < 12, "cluster_id": f"week {n // 12}"} for n in range(24)]
    assert _figure("share", few)["state"] == "not enough data"
    assert _figure("share", few)["note"] == "Only 24 things: the interval is too wide."


def test_weeks_that_resemble_their_neighbours_are_worth_fewer() -> None:
    """Twenty weeks, of which ten in a row are so, or every other one: the same share, far less sure in a row."""
    row = [week < 10 for week in range(20)]
    turns = [week % 2 == 0 for week in range(20)]
    runs, alternate = (
        _figure(
            "share", [{"is_yes": yes, "cluster_id": f"week {week}"} for week, yes in enumerate(weeks) for _ in "1234"]
        )
        for weeks in (row, turns)
    )

    assert runs["state"] == "not enough data", "the interval is too wide"
    assert cut(alternate, "value", "low", "high") == pytest.approx(
        (0.5, *proportion_confint(40, 80, method="wilson")), abs=1e-9
    )


def test_a_person_and_the_weeks_widen_an_interval_together() -> None:
    """Of 120 answers in 40 weeks one person gave every third, all of them so: by weeks they are worth all, by person a
    few, and both ways the larger variance counts."""
    items: list[dict[str, Any]] = [
        {"is_yes": n % 3 == 0 or n % 12 == 1, "cluster_id": f"week {n // 3}"}
        | ({"person_id": "ann"} if n % 3 == 0 else {"person_id": f"other {n}"})
        for n in range(120)
    ]
    unknown = [{**item, "person_id": None} for item in items]
    alone, people = (_figure("share", rows) for rows in (unknown, items))
    share = 50 / 120
    by_person = (40 * (1 - share)) ** 2 / (1 - 1 / 3) + (10 * (1 - share) ** 2 + 70 * share**2) / (1 - 1 / 120)
    factor = student.ppf(0.975, 120**2 / (40**2 + 80) - 1) / 1.959963984540054
    worth = 120 * 120 * share * (1 - share) / (by_person * factor**2)

    assert cut(alone, "low", "high") == pytest.approx(proportion_confint(50, 120, method="wilson"), abs=1e-9)
    low, high = proportion_confint(share * worth, worth, method="wilson")
    assert 1 < (people["high"] - people["low"]) / (high - low) < 1.1


def test_a_share_of_what_cannot_be_so_is_not_applicable() -> None:
    """If it holds of every item; if some may be so, the others are excluded with the reason."""
    never: list[dict[str, Any]] = [{"is_yes": None, "exclusion_reason": "not applicable (it has none)"}] * 3
    may: list[dict[str, Any]] = [{"is_yes": True}] * 20

    assert cut(_figure("share", never), "state", "value", "n") == ("not applicable", None, 0)
    assert cut(_figure("share", [*never, *may]), "state", "value", "n", "note") == (
        "measured", 1, 20, "Excluded: 3 not applicable (it has none).",
    )  # fmt: skip


def test_a_hole_is_a_row_with_its_reason() -> None:
    """A family without channels has a figure that says so, in every kind and window, and none of them is stored."""
    rows = Rows()
    rows.family("bare")
    con = measure(rows)

    assert {(row["state"], row["value"]) for row in found(con, "helped_share")} == {("not collected", None)}
    assert found(con, "figures", metric="helped_share") == []


def test_a_metric_may_ask_for_roles_together_or_apart() -> None:
    """A family without channels has one row either way."""
    rows = Rows()
    rows.family("bare")
    rows.channel(rows.family("rich"), "sdk")
    con = measure(rows, "answered_share", "channel_coverage")
    asked = {
        roles: {cut(row, "family_id", "channel_role") for row in show(con, *_shape(roles))}
        for roles in ("", "together", "apart")
    }

    assert asked[""] == {("bare", "all"), ("rich", "all"), ("rich", "sdk")}
    assert asked["together"] == {("bare", "all"), ("rich", "all")}
    assert asked["apart"] == {("bare", "all"), ("rich", "sdk")}


def _shape(roles: str) -> tuple[str, Header]:
    """A metric without any figure: its query and header."""
    cells = (
        'family_id, channel_kind, channel_role, segment, statistic, "window", value, low, high, note as own_note, '
        "n, n_events, n_censored"
    )
    header = Header(
        "Is it so?", (), "share", "none", "none", 1, shape="figure", covers="changes", statistics=("any",), roles=roles
    )
    return f"select {cells}, state as own_state from metrics.answered_share where false", header


def test_every_metric_with_a_shape_covers_something_that_coverage_knows() -> None:
    """A subject that coverage does not know would give no row for anybody, silently."""
    rows = Rows()
    rows.family("bare")
    subjects = {row["subject"] for row in found(measure(rows), "channel_coverage")}

    assert {model.header.covers for model in read_models() if model.header.shape} <= subjects
