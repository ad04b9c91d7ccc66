"""Requests of one person are alike: few who ask often tell less of how those are answered who asked before."""

import math
from datetime import timedelta
from typing import Any

import pytest

from analytics.statistics.survival import read_shares
from tests.worlds.rows import NOW, Rows, cut, find_part, find_stratum, measure, one

EVERY = {"channel_role": "all", "window": "all", "channel_kind": "tracker"}
READ_DAYS = 1900
KNOWN, NEW = 120, 40
"""Requests of those who asked before, and of newcomers."""


@pytest.fixture(scope="module")
def con() -> Any:
    """Two families asked as often, half of it in vain: in one two people ask always, of whom one is never answered; in
    the other each asks twice, and the second time counts. Requests are ten days apart."""
    rows = Rows()
    for family, askers in (("few", 2), ("crowd", KNOWN)):
        channel = rows.channel(rows.family(family))
        rows.tables["collections"][-4]["reach_at"] = NOW - READ_DAYS * timedelta(days=1)
        for number in range(askers):
            _ask(rows, channel, 1520 - 2 * number, f"{family}-{number}", number % 2 == 0)
        for number in range(KNOWN):
            _ask(rows, channel, 10 * (number + 1), f"{family}-{number % askers}", number % 2 == 0)
        for number in range(NEW):
            _ask(rows, channel, 30 * number + 15, f"{family}-new-{number}", number % 2 == 0)
    return measure(rows)


def _ask(rows: Rows, channel: str, days: float, who: str, is_answered: bool) -> None:
    rows.thread(channel, [(1, "staff")] if is_answered else [], age_hours=24 * days, actor_id=who)


def test_one_person_who_asks_often_is_no_crowd(con: Any) -> None:
    """Two people are no 120: the difference may be anything."""
    few, crowd = (one(con, "newcomer_penalty_share", family_id=name, **EVERY) for name in ("few", "crowd"))

    assert cut(crowd, "state", "value") == ("measured", pytest.approx(0))
    assert cut(few, "state", "value", "n") == ("not enough data", None, KNOWN + NEW + 2)


def test_askers_widen_the_share_of_those_who_asked_before(con: Any) -> None:
    """Half of the requests are answered by each hour; by two people that is hardly known. Weeks make it no wider."""
    for statistic in ("within_24h", "within_7d", "within_30d"):
        rows = {
            (family, segment): one(
                con, "answered_share", family_id=family, segment=segment, statistic=statistic, **EVERY
            )
            for family in ("few", "crowd") for segment in ("known", "newcomer")
        }  # fmt: skip
        assert cut(rows["few", "known"], "state", "value", "n") == ("not enough data", None, KNOWN)
        assert "the interval is too wide" in rows["few", "known"]["note"]
        crowd = rows["crowd", "known"]
        assert cut(crowd, "state", "value") == ("measured", pytest.approx(0.5)) and crowd["high"] - crowd["low"] < 0.2
        assert rows["few", "newcomer"]["state"] == "measured"


def test_who_asks_some_times_widens_it_somewhat() -> None:
    """Twelve people ask ten times each, and each is answered always or never: the interval is that of a dozen, not of
    120 requests, and not that of nobody."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    rows.tables["collections"][0]["reach_at"] = NOW - READ_DAYS * timedelta(days=1)
    for number in range(KNOWN + 12):
        _ask(rows, channel, 1320 - 10 * number, f"asker-{number % 12}", number % 2 == 0)
    for number in range(NEW):
        _ask(rows, channel, 30 * number + 15, f"new-{number}", number % 2 == 0)
    con = measure(rows)
    row, part = one(con, "newcomer_penalty_share", **EVERY), find_part(con, "answer_waits")
    curve, segments = part.trace(None), ("newcomer", "known")
    share = read_shares(curve, [168.0], curve.design[None])
    halves = [(share.high - share.low)[0, find_stratum(part, segment=segment)] / 2 for segment in segments]
    by_weeks = math.hypot(*halves)

    assert row["value"] == pytest.approx(0, abs=0.01)
    assert 1.2 * by_weeks < (row["high"] - row["low"]) / 2 < 3 * by_weeks
