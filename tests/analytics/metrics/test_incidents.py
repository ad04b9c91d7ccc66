"""Trouble: what counts, for how long, and what is only possible."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.sources.status.incident import Incident, Update, make_incident_row
from tests.tools.reckonings import rate_limits
from tests.worlds.conformed_incidents import conformed
from tests.worlds.rows import NOW, Rows, cut, found, measure, one, set_apart

DAY = timedelta(days=1)


def _uptime(rows: Rows, window: str = "30d") -> dict[str, tuple[float | None, float, float]]:
    return {
        row["statistic"]: cut(row, "value", "low", "high")
        for row in found(measure(rows), "uptime_share", window=window, segment="api")
    }


def test_the_weights_cost_what_they_say() -> None:
    """In 720 hours 72 of outage, 36 partly out, 36 degraded, apart from each other."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    for days, hours, severity in ((20, 72, 3), (15, 36, 2), (10, 36, 1)):
        rows.incident(page, NOW - days * DAY, hours, severity)
    expected = {
        "weighted": 1 - (72 + 0.3 * 72) / 720, "any_severity": 1 - 144 / 720, "partial_or_worse": 1 - 108 / 720,
        "statuspage_formula": 1 - (72 + 0.3 * 36) / 720, "suspension": 1.0,
        "any_or_suspension": 1 - 144 / 720, "as_others_count": 1 - 144 / 720,
    }  # fmt: skip

    assert _uptime(rows) == {name: (pytest.approx(share),) * 3 for name, share in expected.items()}


@pytest.mark.parametrize(
    ("severity", "weighted", "statuspage", "incident_io"),
    [(0, 0.3, 0, 0), (1, 0.3, 0, 0), (2, 0.3, 0.3, 1), (3, 1, 1, 1)],
)
def test_an_hour_of_each_level_costs_what_a_status_page_counts(
    severity: int, weighted: float, statuspage: float, incident_io: float
) -> None:
    """Status pages call a degraded component up; ours counts it in part."""
    rows = Rows()
    rows.incident(rows.page(rows.family("family")), NOW - 5 * DAY, 1, severity)
    uptime = _uptime(rows)
    names = ("weighted", "statuspage_formula", "partial_or_worse", "any_severity")

    lost = [720 * (1 - (uptime[name][0] or 0)) for name in names]
    assert lost == [pytest.approx(hours, abs=1e-6) for hours in (weighted, statuspage, incident_io, 1)]


def test_the_worse_of_two_that_overlap_counts_and_only_once() -> None:
    """Ten hours of outage within twenty of degradation: 10 + 0.3 * 10, however the rows are cut up."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    start = NOW - 5 * DAY
    rows.incident(page, start, 20, 1)
    rows.incident(page, start + timedelta(hours=5), 10, 3)
    rows.incident(page, start + timedelta(hours=6), 3, 3)
    rows.incident(page, start + timedelta(hours=6), 3, 1)

    assert _uptime(rows)["weighted"][0] == pytest.approx(1 - 13 / 720)
    assert _uptime(rows)["any_severity"][0] == pytest.approx(1 - 20 / 720)


@pytest.mark.parametrize(
    ("kind", "lost"), [("outage", 10), ("degraded", 10), ("third-party", 10), ("informational", 0), ("maintenance", 0)]
)
def test_trouble_that_its_page_grades_as_a_note_is_a_degradation(kind: str, lost: int) -> None:
    """Ten hours of "Elevated errors" of impact `none` in 720: 98.6 or 99.6 %, while a mere note or announced work costs
    nothing."""
    rows = Rows()
    rows.incident(rows.page(rows.family("family")), NOW - 5 * DAY, 10, 0, kind=kind)
    uptime = _uptime(rows)

    assert uptime["any_severity"] == uptime["any_or_suspension"] == (pytest.approx(1 - lost / 720),) * 3
    assert uptime["weighted"] == (pytest.approx(1 - 0.3 * lost / 720),) * 3
    assert uptime["partial_or_worse"] == uptime["statuspage_formula"] == uptime["suspension"] == (1, 1, 1)


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        ("suspension", False),
        ("maintenance", False),
        ("informational", False),
        ("degraded", True),
        ("third-party", True),
    ],
)
def test_only_outages_and_degradations_count_as_trouble(kind: str, counts: bool) -> None:
    """A model withdrawn on purpose and announced work are no faults; whose fault it is does not matter to who waits."""
    rows = Rows()
    rows.incident(rows.page(rows.family("family")), NOW - 5 * DAY, 72, 3, kind=kind)
    uptime = _uptime(rows)
    con = measure(rows)

    assert (uptime["any_severity"][0] != 1) is counts
    assert (uptime["suspension"][0] != 1) is (kind == "suspension")
    assert one(con, "incident_rate", window="30d", segment="api")["n"] == int(counts)
    assert len(found(con, "recovery_waits", segment="api")) == int(counts)


def test_what_a_machine_took_back_within_minutes_is_kept_and_does_not_count() -> None:
    """A page that posts every failed check would else look worse than one that waits for a person."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    for days in range(1, 25):
        rows.incident(page, NOW - days * DAY, 0.05, 3, is_brief=True)
    con = measure(rows)

    assert one(con, "incident_rate", window="30d", segment="api", statistic="per_30d")["value"] == 0
    assert len(found(con, "incident_windows")) == 24


