"""The last twelve months of families and of sides: gaps are no zeros, and a line is of the same families throughout."""

from collections.abc import Sequence
from datetime import date, timedelta

import duckdb
import pytest

from tests.analytics.metrics import test_offers as offers
from tests.worlds.rows import BY_TABLE, NOW, Rows, found, measure

Months = dict[int, tuple[float, int]]


def months(rows: Rows, name: str) -> Months:
    """The value and the number of items of each month of a measure."""
    own = found(measure(rows), "family_months", measure=name)
    assert all(row["ends_on"] == NOW.date() - timedelta(days=30 * row["months_ago"]) for row in own)
    return {row["months_ago"]: (row["value"], row["n"]) for row in own}


def test_a_month_without_questions_is_a_gap_and_one_without_answers_a_zero() -> None:
    """Months that were not read whole have no row either, and who asked six days ago is not judged yet."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for thing in rows.tables["collections"]:
        thing["reach_at"] = NOW - timedelta(days=100)
    for days, hours in ((6, 1), (10, 1), (20, 200), (70, 0), (75, 0), (95, 1)):
        rows.thread(channel, [(hours, "staff")] if hours else [], age_hours=24 * days)

    assert months(rows, "answered") == {0: (0.5, 2), 2: (0.0, 2)}
    assert months(rows, "works") == {0: (3, 3), 1: (0, 0), 2: (0, 0)}


def test_a_share_with_too_many_questions_not_seen_has_no_months() -> None:
    """One of twenty may be so: it is taken as like the others."""
    for count, expected in ((19, {0: (1.0, 19)}), (18, {})):
        rows = Rows()
        channel = rows.channel(rows.family("family"))
        for _ in range(count):
            rows.thread(channel, [(1, "staff")], age_hours=24 * 20)
        rows.thread(channel, age_hours=24 * 20, has_all_replies=False, replies_count=3)
        assert months(rows, "answered") == expected


def test_a_page_that_was_not_seen_has_gaps_and_a_quiet_one_zeros() -> None:
    """Of two pages both must have been seen."""
    rows = Rows()
    family = rows.family("family")
    page = rows.page(family, NOW - timedelta(days=125))
    rows.incident(page, NOW - timedelta(days=40), 1)
    rows.incident(page, NOW - timedelta(days=41), 1)
    assert months(rows, "incidents") == {0: (0, 0), 1: (2, 2), 2: (0, 0), 3: (0, 0)}
    rows.page(family, NOW - timedelta(days=400))
    rows.tables["status_pages"][-1] |= {"observed_until_at": NOW - timedelta(days=20), "visited_at": NOW}
    assert months(rows, "incidents") == {1: (2, 2), 2: (0, 0), 3: (0, 0)}


def test_a_price_is_that_of_what_was_listed_on_the_last_day_of_the_month() -> None:
    """The list was first read 70 days ago; since then one of two models became cheaper, and was dropped."""
    rows = Rows()
    rows.family("family")
    offers._list(rows)
    ids = {name: offers._listed(rows, "family", name) for name in "ab"}
    for name, days, read in (("a", 70, 1.0), ("b", 70, 3.0), ("b", 50, 2.0), ("b", 10, None)):
        rows.add(
            "listed_prices", channel_id=offers.LIST, listed_id=ids[name], family_id="family",
            day_on=NOW.date() - timedelta(days=days), blended_usd=read,
        )  # fmt: skip
    own = found(measure(rows), "family_months", measure="price")
    assert {row["months_ago"]: (row["value"], row["n"]) for row in own} == {0: (1, 1), 1: (1.5, 2), 2: (2, 2)}


def pool(*families: tuple[str, str, Sequence[float | None]]) -> dict[str, list[float]]:
    """The months of each side, the last first, of families with a side, a measure and the values of their months."""
    connection = duckdb.connect()
    connection.execute("create schema metrics; create schema staging")
    connection.execute(f"create table metrics.rules as {BY_TABLE['metrics.rules'].text}")
    connection.execute("create table staging.families (family_id varchar, side varchar)")
    connection.execute(
        "create table metrics.channel_coverage (family_id varchar, channel_kind varchar, channel_role varchar, subject"
        " varchar, coverage_state varchar)"
    )
    connection.execute(
        "create table metrics.family_months (family_id varchar, measure varchar, channel_kind varchar,"
        " months_ago bigint, ends_on date, value double, n bigint)"
    )
    for place, (side, name, values) in enumerate(families):
        family, subject = f"family-{place}", "threads" if name == "answered" else name
        state = "suspect" if side == "suspect" else "measured"
        connection.execute(
            "insert into staging.families values (?, ?)", [family, "open" if side == "suspect" else side]
        )
        connection.execute(
            "insert into metrics.channel_coverage values (?, 'k', 'all', ?, ?)", [family, subject, state]
        )
        for ago, value in enumerate(values):
            if value is not None:
                connection.execute(
                    "insert into metrics.family_months values (?, ?, 'k', ?, ?, ?, 5)",
                    [family, name, ago, date(2026, 11, 24), value],
                )
    rows = connection.sql(f"from ({BY_TABLE['metrics.side_months'].text}) order by months_ago").fetchall()
    return {side: [row[5] for row in rows if row[0] == side] for side in {row[0] for row in rows}}


def test_a_line_of_a_side_is_of_the_same_families_in_all_months() -> None:
    """As far back as three have a number; what came before a gap does not count, nor do suspect families and hosts."""
    three = [("open", "incidents", [2.0, 4.0, 6.0]), ("open", "incidents", [5.0, 5.0, 3.0, 9.0])]
    rest: list[tuple[str, str, Sequence[float | None]]] = [
        ("open", "incidents", [2.0, 3.0, None, 8.0]),
        ("open", "incidents", [9.0]),
        ("suspect", "incidents", [9.0, 9.0]),
    ]
    others = [("host", "incidents", [7.0, 7.0])] * 3 + [("proprietary", "incidents", [7.0, 7.0])] * 2
    assert pool(*three, *rest, *others) == {"open": [3.0, 4.0]}


@pytest.mark.parametrize(("count", "expected"), [(4, {"open": [0.5] * 4}), (3, {})])
def test_families_asked_too_little_do_not_move_a_side(count: int, expected: dict[str, list[float]]) -> None:
    """A family counts with twenty questions in all; here five are asked in a month."""
    assert pool(*[("open", "answered", [0.5] * count)] * 3, ("open", "answered", [1.0])) == expected
