"""The curves of sides: the mean of their families' curves, each with the same weight."""

from typing import Any

import duckdb
import numpy as np
import pytest

from tests.tools import reckonings as others
from tests.worlds.rows import BY_TABLE, Row, Rows, found, measure

KEY = ("tracker", "all", "anyone", "365d")
END = 720.0


def pool(*families: tuple[str, dict[float, tuple[float, float, float, int]]], state: str = "measured") -> list[Row]:
    """The curves of sides of families with these points: hours, then value, low, high and how many still wait."""
    connection = duckdb.connect()
    connection.execute("create schema metrics")
    connection.execute(f"create table metrics.rules as {BY_TABLE['metrics.rules'].text}")
    keys = 'family_id varchar, channel_kind varchar, channel_role varchar, segment varchar, "window" varchar'
    connection.execute(
        f"create table metrics.answer_curves ({keys}, hours double, value double, low double, high double,"
        " n_at_risk bigint)"
    )
    connection.execute(
        f"create table metrics.answered_share ({keys}, side varchar, statistic varchar, state varchar, n bigint,"
        " as_of_at timestamp, coverage_share double)"
    )
    for place, (side, points) in enumerate(families):
        name = f"family-{place}"
        # The last family has the state that is asked for.
        judged = state if place == len(families) - 1 else "measured"
        connection.execute(
            "insert into metrics.answered_share values (?, ?, ?, ?, ?, ?, 'within_7d', ?, 100, null, 1)",
            [name, *KEY, side, judged],
        )
        for hours, point in points.items():
            connection.execute(
                "insert into metrics.answer_curves values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [name, *KEY, hours, *point]
            )
    rows = connection.sql(BY_TABLE["metrics.side_curves"].text).to_arrow_table().to_pylist()
    return sorted(rows, key=lambda row: (row["side"], row["hours"]))


def end(value: float, n_at_risk: int = 100) -> dict[float, Any]:
    """A curve that begins at none and only has an end."""
    return {0.0: (0.0, 0.0, 0.0, 100), END: (value, value - 0.1, value + 0.05, n_at_risk)}


def test_each_family_has_the_same_weight_and_keeps_its_share_between_its_points() -> None:
    """Of hours at which nothing changes a curve has only the last; the band adds the squares of the distances."""
    early = {0.0: (0.0, 0.0, 0.0, 900), 24.0: (0.5, 0.4, 0.7, 400), END: (0.8, 0.7, 0.9, 200)}
    late = {0.0: (0.0, 0.0, 0.0, 30), 48.0: (0.2, 0.1, 0.4, 25), END: (0.2, 0.1, 0.4, 24)}
    rows = pool(("open", early), ("open", late), ("open", end(0.3)))

    assert [row["hours"] for row in rows] == [0, 24, 48, END]
    assert [row["value"] for row in rows] == pytest.approx([0, 0.5 / 3, 0.7 / 3, 1.3 / 3], abs=1e-4)
    assert rows[2]["low"] == pytest.approx(0.7 / 3 - np.hypot(0.1, 0.1) / 3, abs=1e-4)
    assert rows[2]["high"] == pytest.approx(0.7 / 3 + np.hypot(0.2, 0.2) / 3, abs=1e-4)
    assert {(row["families_count"], row["n"]) for row in rows} == {(3, 300)}


@pytest.mark.parametrize(
    ("fourth", "count"),
    [
        (("open", end(0.9)), 4),
        # All of its hundred were answered: nobody waits, and all is known.
        (("open", end(1.0, 0)), 4),
        # Two who still wait, and nine in ten answered: worth twenty questions.
        (("open", end(0.9, 2)), 4),
        (("open", end(0.9, 1)), 3),
        # It was not watched for so long.
        (("open", {0.0: (0.0, 0.0, 0.0, 100), 480.0: (0.9, 0.8, 1.0, 90)}), 3),
        (("host", end(0.9)), 3),
    ],
)
def test_a_family_counts_if_its_end_is_worth_as_much_as_a_figure(fourth: Any, count: int) -> None:
    """Few who still wait say little, unless nearly all were answered."""
    rows = pool(*[("open", end(0.5))] * 3, fourth)
    assert {row["families_count"] for row in rows} == {count}
    assert rows[-1]["value"] == pytest.approx((1.5 + fourth[1].get(END, (0,))[0] * (count - 3)) / count, abs=1e-4)


def test_a_suspect_family_does_not_count_and_two_are_no_side() -> None:
    """A side of fewer than three has no curve."""
    three = [("open", end(0.5))] * 3
    assert {row["families_count"] for row in pool(*three, ("open", end(0.9)), state="suspect")} == {3}
    assert pool(*three, state="suspect") == []
    assert {row["side"] for row in pool(*three, *[("proprietary", end(0.5))] * 2)} == {"open"}


def test_the_mean_is_that_of_statsmodels_curves() -> None:
    """Of families that were asked very different numbers of questions."""
    world, samples = Rows(), []
    for place, count in enumerate((20, 60, 25)):
        channel, sample = world.channel(world.family(f"family-{place}")), []
        for number in range(count):
            wait, age, is_answered = 1 + (7 * number * (place + 1)) % 300, 1000 + 168 * number, number % (place + 2) > 0
            world.thread(channel, [(wait, "staff")] if is_answered else [], age_hours=age)
            sample.append((wait if is_answered else age, is_answered))
        samples.append(sample)
    connection = measure(world)
    rows = found(connection, "side_curves", channel_role="all", segment="anyone", window="all")
    own = found(connection, "answer_curves", channel_role="all", segment="anyone", window="all")
    curves = [others.kaplan_meier(sample) for sample in samples]
    for row in rows:
        expected = [1 - min(np.append(1, curve.surv_prob[curve.surv_times <= row["hours"]])) for curve in curves]
        assert row["value"] == pytest.approx(np.mean(expected), abs=2e-4)
        last = {point["family_id"]: point for point in sorted(own, key=lambda point: point["hours"])
                if point["hours"] <= row["hours"]}.values()  # fmt: skip
        width = np.sqrt(sum((point["high"] - point["value"]) ** 2 for point in last)) / 3
        assert row["high"] - row["value"] == pytest.approx(width, abs=2e-4)
    assert len(rows) > 20 and {row["families_count"] for row in rows} == {3}
