"""Ends of models: how much notice, whether it is as much as was promised, days that move, and what comes instead."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.analytics.metrics.test_access import fact
from tests.worlds.rows import NOW, Rows, cut, found, left_out, measure, one, set_apart

DAY = timedelta(days=1)
TODAY = NOW.date()
ALL = {"channel_role": "all", "window": "all"}


def _page(rows: Rows, family: str, watched_days: int = 100) -> str:
    """A maker's page of ends, watched for so long."""
    channel = rows.channel(family, "deprecations", "deprecations")
    rows.tables["collections"][-1]["first_run_at"] = NOW - watched_days * DAY
    return channel


def _notice(rows: Rows, page: str, model: str, announced: date | None, shutdown: date | None, **cells: Any) -> str:
    """What the page says of a model; days are exact unless a test says otherwise."""
    notice_id = f"{page}#{len(rows.tables['notices'])}"
    rows.add(
        "notices",
        **{
            "notice_id": notice_id, "family_id": page.split(".")[0], "channel_id": page, "model": model,
            "subject_kind": "model",
            "announced_on": announced, "announced_kind": "exact" if announced else "unknown", "shutdown_on": shutdown,
            "shutdown_kind": "exact" if shutdown else "unknown", "replacement": [], "first_seen_at": NOW - 50 * DAY,
            "last_seen_at": NOW,
            "is_listed": True, "is_latest": True,
        }
        | cells,
    )  # fmt: skip
    return notice_id


def test_notice_runs_from_the_first_announcement_to_the_last_word() -> None:
    """Twenty-one models with 100 to 120 days have a middle of 110. One announced twice counts from the first time to
    the last word."""
    rows = Rows()
    page = _page(rows, rows.family("maker", "proprietary"))
    stated = TODAY - 200 * DAY
    for number in range(20):
        _notice(rows, page, f"model-{number}", stated, stated + (100 + number) * DAY)
    _notice(rows, page, "twice", stated, stated + 30 * DAY, is_latest=False)
    _notice(rows, page, "twice", stated + 60 * DAY, stated + 120 * DAY)
    _notice(rows, page, "floor", stated, stated + 5 * DAY, shutdown_kind="not_before")
    _notice(rows, page, "undated", None, stated + 5 * DAY)
    _notice(rows, page, "backwards", stated, stated - DAY)
    _notice(rows, page, "v1/thing", stated, stated + 5 * DAY, subject_kind="endpoint")
    con = measure(rows)
    figure = one(con, "notice_days", **ALL)

    assert cut(figure, "value", "n", "unit") == (110, 21, "days")
    assert figure["note"] == (
        "Excluded: 1 that ended before they were announced, 1 without a dated announcement,"
        " 1 without an exact last day."
    )
    assert one(con, "notice_days", channel_role="all", window="90d")["n"] == 0


def test_models_with_a_last_day_and_no_dated_announcement_are_not_called_none() -> None:
    """The note said "No models." of a page that ends 35 of them."""
    rows = Rows()
    page = _page(rows, rows.family("maker", "proprietary"))
    for number in range(35):
        _notice(rows, page, f"model-{number}", None, TODAY + number * DAY)
    figure = one(measure(rows), "notice_days", **ALL)

    assert cut(figure, "value", "n", "state") == (None, 0, "not enough data")
    assert figure["note"] == "Excluded: 35 without a dated announcement."


def test_a_promise_is_held_against_the_notices_of_its_time() -> None:
    """Sixty days were promised since March. Of 20 notices since then 15 gave them; 10 older ones have only the promise
    read last."""
    rows = Rows()
    maker, silent = rows.family("maker", "proprietary"), rows.family("silent", "proprietary")
    page, other = _page(rows, maker), _page(rows, silent)
    fact(rows, maker, "notice", promised_days=60, from_on=date(2026, 3, 1), as_of_on=date(2026, 11, 1))
    fact(
        rows,
        maker,
        "notice",
        promised_days=10,
        from_on=date(2024, 3, 1),
        until_on=date(2024, 12, 31),
        as_of_on=date(2024, 6, 1),
    )
    for number in range(30):
        stated = date(2026, 2, 28) if number >= 20 else date(2026, 3, 1)
        _notice(rows, page, f"model-{number}", stated, stated + (59 if number < 5 else 60) * DAY)
        _notice(rows, other, f"model-{number}", stated, stated + 60 * DAY)
    con = set_apart(measure(rows))
    figures = {cut(row, "family_id", "statistic"): row for row in found(con, "promise_kept_share", **ALL)}

    assert cut(figures["maker", "that_day"], "value", "n", "note") == (
        0.75,
        20,
        "Excluded: 10 without a known promise.",
    )
    assert cut(figures["maker", "last_read"], "value", "n") == (pytest.approx(25 / 30), 30)
    assert cut(figures["silent", "last_read"], "value", "n", "state") == (None, 0, "not enough data")
    assert figures["silent", "last_read"]["note"] == "No models. Excluded: 30 without a known promise."


