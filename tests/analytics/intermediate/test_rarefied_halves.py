"""Families are compared by a hundred answers of each, because more answers come from more people."""

from itertools import combinations_with_replacement

import numpy as np
import pytest

from analytics.intermediate.people.rarefied_halves import count_halves
from tests.worlds.rows import Rows, cut, found, measure, one

EVERY = {"channel_role": "all", "window": "all", "channel_kind": "tracker"}


def _answered(rows: Rows, family: str, people: int, each: int) -> None:
    """A tracker in which so many people give so many answers each."""
    channel = rows.channel(rows.family(family))
    for person in range(people):
        for _ in range(each):
            rows.thread(channel, [(1, "outsider", {"actor_id": f"{family}-{person}"})])


def test_a_hundred_answers_of_each_family_are_compared() -> None:
    """Sixty people of whom each answers ten, or only twice: half of all come from 30 in both; of a hundred answers too,
    within a few. With 99 answers nothing is drawn."""
    rows = Rows()
    for family, people, each in (("large", 60, 10), ("small", 60, 2), ("few", 4, 50), ("short", 33, 3)):
        _answered(rows, family, people, each)
    con = measure(rows)
    figures = {(row["family_id"], row["statistic"]): row for row in found(con, "answerer_absence_factor", **EVERY)}

    assert [figures[family, "half"]["value"] for family in ("large", "small", "few", "short")] == [30, 30, 2, 17]
    assert cut(figures["few", "half_of_100"], "value", "low", "high", "n") == (2, 2, 2, 200)
    large = figures["large", "half_of_100"]
    assert large["low"] < large["value"] < large["high"] <= 30
    assert cut(figures["short", "half_of_100"], "value", "state", "note") == (
        None, "not enough data", "Only 99 answers. Of fewer than 100 answers none are drawn.",
    )  # fmt: skip
    again = one(measure(rows), "answerer_absence_factor", family_id="large", statistic="half_of_100", **EVERY)
    assert cut(again, "value", "low", "high") == cut(large, "value", "low", "high")


@pytest.mark.parametrize("people", [1, 2, 3, 4])
def test_the_fewest_people_behind_half_are_those_of_the_definition(people: int) -> None:
    """Against a search through all sets of people."""
    for counts in combinations_with_replacement(range(5), people):
        if sum(counts):
            order = sorted(counts, reverse=True)
            fewest = next(k for k in range(1, people + 1) if 2 * sum(order[:k]) >= sum(counts))
            assert count_halves(np.array([counts]))[0] == fewest
