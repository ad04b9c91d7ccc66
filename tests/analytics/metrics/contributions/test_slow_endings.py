"""What ends slowly has its share also in a short window: of young threads only what ends quickly has ended."""

from datetime import timedelta
from typing import Any

import pytest

from tests.worlds.rows import NOW, Rows, cut, measure, one
from tests.worlds.thread_cells import closed

WINDOWS = {"30d": 30, "90d": 90, "365d": 365}
EVERY = {"channel_role": "all", "channel_kind": "tracker"}
QUICK, SLOW = 24, 24 * 60


@pytest.fixture(scope="module")
def figures() -> Any:
    """On each day of 430 one thread is answered and closed by the staff in a day and one is closed by a bot, with a
    word, after sixty; of others one is fixed by the staff in a day and one by a stranger after sixty; and of those
    that strangers fix one is fixed in a day and two after sixty."""
    rows = Rows()
    closing, fixing, waiting = (rows.channel(rows.family(name)) for name in ("closing", "fixing", "waiting"))
    for age_hours in range(23, 430 * 24, 24):
        _end(rows, closing, age_hours, QUICK, "staff", [(2, "staff")])
        _end(rows, closing, age_hours, SLOW, "bot", [(SLOW, "bot")])
        _fix(rows, fixing, age_hours, QUICK, "staff")
        _fix(rows, fixing, age_hours, SLOW, "outsider")
        for hours in (QUICK, SLOW, SLOW):
            _fix(rows, waiting, age_hours, hours, "outsider")
    return measure(rows)


def _end(rows: Rows, channel: str, age_hours: int, hours: int, by: str, replies: list[Any]) -> None:
    is_over = hours <= age_hours
    rows.thread(
        channel, replies if is_over else (), age_hours=age_hours,
        **(closed(hours, age_hours, by) if is_over else {}),
    )  # fmt: skip


def _fix(rows: Rows, channel: str, age_hours: int, hours: int, role: str) -> None:
    if hours <= age_hours:
        at = NOW - timedelta(hours=age_hours - hours)
        rows.thread(channel, age_hours=age_hours, fixed_at=at, fixed_by_role=role, fixed_by_id=f"fixer-{age_hours}")


@pytest.mark.parametrize(("window", "days"), WINDOWS.items())
@pytest.mark.parametrize(
    ("family", "metric", "statistic", "segment"),
    [
        ("closing", "closed_unhelped_share", "bot_closed_unanswered", "all"),
        ("closing", "bot_share", "closes", "bots"),
        ("closing", "bot_share", "replies", "bots"),
        ("fixing", "stranger_fix_share", "others", "all"),
    ],
)  # fmt: skip
def test_what_ends_slowly_has_its_share_in_every_window(
    figures: Any, family: str, metric: str, statistic: str, segment: str, window: str, days: int
) -> None:
    """Half of what ended in each window ended slowly. Of what was asked in the last 30 days only the quick half had."""
    row = one(figures, metric, family_id=family, statistic=statistic, segment=segment, window=window, **EVERY)

    assert row["value"] == pytest.approx(0.5, abs=0.02) and row["n"] == pytest.approx(2 * days, abs=2)


def test_a_fix_is_of_the_time_of_roles_if_it_came_after_the_first_visit() -> None:
    """Whenever the question was asked: of thirty fixed after the visit and thirty before it thirty are of that part."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for collection in rows.tables["collections"]:
        collection["first_run_at"] = NOW - timedelta(days=60)
    for number in range(60):
        _fix(rows, channel, 24 * 100, 24 * (30 if number % 2 else 50), "outsider" if number % 2 else "staff")
    row = one(measure(rows), "stranger_fix_share", statistic="outsider", segment="since_visit", window="all", **EVERY)

    assert cut(row, "n", "n_events") == (30, 0)