def test_a_model_counts_once_for_each_region_that_has_a_day() -> None:
    """Twenty models with 100 days of notice, and one that ends after 10 in five regions, are 25."""
    rows = Rows()
    maker = rows.family("maker", "proprietary")
    page = _page(rows, maker)
    fact(rows, maker, "notice", promised_days=60, from_on=date(2026, 1, 1), as_of_on=date(2026, 11, 1))
    stated = date(2026, 3, 1)
    for number in range(20):
        _notice(rows, page, f"model-{number}", stated, stated + 100 * DAY)
    for number in range(5):
        _notice(rows, page, "spread", stated, stated + 10 * DAY, region=f"region-{number}")
    con = set_apart(measure(rows))

    assert cut(one(con, "notice_days", **ALL), "value", "n") == (100, 25)
    assert cut(one(con, "promise_kept_share", statistic="that_day", **ALL), "value", "n") == (0.8, 25)


def test_a_promise_without_a_first_day_holds_from_when_it_was_read() -> None:
    """Nobody knows what was promised before."""
    rows = Rows()
    maker = rows.family("maker", "proprietary")
    page = _page(rows, maker)
    fact(rows, maker, "notice", promised_days=60, as_of_on=date(2026, 11, 1))
    fact(rows, maker, "notice", promised_days=90, as_of_on=date(2026, 11, 1), url="https://longer.example/")
    fact(rows, maker, "notice", promised_days=None, as_of_on=date(2026, 11, 1), url="https://words.example/")
    fact(rows, maker, "licence", promised_days=1, as_of_on=date(2026, 11, 1))
    _notice(rows, page, "old", date(2026, 10, 31), date(2027, 10, 31))
    for days in (59, 60):
        _notice(rows, page, f"new-{days}", date(2026, 11, 1), date(2026, 11, 1) + days * DAY)
    kept = one(measure(rows), "promise_kept_share", statistic="that_day", **ALL)

    assert cut(kept, "n_events", "n") == (1, 2)
    assert left_out(kept) == "Excluded: 1 without a known promise."


def test_a_promise_for_a_class_of_models_takes_the_place_of_the_general_one() -> None:
    """Names tell previews and variants; a class that they do not tell, and one whose time is over, hold for nobody."""
    rows = Rows()
    maker = rows.family("maker", "proprietary")
    page = _page(rows, maker)
    for words, patterns, days, until in (
        ("", [], 180, None), ("variants", ["*-chat", "lamp-image*"], 90, None), ("previews", ["*preview*"], 14, None),
        ("models launched lately", [], 45, None), ("charts", ["lamp-chart*"], 7, date(2026, 10, 31)),
    ):  # fmt: skip
        fact(
            rows, maker, "notice", promised_days=days, applies_to=words, model_patterns=patterns,
            as_of_on=date(2026, 9, 1) if until else date(2026, 11, 1), until_on=until, url=f"https://m.example/{days}",
        )  # fmt: skip
    stated = date(2026, 11, 2)
    promised = {
        "lamp-5": 180, "lamp-5-CHAT": 90, "lamp-image-2": 90, "lamp-5-chat-preview": 14, "lamp-chart-1": 180,
        "chatter": 180,
    }  # fmt: skip
    for short in (1, 0):
        rows.tables["notices"].clear()
        for name, days in promised.items():
            _notice(rows, page, name, stated, stated + (days - short) * DAY)
        con = measure(rows)
        for statistic in ("that_day", "last_read"):
            kept = one(con, "promise_kept_share", statistic=statistic, **ALL)
            assert cut(kept, "n_events", "n") == (0 if short else 6, 6)


