"""The golden cases of the metrics: figures that can be checked by hand, through the project's own SQL."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from scipy import stats

from tests.paths import RECORDINGS
from tests.tools.reckonings import rate_limits
from tests.worlds.rows import NOW, Rows, cut, found, found_items, measure, one

RECORDED = RECORDINGS / "status/leaderboard_2026-07-01/incidents"
SUSPENSION = "s9w82lp9dcn9"
SEVERITIES = {"operational": 0, "degraded_performance": 1, "partial_outage": 2, "major_outage": 3}
EVERY = {"channel_role": "all", "window": "all"}


def test_leaving_out_the_unanswered_reverses_the_rank() -> None:
    """Golden 1: ten answered slowly against three answered at once and seven never."""
    rows = Rows()
    slow, quick = rows.channel(rows.family("slow")), rows.channel(rows.family("quick"))
    for hours in range(60, 80, 2):
        rows.thread(slow, [(hours, "maintainer")])
    for hour in [1, 1, 1]:
        rows.thread(quick, [(hour, "maintainer")])
    for _ in range(7):
        rows.thread(quick)
    con = measure(rows)

    def figure(family: str, statistic: str, **cells: Any) -> Any:
        cells |= {"family_id": family, "statistic": statistic, "segment": "anyone"}
        return one(con, "wait_estimates", wait="answer", **cells, **EVERY)["value"]

    def answered(family: str) -> Any:
        return figure(family, "share", hours=168.0)

    assert (figure("slow", "answered_only_median"), figure("quick", "answered_only_median")) == (69, 1)
    assert (figure("slow", "median"), figure("quick", "median")) == (68, None)
    assert (answered("slow"), answered("quick")) == (1, pytest.approx(0.3))


def test_a_young_open_thread_is_censored_at_its_age() -> None:
    """Golden 2: one day old and unanswered is one day of waiting, neither 15 days nor absent."""
    rows = Rows()
    rows.thread(rows.channel(rows.family("young")), age_hours=24)
    con = measure(rows)

    assert cut(one(con, "answer_waits", segment="anyone"), "duration_hours", "is_event") == (24, False)
    assert cut(
        one(con, "wait_estimates", wait="answer", segment="anyone", statistic="median", **EVERY),
        "n",
        "n_events",
        "n_censored",
    ) == (1, 0, 1)


def test_the_askers_own_comment_is_no_answer() -> None:
    """Golden 3: the asker after 2 minutes, a maintainer after 5 hours."""
    rows = Rows()
    rows.thread(rows.channel(rows.family("family")), [(2 / 60, "asker"), (5, "maintainer")])

    assert one(measure(rows), "answer_waits", segment="anyone")["duration_hours"] == 5


def test_a_thread_that_only_bots_touched_is_unanswered() -> None:
    """Golden 4: a bot replies first and closes it as stale."""
    rows = Rows()
    rows.thread(
        rows.channel(rows.family("family")),
        [(0.1, "bot")],
        state="closed",
        closed_at=NOW,
        closed_by_role="bot",
        close_reason="not_planned",
    )
    con = measure(rows)

    assert one(con, "answer_waits", segment="anyone")["is_event"] is False
    assert one(con, "threads")["outcome"] == "closed by bot unanswered"


def test_a_year_that_turns_abandons_nobody() -> None:
    """Golden 5: asked on 31 December, seen on 1 January: two hours of waiting."""
    rows = Rows()
    channel = rows.channel(rows.family("family"), as_of_at=datetime(2026, 1, 1, 1))
    rows.thread(channel, opened_at=datetime(2025, 12, 31, 23), observed_until_at=datetime(2026, 1, 1, 1))
    con = measure(rows)

    assert cut(one(con, "answer_waits", segment="anyone"), "duration_hours", "is_event") == (2, False)
    assert one(con, "threads")["outcome"] == "waiting"


def _changes(rows: Rows, channel: str, sizes: list[int]) -> None:
    for place, size in enumerate(sizes):
        for number in range(size):
            rows.add(
                "changes",
                change_id=f"{channel}-{place}-{number}",
                channel_id=channel,
                family_id=channel.split(".")[0],
                channel_role="sdk",
                actor_id=f"somebody-{place}",
                author_role="outsider",
                opened_at=NOW - timedelta(days=3),
                merged_at=NOW - timedelta(days=2),
                seen_at=NOW,
            )


def test_two_people_carry_half_of_the_standards_own_example() -> None:
    """Golden 6: 1,433 of 2,475 are 57.9 %; of eight equal organisations it takes four (the Elephant Factor)."""
    rows = Rows()
    _changes(rows, rows.channel(rows.family("people")), [1000, 202, 90, 33, 332, 343, 42, 433])
    _changes(rows, rows.channel(rows.family("elephant")), [25] * 8)
    con = measure(rows)
    half = {"segment": "people", "statistic": "half", "window": "30d", "channel_role": "all"}

    assert cut(one(con, "contributor_absence_factor", family_id="people", **half), "value", "n", "state") == (
        2,
        2475,
        "measured",
    )
    assert one(con, "contributor_absence_factor", family_id="elephant", **half)["value"] == 4


@pytest.mark.parametrize(("count", "rate"), [(6, 2.0), (0, 0.0), (21, 7.0)])
def test_a_rate_has_its_interval(count: int, rate: float) -> None:
    """Golden 7: over 90 observed days; none at all is not "for ever reliable". The page was watched for 400 days, of
    which 52 weeks say how much the number varies."""
    rows = Rows()
    page = rows.page(rows.family("family"))
    for day in range(count):
        rows.incident(page, NOW - timedelta(days=4 * day + 1), hours=1)
    row = one(measure(rows), "incident_rate", window="90d", segment="api")

    assert cut(row, "value", "low", "high") == (
        pytest.approx(rate),
        *(pytest.approx(limit / 3, abs=0.002) for limit in rate_limits(count, [4 * day + 1 for day in range(count)])),
    )
    assert cut(row, "n", "state") == (count, "measured")


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=None) if text else None


def _recorded(company: str, product: str) -> Rows:
    """The recorded incidents of a product, in our columns."""
    if not RECORDED.is_dir():
        pytest.skip("../shared/recordings is absent: the recorded incidents of July 2026 are needed")
    found_ = json.loads((RECORDED / f"{company}.json").read_text(encoding="utf-8"))
    listed = [item for item in found_["incidents"] if item["product_id"] == product]
    until = _instant(found_["last_scraped"])
    since = min(_instant(item["opened_at"]) or NOW for item in listed)
    rows = Rows()
    page = rows.page(
        rows.family(company),
        observed_from_at=min(since, (until or NOW) - timedelta(days=60)),
        observed_until_at=until or NOW,
    )
    for item in listed:
        posted, resolved, severity = (
            _instant(item["opened_at"]),
            _instant(item["resolved_at"]),
            SEVERITIES[item["raw_severity"]],
        )
        assert posted is not None
        is_told = resolved is not None and resolved > posted
        rows.incident(
            page,
            posted if is_told or resolved is None else min(posted, resolved),
            None,
            severity,
            incident_id=item["id"],
            seen_at=until,
            resolved_at=resolved if is_told else None,
            end_state="resolved" if is_told else "unknown",
            posted_at=posted,
            last_update_at=posted,
            is_retro=resolved is not None and not is_told,
            kind="suspension"
            if SUSPENSION in item["id"]
            else {0: "informational", 3: "outage"}.get(severity, "degraded"),
        )
    return rows


def test_a_suspension_and_mere_degradations_make_most_of_a_real_downtime() -> None:
    """Golden 8: 30 days of the Claude API to 1 July 2026, as coded elsewhere, with the suspension apart, and partial or
    worse only."""
    con = measure(_recorded("anthropic", "anthropic-api"))
    uptime = {row["statistic"]: row["value"] for row in found(con, "uptime_share", window="30d", segment="api")}

    assert [round(100 * uptime[name], 1) for name in ("any_or_suspension", "any_severity", "partial_or_worse")] == [
        34.1,
        92.3,
        97.9,
    ]
    assert uptime["any_severity"] < uptime["weighted"] < 1


def test_incidents_that_overlap_count_once() -> None:
    """Golden 8: the rows of claude.ai add up to 1,137 hours, and cover 530."""
    con = measure(_recorded("anthropic", "claude-ai"), "incident_windows")
    ((summed,),) = con.sql("select sum(incident_hours) from metrics.incident_windows").fetchall()
    union = one(con, "downtime", window="all", segment="all", level="any or suspension")["certain_hours"]

    assert (round(summed), round(union)) == (1137, 530)


def test_an_end_before_the_beginning_is_neither_negative_nor_zero() -> None:
    """Golden 9: Groq opened one on 17 December and resolved it on the 14th: posted back, of unknown length."""
    con = measure(_recorded("groq", "groq-api"))
    (row,) = [
        row for row in found(con, "incident_windows") if row["incident_id"].startswith("01KCNJCXJRRZB6WJE7A844VE3Q")
    ]
    lengths = [row["incident_hours"] for row in found(con, "incident_windows") if row["incident_hours"] is not None]

    assert cut(row, "is_retro", "is_start_known", "ended_at", "incident_hours", "is_open") == (
        True,
        False,
        None,
        None,
        False,
    )
    assert min(lengths) > 0
    assert (
        "of unknown length" in one(con, "uptime_share", window="365d", segment="api", statistic="any_severity")["note"]
    )


@pytest.mark.parametrize(
    ("company", "product", "opened"),
    [
        ("deepseek", "deepseek-api", [datetime(2026, 5, 28), datetime(2026, 6, 25)]),
        ("cohere", "cohere-api", [datetime(2026, 4, 13), datetime(2026, 4, 20)]),
    ],
)
def test_an_incident_that_nobody_ended_makes_a_range(company: str, product: str, opened: list[datetime]) -> None:
    """Golden 10: an end that was never posted is unknown: not "down until now", and not 0 minutes."""
    con = measure(_recorded(company, product))
    endless = [row for row in found(con, "incident_windows") if row["is_end_unknown"]]
    uptime = one(con, "uptime_share", window="all", segment="api", statistic="any_severity")
    recovery = one(con, "recovery_hours", window="all", segment="api", statistic="median")

    assert {row["started_at"].replace(hour=0, minute=0, second=0, microsecond=0) for row in endless} >= set(opened)
    assert all(row["ended_at"] is None and row["incident_hours"] is None and not row["is_open"] for row in endless)
    assert cut(uptime, "value", "low", "high", "state") == (None, None, None, "not enough data")
    assert "Its page does not show it" in uptime["note"]
    assert "of unknown length" in recovery["note"]


def test_a_fall_of_the_all_time_counter_is_an_anomaly() -> None:
    """Golden 12: downloads that were withdrawn are no negative downloads."""
    rows = Rows()
    hub = rows.channel(rows.family("family"), "hub", "hub")
    for day, total in enumerate([100, 160, 90, 120]):
        rows.add(
            "models_daily",
            model_id="a/b",
            channel_id=hub,
            family_id="family",
            day_on=NOW.date() - timedelta(days=3 - day),
            downloads_30d=50,
            downloads_all_time=total,
            seen_at=NOW,
        )
    con = measure(rows)

    assert [cut(row, "downloads_per_day", "is_anomaly") for row in found_items(con, "model_downloads")] == [
        (None, False),
        (60, False),
        (None, True),
        (30, False),
    ]
    assert cut(one(con, "model_downloads", statistic="daily_difference"), "value", "state") == (None, "measured")
    assert "Anomaly" in one(con, "model_downloads", statistic="daily_difference")["note"]


def test_an_empty_month_is_no_zero_and_all_answered_is_not_empty() -> None:
    """Golden 13: nothing asked within 30 days gives no value; nobody left waiting gives 0 %, with a limit to what is
    sure."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(30):
        rows.thread(channel, [(2, "maintainer")], age_hours=24 * (60 + 7 * (number % 4)))
    con = measure(rows)
    month, quarter = (
        one(
            con,
            "answered_share",
            channel_kind="tracker",
            channel_role="all",
            segment="anyone",
            statistic="within_7d",
            window=window,
        )
        for window in ("30d", "90d")
    )

    assert cut(month, "value", "n", "state") == (None, 0, "not enough data")
    assert cut(quarter, "value", "n", "high") == (1, 30, 1)
    # The thirty are of four weeks that do not differ: they are as many independent ones, with the quantile of four
    # weeks of which products of less than three apart count.
    normal, share = stats.norm.ppf(0.975), 3 / 4
    wide = (1 + (2.9694 * share + 0.4160 * share**2 - 0.5324 * share**3) / normal) ** 2
    assert quarter["low"] == pytest.approx(0.025 ** (wide / 30))
