"""The parts of an interval, in the words of a receipt."""

from dashboards.frame.drill_down import describe_parts


def test_a_part_that_moves_nothing_is_named_without_numbers() -> None:
    """What was not seen may move one end alone; without parts nothing is said."""
    parts = [
        {"part": "chance", "low": -0.041, "high": 0.046}, {"part": "reading", "low": 0.0, "high": 0.0},
        {"part": "not seen", "low": 0.0, "high": 0.012},
    ]  # fmt: skip

    assert describe_parts(parts) == (
        "  \nWhat the interval allows for: chance -4.1 and +4.6 points; not seen +0.0 and +1.2 points; nothing for "
        "reading."
    )
    assert describe_parts([]) == ""
