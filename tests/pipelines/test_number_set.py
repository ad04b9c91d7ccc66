"""The numbers read so far: nothing lost on the way through a cursor, and small."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.number_set import HIGHEST, NumberSet

SETS = st.sets(st.integers(1, 3000))


@given(SETS)
def test_a_packed_set_comes_back_as_it_was(held: set[int]) -> None:
    kept = NumberSet.unpack(NumberSet(held).pack())
    assert {number for number in range(3002) if number in kept} == held and len(kept) == len(held)


@pytest.mark.parametrize("broken", [None, "", "no base64 ä", "AAAA", 7, ["x"], {"a": 1}, "eJw="])
def test_a_broken_one_is_empty(broken: Any) -> None:
    """It only costs questions, never a crash."""
    assert len(NumberSet.unpack(broken)) == 0


def test_numbers_out_of_range_cost_no_memory() -> None:
    """What comes from outside must not choose how much is kept."""
    kept = NumberSet([-3, 0, 1, HIGHEST, HIGHEST + 1, 10**15])
    assert len(kept) == 2
    assert len(kept.pack()) < 3000


def test_half_of_200_000_numbers_pack_into_some_thirty_kilobytes() -> None:
    """A cursor is written with each landed file."""
    drawn = random.Random(1)
    assert len(NumberSet(number for number in range(200_000) if drawn.random() < 0.5).pack()) < 36_000
