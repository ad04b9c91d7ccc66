"""What a request took out, in words."""

import pytest

from pipelines.commands.forgetting.counts import SINGULARS, describe_counts


@pytest.mark.parametrize("place", SINGULARS)
def test_one_of_a_place_is_singular(place: str) -> None:
    """Neither "1 rows" nor "1 landed files"."""
    assert describe_counts({place: 1}) == f"1 {SINGULARS[place]}"
    assert describe_counts({place: 1234}) == f"1,234 {place}"


def test_places_without_anything_are_left_out() -> None:
    assert describe_counts({"landed files": 2, "rows": 0, "texts": 1}) == "2 landed files, 1 text"
    assert describe_counts({"rows": 0}) == ""
