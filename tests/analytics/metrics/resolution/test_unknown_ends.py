"""A closing of which nobody knows how it came about is unknown: no way of ending, and never a zero."""

from datetime import timedelta
from typing import Any

import pytest

from tests.worlds.rows import NOW, Row, Rows, cut, found, measure, one, set_apart

GROUP = {"channel_kind": "tracker", "channel_role": "all", "window": "all"}


def _world(*threads: tuple[int, Row]) -> Any:
    """A tracker with so many threads of these cells, asked 100 days ago, each independent of the others."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for count, cells in threads:
        for _ in range(count):
            rows.thread(channel, age_hours=2400, **cells)
    return set_apart(measure(rows))


def _closed(by: str | None, reason: str | None = None, **cells: Any) -> Row:
    return {
        "state": "closed",
        "closed_at": NOW - timedelta(hours=2300),
        "closed_by_role": by,
        "close_reason": reason,
    } | (cells)


def _shares(con: Any) -> dict[str, Row]:
    return {row["segment"]: row for row in found(con, "resolved_share", statistic="within_30d", **GROUP)}


@pytest.mark.parametrize(
    ("cells", "cause"),
    [
        (_closed(None), "unknown"),
        (_closed(None, "completed"), "unknown"),
        (_closed(None, "not_planned"), "not_planned"),
        (_closed("staff"), "otherwise_closed"),
        (_closed("unknown", "completed"), "resolved"),
        (_closed(None, fixed_at=NOW), "resolved"),
    ],
)
def test_what_decides_how_a_thread_ended(cells: Row, cause: str) -> None:
    """A merged change or a reason may settle it without the closer; completed may be the asker's own word."""
    assert one(_world((1, cells)), "thread_ends", wait="resolution")["cause"] == cause


def test_an_unknown_closing_is_no_way_of_ending() -> None:
    """192 of 400 closed, nobody knows how, as in the recordings: 0 to 48 % resolved, and no figure of any way."""
    shares = _shares(_world((192, _closed(None)), (208, {})))

    assert {name for name, row in shares.items() if row["value"] is not None} == {"open", "unknown"}
    assert cut(shares["resolved"], "state", "value", "low", "high") == ("not enough data", None, None, None)
    assert "How 192 of 192 closings came about is unknown: between 0.0 and 48.0 %." in shares["resolved"]["note"]
    assert cut(shares["open"], "value", "n") == (pytest.approx(0.52), 400)


def test_a_few_unknown_closings_widen_the_interval() -> None:
    """100 resolved and 4 unknown of 200: half, and up to 52 %; an upper limit above that of either alone."""
    known = _shares(_world((100, _closed("staff", "completed")), (100, {})))
    shares = _shares(_world((100, _closed("staff", "completed")), (4, _closed(None)), (96, {})))

    assert shares["resolved"]["value"] == known["resolved"]["value"] == pytest.approx(0.5)
    assert shares["resolved"]["low"] == pytest.approx(known["resolved"]["low"])
    assert shares["resolved"]["high"] > known["resolved"]["high"] + 0.02
    assert shares["not_planned"]["high"] > known["not_planned"]["high"] and shares["not_planned"]["low"] == 0
    assert sum(row["value"] for row in shares.values()) == pytest.approx(1)


@pytest.mark.parametrize(("unknown", "state"), [(6, "not enough data"), (5, "measured")])
def test_the_wait_has_no_value_where_closings_are_unknown(unknown: int, state: str) -> None:
    """Six of 106 closings are more than a twentieth, five of 105 are not."""
    con = _world((100, _closed("staff", "completed")), (unknown, _closed(None)))
    row = one(con, "resolution_hours", statistic="median", **GROUP)

    assert cut(row, "state", "value") == (state, 100 if state == "measured" else None)
    assert f"How {unknown} of {100 + unknown} closings came about is unknown." in row["note"]


@pytest.mark.parametrize("answered", [0, 400])
def test_who_closes_first_without_a_word_may_be_unknown(answered: int) -> None:
    """30 by the asker and 10 by nobody knows whom: neither is given, the share of people who still wait is. However
    many others were answered, a quarter of these closings is unknown."""
    con = _world((30, _closed("asker")), (10, _closed(None)), (60, {}), (answered, {"replies": [(1, "staff")]}))
    rows = {row["segment"]: row for row in found(con, "first_response_by_share", **GROUP)}

    assert {name for name in ("asker_closed", "bot_closed", "closed") if rows[name]["value"] is not None} == set()
    assert "Who closed 10 of 40 unanswered threads is unknown." in rows["asker_closed"]["note"]
    assert cut(rows["waiting"], "value", "state") == (pytest.approx(60 / (100 + answered)), "measured")
    assert rows["closed_unknown"]["value"] == pytest.approx(10 / (100 + answered))