def test_moves_of_the_last_day_are_counted_as_they_are_seen() -> None:
    """Two put off, one brought forward, one withdrawn; a first date is no move, a move before the thirtieth day is in
    no short window. A month or an earliest date is no day, so neither is it one that was withdrawn."""
    rows = Rows()
    page = _page(rows, rows.family("maker", "proprietary"))
    rows.tables["collections"][-1]["first_run_at"] -= timedelta(hours=1)  # days are asked to a tenth
    fresh = _page(rows, rows.family("fresh", "proprietary"), watched_days=5)
    steady = _page(rows, rows.family("steady", "proprietary"), watched_days=20)
    notice = _notice(rows, page, "model", TODAY, TODAY + 90 * DAY)
    for kind in ("not_before", "month"):
        other = _notice(rows, page, kind, TODAY, TODAY + 90 * DAY, shutdown_kind=kind)
        rows.add(
            "notice_changes", notice_id=other, family_id="maker", channel_id=page, model=kind, change="date withdrawn",
            change_seen_at=NOW - DAY, old_shutdown_kind=kind,
        )  # fmt: skip
    changes = [
        ("moved later", 5),
        ("moved later", 50),
        ("moved earlier", 30),
        ("date withdrawn", 7),
        ("date given", 8),
        ("appeared", 99),
    ]
    for change, age in changes:
        rows.add(
            "notice_changes", notice_id=notice, family_id="maker", channel_id=page, model="model", change=change,
            change_seen_at=NOW - age * DAY, old_shutdown_kind="exact",
        )  # fmt: skip
    con = measure(rows)
    figures = {
        cut(row, "statistic", "window"): row
        for row in found(con, "moved_dates_count", family_id="maker", channel_role="all")
    }

    assert [figures[name, "all"]["value"] for name in ("moved", "earlier", "later", "withdrawn")] == [3, 1, 2, 1]
    assert cut(figures["moved", "30d"], "value", "n", "note") == (2, 1, "Observed for 100.0 days.")
    still = one(con, "moved_dates_count", family_id=steady.split(".")[0], statistic="moved", **ALL)
    assert cut(still, "value", "n", "state") == (0, 0, "measured")
    quiet = one(con, "moved_dates_count", family_id=fresh.split(".")[0], statistic="moved", **ALL)
    assert cut(quiet, "value", "state") == (None, "not enough data")


def _listed(rows: Rows, family: str, name: str, price: float | None, **cells: Any) -> None:
    """An entry of the list of prices, with what a million tokens cost, read or written."""
    rows.add(
        "listed_models",
        **{
            "listed_id": f"{family}/{name}", "channel_id": "_shared.prices", "family_id": family,
            "canonical_id": f"{family}/{name}-1",
            "listed_at": NOW - 500 * DAY, "context_tokens": 1000, "input_kinds": ["text"],
            "supported_names": ["tools"], "priced_on": TODAY, "input_usd": price, "output_usd": price,
        }
        | cells,
    )  # fmt: skip


def test_a_replacement_is_held_against_what_it_replaces() -> None:
    """Twenty models: ten whose replacement costs more, is shorter, sees no images and calls no tools, ten whose
    replacement is as good."""
    rows = Rows()
    page = _page(rows, rows.family("maker", "proprietary"))
    rows.channel("_shared", "prices", "prices")
    _listed(rows, "maker", "worse", 9.0, context_tokens=999, input_kinds=["text"], supported_names=[])
    _listed(rows, "maker", "better", 5.0, context_tokens=1000, input_kinds=["text", "image", "file"])
    _listed(rows, "maker", "better:free", 0.0, context_tokens=1)
    for number in range(20):
        _listed(rows, "maker", f"old-{number}", 5.0, input_kinds=["text", "image"])
        _notice(
            rows,
            page,
            f"Old {number}",
            TODAY - 90 * DAY,
            TODAY,
            replacement=["worse" if number % 2 else "better", "another"],
        )
    _notice(rows, page, "unlisted", TODAY - 90 * DAY, TODAY, replacement=["better"])
    _notice(rows, page, "old-1 ", TODAY - 90 * DAY, TODAY, replacement=["elsewhere"])
    _notice(rows, page, "old-2 ", TODAY - 90 * DAY, TODAY)
    figures = {row["statistic"]: row for row in found(set_apart(measure(rows)), "replacement_parity_share", **ALL)}

    assert {name: cut(row, "value", "n") for name, row in figures.items()} == dict.fromkeys(
        ("context", "price", "inputs", "tools"), (0.5, 20)
    )
    assert figures["price"]["note"] == (
        "Excluded: 1 not in the list of prices, 1 whose replacement is not in the list of prices, 1 without a named "
        "replacement."
    )