def test_the_fault_of_another_firm_counts_and_is_counted_apart() -> None:
    """Who builds on others answers for them; how often it was them is a figure of its own."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    for kind, cells in (("third-party", {}), ("third-party", {"is_api": False}), ("degraded", {}), ("suspension", {})):
        rows.incident(page, NOW - 5 * DAY, 2, 1, kind=kind, **cells)
    con = measure(rows)

    segments = ("all", "api", "third-party", "own fault")
    assert [one(con, "incident_rate", window="30d", segment=name)["n"] for name in segments] == [3, 2, 1, 1]


def test_an_incident_is_cut_at_the_ends_of_the_window_and_of_what_was_observed() -> None:
    """What began before the window counts from its beginning, and time nobody watched is no uptime."""
    rows = Rows()
    page = rows.page(rows.family("family"), observed_from_at=NOW - 40 * DAY)
    rows.incident(page, NOW - 31 * DAY, 48, 3)

    assert _uptime(rows, "30d")["any_severity"][0] == pytest.approx(1 - 24 / 720)
    assert _uptime(rows, "365d")["any_severity"][0] == pytest.approx(1 - 48 / 960)


def test_a_clock_that_starts_at_an_incident_starts_at_its_end() -> None:
    """Five of two hours in 40 days, of which the first tells from when on the page is known: four in 958 hours, for
    us and for other dashboards; in a window that begins later nothing changes."""
    rows = Rows()
    page = rows.page(rows.family("family"), observed_from_at=NOW - 40 * DAY)
    for number in range(5):
        rows.incident(page, NOW - 40 * DAY + 8 * number * DAY, 2, 3)
    con = measure(rows)
    figures = [
        one(con, "uptime_share", statistic=statistic, segment="api", window=window, channel_role="all")
        for statistic in ("any_severity", "as_others_count")
        for window in ("365d", "30d")
    ]

    assert [cut(row, "value", "n") for row in figures] == [
        (pytest.approx(1 - 8 / 958), 4),
        (pytest.approx(1 - 6 / 720), 3),
    ] * 2
    assert one(con, "incident_rate", window="365d", segment="api")["n"] == 4


@pytest.mark.parametrize(
    ("cells", "uptime"),
    [
        ({"kind": "informational"}, 1),
        ({"resolved_at": NOW - 40 * DAY - timedelta(hours=1), "is_retro": True}, 1),
        ({"resolved_at": None, "end_state": "open"}, 0),
    ],
)
def test_a_note_moves_no_clock_and_what_goes_on_counts_from_its_beginning(
    cells: dict[str, object], uptime: float
) -> None:
    """A note is no trouble, one posted when over was over; of one that goes on nobody may say that there was none."""
    rows = Rows()
    page = rows.page(rows.family("family"), observed_from_at=NOW - 40 * DAY)
    stated = {"posted_at": NOW - 40 * DAY, "last_update_at": NOW - DAY, **cells}
    rows.incident(page, NOW - 40 * DAY - timedelta(hours=2), 4, 3, **stated)
    row = one(measure(rows), "uptime_share", window="365d", segment="api", statistic="any_severity")

    assert row["value"] == pytest.approx(uptime)
    assert row["note"].startswith("Observed for 40.0 days.")


def test_an_unknown_severity_makes_a_range_and_no_value() -> None:
    """It may have been a degradation or an outage; that there was trouble is sure."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    rows.incident(page, NOW - 5 * DAY, 72, None, kind="degraded")
    rows.incident(page, NOW - 4 * DAY, 24, 3)

    uptime = _uptime(rows)

    assert uptime["partial_or_worse"] == (None, pytest.approx(0.9), pytest.approx(1 - 24 / 720))
    assert uptime["weighted"] == (None, pytest.approx(0.9), pytest.approx(1 - (0.3 * 72 + 0.7 * 24) / 720))
    assert uptime["any_severity"] == (pytest.approx(0.9),) * 3
    figures = {row["statistic"]: row for row in found(measure(rows), "uptime_share", window="30d", segment="api")}
    assert [cut(figures[name], "n", "n_censored") for name in ("weighted", "any_severity", "partial_or_worse")] == [
        (2, 1), (2, 0), (2, 1),
    ]  # fmt: skip
    assert "1 incident without a stated end, severity or component causes the range." in figures["weighted"]["note"]


