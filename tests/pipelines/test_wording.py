"""Wording that messages share."""

import pytest

from pipelines.wording import format_coverage


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "0 %"), (0.0004, "below 1 %"), (0.62, "62 %"), (0.996, "over 99 %"), (1, "100 %")],
)
def test_a_coverage_reads_as_on_the_pages_and_never_rounds_to_none_or_all(share: float, said: str) -> None:
    """The terminal wrote `62%` and `>99%` where the pages write `62 %` and `over 99 %`."""
    assert format_coverage(share).replace("\N{NO-BREAK SPACE}", " ") == said
