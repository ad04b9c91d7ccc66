"""What the board can find: a true difference of ten points in most worlds, and none if there is none."""

import pytest

from analytics.claims.reader import RULE
from tests.coverage.power import REAL, measure_detectable, simulate_verdicts

WORLDS = 300


@pytest.mark.parametrize(
    ("effect", "least", "most"), [(0.0, 0.0, 0.0), (0.05, 0.0, 0.05), (0.1, 0.55, 0.8), (0.15, 0.95, 1.0)]
)
def test_the_board_finds_ten_points_and_no_null(effect: float, least: float, most: float) -> None:
    """13 families against 8 with 40 to 600 threads each."""
    verdicts = simulate_verdicts(effect, WORLDS)

    assert least <= verdicts["holds"] / WORLDS <= most


@pytest.mark.slow
@pytest.mark.parametrize(("effect", "least", "most"), [(0.1, 0.0, 0.3), (0.15, 0.9, 1.0), (0.2, 0.97, 1.0)])
def test_at_real_sizes_ten_points_are_seldom_found(effect: float, least: float, most: float) -> None:
    """2,700 down to 40 threads of open families, and 12,000 down to 30 of proprietary ones, in weeks that are alike."""
    verdicts = simulate_verdicts(effect, 100, REAL)

    assert least <= verdicts["holds"] / 100 <= most


def test_a_null_is_refuted_as_written() -> None:
    """That a difference which matters is ruled out can be said, and is."""
    assert simulate_verdicts(0.0, WORLDS)["refuted"] / WORLDS > 0.5


def test_the_difference_that_families_could_show_is_found() -> None:
    """With four of five chances, as the rule says, where the threads of a week are alike; taking them for independent
    would promise it for smaller ones."""
    assert measure_detectable(150) == pytest.approx(RULE.power, abs=0.09)
