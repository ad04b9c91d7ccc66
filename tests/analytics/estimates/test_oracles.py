"""Our estimators agree with independent ones, and the table that says so would show where they did not."""

import math
import random
from collections.abc import Callable

import pytest

from tests.tools.oracles import COMPARISONS, SEED, Agreement, as_text

Compare = Callable[[random.Random], list[Agreement]]


@pytest.mark.slow
@pytest.mark.parametrize("compare", COMPARISONS, ids=lambda compare: compare.__name__)
def test_our_estimators_are_those_of_independent_libraries(compare: Compare) -> None:
    """The printed table, asserted: at least twenty random cases each, none further away than is allowed."""
    rows = compare(random.Random(SEED))

    assert [row.estimator for row in rows if not row.difference <= row.tolerance] == []
    assert all(row.cases >= 20 for row in rows)


def test_a_hole_on_one_side_is_as_far_away_as_can_be_and_one_on_both_is_none() -> None:
    """Else an estimator that gives nothing would agree with everything."""
    row = Agreement("ours", "theirs")
    row.take([(None, None), (1.0, 1.0)])
    near = row.difference
    row.take([(None, 1.0)])

    assert (near, row.difference, row.cases) == (0.0, math.inf, 2)


def test_the_largest_difference_is_kept_and_printed() -> None:
    """One bad case among many good ones is what the table is for."""
    row = Agreement("Middle", "numpy", "hours", 1e-9)
    for ours in (1.0, 1.25, 1.0):
        row.take([(ours, 1.0)])

    assert as_text([row]).splitlines()[-1] == "| Middle | numpy | 3 | 2.5e-01 hours | 1e-09 |"
