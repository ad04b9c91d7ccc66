"""Ranges of ranks: drawing counts is drawing threads, and neither order nor repetition changes a row."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from analytics.claims.reader import Headline
from analytics.statistics.drawing import read_channels
from analytics.statistics.resampling import (
    compute_rank_ranges,
    count_overlaps,
    draw_answered_shares,
    draw_shares,
    make_generator,
)
from tests.tools.reckonings import drawn_one_by_one
from tests.worlds.rows import Rows, cut, found, measure, one

DRAWS = 4000
HOW = {"metric": "never_answered_share", "channel_kind": "tracker", "window": "365d"}


def test_counts_drawn_by_kind_spread_as_threads_drawn_one_by_one() -> None:
    """Means and ends agree within the error of so many draws; replies of one thread stay together, which widens the
    range."""
    rng = np.random.default_rng(1)
    threads = [(size, size * int(rng.random() < 0.4)) for size in rng.integers(1, 6, 300)]
    kinds = np.array([(*kind, threads.count(kind)) for kind in sorted(set(threads))])
    fast, slow = draw_shares([kinds], rng, DRAWS), drawn_one_by_one(threads, rng, DRAWS)
    loose = draw_shares(
        [np.array([(1, 0, kinds[:, 2] @ (kinds[:, 0] - kinds[:, 1])), (1, 1, kinds[:, 2] @ kinds[:, 1])])], rng, DRAWS
    )

    assert fast.mean() == pytest.approx(slow.mean(), abs=4 * slow.std() / DRAWS**0.5)
    assert fast.std() == pytest.approx(slow.std(), rel=0.06)
    assert np.quantile(fast, [0.025, 0.975]) == pytest.approx(np.quantile(slow, [0.025, 0.975]), abs=0.006)
    assert loose.std() < 0.8 * fast.std()


def test_waits_drawn_on_a_grid_spread_as_kaplan_and_meiers_estimate_of_threads_drawn_one_by_one() -> None:
    """statsmodels' estimate on each of the slow draws is the oracle."""
    rng = np.random.default_rng(2)
    steps, draws = 8, 600
    waits, events = rng.integers(0, steps + 1, 200), rng.random(200) < 0.5
    kinds = np.array([(s, e, int(((waits == s) & (events == e)).sum())) for s in range(steps + 1) for e in (0, 1)])
    fast = draw_answered_shares([kinds[kinds[:, 2] > 0]], steps, rng, DRAWS)
    slow = []
    for _ in range(draws):
        chosen = rng.integers(0, 200, 200)
        curve = SurvfuncRight(waits[chosen] + 1.0, events[chosen].astype(int))
        slow.append(1 - curve.surv_prob[curve.surv_times <= steps][-1])

    assert fast.mean() == pytest.approx(np.mean(slow), abs=4 * np.std(slow) / draws**0.5)
    assert fast.std() == pytest.approx(np.std(slow), rel=0.12)


STEPS = [0, 0.25, 0.5, 1, 1.5, 2, 3, 4, *range(6, 12, 2), *range(12, 24, 3), *range(24, 48, 6), *range(48, 169, 12)]
"""Half of an hour by quarters, two hours by halves, then by 1, 2, 3, 6 and 12 hours until a week is over."""


