"""What other dashboards would show, beside ours on the same rows: each of their habits, and the items that it drops or
invents."""

from datetime import timedelta

import pytest

from tests.worlds.rows import NOW, Rows, cut, measure, one

EVERY = {"channel_role": "all", "window": "all"}


def test_dropping_those_who_wait_makes_the_slow_look_fast() -> None:
    """Golden 1 at twice its size: their order is the reverse of ours, and their dropped threads are counted."""
    rows = Rows()
    slow, quick = rows.channel(rows.family("slow")), rows.channel(rows.family("quick"))
    for hours in (*range(60, 80, 2), *range(60, 80, 2)):
        rows.thread(slow, [(hours, "maintainer")])
    for hour in [1] * 21:
        rows.thread(quick, [(hour, "maintainer")])
    for _ in range(49):
        rows.thread(quick)
    con = measure(rows)

    def figure(family: str, statistic: str) -> tuple[object, ...]:
        cells = {"channel_kind": "tracker", "segment": "anyone", "statistic": statistic, **EVERY}
        row = one(con, "first_response_hours", family_id=family, **cells)
        return cut(row, "value", "n", "n_events", "n_censored")

    assert figure("slow", "answered_only_median") == (69, 20, 20, 0)
    assert figure("quick", "answered_only_median") == (1, 21, 21, 49)
    assert figure("slow", "median") == (68, 20, 20, 0)
    assert figure("quick", "median") == (None, 70, 21, 49)


def test_adding_up_incidents_invents_downtime() -> None:
    """An outage stated twice, an open end, a late post, a suspension and maintenance."""
    rows = Rows()
    page = rows.page(rows.family("vendor"), NOW - timedelta(days=100))
    for _ in range(2):
        rows.incident(page, NOW - timedelta(days=90), 240)
    rows.incident(page, NOW - timedelta(days=20), None)
    rows.incident(page, NOW - timedelta(days=30), None, is_retro=True)
    rows.incident(page, NOW - timedelta(days=60), 240, severity=0, kind="suspension")
    rows.incident(page, NOW - timedelta(days=50), 240, severity=0, kind="maintenance")
    con = measure(rows)
    figure = {"family_id": "vendor", "segment": "api", **EVERY}

    theirs, ours = (one(con, "uptime_share", statistic=name, **figure) for name in ("as_others_count", "weighted"))
    assert theirs["value"] == pytest.approx(1 - (10 + 10 + 20 + 10) / 100)
    assert cut(theirs, "n", "n_censored", "note") == (5, 2, "Invents the duration of 2 incidents.")
    assert cut(ours, "value", "low", "high", "state") == (None, None, None, "not enough data")
    assert "anything from 70.00 to 90.00 % is possible" in ours["note"]


def test_no_incident_is_no_downtime_for_either() -> None:
    """Both say 1 of a page that was watched and had nothing; of one watched for a week neither says anything."""
    rows = Rows()
    rows.page(rows.family("calm"), NOW - timedelta(days=100))
    rows.page(rows.family("fresh"), NOW - timedelta(days=7))
    con = measure(rows)

    for name in ("as_others_count", "weighted"):
        said = {"segment": "api", "statistic": name, **EVERY}
        assert cut(one(con, "uptime_share", family_id="calm", **said), "value", "n") == (1, 0)
        assert one(con, "uptime_share", family_id="fresh", **said)["state"] == "not enough data"


def test_only_what_began_in_the_window_is_added_up() -> None:
    """One of forty days ago, one of thirty to the hour: the first is none of the last thirty days."""
    rows = Rows()
    page = rows.page(rows.family("vendor"), NOW - timedelta(days=100))
    for days in (40, 30):
        rows.incident(page, NOW - timedelta(days=days), 72)
    said = {"segment": "api", "statistic": "as_others_count", **EVERY, "window": "30d"}

    assert cut(one(measure(rows), "uptime_share", **said), "value", "n") == (pytest.approx(0.9), 1)
