"""What the board can find at sizes of real projects: 2,700 down to 40 threads of open families, 12,000 down to 30 of
proprietary ones, in weeks that are alike."""

import numpy as np
import pytest

from analytics.claims.judging import share_chances
from analytics.claims.reader import RULE
from tests.coverage.power import LEAST, SEED, draw_world, judge_world, simulate_verdicts, state_detectable

SHARES = [(0.0, 0.0, 0.0), (0.1, 0.0, 0.25), (0.15, 0.9, 1.0), (0.2, 0.97, 1.0)]
"""True difference, and the least and the largest share of worlds in which the claim holds."""


@pytest.mark.parametrize(("effect", "least", "most"), SHARES)
def test_ten_points_are_seldom_found_and_fifteen_nearly_always(effect: float, least: float, most: float) -> None:
    """And no difference is found if there is none."""
    assert least <= simulate_verdicts(effect, 40)["holds"] / 40 <= most


@pytest.mark.slow
def test_a_difference_of_just_the_least_that_matters_is_too_close_to_call() -> None:
    """No data could show that it is more, or less."""
    assert simulate_verdicts(LEAST, 40)["too close to call"] >= 38


@pytest.mark.slow
def test_the_difference_that_the_board_states_is_found_as_often_as_it_says() -> None:
    """Each world states its own by its errors, about twelve points, and another one is drawn with it as the truth."""
    rng, stated, found = np.random.default_rng(SEED), [], 0
    for _ in range(120):
        stated.append(state_detectable(draw_world(0.1, rng)[0]))
        found += judge_world(draw_world(stated[-1], rng)) == "holds"

    assert np.mean(stated) == pytest.approx(0.125, abs=0.01)
    assert found / 120 == pytest.approx(RULE["power"], abs=0.1)


def test_each_test_needs_the_power_that_the_claim_as_a_whole_has() -> None:
    """If all are needed, all must show at once; if three of four are, one may fail."""
    (tail, both), (_, most) = share_chances(2, 2, 2, 2), share_chances(2, 3, 4, 4)

    assert tail == pytest.approx(RULE["level"] / 4)
    assert both**2 == pytest.approx(RULE["power"])
    assert 4 * most**3 * (1 - most) + most**4 == pytest.approx(RULE["power"])