def test_models_that_still_live_count_for_as_long_as_they_did() -> None:
    """Twelve models lived 300 to 311 days and thirteen still live after 400: the median is not reached, the quarter is
    the seventh."""
    rows = Rows()
    page = _page(rows, rows.family("maker", "proprietary"))
    rows.channel("_shared", "prices", "prices")
    rows.tables["channels"][-1]["channel_id"] = rows.tables["collections"][-1]["channel_id"] = "_shared.prices"
    began = TODAY - 400 * DAY
    for number in range(12):
        _notice(rows, page, f"old-{number}-{began:%Y-%m-%d}", began, began + (300 + number) * DAY)
        _listed(rows, "maker", f"alive-{number}", None, listed_at=NOW - 400 * DAY)
    _notice(rows, page, "nobody-knows-when", began, began + 300 * DAY)
    _notice(rows, page, f"gone-{began:%Y%m%d}", began, None, stage="retired")
    _notice(rows, page, f"floor-{began:%Y%m%d}", None, TODAY - DAY, shutdown_kind="not_before")
    con = measure(rows)
    lives = {row["model"]: row for row in found(con, "model_lifetimes")}
    figures = {row["statistic"]: row for row in found(con, "supported_lifetime_days", **ALL)}

    assert cut(lives[f"old-0-{began:%Y-%m-%d}"], "launched_on", "ended_on") == (began, began + 300 * DAY)
    assert "nobody-knows-when" not in lives
    assert lives[f"gone-{began:%Y%m%d}"]["exclusion_reason"] == "without an exact last day"
    assert cut(figures["median"], "n", "n_events", "n_censored", "unit") == (25, 12, 13, "days")
    median = one(con, "event_estimates", wait="lifetime", statistic="median", **ALL)
    assert cut(figures["median"], "value", "low", "high", "state") == (None, median["low"] / 24, None, "measured")
    assert figures["median"]["note"].endswith("Not reached: too few of them have ended.")


def test_a_model_that_left_the_list_without_a_word_lived_at_least_until_then() -> None:
    """It is neither ended nor alive today; the earlier of its two beginnings counts."""
    rows = Rows()
    _page(rows, rows.family("maker", "proprietary"))
    rows.channel("_shared", "prices", "prices")
    rows.tables["channels"][-1]["channel_id"] = rows.tables["collections"][-1]["channel_id"] = "_shared.prices"
    _listed(rows, "maker", "left-2025-03-01", None, listed_at=NOW - 100 * DAY, gone_on=TODAY - 30 * DAY)
    _listed(rows, rows.family("weights"), "open-2025-03-01", None)
    life = one(measure(rows), "model_lifetimes")

    assert cut(life, "launched_on", "ended_on", "observed_until_on") == (date(2025, 3, 1), None, TODAY - 30 * DAY)


def test_a_notice_and_an_entry_of_one_name_are_one_model() -> None:
    """It begins with its listing or an earlier day in its name; an end tomorrow is still life."""
    rows = Rows()
    page = _page(rows, rows.family("maker", "proprietary"))
    rows.channel("_shared", "prices", "prices")
    rows.tables["channels"][-1]["channel_id"] = rows.tables["collections"][-1]["channel_id"] = "_shared.prices"
    for name in ("Ended", "Living", "Month", "Backwards", "Early-2026-01-01", "Other"):
        _listed(rows, "maker", name.lower(), None, listed_at=NOW - 200 * DAY)
    _notice(rows, page, "Ended", None, TODAY)
    _notice(rows, page, "Living", None, TODAY + DAY)
    _notice(rows, page, "Month", None, TODAY, shutdown_kind="month")
    _notice(rows, page, "Backwards", None, TODAY - 201 * DAY)
    _notice(rows, page, "Early-2026-01-01", None, date(2026, 3, 1))
    lives = {row["model"]: row for row in found(measure(rows), "model_lifetimes")}

    assert {name: cut(row, "launched_on", "ended_on", "exclusion_reason") for name, row in lives.items()} == {
        "Ended": (TODAY - 200 * DAY, TODAY, None),
        "Living": (TODAY - 200 * DAY, None, None),
        "Month": (TODAY - 200 * DAY, None, "without an exact last day"),
        "Backwards": (TODAY - 200 * DAY, TODAY - 201 * DAY, "that ended before they began"),
        "Early-2026-01-01": (date(2026, 1, 1), date(2026, 3, 1), None),
        "maker/other": (TODAY - 200 * DAY, None, None),
    }
    assert {name: row["age_days"] for name, row in lives.items() if row["age_days"] != 200} == {"Early-2026-01-01": 327}
