"""Wording that messages, news and pages share."""

import pytest

from warehouse.wording import format_coverage, is_are, pluralize


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "0 %"), (0.0004, "below 1 %"), (0.62, "62 %"), (0.996, "over 99 %"), (1, "100 %")],
)
def test_a_coverage_reads_as_on_the_pages_and_never_rounds_to_none_or_all(share: float, said: str) -> None:
    """The terminal wrote `62%` and `>99%` where the pages write `62 %` and `over 99 %`."""
    assert format_coverage(share).replace("\N{NO-BREAK SPACE}", " ") == said


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 families are"), (1, "1 family is"), (1.0, "1 family is"), (1.5, "1.5 families are")]
)
def test_a_word_takes_the_form_of_its_number(number: float, words: str) -> None:
    """One thing is; none, several and parts of things are."""
    assert f"{number:g} {pluralize(number, 'family', 'families')} {is_are(number)}" == words