def test_an_incident_that_goes_on_is_down_until_last_seen_and_censored() -> None:
    """The page says so today; ten days without a post would make its end unknown."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    rows.incident(page, NOW - 2 * DAY, None, 3, end_state="open")
    con = measure(rows)
    assert cut(one(con, "incident_windows"), "is_open", "ended_at", "is_end_unknown") == (True, None, False)
    assert cut(one(con, "recovery_waits", segment="api"), "duration_hours", "is_event") == (48, False)
    assert _uptime(rows)["any_severity"] == (pytest.approx(1 - 48 / 720),) * 3

    rows.tables["incidents"][0].update(
        started_at=NOW - 10 * DAY, posted_at=NOW - 10 * DAY, last_update_at=NOW - 10 * DAY
    )
    con = measure(rows)
    assert cut(one(con, "incident_windows"), "is_open", "is_end_unknown") == (False, True)
    assert found(con, "recovery_waits", segment="api") == []


def test_a_stretch_of_time_stated_afterwards_is_its_length() -> None:
    """Golden 11: posted as resolved at 21:00, "from 20:04 to 20:10": six minutes, not none."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    began = NOW - DAY
    rows.incident(page, began, 0.1, 2, is_retro=True, end_state="extracted", posted_at=began + timedelta(minutes=56))
    con = measure(rows)

    assert cut(one(con, "incident_windows"), "incident_hours", "is_start_known") == (pytest.approx(0.1), True)
    assert one(con, "recovery_waits", segment="api")["duration_hours"] == pytest.approx(0.1)


def test_an_end_at_or_before_the_beginning_is_no_length() -> None:
    """Golden 9 and 11: anyone who typed these rows, the figures must not take them for 0 hours or fewer."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    for hours in (0, -65):
        rows.incident(page, NOW - 5 * DAY, hours, 3, is_retro=True)
    con = measure(rows)

    assert [cut(row, "ended_at", "incident_hours", "is_start_known") for row in found(con, "incident_windows")] == [
        (None, None, False)
    ] * 2
    assert found(con, "recovery_waits") == []
    assert one(con, "incident_rate", window="30d", segment="api")["n"] == 2


def test_the_segment_api_leaves_out_what_touches_only_other_components() -> None:
    """A broken chat window is no trouble of the API."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    rows.incident(page, NOW - 5 * DAY, 10, 3, is_api=False)
    con = measure(rows)

    assert [one(con, "incident_rate", window="30d", segment=name)["n"] for name in ("all", "api")] == [1, 0]
    assert one(con, "uptime_share", window="30d", segment="api", statistic="any_severity")["value"] == 1


