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


def test_curves_are_drawn_from_twenty_threads_on() -> None:
    """Those that a page shows; of others only the hours that figures are read at."""
    strata = found(measure(_world(20)), "survival_strata", window="all", channel_role="all")
    drawn = {cut(row, "subject", "segment") for row in strata if row["is_drawn"]}

    assert drawn == {
        *(("response", segment) for segment in ("anyone", "staff", "maintainer", "outsider", "agent")),
        *(("response", segment) for segment in ("bots:strict", "bots:lenient", "type:getting it to run")),
        *((subject, "all") for subject in ("first", "resolution")),
    }
    few = measure(_world(19))
    assert not [row for row in found(few, "survival_strata") if row["is_drawn"]]
    assert {row["at_hours"] for row in found(few, "survival_curves", is_grid=True)} == {0, 24, 168, 720, 2160, 4320}


def test_the_hours_of_the_charts_are_read_easily() -> None:
    """From none to a year: quarters and halves of hours, whole hours, from a day on half days, from four days on
    days."""
    curve = found(measure(_world(20)), "survival_curves", is_grid=True)
    (stratum, *_) = {
        row["stratum_id"]
        for row in found(measure(_world(20)), "survival_strata", subject="response", segment="anyone", window="all")
    }
    hours = sorted(row["at_hours"] for row in curve if row["stratum_id"] == stratum)

    half_days = [0, 0.25, 0.5, 1, 1.5, 2, 3, *range(4, 12, 2), *range(12, 24, 3), *range(24, 48, 6), *range(48, 96, 12)]
    days = [*range(4, 8), *range(8, 14, 2), 14, 17, 20, 25, 30, 40, 50, 60, 75, 90, 120, 150, 180, 240, 300, 365]
    assert hours == [*half_days, *(24 * day for day in days)]


def test_each_kind_of_waiting_has_its_curve_by_part_and_for_all_parts() -> None:
    """Of one part of the family's channels the two are the same, but for what is split further only for all parts
    together."""
    rows = _world(20)
    channel = rows.tables["channels"][0]["channel_id"]
    _report(rows, channel, "staff")
    assert rows.tables["threads"][-1]["closed_at"] < NOW
    totals = found(measure(rows), "survival_totals", window="all")
    together, apart = (
        {
            cut(row, "subject", "segment", "n", "n_events")
            for row in totals
            if row["channel_role"] == role and ":" not in row["segment"]
        }
        for role in ("all", "sdk")
    )

    assert together == apart and {subject for subject, *_ in apart} >= {"response", "first", "resolution"}
