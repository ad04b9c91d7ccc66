"""Ranks with ranges: what must hold whatever the figures are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.choose.ranking import KnownValue, Standing, rank_families

MEASURES = ("answered", "freedom", "price")
RISING = {"answered": True, "freedom": True, "price": False}
EVEN = dict.fromkeys(MEASURES, 1.0)


@st.composite
def known(draw: st.DrawFn) -> KnownValue:
    """A value in its interval, a complete count, or a range without a value."""
    low, middle, high = sorted(draw(st.lists(st.floats(0, 100), min_size=3, max_size=3)))
    return draw(
        st.sampled_from(
            [
                KnownValue(middle, low, high),
                KnownValue(middle, middle, middle),
                KnownValue(None, low, high),
            ]
        )
    )


figures = st.dictionaries(
    st.sampled_from(["claude", "gemma", "gpt", "llama", "qwen"]),
    st.dictionaries(st.sampled_from(MEASURES), known()),
    min_size=1,
    max_size=5,
)
weights = st.fixed_dictionaries({name: st.integers(0, 5) for name in MEASURES})


def by_family(found: list[Standing]) -> dict[str, Standing]:
    return {one.family: one for one in found}


@settings(max_examples=60)
@given(figures, weights)
def test_neither_the_order_of_families_nor_the_size_of_all_weights_matters(
    given_figures: dict[str, dict[str, KnownValue]], chosen: dict[str, int]
) -> None:
    """The same question has the same answer, to the last digit that is shown."""
    found = rank_families(given_figures, chosen, RISING)
    turned = {family: dict(reversed(of_it.items())) for family, of_it in reversed(given_figures.items())}
    assert rank_families(turned, dict(reversed(chosen.items())), RISING) == found
    scaled = rank_families(given_figures, {name: weight * 7 for name, weight in chosen.items()}, RISING)
    assert [(one.family, one.rank, one.rank_low, one.rank_high) for one in scaled] == [
        (one.family, one.rank, one.rank_low, one.rank_high) for one in found
    ]


@settings(max_examples=60)
@given(figures, weights)
def test_ranks_stand_in_their_ranges_and_every_family_is_told_of(
    given_figures: dict[str, dict[str, KnownValue]], chosen: dict[str, int]
) -> None:
    """Once; who has no rank has too little known."""
    found = rank_families(given_figures, chosen, RISING)
    ranked = [one for one in found if one.rank is not None]
    assert sorted(one.family for one in found) == sorted(given_figures)
    assert all(1 <= (one.rank_low or 0) <= (one.rank or 0) <= (one.rank_high or 0) <= len(ranked) for one in ranked)
    assert all(one.known_share < 0.5 or not any(chosen.values()) for one in found if one.rank is None)


@settings(max_examples=40)
@given(figures, weights.filter(lambda chosen: any(chosen.values())))
def test_who_is_better_in_everything_is_first(
    given_figures: dict[str, dict[str, KnownValue]], chosen: dict[str, int]
) -> None:
    best = {
        "answered": KnownValue(1001, 1001, 1001),
        "freedom": KnownValue(1001, 1001, 1001),
        "price": KnownValue(-1001, -1001, -1001),
    }
    first = rank_families({**given_figures, "best": best}, chosen, RISING)[0]
    assert (first.family, first.rank, first.rank_low, first.rank_high) == ("best", 1, 1, 1)


def test_one_family_alone_is_first() -> None:
    assert rank_families({"qwen": {"answered": KnownValue(0.4, 0.3, 0.5)}}, {"answered": 3}, RISING) == [
        Standing("qwen", 1.0, 0.5, 1, 1, 1)
    ]


def test_nobody_and_no_weight_have_no_rank() -> None:
    assert rank_families({}, EVEN, RISING) == []
    assert [
        one.rank for one in rank_families({"qwen": {"answered": KnownValue(1, 1, 1)}}, {"answered": 0}, RISING)
    ] == [None]


def test_more_or_less_is_better_as_the_measure_says() -> None:
    dear, cheap = {"price": KnownValue(9, 9, 9)}, {"price": KnownValue(1, 1, 1)}
    found = rank_families({"dear": dear, "cheap": cheap}, {"price": 1}, RISING)
    assert [(one.family, one.score) for one in found] == [("cheap", 1.0), ("dear", 0.0)]


def test_what_is_missing_is_left_out_and_not_nothing() -> None:
    """A family without a price is as good as its other figures say; one of which less than half is known has no
    rank."""
    full = {"answered": KnownValue(0.2, 0.2, 0.2), "freedom": KnownValue(1, 1, 1), "price": KnownValue(5, 5, 5)}
    found = by_family(
        rank_families(
            {
                "full": full,
                "priceless": {"answered": KnownValue(0.8, 0.8, 0.8), "freedom": KnownValue(4, 4, 4)},
                "unknown": {"price": KnownValue(1, 1, 1)},
            },
            EVEN,
            RISING,
        )
    )
    assert (found["priceless"].score, found["priceless"].rank) == (1.0, 1)
    assert round(found["priceless"].known_share, 2) == 0.67
    assert (found["unknown"].rank, round(found["unknown"].known_share, 2)) == (None, 0.33)


def test_a_measure_in_which_all_are_alike_does_not_punish_who_has_it() -> None:
    """It cannot tell anybody apart, so it moves nobody, known or not."""
    alike = {"freedom": KnownValue(4, 4, 4)}
    found = by_family(
        rank_families(
            {
                "one": alike | {"answered": KnownValue(0.9, 0.9, 0.9)},
                "two": alike | {"answered": KnownValue(0.1, 0.1, 0.1)},
                "three": alike,
            },
            EVEN,
            RISING,
        )
    )
    assert (found["one"].score, found["two"].score) == (1.0, 0.0)
    assert found["three"].rank is None


@pytest.mark.parametrize(
    ("other", "is_behind"),
    [
        (KnownValue(0.2, 0.15, 0.25), True),
        # Intervals that overlap, and a difference of 0.15 (0.01 to 0.29) all the same.
        (KnownValue(0.75, 0.65, 0.85), True),
        (KnownValue(0.77, 0.67, 0.87), False),
        (KnownValue(None, 0.1, 0.75), True),
        (KnownValue(None, 0.1, 0.85), False),
        # Without an end it could be anything on that side.
        (KnownValue(0.2, 0.15, None), False),
        (KnownValue(0.2, None, 0.25), True),
        (KnownValue(0.2, None, None), False),
    ],
)
def test_two_are_told_apart_by_their_difference(other: KnownValue, is_behind: bool) -> None:
    """Neither intervals nor ranges that overlap decide; of a range alone every value must be worse."""
    figures = {"a": {"answered": KnownValue(0.9, 0.8, 1)}, "b": {"answered": other}}
    found = rank_families(figures, {"answered": 1}, RISING)
    assert [one.is_behind for one in found] == [False, is_behind]
    assert [(one.rank_low, one.rank_high) for one in found] == ([(1, 1), (2, 2)] if is_behind else [(1, 2), (1, 2)])
    price = {family: {"price": KnownValue(*(end and -end for end in (one.value, one.high, one.low)))}
             for family, (one,) in ((name, of_it.values()) for name, of_it in figures.items())}  # fmt: skip
    assert [one.is_behind for one in rank_families(price, {"price": 1}, RISING)] == [False, is_behind]


@pytest.mark.parametrize(("count", "measures"), [(2, 1), (20, 1), (20, 3)])
def test_of_equal_families_hardly_one_is_said_to_be_behind(count: int, measures: int) -> None:
    """Figures of a family from the same hundred threads: in at most one world of twenty any two are distinguished."""
    rng, names = np.random.default_rng(20_261_127), MEASURES[:measures]
    false = 0
    for shares in rng.binomial(100, 0.5, (300, count)) / 100:
        errors = 1.96 * np.sqrt(shares * (1 - shares) / 100)
        ends = [KnownValue(*map(float, one)) for one in zip(shares, shares - errors, shares + errors, strict=True)]
        found = rank_families(
            {f"family {at}": dict.fromkeys(names, one) for at, one in enumerate(ends)},
            dict.fromkeys(names, 1),
            dict.fromkeys(names, True),
        )
        false += any(one.rank_low != 1 or one.rank_high != count for one in found)
    assert false <= 300 * 0.05 + 2 * np.sqrt(300 * 0.05 * 0.95)