def test_what_names_no_component_is_a_line_of_its_own_and_bounds_the_api() -> None:
    """One named, one unnamed of 10 hours each: the API was down for 10 to 20 hours and had one incident or two."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    rows.incident(page, NOW - 5 * DAY, 10, 3)
    rows.incident(page, NOW - 15 * DAY, 10, 3, is_api=False, is_unattributed=True)
    con = measure(rows)
    rates = {name: one(con, "incident_rate", window="30d", segment=name) for name in ("all", "api", "unattributed")}

    assert {name: row["n"] for name, row in rates.items()} == {"all": 2, "api": 1, "unattributed": 1}
    assert cut(rates["api"], "value", "state") == (None, "measured")
    (low, _), (_, high) = (rate_limits(count, [5]) for count in (1, 2))
    assert cut(rates["api"], "low", "high") == (pytest.approx(low, rel=1e-3), pytest.approx(high, rel=1e-3))
    assert "1 more name no component" in rates["api"]["note"]
    assert _uptime(rows)["any_severity"] == (None, pytest.approx(1 - 20 / 720), pytest.approx(1 - 10 / 720))


def test_one_unnamed_in_twenty_leaves_the_rate_of_the_api_its_value() -> None:
    """19 named and one unnamed: the value is that of the named, the upper limit that of all."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    for number in range(20):
        is_named = number > 0
        rows.incident(page, NOW - number * DAY, 1, 3, is_api=is_named, is_unattributed=not is_named)
    row = one(measure(rows), "incident_rate", window="30d", segment="api")

    _, high = rate_limits(20, range(1, 20))
    assert (row["value"], row["n"]) == (19, 19) and row["high"] == pytest.approx(high, rel=1e-3)


def test_an_unknown_end_lies_before_the_visit_that_no_longer_found_it() -> None:
    """Ten days ago it began, the next visit, 12 hours later, no longer found it: 12 hours lost at most, not 240."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    rows.incident(page, NOW - 10 * DAY, None, 3, ended_before_at=NOW - 10 * DAY + timedelta(hours=12))

    assert _uptime(rows)["any_severity"] == (None, pytest.approx(1 - 12 / 720), 1)


def test_a_range_of_more_than_a_tenth_is_no_uptime_and_is_said_in_words() -> None:
    """Anything between 80 and 100 % tells nobody anything."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    rows.incident(page, NOW - 6 * DAY, None, 3)
    row = one(measure(rows), "uptime_share", window="30d", segment="api", statistic="any_severity")

    assert cut(row, "value", "low", "high", "state") == (None, None, None, "not enough data")
    assert "Its page does not show it: anything from 80.00 to 100.00 % is possible." in row["note"]


def test_days_of_several_pages_add_up() -> None:
    """Two pages for 30 days are 60 page-days: three incidents are 1.5 per 30."""
    rows = Rows()
    family = rows.family("family")
    pages = [rows.page(family), rows.page(family)]
    for place in (0, 0, 1):
        rows.incident(pages[place], NOW - 5 * DAY, 36, 3)
    con = measure(rows)

    assert cut(one(con, "incident_rate", window="30d", segment="api"), "value", "n") == (1.5, 3)
    assert one(con, "uptime_share", window="30d", segment="api", statistic="any_severity")["value"] == pytest.approx(
        1 - 72 / 1440
    )


