"""Titles, formats and directions of measures, as the snapshot has them from the metrics' headers."""

from collections.abc import Callable
from pathlib import Path

from dashboards.frame import measures
from warehouse.snapshot import read_current


def test_a_measure_is_named_by_its_metric(state_home: Callable[[str], Path]) -> None:
    """A segment's own title goes before that of its statistic, and that before the metric's."""
    snapshot = read_current(state_home("sample"))
    assert snapshot is not None
    assert measures.read_title(snapshot, "answered_share", "within_7d", "staff") == (
        "answered by staff of the vendor within a week"
    )
    assert measures.read_title(snapshot, "answered_share", "within_7d", "bots:strict") == "answered within a week"
    assert measures.read_title(snapshot, "helped_share", "any") == "helped within 30 days"
    assert measures.read_title(snapshot, "no_such_share", "any", "code") == "no such share, any, code"
    assert measures.read_heading(snapshot, "incident_rate", "per_30d", "api") == "Incidents in 30 days ↓"


def test_a_direction_is_the_header_s_and_none_where_nobody_says(state_home: Callable[[str], Path]) -> None:
    """What has no better end is never said to be ahead."""
    snapshot = read_current(state_home("sample"))
    assert snapshot is not None
    names = ("helped_share", "price_usd", "setup_question_share", "no_such_share")
    assert [measures.read_direction(snapshot, name) for name in names] == [1, -1, 0, 0]
