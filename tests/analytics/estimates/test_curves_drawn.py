"""Which curves are drawn, at which hours, and for which groups of channels there is one."""

from tests.analytics.metrics.test_resolution import _report
from tests.worlds.rows import NOW, Rows, cut, found, measure
from tests.worlds.thread_cells import OLD


def _world(count: int) -> Rows:
    """So many reports of bugs that somebody of the staff answered, all in one channel."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for _ in range(count):
        rows.thread(channel, [(1, "staff")], age_hours=OLD, question_type="getting it to run")
    return rows


def _list_hours(count: int, **cells: str) -> dict[str, list[float]]:
    """The hours of the curves, by segment."""
    rows = found(
        measure(_world(count)), "wait_estimates", wait="answer", statistic="share", channel_role="all", **cells
    )
    hours: dict[str, list[float]] = {}
    for row in sorted(rows, key=lambda row: row["hours"]):
        hours.setdefault(row["segment"], []).append(row["hours"])
    return hours


def test_curves_are_drawn_from_twenty_threads_on() -> None:
    """Those that a page shows, in a window with so many; of others only the hours that figures are read at."""
    hours, few = _list_hours(20, window="all"), _list_hours(19, window="all")
    empty = _list_hours(20, window="30d")

    assert {segment for segment, at in hours.items() if len(at) > 3} == {
        "anyone", "bots:strict", "bots:lenient", "type:getting it to run",
    }  # fmt: skip
    assert {tuple(at) for at in few.values()} == {tuple(at) for at in empty.values()} == {(24, 168, 720)}


def test_a_published_curve_has_its_steps_and_its_end() -> None:
    """All were answered after an hour: the hours between show nothing new."""
    cells = {"segment": "anyone", "window": "all", "channel_role": "all"}
    many, few = (found(measure(_world(count)), "answer_curves", **cells) for count in (20, 19))
    assert sorted((row["hours"], row["value"]) for row in many) == [(0, 0), (1, 1), (720, 1)] and few == []


def test_the_hours_of_the_charts_are_read_easily() -> None:
    """From none to a month: quarters and halves of hours, whole hours, from a day on half days, from four days on
    days."""
    half_days = [0, 0.25, 0.5, 1, 1.5, 2, 3, *range(4, 12, 2), *range(12, 24, 3), *range(24, 48, 6), *range(48, 96, 12)]
    days = [*range(4, 8), *range(8, 14, 2), 14, 17, 20, 25, 30]

    assert _list_hours(20, window="all")["anyone"] == [*half_days, *(24 * day for day in days)]


def test_each_kind_of_waiting_has_its_curve_by_part_and_for_all_parts() -> None:
    """Of one part of the family's channels the two are the same, but for what is split further only for all parts
    together."""
    rows = _world(20)
    channel = rows.tables["channels"][0]["channel_id"]
    _report(rows, channel, "staff")
    assert rows.tables["threads"][-1]["closed_at"] < NOW
    con = measure(rows)
    for wait in ("answer", "first", "resolution"):
        together, apart = (
            {
                cut(row, "segment", "cause", "statistic", "n", "n_events")
                for row in found(con, "wait_estimates", wait=wait, window="all", channel_role=role)
                if ":" not in row["segment"]
            }
            for role in ("all", "sdk")
        )
        assert together == apart and together
