"""Ranks with ranges and the share of weightings won: what must hold whatever the figures are."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.choose.ranking import KnownValue, Standing, rank_families

MEASURES = ("answered", "freedom", "price")
RISING = {"answered": True, "freedom": True, "price": False}
EVEN = dict.fromkeys(MEASURES, 1.0)


@st.composite
def known(draw: st.DrawFn) -> KnownValue:
    """A value in its interval, a bare count, or a range without a value."""
    low, middle, high = sorted(draw(st.lists(st.floats(0, 100), min_size=3, max_size=3)))
    return draw(
        st.sampled_from(
            [
                KnownValue(middle, low, high),
                KnownValue(middle, middle, middle),
                KnownValue(None, low, high),
                KnownValue(middle, None, None),
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
    assert [(one.family, one.rank, one.rank_low, one.rank_high, one.wins) for one in scaled] == [
        (one.family, one.rank, one.rank_low, one.rank_high, one.wins) for one in found
    ]


@settings(max_examples=60)
@given(figures, weights)
def test_ranks_stand_in_their_ranges_and_no_weighting_is_won_twice(
    given_figures: dict[str, dict[str, KnownValue]], chosen: dict[str, int]
) -> None:
    """Every family is told of, once; who has no rank wins nothing."""
    found = rank_families(given_figures, chosen, RISING)
    ranked = [one for one in found if one.rank is not None]
    assert sorted(one.family for one in found) == sorted(given_figures)
    assert all(1 <= (one.rank_low or 0) <= (one.rank or 0) <= (one.rank_high or 0) <= len(ranked) for one in ranked)
    assert all(
        one.wins == 0 and (one.known_share < 0.5 or not any(chosen.values())) for one in found if one.rank is None
    )
    assert sum(one.wins for one in found) <= 1 + 1e-9


@settings(max_examples=40)
@given(figures, weights.filter(lambda chosen: any(chosen.values())))
def test_who_is_better_in_everything_is_first_under_every_weighting(
    given_figures: dict[str, dict[str, KnownValue]], chosen: dict[str, int]
) -> None:
    """Whatever counts how much: 100 %, and a range of 1 to 1."""
    best = {
        "answered": KnownValue(101, 101, 101),
        "freedom": KnownValue(101, 101, 101),
        "price": KnownValue(-1, -1, -1),
    }
    first = rank_families({**given_figures, "best": best}, chosen, RISING)[0]
    assert (first.family, first.rank, first.rank_low, first.rank_high, first.wins) == ("best", 1, 1, 1, 1.0)


def test_one_family_alone_is_first() -> None:
    """There is nothing to compare it with, and nothing breaks."""
    assert rank_families({"qwen": {"answered": KnownValue(0.4, 0.3, 0.5)}}, {"answered": 3}, RISING) == [
        Standing("qwen", 1.0, 0.5, 1, 1, 1, 1.0)
    ]


def test_nobody_and_no_weight_have_no_rank() -> None:
    """Nothing counts, so nobody is first."""
    assert rank_families({}, EVEN, RISING) == []
    assert [
        one.rank for one in rank_families({"qwen": {"answered": KnownValue(1, 1, 1)}}, {"answered": 0}, RISING)
    ] == [None]


def test_more_or_less_is_better_as_the_measure_says() -> None:
    """Of prices the lower one is first."""
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
    assert (found["unknown"].rank, found["unknown"].wins, round(found["unknown"].known_share, 2)) == (None, 0.0, 0.33)


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


def test_intervals_that_overlap_give_ranges_that_overlap() -> None:
    """Near one another: either may be first. Far apart: only one."""
    near = rank_families(
        {"a": {"answered": KnownValue(0.52, 0.4, 0.64)}, "b": {"answered": KnownValue(0.5, 0.38, 0.62)}},
        {"answered": 1},
        RISING,
    )
    far = rank_families(
        {"a": {"answered": KnownValue(0.9, 0.85, 0.95)}, "b": {"answered": KnownValue(0.2, 0.15, 0.25)}},
        {"answered": 1},
        RISING,
    )
    assert [(one.rank_low, one.rank_high) for one in near] == [(1, 2), (1, 2)]
    assert [(one.rank_low, one.rank_high) for one in far] == [(1, 1), (2, 2)]


def test_of_two_that_are_best_in_one_thing_each_half_of_the_weightings_are_won() -> None:
    """A trade between two measures has no winner, and the share says so."""
    found = rank_families(
        {
            "a": {"answered": KnownValue(1, 1, 1), "freedom": KnownValue(0, 0, 0)},
            "b": {"answered": KnownValue(0, 0, 0), "freedom": KnownValue(5, 5, 5)},
        },
        {"answered": 1, "freedom": 1},
        RISING,
    )
    assert all(0.45 < one.wins < 0.55 for one in found) and [one.rank for one in found] == [1, 1]


def test_it_takes_no_longer_than_a_blink() -> None:
    """26 families, 10 measures, 1,000 draws and 1,000 weightings; the bound leaves room for a busy machine."""
    names = [f"measure {place}" for place in range(10)]
    many = {f"family {place}": {name: KnownValue(place, place - 3, place + 3) for name in names} for place in range(26)}
    took = []
    for _ in range(5):
        began = time.process_time()
        rank_families(many, dict.fromkeys(names, 1), dict.fromkeys(names, True))
        took.append(time.process_time() - began)
    assert min(took) < 0.1