@pytest.mark.parametrize(("window", "count"), [("365d", 1), ("all", 3)])
def test_a_wait_ends_in_the_step_at_whose_hour_it_ends(window: str, count: int) -> None:
    """At the hour itself, not a moment later; what takes longer than a week stands behind the last. A year has 365
    days."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for hours in STEPS:
        rows.thread(channel, [(hours, "staff")], age_hours=365 * 24)
        rows.thread(channel, [(hours + 0.01, "staff")], age_hours=365 * 24)
        for _ in range(2):
            rows.thread(channel, [(hours, "staff")], age_hours=365 * 24 + 1)
    con = measure(rows)
    found(con, "survival_durations")
    headline = Headline(metric="answered_share", segment="anyone", statistic="within_24h")
    (kinds,) = read_channels(con, headline, window)["family", "tracker"]

    assert sorted(kinds.tolist()) == [
        [0, 1, count],
        *([step, 1, count + 1] for step in range(1, len(STEPS))),
        [len(STEPS), 1, 1],
    ]


def test_ranks_by_hand() -> None:
    """Two draws that swap the first two; the third is always last. Equal figures share the better place."""
    draws = np.array([[0.9, 0.7] * 500, [0.8, 0.8] * 500, [0.1, 0.1] * 500])
    ranges = compute_rank_ranges(np.array([0.8, 0.8, 0.1]), draws, is_higher_better=True)

    assert ranges.tolist() == [[1, 1, 2], [1, 1, 2], [3, 3, 3]]
    assert count_overlaps(ranges).tolist() == [1, 1, 0]
    assert compute_rank_ranges(np.array([0.8, 0.8, 0.1]), draws, is_higher_better=False).tolist() == [
        [2, 2, 3],
        [2, 2, 3],
        [1, 1, 1],
    ]


@given(order=st.permutations(range(4)), kinds=st.permutations([(1, 0, 40), (1, 1, 60), (2, 1, 5)]))
@settings(max_examples=20, deadline=None)
def test_no_order_changes_a_draw_of_a_family(order: list[int], kinds: list[tuple[int, int, int]]) -> None:
    """Families are drawn by their names, so whoever stands beside them changes nothing; ranks move with their
    families."""
    values = np.array([0.2, 0.4, 0.4, 0.9])
    draws = np.stack(
        [draw_shares([np.array(sorted(kinds))], make_generator("a", str(name))) + values[name] for name in range(4)]
    )
    ranges = compute_rank_ranges(values, draws, True)

    assert compute_rank_ranges(values[order], draws[order], True).tolist() == ranges[order].tolist()


def _world(shares: dict[str, int], order: int = 1) -> Rows:
    rows = Rows()
    channels = {family: rows.channel(rows.family(family)) for family in list(shares)[::order]}
    threads = [(family, number) for family, unanswered in shares.items() for number in range(100)][::order]
    for family, number in threads:
        rows.thread(channels[family], [(1, "staff")] if number >= shares[family] else [], age_hours=800)
    return rows


@pytest.mark.slow
def test_families_that_differ_by_chance_share_their_places_and_one_that_does_not_stands_alone() -> None:
    """5, 8 and 60 of 100 left alone: the first two may swap, the third is last in every draw. Rows do not depend on any
    order."""
    shares = {"near": 5, "nearer": 8, "far": 60}
    rows = [found(measure(_world(shares, order)), "rank_ranges", **HOW) for order in (1, -1, 1)]
    far, near, nearer = sorted(rows[0], key=lambda row: row["family_id"])

    assert cut(near, "value", "rank", "rank_low", "rank_high", "n", "equals_count") == (0.05, 1, 1, 2, 100, 1)
    assert cut(nearer, "rank", "rank_low", "rank_high", "comparison") == (2, 1, 2, "no difference shown to 1 of 2")
    assert cut(far, "rank", "rank_low", "rank_high", "comparison") == (3, 3, 3, "differs from every other")
    assert rows[0] == rows[1] == rows[2]


@pytest.mark.slow
def test_waits_are_ranked_by_the_published_figure_and_too_few_threads_have_no_rank() -> None:
    """The share answered within a week ranks as `answered_share` says; a family without a figure is not among the
    ranked."""
    rows = _world({"slow": 70, "quick": 10})
    few = rows.channel(rows.family("few"))
    for _ in range(19):
        rows.thread(few, [(1, "staff")])
    con = measure(rows)
    ranked = found(con, "rank_ranges", metric="answered_share", statistic="within_7d", window="all")

    assert [cut(row, "family_id", "rank", "rank_low", "rank_high", "families_count") for row in ranked] == [
        ("quick", 1, 1, 1, 2), ("slow", 2, 2, 2, 2),
    ]  # fmt: skip
    where = {
        "family_id": "quick",
        "segment": "anyone",
        "statistic": "within_7d",
        "window": "all",
        "channel_role": "all",
    }
    assert ranked[0]["value"] == one(con, "answered_share", channel_kind="tracker", **where)["value"]


@pytest.mark.slow
def test_a_family_that_has_ended_has_no_rank() -> None:
    """Nobody can choose it any more; its figure stays."""
    rows = _world({"alive": 10, "over": 5, "slow": 70})
    next(row for row in rows.tables["families"] if row["family_id"] == "over")["ended_on"] = date(2026, 9, 27)
    con = measure(rows)
    ranked = found(con, "rank_ranges", metric="answered_share", statistic="within_7d", window="all")

    assert [cut(row, "family_id", "rank", "families_count") for row in ranked] == [("alive", 1, 2), ("slow", 2, 2)]
    assert found(con, "answered_share", family_id="over", statistic="within_7d", segment="anyone", window="all")