def test_recovery_is_a_median_with_what_goes_on_censored() -> None:
    """Of 24, twenty took 1 to 20 hours, three go on for two days and one has no known length: excluded and counted."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    for hours in range(1, 21):
        rows.incident(page, NOW - (20 + hours) * DAY, hours, 3)
    for days in range(3):
        rows.incident(page, NOW - (2 + days) * DAY, None, 3, end_state="open")
    rows.incident(page, NOW - 20 * DAY, None, 3)
    row = one(set_apart(measure(rows)), "recovery_hours", statistic="median", window="90d", segment="api")

    assert cut(row, "value", "n", "n_events", "n_censored", "state") == (12, 23, 20, 3, "measured")
    assert row["low"] < 12 < row["high"] and "1 of unknown length" in row["note"]


@pytest.mark.parametrize("end_state", ["open", "unknown"])
def test_what_nobody_closed_lasted_at_least_until_its_last_post(end_state: str) -> None:
    """Twenty of one hour, and 21 still investigated after six and then forgotten, whether the page lists them or not:
    neither half nor nine in ten are known to be over."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    for number in range(41):
        began = NOW - (20 + number) * DAY
        is_closed = number < 20
        rows.incident(
            page, began, 1 if is_closed else None, 3, end_state="resolved" if is_closed else end_state,
            last_update_at=began + timedelta(hours=1 if is_closed else 6),
        )  # fmt: skip
    con = measure(rows)
    figures = [one(con, "recovery_hours", statistic=name, window="90d", segment="api") for name in ("median", "p90")]

    assert [cut(row, "value", "n", "n_events", "n_censored", "state") for row in figures] == [
        (None, 41, 20, 21, "measured")
    ] * 2
    assert {row["note"] for row in figures} == {"Not reached in the window: too many are not known to be over."}
    lengths = found(con, "recovery_waits", segment="api", is_event=False)
    assert {row["duration_hours"] for row in lengths} == {6}


@pytest.mark.parametrize("cells", [{"is_over": True}, {"last_update_at": NOW - 10 * DAY}, {"is_retro": True}])
def test_what_no_later_post_says_to_go_on_has_an_unknown_length(cells: dict[str, object]) -> None:
    """The last word on one that is over may be a report, days later; the first post alone bounds nothing."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    rows.incident(page, NOW - 10 * DAY, None, 3, **{"last_update_at": NOW - 9 * DAY, **cells})
    con = measure(rows)

    assert found(con, "recovery_waits") == []
    assert "1 of unknown length" in one(con, "recovery_hours", statistic="p90", window="90d", segment="api")["note"]


def _measure_edited(visits: Mapping[datetime, timedelta | None]) -> dict[str, float | None]:
    """Measures a page with 40 incidents, each over an hour after its first post.

    At each visit it states the starts this long after its first posts; None: it states none.
    """
    listed = {
        visit: [
            make_incident_row(
                Incident(
                    str(day), "Errors", None, "critical", (Update(posted + timedelta(hours=1), "resolved"),),
                    posted_at=posted, started_at=None if offset is None else posted + offset,
                )
            )
            for day in range(1, 41)
            for posted in [(NOW - 2 * day * DAY).replace(tzinfo=UTC)]
        ]
        for visit, offset in visits.items()
    }  # fmt: skip
    rows = Rows()
    page = rows.page(rows.family("family"))
    seen = conformed(listed).sql("select * exclude (channel_id, family_id) from staging.incidents")
    for row in seen.to_arrow_table().to_pylist():
        rows.add("incidents", **row | {"channel_id": page, "family_id": "family", "is_api": True})
    con = measure(rows)
    where = {"window": "90d", "segment": "api", "channel_role": "all"}
    return {
        "recovery": one(con, "recovery_hours", statistic="median", **where)["value"],
        "uptime": one(con, "uptime_share", statistic="weighted", **where)["value"],
        "edited": one(con, "disclosure_share", statistic="edited_start", **where)["value"],
    }


def test_moving_starts_after_the_fact_gains_nothing() -> None:
    """A page that moves the starts of 40 incidents to 38 minutes after its own first posts does not look better."""
    honest = {NOW - DAY: -timedelta(minutes=13)}
    restored = {"recovery": pytest.approx(73 / 60), "uptime": pytest.approx(1 - 40 * 73 / 60 / (90 * 24))}
    posted = {"recovery": pytest.approx(1), "uptime": pytest.approx(1 - 40 / (90 * 24))}

    assert _measure_edited(honest) == restored | {"edited": 0}
    assert _measure_edited(honest | {NOW: timedelta(minutes=38)}) == restored | {"edited": 1}
    assert _measure_edited({NOW: timedelta(minutes=38)}) == posted | {"edited": 1}
    assert _measure_edited({NOW: None}) == posted | {"edited": None}
