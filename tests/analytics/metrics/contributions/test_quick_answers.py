"""Anyone who answers quickly is not first more often because the threads that the slow answer are still young."""

from typing import Any

import pytest

from tests.worlds.rows import Rows, cut, left_out, measure, one, set_apart

MONTH = {"channel_role": "all", "window": "30d", "channel_kind": "tracker"}


@pytest.fixture(scope="module")
def figures() -> Any:
    """Every second thread is answered by an agent and then by the staff within hours, the others by outsiders on the
    fifth day, if ever: 60 of them ten days ago, 30 three days ago. Ten more were answered on the ninth day."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(90):
        age_hours = 24 * (10 if number < 60 else 3)
        is_answered = number % 2 == 0 or number < 60
        late = [(120, "outsider")] if is_answered else []
        rows.thread(channel, [(1, "agent"), (2, "staff")] if number % 2 == 0 else late, age_hours=age_hours)
    for _ in range(10):
        rows.thread(channel, [(200, "outsider")], age_hours=24 * 10)
    return set_apart(measure(rows))


@pytest.mark.parametrize(
    ("metric", "statistic", "segment"),
    [("staff_answer_share", "first", "all"), ("bot_share", "first_responses", "agents")],
)
def test_whoever_is_quick_is_not_first_more_often(figures: Any, metric: str, statistic: str, segment: str) -> None:
    """Of young threads only quick answers would count, of old ones late answers too."""
    row = one(figures, metric, statistic=statistic, segment=segment, **MONTH)

    assert cut(row, "n", "n_events", "value") == (60, 30, 0.5)
    assert left_out(row) == "Excluded: 15 observed for less than 7 days."
