"""The table of coverage on the page of the method."""

from dashboards.evidence.coverage import describe_row, draw_coverage
from dashboards.metric_row import DictRow

ROW: DictRow = {
    "interval": "share", "world": "12 weeks of 20", "worlds_count": 600, "shown_share": 1.0, "held_share": 0.953,
    "simulation_error": 0.009, "mean_width": 0.17, "held_before": "83.0",
}  # fmt: skip


def test_the_title_counts_what_is_too_narrow_and_what_is_too_wide() -> None:
    """A line without an interval counts for neither."""
    rows = [ROW, ROW | {"held_share": 0.9}, ROW | {"held_share": 0.99}, ROW | {"held_share": None}]
    figure = draw_coverage(rows)

    assert figure.title == (
        "In 1 of 3 simulated worlds the intervals hold the truth in 93 to 98 of 100 cases; in 1 in fewer, in 1 in more"
    )
    assert figure.shown is not None and figure.shown[0]["holds the truth"] == "90.0 % ± 0.9"


def test_a_line_tells_what_was_before_and_where_there_is_no_interval() -> None:
    """Not simulated before is no zero."""
    assert describe_row(ROW)["before"] == "83.0 %"
    assert describe_row(ROW | {"held_before": None})["before"] == "not simulated"
    assert describe_row(ROW | {"held_share": None})["holds the truth"] == "no interval is shown"
