"""The table of coverage on the page of the method."""

from dashboards.evidence.coverage import (
    describe_power,
    describe_ranking,
    describe_row,
    draw_coverage,
    draw_power,
    draw_ranking,
)
from dashboards.metric_row import DictRow

ROW: DictRow = {
    "interval": "share", "world": "12 weeks of 20", "worlds_count": 600, "shown_share": 1.0, "held_share": 0.953,
    "simulation_error": 0.009, "mean_width": 0.17, "held_before": "83.0", "deviation_reason": None,
}  # fmt: skip
POWER: DictRow = {
    "world": "these families", "true_effect": 0.1, "is_realised": True, "worlds_count": 1000, "holds_share": 0.64,
    "mixed_share": 0.05, "refuted_share": 0.0, "close_share": 0.31, "holds_before": 1.0, "deviation_reason": None,
}  # fmt: skip
RANKING: DictRow = {
    "statement": "difference of two families", "world": "5 families", "worlds_count": 1000, "found_value": 0.945,
    "unit": "% hold", "wanted_range": "93 to 98", "found_before": "93.3", "deviation_reason": None,
}  # fmt: skip


def test_the_title_counts_what_is_too_narrow_and_what_is_too_wide() -> None:
    """A line without an interval counts for neither."""
    rows = [ROW, ROW | {"held_share": 0.9}, ROW | {"held_share": 0.99}, ROW | {"held_share": None}]
    figure = draw_coverage(rows)

    assert figure.title == (
        "For 1 of 3 kinds of interval and world, intervals contain the true value in 93 to 98 of 100 worlds; for 1 "
        "less often, for 1 more often; 1 shows no interval"
    )
    assert draw_coverage(rows[:1]).title.endswith("for none less often, for none more often")
    assert figure.shown is not None and figure.shown[0]["contains the true value"] == "90.0 % ± 0.9"


def test_a_line_tells_what_was_before_and_where_there_is_no_interval() -> None:
    """Not simulated before is no zero."""
    assert describe_row(ROW)["before"] == "83.0 %"
    assert describe_row(ROW | {"held_before": None})["before"] == "not simulated"
    assert describe_row(ROW | {"held_share": None})["contains the true value"] == "no interval is shown"


def test_the_reason_for_a_deviation_stands_beside_it() -> None:
    """A line outside 93 to 98 % is never left without a word."""
    row = describe_row(ROW | {"held_share": 0.99, "deviation_reason": "counts are whole numbers"})

    assert row["why not 93 to 98 %"] == "counts are whole numbers"


def test_the_title_of_power_counts_kinds_of_worlds_and_names_the_worst_null() -> None:
    """Ten points in three kinds of worlds, of which one is below 60, and a null that is claimed in 2 of 100."""
    rows = [
        *(POWER | {"holds_share": share} for share in (0.64, 0.6, 0.16)),
        POWER | {"true_effect": 0.0, "holds_share": 0.02},
        POWER | {"true_effect": 0.0, "holds_share": 0.08, "is_realised": False},
        POWER | {"true_effect": 0.15, "holds_share": 0.3},
    ]

    assert draw_power(rows).title == (
        "A true difference of ten points is found in 60 of 100 worlds or more in 2 of 3 kinds of worlds; where these "
        "families do not differ, a claim wrongly holds in at most 2.0\N{NO-BREAK SPACE}% of the worlds"
    )
    assert draw_power([POWER, POWER | {"true_effect": 0.0, "holds_share": 0.0}]).title.endswith("in none of the worlds")


def test_what_ten_points_take_stands_beside_ten_points_only() -> None:
    """The reason of a kind of world is the same at all differences, but is about ten points."""
    row = POWER | {"deviation_reason": "twice the threads"}

    assert describe_power(row)["what ten points take"] == "twice the threads"
    assert describe_power(row | {"true_effect": 0.2})["what ten points take"] == ""
    assert describe_power(row | {"holds_before": None})["held before"] == "not simulated"


def test_statements_on_ranks_that_miss_their_mark_come_first() -> None:
    """What has no mark, such as a width, is not judged."""
    missed = RANKING | {"statement": "other", "found_value": 0.9, "deviation_reason": "too few families"}
    figure = draw_ranking([RANKING, missed, RANKING | {"wanted_range": "\N{EN DASH}"}])

    assert figure.title == "Of 2 statements on sides and ranks in simulated worlds 1 are as right as they should be"
    assert figure.shown is not None and figure.shown[0]["why not"] == "too few families"
    assert describe_ranking(RANKING)["found"] == "94.5 % hold"
